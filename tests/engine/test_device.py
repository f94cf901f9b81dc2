"""Which device the recogniser computes on, by what is there and what the environment asks for."""

import ctypes
import sys

import ctranslate2
import pytest

from alignment.engine import device
from alignment.engine.device import DEVICE, device_to_use, gpu_count
from alignment.errors import ModelError
from alignment.processes import CORES


@pytest.fixture(autouse=True)
def nothing_asked(monkeypatch):
    monkeypatch.delenv(DEVICE, raising=False)


@pytest.fixture
def gpus(monkeypatch):
    """Have CTranslate2 see so many."""

    def see(count: int) -> None:
        monkeypatch.setattr(ctranslate2, "get_cuda_device_count", lambda: count)

    see(0)
    return see


@pytest.mark.parametrize(("count", "workers", "threads"), [("1", 1, 1), ("2", 2, 1), ("9", 4, 2)])
def test_without_a_gpu_the_cores_share_the_work(gpus, monkeypatch, count, workers, threads):
    monkeypatch.setenv(CORES, count)

    found = device_to_use()

    assert (found.name, found.compute_type, found.windows) == ("cpu", "int8", 1)
    assert (found.workers, found.threads) == (workers, threads)


@pytest.mark.parametrize("asked", ["", "auto", "cuda", " CUDA "])
def test_a_gpu_is_used_and_hears_many_windows_at_once(gpus, monkeypatch, asked):
    gpus(1)
    monkeypatch.setenv(DEVICE, asked)

    found = device_to_use()

    assert (found.name, found.compute_type) == ("cuda", "float16")
    assert found.windows > 1


def test_a_gpu_is_left_alone_where_the_cores_are_asked_for(gpus, monkeypatch):
    gpus(2)
    monkeypatch.setenv(DEVICE, "cpu")

    assert gpu_count() == 0
    assert device_to_use().name == "cpu"


def test_a_gpu_that_is_asked_for_and_not_there_is_an_error(gpus, monkeypatch):
    monkeypatch.setenv(DEVICE, "cuda")

    with pytest.raises(ModelError, match=r"sees none here\. Install the driver .* ALIGNMENT_DEVICE=auto"):
        device_to_use()


def test_another_device_is_an_error_that_names_those_there_are(gpus, monkeypatch):
    monkeypatch.setenv(DEVICE, "tpu")

    with pytest.raises(ModelError, match=r"ALIGNMENT_DEVICE is 'tpu'\. Set it to auto, cpu or cuda"):
        device_to_use()


def test_a_driver_that_is_broken_is_no_gpu(monkeypatch):
    def fail() -> int:
        raise RuntimeError("CUDA driver version is insufficient for CUDA runtime version")

    monkeypatch.setattr(ctranslate2, "get_cuda_device_count", fail)

    assert device_to_use().name == "cpu"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system finds its libraries")
def test_cublas_that_is_installed_as_a_package_is_loaded_what_it_needs_first(gpus, monkeypatch, tmp_path):
    gpus(1)
    libraries = tmp_path / "nvidia" / "cublas" / "lib"
    libraries.mkdir(parents=True)
    for name in ("libcublas.so.12", "libcublasLt.so.12", "libnvblas.so.12"):
        (libraries / name).touch()
    monkeypatch.syspath_prepend(tmp_path)
    loaded = []

    def load(path: str, mode: int) -> None:
        assert mode == ctypes.RTLD_GLOBAL
        loaded.append(path)
        if path.endswith("Lt.so.12"):
            raise OSError("file too short")

    monkeypatch.setattr(device.ctypes, "CDLL", load)

    assert device_to_use().name == "cuda"
    ours = [path for path in loaded if path.startswith(str(tmp_path))]
    assert ours == [str(libraries / "libcublasLt.so.12"), str(libraries / "libcublas.so.12")]

"""The recogniser on a GPU that fails, at its start or in the middle: the cores go on."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from alignment.engine import whisper
from alignment.engine.device import DEVICE, Device, cores
from alignment.engine.whisper import Whisper, gpu_trouble
from alignment.errors import ModelError

GPU = Device("cuda", "float16", workers=2, threads=1, windows=8)
NO_CUBLAS = "Library libcublas.so.12 is not found or cannot be loaded"


@dataclass
class Machine:
    """One with a GPU. loading_fails, work_fails: there. loaded: the devices that models were loaded on."""

    loading_fails: bool = False
    work_fails: bool = False
    loaded: list[str] = field(default_factory=list)


@dataclass
class Model:
    """In the place of faster-whisper's."""

    machine: Machine
    device: str

    def detect_language(self, sound: object) -> str:
        return self.work()

    def work(self) -> str:
        if self.device == "cuda" and self.machine.work_fails:
            raise RuntimeError(NO_CUBLAS)
        return f"made on {self.device}"


@pytest.fixture
def machine(monkeypatch) -> Machine:
    made = Machine()

    def load(folder: str, *, device: str, **options: object) -> Model:
        made.loaded.append(device)
        if device == "cuda" and made.loading_fails:
            raise RuntimeError("CUDA failed with error out of memory")
        return Model(made, device)

    monkeypatch.setattr(whisper, "WhisperModel", load)
    monkeypatch.setattr(whisper, "device_to_use", lambda: GPU)
    monkeypatch.delenv(DEVICE, raising=False)
    return made


def test_a_gpu_that_works_does_the_work(machine, caplog):
    loaded = Whisper(Path("weights"))

    assert loaded.compute(Model.work) == "made on cuda"
    assert (loaded.device, machine.loaded, caplog.text) == (GPU, ["cuda"], "")


def test_weights_that_do_not_fit_on_the_gpu_are_loaded_for_the_cores(machine, caplog):
    machine.loading_fails = True

    loaded = Whisper(Path("weights"))

    assert loaded.compute(Model.work) == "made on cpu"
    assert loaded.device.name == "cpu"
    assert "The GPU cannot be used (CUDA failed with error out of memory)." in caplog.text


def test_a_gpu_that_fails_at_work_is_left_once_and_for_all(machine, caplog):
    loaded = Whisper(Path("weights"))
    assert loaded.compute(Model.work) == "made on cuda"
    machine.work_fails = True

    assert [loaded.compute(Model.work), loaded.compute(Model.work)] == ["made on cpu", "made on cpu"]

    assert machine.loaded == ["cuda", "cpu"]
    (told,) = caplog.messages
    assert NO_CUBLAS in told
    assert "take longer" in told


def test_workers_that_fail_together_leave_the_gpu_together(machine, caplog):
    loaded = Whisper(Path("weights"))
    together = threading.Barrier(4, timeout=10)

    def fail_together(model: Model) -> str:
        if model.device == "cuda":
            together.wait()
            raise RuntimeError(NO_CUBLAS)
        return model.work()

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: loaded.compute(fail_together), range(4)))

    assert made == ["made on cpu"] * 4
    assert machine.loaded == ["cuda", "cpu"]
    assert len(caplog.messages) == 1


@pytest.mark.parametrize("fails", ["loading_fails", "work_fails"])
def test_who_asks_for_a_gpu_is_told_why_there_is_none(machine, monkeypatch, fails):
    monkeypatch.setenv(DEVICE, "cuda")
    setattr(machine, fails, True)

    with pytest.raises(ModelError, match=r"The GPU cannot be used .*With a GPU.* ALIGNMENT_DEVICE=auto"):
        Whisper(Path("weights")).compute(Model.work)

    assert machine.loaded == ["cuda"]


def test_weights_that_the_cores_cannot_load_either_are_named(machine, monkeypatch):
    def fail(folder: str, *, device: str, **options: object) -> None:
        raise ValueError(f"unsupported model on {device}")

    monkeypatch.setattr(whisper, "WhisperModel", fail)

    with pytest.raises(ModelError, match=r"weights in weights cannot be loaded .*unsupported model on cpu"):
        Whisper(Path("weights"))


def test_what_fails_on_the_cores_too_is_told_as_it_is(machine):
    loaded = Whisper(Path("weights"))

    def fail(model: Model) -> None:
        raise RuntimeError(f"no such language on {model.device}")

    with pytest.raises(RuntimeError, match="no such language on cpu"):
        loaded.compute(fail)


def test_a_mistake_is_no_failure_of_the_gpu(machine):
    loaded = Whisper(Path("weights"))

    with pytest.raises(ZeroDivisionError):
        loaded.compute(lambda model: 1 / 0)

    assert machine.loaded == ["cuda"]


def test_a_gpu_that_works_is_no_trouble(machine):
    assert gpu_trouble(Path("weights")) is None


def test_no_gpu_is_no_trouble(machine, monkeypatch):
    monkeypatch.setattr(whisper, "device_to_use", cores)

    assert gpu_trouble(Path("weights")) is None
    assert machine.loaded == []


def test_a_gpu_that_is_asked_for_and_not_there_is_trouble(machine, monkeypatch):
    def refuse() -> Device:
        raise ModelError("CTranslate2 sees none here.")

    monkeypatch.setattr(whisper, "device_to_use", refuse)

    assert gpu_trouble(Path("weights")) == "CTranslate2 sees none here."


@pytest.mark.parametrize("asked", ["auto", "cuda"])
@pytest.mark.parametrize("fails", ["loading_fails", "work_fails"])
def test_a_gpu_that_fails_is_trouble_that_says_why(machine, monkeypatch, caplog, asked, fails):
    monkeypatch.setenv(DEVICE, asked)
    setattr(machine, fails, True)

    trouble = gpu_trouble(Path("weights")) or ""

    assert trouble.startswith("The GPU cannot be used (")
    assert "out of memory" in trouble or NO_CUBLAS in trouble
    assert caplog.text == ""

"""What the recogniser computes on: a GPU where there is one, else the cores.

CTranslate2 sees a GPU by its driver. Whether the rest of CUDA is there it finds out only when it first
multiplies, which is why `Whisper` can change from the one to the other in the middle of its work.
"""

import ctypes
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import ctranslate2

from alignment.errors import ModelError
from alignment.processes import cores_to_use

__all__ = ["DEVICE", "Device", "cores", "device_to_use", "gpu_count", "gpu_is_asked_for"]

DEVICE = "ALIGNMENT_DEVICE"
"""In the environment: "cpu", "cuda" (a GPU, or an error), or "auto" (a GPU that works, else the cores)."""

_MOST_WORKERS = 4
"""A window in work takes about 150 MB of memory."""

_GPU_WORKERS, _GPU_WINDOWS = 2, 8
"""The features of one batch are made while another is on the GPU."""


@dataclass(frozen=True, slots=True)
class Device:
    """How the recogniser computes.

    name, compute_type: as CTranslate2 calls them. workers: batches in work at a time. threads: of each.
    windows: of 30 s in a batch.
    """

    name: Literal["cpu", "cuda"]
    compute_type: str
    workers: int
    threads: int
    windows: int


def device_to_use() -> Device:
    """The GPU, where one is seen and allowed, else the cores.

    Raises ModelError where a GPU is asked for and none is seen, and for a name that is none of the three.
    """
    if gpu_count():
        _load_packaged_cublas()
        return Device("cuda", "float16", _GPU_WORKERS, threads=1, windows=_GPU_WINDOWS)
    if gpu_is_asked_for():
        raise ModelError(
            f"{DEVICE}=cuda asks for a GPU, and CTranslate2 sees none here. Install the driver of the GPU, "
            f"or set {DEVICE}=auto to use the processor's cores."
        )
    return cores()


def cores() -> Device:
    """The processor: two workers of one thread hear a third more in the same time than one of two."""
    count = cores_to_use()
    workers = min(count, _MOST_WORKERS)
    return Device("cpu", "int8", workers, threads=count // workers, windows=1)


def gpu_is_asked_for() -> bool:
    """Whether nothing but a GPU will do."""
    return _asked() == "cuda"


def gpu_count() -> int:
    """How many GPUs the recogniser may use, 0 where it sees none or the driver is broken."""
    if _asked() == "cpu":
        return 0
    try:
        return int(ctranslate2.get_cuda_device_count())
    except RuntimeError:
        return 0


def _asked() -> str:
    asked = os.environ.get(DEVICE, "").strip().lower() or "auto"
    if asked not in ("auto", "cpu", "cuda"):
        raise ModelError(f"{DEVICE} is {asked!r}. Set it to auto, cpu or cuda.")
    return asked


def _load_packaged_cublas() -> None:
    """Load cuBLAS where it is installed as a Python package: no search path of the system leads there.

    CTranslate2 asks for it by its name, which a library that is loaded already answers to.
    """
    if sys.platform != "linux":
        return
    found = find_spec("nvidia")
    folders = found.submodule_search_locations or () if found else ()
    for needed_first in ("libcublasLt", "libcublas"):
        for path in (path for folder in folders for path in Path(folder).glob(f"*/lib/{needed_first}.so.*")):
            with suppress(OSError):
                ctypes.CDLL(str(path), mode=ctypes.RTLD_GLOBAL)

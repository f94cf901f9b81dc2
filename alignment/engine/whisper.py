"""Whisper, loaded once: on the GPU where that works, else on the cores."""

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TypeVar

import numpy as np
from faster_whisper import WhisperModel

from alignment.audio import SAMPLE_RATE
from alignment.engine.device import DEVICE, Device, cores, device_to_use, gpu_is_asked_for
from alignment.errors import ModelError

__all__ = ["Whisper", "gpu_trouble"]

T = TypeVar("T")

_log = logging.getLogger(__name__)


_FAILURES = (RuntimeError, ValueError, OSError)
"""What faster-whisper and CTranslate2 raise where weights or device are of no use."""


class Whisper:
    """The model and what it computes on."""

    def __init__(self, folder: Path, device: Device | None = None) -> None:
        """folder: of the weights. device: None for the best there is, see `device_to_use`.

        Raises ModelError where weights or device are of no use.
        """
        self._folder = folder
        self._leaving = Lock()
        self.device = device or device_to_use()
        try:
            self.model = _load(folder, self.device)
        except _FAILURES as error:
            if self.device.name == "cpu":
                raise _cannot_be_loaded(folder, error) from error
            self._leave_gpu(error)

    def compute(self, work: Callable[[WhisperModel], T]) -> T:
        """What `work` makes of the model. Where the GPU fails it is made on the cores, as all is from then.

        Raises ModelError where nothing but a GPU will do.
        """
        model = self.model
        try:
            return work(model)
        except RuntimeError as error:
            with self._leaving:
                if self.model is model:
                    if self.device.name == "cpu":
                        raise
                    self._leave_gpu(error)
        return work(self.model)

    def _leave_gpu(self, error: Exception) -> None:
        """Go on with the cores. Raises ModelError where they will not do, or cannot."""
        if gpu_is_asked_for():
            raise ModelError(
                f'{_gpu_fails(error)} Install what it needs (README.md, "With a GPU"), or set {DEVICE}=auto '
                "to use the processor's cores."
            ) from error
        _log.warning(
            "%s The processor's cores do its work, and take longer. README.md says what a GPU needs "
            '("With a GPU").',
            _gpu_fails(error),
        )
        self.device = cores()
        try:
            self.model = _load(self._folder, self.device)
        except _FAILURES as worse:
            raise _cannot_be_loaded(self._folder, worse) from worse


def gpu_trouble(folder: Path) -> str | None:
    """Why a GPU that is here or asked for does not do the work; None where it does, or none is here.

    folder: of weights that it is tried with.
    """
    try:
        device = device_to_use()
        if device.name == "cuda":
            _load(folder, device).detect_language(np.zeros(SAMPLE_RATE, np.float32))
    except ModelError as error:
        return str(error)
    except _FAILURES as error:
        return _gpu_fails(error)
    return None


def _load(folder: Path, device: Device) -> WhisperModel:
    return WhisperModel(
        str(folder),
        device=device.name,
        compute_type=device.compute_type,
        cpu_threads=device.threads,
        num_workers=device.workers,
    )


def _cannot_be_loaded(folder: Path, error: Exception) -> ModelError:
    return ModelError(f"The weights in {folder} cannot be loaded ({error}).")


def _gpu_fails(error: Exception) -> str:
    return f"The GPU cannot be used ({error})."

"""Whisper, loaded once: on the GPU where that works, else on the cores."""

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TypeVar

import numpy as np
from faster_whisper import WhisperModel

from alignment.audio import SAMPLE_RATE
from alignment.engine.device import DEVICE, Device, cores, device_to_use, gpu_count, gpu_is_asked_for
from alignment.errors import ModelError

__all__ = ["Whisper", "gpu_trouble"]

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Whisper:
    """The model and what it computes on.

    trouble: why the GPU was left, None where it was not.
    """

    def __init__(self, folder: Path, device: Device | None = None) -> None:
        """folder: of the weights. device: None for the best there is, see `device_to_use`.

        Raises ModelError where weights or device are of no use.
        """
        self._folder = folder
        self._leaving = Lock()
        self.trouble: str | None = None
        self.device = device or device_to_use()
        try:
            self.model = _load(folder, self.device)
        except ModelError as error:
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
                    self._leave_gpu(error)
        return work(self.model)

    def _leave_gpu(self, error: Exception) -> None:
        """Go on with the cores, or raise the error where it was they that failed."""
        if self.device.name == "cpu":
            raise error
        self.trouble = f"The GPU cannot be used ({error})."
        if gpu_is_asked_for():
            raise ModelError(
                f'{self.trouble} Install what it needs (README.md, "With a GPU"), or set {DEVICE}=auto '
                "to use the processor's cores."
            ) from error
        _log.warning(
            "%s The processor's cores do its work, and take longer. README.md says what a GPU needs "
            '("With a GPU").',
            self.trouble,
        )
        self.device = cores()
        self.model = _load(self._folder, self.device)


def gpu_trouble(folder: Path) -> str | None:
    """Why a GPU that is here or asked for does not do the work; None where it does, or none is here.

    folder: of weights that it is tried with.
    """
    try:
        if not gpu_count() and not gpu_is_asked_for():
            return None
        whisper = Whisper(folder)
        whisper.compute(lambda model: model.detect_language(np.zeros(SAMPLE_RATE, np.float32)))
    except ModelError as error:
        return str(error)
    return whisper.trouble


def _load(folder: Path, device: Device) -> WhisperModel:
    try:
        return WhisperModel(
            str(folder),
            device=device.name,
            compute_type=device.compute_type,
            cpu_threads=device.threads,
            num_workers=device.workers,
        )
    except (RuntimeError, ValueError, OSError) as error:
        raise ModelError(f"The weights in {folder} cannot be loaded ({error}).") from error

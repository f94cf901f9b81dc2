"""The recogniser, loaded for each recording, or kept for the ones that follow."""

from collections.abc import Callable

from alignment.engine.anchors import Recognizer
from alignment.engine.models import find_weights
from alignment.progress import ProgressCallback, ignore_progress

__all__ = ["Load", "kept_recognizer", "load_recognizer"]

Load = Callable[[str, ProgressCallback], Recognizer]
"""Gives the recogniser with the weights of this name."""

_kept: dict[str, Recognizer] = {}


def load_recognizer(model: str, progress: ProgressCallback = ignore_progress) -> Recognizer:
    """The recogniser with the weights called `model`, see `find_weights`. Raises ModelError."""
    return Recognizer(find_weights(model, progress=progress))


def kept_recognizer(model: str, progress: ProgressCallback = ignore_progress) -> Recognizer:
    """The same one at every call with the same name in this process; another name takes its place.

    For processes that do nothing else. Raises ModelError.
    """
    if model not in _kept:
        _kept.clear()  # first, so that there are never two in memory
        _kept[model] = load_recognizer(model, progress)
    return _kept[model]

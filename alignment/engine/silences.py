"""Where it is quiet: silences between words, and the level that tells sound from background."""

import numpy as np
from numpy.typing import NDArray

from alignment.audio import LEVELS_PER_SECOND, Span

__all__ = ["find_silences", "quiet_runs", "threshold"]

_NEAR = 5
"""Seconds on each side of a moment whose levels count for its threshold."""

_RANGE_DB = 45.0
"""A recording with digital silence has no noise floor: take one this far below its speech."""

_ABOVE_NOISE = 0.25
"""Share of the way from the noise to the speech that its own ups and downs do not reach."""


def threshold(loudness: NDArray[np.float32], share: float, depth: float = 0.0) -> NDArray[np.float32]:
    """The level in dB that parts sound from background at each moment, shape as `loudness`.

    share: how far between the background and the speech of the seconds around it, 0 to 1.
    depth: a sound so many dB below the speech counts even where noise comes nearer than that, as long as it
    is a little above the noise.
    """
    second = LEVELS_PER_SECOND
    centres = np.arange(0, len(loudness) + second, second)
    near = [
        loudness[max(0, min(c, len(loudness)) - _NEAR * second) : c + _NEAR * second]
        for c in centres.tolist()
    ]
    low, high = np.array([np.percentile(levels, (4, 92)) for levels in near]).T
    low = np.maximum(low, high - _RANGE_DB)
    audible = np.maximum(low + _ABOVE_NOISE * (high - low), high - depth)
    level = np.minimum(low + share * (high - low), audible)
    return np.asarray(np.interp(np.arange(len(loudness)), centres, level), np.float32)


def quiet_runs(quiet: NDArray[np.bool_], shortest: float, offset: float = 0.0) -> list[Span]:
    """Runs of True of at least `shortest` seconds, in order; offset: seconds at index 0."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], quiet, [False])).astype(np.int8)))
    spans = (edges.reshape(-1, 2) / LEVELS_PER_SECOND + offset).tolist()
    return [Span(start, end) for start, end in spans if end - start >= shortest]


def find_silences(loudness: NDArray[np.float32], shortest: float = 0.08) -> list[Span]:
    """Stretches of at least `shortest` seconds near the level of the background, in order."""
    if not len(loudness):
        return []
    return quiet_runs(loudness < threshold(loudness, 0.35), shortest)

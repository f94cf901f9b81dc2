"""Where speech sets in after a pause: what line starts can be held against where nobody knows their times.

Heard in two bands, so that an intake of breath, which has little below 1 kHz, does not count as speech, and
an s or f, which has nothing there either but is much louder than breath, does. It shares no code with the
aligner, whose own edges would agree with themselves.
"""

import statistics
import wave
from bisect import bisect
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["distances_to_onsets", "find_onsets", "row"]

_RATE = 16_000
_HOP = 80
_FRAME = 320
_LOW = (120, 1_000)
_HIGH = (2_000, 7_000)
"""Hertz."""

_ABOVE_FLOOR = 0.4
"""Of the way, in decibels, from the quiet of the recording to its loud: where a voice begins."""

_BELOW_LOUD = 17.0
"""Decibels below the loudest consonants: breath stays under it."""

_PAUSE = 0.2
_BLIP = 0.04
"""Seconds."""


def find_onsets(wav: Path) -> list[float]:
    """Seconds at which speech begins after 200 ms or more without. wav: 16 kHz mono PCM."""
    with wave.open(str(wav)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    low, high = _levels(samples)
    quiet, loud = np.percentile(low, (10, 90))
    voiced = low > quiet + _ABOVE_FLOOR * (loud - quiet)
    hissing = high > np.percentile(high, 99) - _BELOW_LOUD
    stretches = _stretches(voiced | hissing)
    onsets, last_end = [], -_PAUSE
    for start, end in stretches:
        if end - start < _BLIP:
            continue
        if start - last_end >= _PAUSE:
            onsets.append(start)
        last_end = end
    return onsets


def distances_to_onsets(starts: Iterable[float], onsets: Sequence[float]) -> list[float]:
    """For each start the seconds from the nearest onset to it, negative where the start is early."""
    distances = []
    for start in starts:
        at = bisect(onsets, start)
        distances.append(min((start - onset for onset in onsets[max(0, at - 1) : at + 1]), key=abs))
    return distances


def row(errors: Sequence[float]) -> dict[str, Any]:
    """The figures of a row of `score.py`, of errors in seconds."""
    if not errors:
        return {"n": 0}
    size = sorted(abs(error) * 1000 for error in errors)
    within = {limit: sum(each <= limit for each in size) / len(size) for limit in (20, 50, 100, 200, 500)}
    return {
        "n": len(size),
        "mae_ms": statistics.fmean(size),
        "median_ms": statistics.median(size),
        "p95_ms": size[int(0.95 * (len(size) - 1))],
        **{f"within_{limit}": within[limit] for limit in (20, 50, 100, 200)},
        "over_500": 1 - within[500],
        "bias_ms": statistics.fmean(errors) * 1000,
    }


def _levels(samples: NDArray[np.int16]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Decibels in the two bands, one value per 5 ms; the value at i is of the 20 ms around that moment."""
    window = np.hanning(_FRAME)
    hertz = np.fft.rfftfreq(_FRAME, 1 / _RATE)
    padded = np.pad(samples, _FRAME // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[::_HOP]
    bands: list[list[NDArray[np.float64]]] = [[], []]
    for first in range(0, len(frames), 10_000):  # in parts, for the memory
        power = np.abs(np.fft.rfft(frames[first : first + 10_000] * window)) ** 2
        for band, (lowest, highest) in zip(bands, (_LOW, _HIGH), strict=True):
            band.append(power[:, (hertz >= lowest) & (hertz <= highest)].mean(axis=1))
    low, high = (10 * np.log10(np.concatenate(band) + 1.0) for band in bands)
    return low, high


def _stretches(active: NDArray[np.bool_]) -> list[tuple[float, float]]:
    """Start and end in seconds of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], active, [False])).astype(np.int8)))
    return [(start * _HOP / _RATE, end * _HOP / _RATE) for start, end in edges.reshape(-1, 2).tolist()]

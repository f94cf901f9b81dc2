"""How loud a recording is from its beginning to its end, in few enough numbers to draw."""

import json
from collections.abc import Iterable
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from alignment.audio import SAMPLE_RATE, decode, why_undecodable
from alignment.errors import AudioError

__all__ = ["MOST_PEAKS", "find_peaks", "peaks_json", "read_peaks"]

MOST_PEAKS = 1800
"""Values for a whole recording: one a pixel of a wide screen."""

_FRAME = SAMPLE_RATE // 100
_LOUD_SHARE = 98.0
"""Percentile of the peaks that is drawn at full height: a slammed door is not to flatten all the speech."""
_QUIETEST = 10 ** (-50 / 20)
"""Amplitude, of full scale, below which nothing is full height: silence stays flat, whatever its noise."""
_BEND = 0.8
"""Exponent of the amplitude: below 1 it lifts what is quiet, as the ear does."""


def peaks_json(path: Path) -> str:
    """The peaks of an audio file as the player fetches them: "version" and "peaks". Raises AudioError."""
    return json.dumps({"version": 1, "peaks": read_peaks(path)}, separators=(",", ":"))


def read_peaks(path: Path) -> list[int]:
    """The peaks of an audio file, decoded block by block and not kept. Raises AudioError."""
    try:
        return find_peaks(decode(path))
    except av.FFmpegError as error:
        raise AudioError(
            f"{path.name} cannot be decoded ({why_undecodable(error)}). Give another file."
        ) from error


def find_peaks(blocks: Iterable[bytes]) -> list[int]:
    """Loudness from 0 to 255 over equal parts of the recording: MOST_PEAKS, or one per 10 ms if it is short.

    blocks: its samples in order, int16, mono, at SAMPLE_RATE. Raises AudioError where there are none.
    """
    power = _power(blocks)
    if not len(power):
        raise AudioError(
            "There is no sound to draw, for none of the recording can be decoded. Is the file complete?"
        )
    count = min(MOST_PEAKS, len(power))
    starts = np.arange(count) * len(power) // count
    lengths = np.diff(starts, append=len(power))
    amplitude = np.sqrt(np.add.reduceat(power, starts) / lengths)
    loud = max(_QUIETEST, float(np.percentile(amplitude, _LOUD_SHARE)))
    heights = 255 * np.minimum(1, amplitude / loud) ** _BEND
    return [int(height) for height in np.rint(heights)]


def _power(blocks: Iterable[bytes]) -> NDArray[np.float64]:
    """Mean square of each 10 ms, of full scale; what is over at the end counts as a shorter one."""
    frames: list[NDArray[np.float32]] = []
    rest = b""
    for block in blocks:
        data = rest + block
        whole = len(data) // (2 * _FRAME) * (2 * _FRAME)
        rest = data[whole:]
        frames.append(_mean_squares(data[:whole], _FRAME))
    if len(rest) >= 2:
        frames.append(_mean_squares(rest, len(rest) // 2))
    return np.concatenate(frames).astype(np.float64) if frames else np.empty(0)


def _mean_squares(data: bytes, length: int) -> NDArray[np.float32]:
    samples = np.frombuffer(data, np.int16).astype(np.float32) / np.float32(32768)
    return np.asarray(np.square(samples.reshape(-1, length)).mean(axis=1), np.float32)

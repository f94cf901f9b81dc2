"""Sounds with known edges, for the stages that look at the level of the audio."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from alignment.audio import SAMPLE_RATE, Audio, Span

Samples = NDArray[np.float64]

ROOM_DB = -64.0
"""Level of the noise between the sounds, dB of full scale."""


def room(seconds: float, level_db: float = ROOM_DB) -> Samples:
    """Soft noise, as in a quiet room."""
    return np.random.default_rng(3).normal(0, 10 ** (level_db / 20), round(seconds * SAMPLE_RATE))


def digital_silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * SAMPLE_RATE))


def with_tones(
    background: Samples, spans: Iterable[Span], hertz: float = 300.0, level: float = 0.3
) -> Samples:
    """The background with a tone of a voice's pitch and its overtones in each span."""
    samples = background.copy()
    for span in spans:
        first, last = round(span.start * SAMPLE_RATE), round(span.end * SAMPLE_RATE)
        time = np.arange(last - first) / SAMPLE_RATE
        voice = sum(np.sin(2 * np.pi * hertz * n * time) / n for n in (1, 2, 5, 9))
        samples[first:last] += level * voice
    return samples


def with_hiss(background: Samples, spans: Iterable[Span], level: float = 0.05) -> Samples:
    """The background with a burst of high noise, like an s, in each span."""
    samples = background.copy()
    for span in spans:
        first, last = round(span.start * SAMPLE_RATE), round(span.end * SAMPLE_RATE)
        noise = np.random.default_rng(5).normal(0, level, last - first)
        samples[first:last] += np.diff(noise, prepend=0)
    return samples


def recording(samples: Samples) -> Audio:
    return Audio((np.clip(samples, -1, 1) * 32767).astype(np.int16), "0" * 64)

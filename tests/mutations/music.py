"""Music, made of chords: under the speech, or after it."""

from dataclasses import replace

import numpy as np

from alignment.audio import SAMPLE_RATE
from tests.mutations.noise import mixed
from tests.mutations.recording import Recording, Samples

__all__ = ["chords", "with_music_bed", "with_music_tail"]

_BAR = 1.6
"""Seconds that a chord sounds."""

_CHORDS = ((220.0, 261.6, 329.6), (174.6, 220.0, 261.6), (130.8, 164.8, 196.0), (196.0, 246.9, 293.7))
"""Hertz: a minor, F, C, G."""


def chords(seconds: float) -> Samples:
    """Struck chords with overtones and a beat of hiss, one after the other."""
    time = np.arange(round(_BAR * SAMPLE_RATE)) / SAMPLE_RATE
    beat = np.random.default_rng(7).normal(0, 0.1, len(time)) * np.exp(-((time % (_BAR / 4)) / 0.03))
    bars = []
    for hertz in _CHORDS:
        tones = [np.sin(2 * np.pi * tone * n * time) / n**1.5 for tone in hertz for n in range(1, 7)]
        bars.append(0.1 * np.sum(tones, axis=0) * np.exp(-time) * np.minimum(1, time / 0.01) + beat)
    tune = np.concatenate(bars).astype(np.float32)
    return np.resize(tune, round(seconds * SAMPLE_RATE))


def with_music_bed(recording: Recording, snr_db: float = 10.0) -> Recording:
    """Music under all that is said, softer by so many dB."""
    return mixed(recording, chords(recording.duration), 0.0, snr_db)


def with_music_tail(recording: Recording, seconds: float = 20.0) -> Recording:
    """Music after the last word."""
    tail = chords(seconds)
    return replace(recording, samples=np.concatenate((recording.samples, tail)))

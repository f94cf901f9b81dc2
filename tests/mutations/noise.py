"""Other sounds over the speech: noise, and another voice."""

import numpy as np

from alignment.audio import SAMPLE_RATE, Span
from tests.mutations.recording import Recording, Samples

__all__ = ["mixed", "with_noise", "with_voice"]


def with_noise(recording: Recording, snr_db: float, seed: int = 0) -> Recording:
    """Pink noise, as of a street. snr_db: how much louder the speech is, in dB, while somebody speaks."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).normal(size=len(recording.samples)))
    spectrum /= np.sqrt(np.maximum(1, np.arange(len(spectrum))))
    noise = np.fft.irfft(spectrum, len(recording.samples)).astype(np.float32)
    return mixed(recording, noise, 0.0, snr_db)


def with_voice(recording: Recording, voice: Samples, start: float, snr_db: float) -> Recording:
    """Somebody else speaks at the same time, from `start` on, softer by so many dB."""
    return mixed(recording, voice, start, snr_db)


def mixed(recording: Recording, sound: Samples, start: float, snr_db: float) -> Recording:
    """Another sound over the recording, from `start` on, softer than its speech by so many dB.

    The sum is turned down where it would be too loud for the format.
    """
    samples = recording.samples.copy()
    first = round(start * SAMPLE_RATE)
    length = min(len(sound), len(samples) - first)
    level = _speech_level(recording) / 10 ** (snr_db / 20)
    samples[first : first + length] += sound[:length] * np.float32(level / _level(sound))
    return recording.with_sound(samples / max(1.0, float(np.abs(samples).max())))


def _speech_level(recording: Recording) -> float:
    known = [Span(line.start, line.end) for line in recording.lines if line.start is not None and line.end]
    return _level(np.concatenate([recording.sound(span) for span in known]))


def _level(samples: Samples) -> float:
    """Root mean square."""
    return float(np.sqrt(np.square(samples, dtype=np.float64).mean()))

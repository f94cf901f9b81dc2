"""Floor: Whisper's encoder over the whole audio, nothing decoded. Whoever listens to all of it pays this."""

import numpy as np
from faster_whisper import WhisperModel, decode_audio
from faster_whisper.audio import pad_or_trim
from numpy.typing import NDArray

from tests.benchmarks.systems.worker import Job, serve

_WINDOW = 30 * 16_000
"""Samples that the encoder takes at once."""

_AT_ONCE = 8


def encode(job: Job) -> None:
    model = WhisperModel(job.weights, device="cpu", compute_type="int8")
    samples = decode_audio(job.audio)
    for first in range(0, len(samples), _AT_ONCE * _WINDOW):
        group = samples[first : first + _AT_ONCE * _WINDOW]
        model.encode(_features(model, group))


def _features(model: WhisperModel, samples: NDArray[np.float32]) -> NDArray[np.float32]:
    windows = [samples[at : at + _WINDOW] for at in range(0, len(samples), _WINDOW)]
    features = [model.feature_extractor(window) for window in windows]
    return np.stack([pad_or_trim(each) for each in features])


if __name__ == "__main__":
    serve(encode)

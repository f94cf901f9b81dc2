"""Where in the audio somebody speaks, and windows of speech small enough for the recogniser."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from faster_whisper.vad import SileroVADModel, get_vad_model
from numpy.typing import NDArray

from alignment.audio import LEVELS_PER_SECOND, SAMPLE_RATE, Audio, Span, as_floats
from alignment.processes import cores_to_use

__all__ = ["Speech", "find_speech", "find_windows"]

_STEP = 512
"""Samples for one judgement of the voice activity model (Silero): 32 ms."""

_BLOCK = 60 * SAMPLE_RATE // _STEP * _STEP
"""Samples judged at once; the memory that it takes grows with them."""

_BEFORE = 3 * SAMPLE_RATE // _STEP * _STEP
"""Samples before a block that the model hears as well: what it judges hangs on what it has heard."""

_SPOKEN = 0.35
_LEAD = LEVELS_PER_SECOND // 3

WINDOW = 29.0
"""Seconds a window may last; Whisper hears 30 at once, and words at its very end suffer."""

SAMPLE_EVERY = 4
"""One window in so many, from the first on, is a brief one, to begin with."""

SHORT = 180.0
"""Seconds of speech that are listened to throughout: it takes a few seconds, and misses no single word."""

_KEEPS_TO_ITSELF = "ORT_DISABLE_TELEMETRY"
"""In the environment: that ONNX Runtime is not to tell its makers of each run, as it does by default."""

_LONG = (0.8 * WINDOW, WINDOW)
_BRIEF = (5.5, 9.2)
"""Seconds that a window lasts, at least and at most; Whisper hears three brief ones at once."""


@dataclass(frozen=True, eq=False)
class Speech:
    """How likely somebody speaks. probability: float32, shape (n,), one value per `step` seconds."""

    probability: NDArray[np.float32]
    step: float = _STEP / SAMPLE_RATE

    def at_levels(self, count: int) -> NDArray[np.float64]:
        """The probability at the moments of `count` values of `Audio.loudness`, shape (count,)."""
        moments = np.arange(count) / LEVELS_PER_SECOND
        return np.interp(moments, np.arange(len(self.probability)) * self.step, self.probability)


def find_speech(audio: Audio) -> Speech:
    """Run voice activity detection over the whole audio, a block at a time, on all cores."""
    model = _voice_activity_model()

    def judge(first: int) -> NDArray[np.float32]:
        before = min(first, _BEFORE)
        block = as_floats(audio.samples[first - before : first + _BLOCK])
        judged = np.asarray(model(np.pad(block, (0, -len(block) % _STEP))), np.float32).reshape(-1)
        return judged[before // _STEP :]

    with ThreadPoolExecutor(cores_to_use()) as threads:
        return Speech(np.concatenate(list(threads.map(judge, range(0, len(audio.samples), _BLOCK)))))


def _voice_activity_model() -> SileroVADModel:
    """The model, by a runtime that tells nobody of it: what it is told after it is loaded comes too late."""
    os.environ.setdefault(_KEEPS_TO_ITSELF, "1")
    model = get_vad_model()
    import onnxruntime

    onnxruntime.disable_telemetry_events()  # on Windows, where it does not look into the environment
    return model


def find_windows(audio: Audio, speech: Speech, loudness: NDArray[np.float32]) -> list[Span]:
    """Windows of at most WINDOW seconds that hold all the speech, cut where it is quietest; some are brief.

    loudness: see `Audio.loudness`. The windows follow each other without overlap; stretches without speech
    fall outside.
    """
    talk = speech.at_levels(len(loudness))
    level = loudness + 10 * talk.astype(np.float32)
    windows: list[Span] = []
    is_sampled = np.count_nonzero(talk > _SPOKEN) > SHORT * LEVELS_PER_SECOND
    at = 0
    while len(voiced := np.flatnonzero(talk[at:] > _SPOKEN)):
        at += max(0, int(voiced[0]) - _LEAD)
        is_brief = is_sampled and len(windows) % SAMPLE_EVERY == 0
        cut = _cut(level, at, *(_BRIEF if is_brief else _LONG))
        windows.append(Span(at / LEVELS_PER_SECOND, min(cut / LEVELS_PER_SECOND, audio.duration)))
        at = cut
    return windows


def _cut(level: NDArray[np.float32], at: int, shortest: float, longest: float) -> int:
    """Index to end a window at that begins at `at`: the quietest third of a second where it may end."""
    earliest, latest = (at + round(seconds * LEVELS_PER_SECOND) for seconds in (shortest, longest))
    if latest >= len(level):
        return len(level)
    around = LEVELS_PER_SECOND // 3  # long enough for a pause to win over the closure of a consonant
    smooth = np.convolve(level[earliest:latest], np.ones(around, np.float32) / around, mode="same")
    return earliest + int(np.argmin(smooth))

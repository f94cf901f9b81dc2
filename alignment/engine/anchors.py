"""What is heard, and roughly when: faster-whisper over the whole audio.

The words are what later stages hold the transcript against; their times are only a first guess (Whisper's
cross-attention is 70 to 120 ms off and knows no silence).
"""

import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel

from alignment.audio import SAMPLE_RATE, Audio, Span, as_floats
from alignment.disk import write_durably
from alignment.engine.models import Weights
from alignment.errors import ModelError, TranscriptError
from alignment.progress import Progress, ProgressCallback

__all__ = ["HeardWord", "Recognizer"]

_WINDOWS_AT_ONCE = 2

_MOST_VOTES = 5
_SETTLED = 0.45
"""Lead in probability, for each vote still out, that ends the vote on the language."""

_TAIL = np.zeros(SAMPLE_RATE // 100, np.float32)
"""Faster-whisper refuses clips that add up to a rounding error more than the audio."""


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word as the recogniser wrote it, its rough times in seconds and its probability."""

    text: str
    start: float
    end: float
    probability: float


class Recognizer:
    """Whisper, loaded once."""

    def __init__(self, weights: Weights, threads: int = 0) -> None:
        """threads: cores to use, 0 for all."""
        self.weights = weights
        try:
            self.model = WhisperModel(
                str(weights.folder), device="auto", compute_type="int8", cpu_threads=threads
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelError(f"The weights in {weights.folder} cannot be loaded ({error}).") from error
        self._pipeline = BatchedInferencePipeline(self.model)

    def check_language(self, language: str) -> None:
        """Raise TranscriptError where the model does not know the language."""
        if language not in self.model.supported_languages:
            raise TranscriptError(
                f"{language!r} is not a language that the model knows. "
                "Give a code such as en, de or fr, or auto."
            )

    def detect_language(self, audio: Audio, windows: list[Span]) -> str:
        """The language of the audio, an ISO 639-1 code.

        Windows spread over the audio vote with their probabilities until one language has a lead that the
        others cannot catch up with, five of them at most.
        """
        votes: Counter[str] = Counter()
        asked = windows[:: max(1, len(windows) // _MOST_VOTES)][:_MOST_VOTES]
        for left, window in reversed(list(enumerate(reversed(asked)))):
            _, _, languages = self.model.detect_language(as_floats(audio.excerpt(window)))
            votes.update(dict(languages))
            (first, most), (_, next_most) = votes.most_common(2)
            if most - next_most > left * _SETTLED:
                return first
        return votes.most_common(1)[0][0] if votes else "en"

    def hear(
        self,
        audio: Audio,
        windows: Sequence[Span],
        language: str,
        checkpoint: Path | None,
        progress: ProgressCallback,
    ) -> dict[Span, list[HeardWord]]:
        """The words heard in each of the windows, in order.

        checkpoint: a file that finished windows are kept in, and taken from when it is there.
        """
        heard = _read_checkpoint(checkpoint)
        missing = [window for window in windows if window not in heard]
        began, left = time.monotonic(), len(missing)
        if missing:
            progress(Progress("Listening", 1 - left / len(windows)))
        for group in _groups(missing):
            heard.update(self._hear_group(audio, group, language))
            left -= len(group)
            if checkpoint:
                _write_checkpoint(checkpoint, heard)
            per_window = (time.monotonic() - began) / (len(missing) - left)
            progress(Progress("Listening", 1 - left / len(windows), per_window * left))
        return {window: heard[window] for window in windows}

    def _hear_group(self, audio: Audio, windows: list[Span], language: str) -> dict[Span, list[HeardWord]]:
        """One batch. The windows are laid end to end, so that only they are in memory as floats."""
        sounds = [as_floats(audio.excerpt(window)) for window in windows]
        ends = np.cumsum([len(sound) for sound in sounds]) / SAMPLE_RATE
        starts = np.concatenate(([0.0], ends[:-1]))
        clips = [
            {"start": start, "end": end} for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        ]
        segments, _ = self._pipeline.transcribe(
            np.concatenate((*sounds, _TAIL)),
            language=language,
            beam_size=1,
            batch_size=len(windows),
            word_timestamps=True,
            without_timestamps=True,
            clip_timestamps=clips,
        )
        heard: dict[Span, list[HeardWord]] = {window: [] for window in windows}
        for segment in segments:
            # Its start may be rounded to before its clip's; `seek` is the clip's start, rounded too.
            number = int(np.argmin(np.abs(starts - segment.seek / self.model.frames_per_second)))
            shift = windows[number].start - clips[number]["start"]
            heard[windows[number]] += [
                HeardWord(w.word.strip(), w.start + shift, w.end + shift, w.probability)
                for w in segment.words or ()
            ]
        return heard


def _groups(windows: list[Span]) -> Iterator[list[Span]]:
    for first in range(0, len(windows), _WINDOWS_AT_ONCE):
        yield windows[first : first + _WINDOWS_AT_ONCE]


def _read_checkpoint(path: Path | None) -> dict[Span, list[HeardWord]]:
    """What is kept there; nothing where the file is missing or damaged: then all is heard again."""
    if path is None or not path.is_file():
        return {}
    try:
        entries = json.loads(path.read_bytes())
        return {Span(*entry["window"]): [HeardWord(**word) for word in entry["words"]] for entry in entries}
    except (ValueError, TypeError, KeyError):
        return {}


def _write_checkpoint(path: Path, heard: dict[Span, list[HeardWord]]) -> None:
    entries = [
        {"window": [window.start, window.end], "words": [asdict(word) for word in words]}
        for window, words in heard.items()
    ]
    write_durably(path, json.dumps(entries).encode())

"""What is heard, and roughly when: faster-whisper over the whole audio.

The words are what later stages hold the transcript against; their times are only a first guess (Whisper's
cross-attention is 70 to 120 ms off and knows no silence).
"""

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from weakref import WeakValueDictionary

import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel
from faster_whisper.transcribe import Word
from numpy.typing import NDArray

from alignment.audio import SAMPLE_RATE, Audio, Span, as_floats
from alignment.disk import write_durably
from alignment.engine.models import Weights
from alignment.engine.whisper import Whisper
from alignment.engine.windows import WINDOW
from alignment.errors import TranscriptError
from alignment.progress import Progress, ProgressCallback

__all__ = ["HeardWord", "Recognizer", "recognizer_with"]

_PAUSE = 0.5
"""Seconds of silence between short windows that are heard as one."""

_MOST_VOTES = 5
_SETTLED = 0.45
"""Lead in probability, for each vote still out, that ends the vote on the language."""


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word as the recogniser wrote it, its rough times in seconds and its probability."""

    text: str
    start: float
    end: float
    probability: float


class Recognizer:
    """Whisper as a listener. weights: what it was loaded from."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.whisper = Whisper(weights.folder)

    def check_language(self, language: str) -> None:
        """Raise TranscriptError where the model does not know the language."""
        if language not in self.whisper.model.supported_languages:
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
            votes.update(self._languages(audio, window))
            (first, most), (_, next_most) = votes.most_common(2)
            if most - next_most > left * _SETTLED:
                return first
        return votes.most_common(1)[0][0] if votes else "en"

    def _languages(self, audio: Audio, window: Span) -> dict[str, float]:
        """The probability of each language in the window."""
        sound = as_floats(audio.excerpt(window))
        _, _, languages = self.whisper.compute(lambda model: model.detect_language(sound))
        return dict(languages)

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
        with ThreadPoolExecutor(self.whisper.device.workers) as pool:
            batches = _batches(_groups(missing), self.whisper.device.windows)
            results = pool.map(lambda batch: self._hear_batch(audio, batch, language), batches)
            try:
                for found in results:
                    heard.update(found)
                    left -= len(found)
                    if checkpoint:
                        _write_checkpoint(checkpoint, heard)
                    per_window = (time.monotonic() - began) / (len(missing) - left)
                    progress(Progress("Listening", 1 - left / len(windows), per_window * left))
            finally:
                pool.shutdown(cancel_futures=True)
        return {window: heard[window] for window in windows}

    def _hear_batch(
        self, audio: Audio, groups: Sequence[Sequence[Span]], language: str
    ) -> dict[Span, list[HeardWord]]:
        """What is heard in groups of windows, each of which is short enough to be heard as one."""
        pause = np.zeros(round(_PAUSE * SAMPLE_RATE), np.float32)
        windows = [window for group in groups for window in group]
        sounds = [sound for window in windows for sound in (as_floats(audio.excerpt(window)), pause)]
        ends = np.cumsum([len(sound) for sound in sounds])[::2] / SAMPLE_RATE
        sound, clips = np.concatenate(sounds[:-1]), _clips(groups, ends)
        words = self.whisper.compute(lambda model: _transcribe(model, sound, clips, language))
        heard: dict[Span, list[HeardWord]] = {window: [] for window in windows}
        for word in words:
            number = int(np.searchsorted(ends[:-1] + _PAUSE / 2, (word.start + word.end) / 2))
            window = windows[number]
            shift = window.end - float(ends[number])
            start = max(window.start, word.start + shift)  # one may be drawn out over the pause before it
            end = min(window.end, max(start, word.end + shift))
            heard[window].append(HeardWord(word.word.strip(), start, end, word.probability))
        return heard


def recognizer_with(weights: Weights) -> Recognizer:
    """The recognizer that something in this process uses already, else a new one.

    Raises ModelError where the weights cannot be loaded.
    """
    recognizer = _in_use.get(weights)
    if recognizer is None:
        recognizer = _in_use[weights] = Recognizer(weights)
    return recognizer


_in_use: WeakValueDictionary[Weights, Recognizer] = WeakValueDictionary()


def _transcribe(
    model: WhisperModel, sound: NDArray[np.float32], clips: Sequence[Span], language: str
) -> list[Word]:
    """The words of all clips of the sound, heard together; their times are the sound's."""
    segments, _ = BatchedInferencePipeline(model).transcribe(
        sound,
        language=language,
        beam_size=1,
        batch_size=len(clips),
        word_timestamps=True,
        without_timestamps=True,
        clip_timestamps=[{"start": clip.start, "end": clip.end} for clip in clips],
    )
    return [word for segment in segments for word in segment.words or ()]


def _clips(groups: Sequence[Sequence[Span]], ends: NDArray[np.float64]) -> list[Span]:
    """Where each group lies in the sound in which its windows end at `ends`, a pause before the next."""
    lasts = np.cumsum([len(group) for group in groups]) - 1
    starts = [0.0, *(float(ends[last]) + _PAUSE for last in lasts[:-1])]
    return [Span(start, float(ends[last])) for start, last in zip(starts, lasts, strict=True)]


def _batches(groups: Iterable[list[Span]], size: int) -> Iterator[list[list[Span]]]:
    """The groups in their order, `size` at a time."""
    rest = iter(groups)
    while batch := list(islice(rest, size)):
        yield batch


def _groups(windows: Sequence[Span]) -> Iterator[list[Span]]:
    """The windows in their order, as many together as last no longer than one may."""
    group: list[Span] = []
    for window in windows:
        if group and sum(one.length + _PAUSE for one in group) + window.length > WINDOW:
            yield group
            group = []
        group.append(window)
    if group:
        yield group


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

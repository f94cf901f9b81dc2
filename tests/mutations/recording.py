"""A recording whose lines have known times."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from alignment.audio import SAMPLE_RATE, Audio, Span
from alignment.transcript import Segment, Transcript
from alignment.words import split_words

__all__ = ["Expected", "KnownLine", "Recording", "Samples"]

Samples = NDArray[np.float32]
"""Sound from -1 to 1, shape (n,), mono, 16 kHz."""

Expected = Literal["said", "not_in_audio", "out_of_order"]
"""Of a line: said at its time, never said, or said at its time but not where the text has it."""


@dataclass(frozen=True, slots=True)
class KnownLine:
    """A line of the text, and when it is said.

    start, end: seconds, None where it is not said or nobody knows. verbatim: False where something else than
    the written words is said there, so that a start is only about right. word_starts: one for each word that
    white space parts, None where it is not known; empty where none is.
    """

    text: str
    start: float | None
    end: float | None
    expected: Expected = "said"
    verbatim: bool = True
    word_starts: tuple[float | None, ...] = ()

    @classmethod
    def never_said(cls, text: str) -> "KnownLine":
        return cls(text, None, None, "not_in_audio")

    def retimed(self, move: Callable[[float], float]) -> "KnownLine":
        """The line in a sound whose moments have been moved."""

        def moved(at: float | None) -> float | None:
            return None if at is None else move(at)

        words = tuple(map(moved, self.word_starts))
        return replace(self, start=moved(self.start), end=moved(self.end), word_starts=words)


@dataclass(frozen=True, eq=False)
class Recording:
    """Sound and text. unwritten: speech that the text lacks. language: ISO 639-1 code of what is said."""

    samples: Samples
    lines: tuple[KnownLine, ...]
    unwritten: tuple[Span, ...] = ()
    language: str = "en"

    @property
    def duration(self) -> float:
        """Seconds."""
        return len(self.samples) / SAMPLE_RATE

    def transcript(self) -> Transcript:
        """The text alone, as a person would bring it."""
        lines = enumerate(line.text for line in self.lines)
        return Transcript(tuple(Segment(n, text, words=split_words(text)) for n, text in lines))

    def audio(self) -> Audio:
        """The sound as the aligner takes it; its hash is of the samples."""
        return self._audio

    @cached_property
    def _audio(self) -> Audio:
        samples = (np.clip(self.samples, -1, 1) * 32767).astype(np.int16)
        return Audio(samples, hashlib.sha256(samples.tobytes()).hexdigest())

    def said(self, number: int) -> Span:
        """Where a line is said. Raises ValueError where that is not known."""
        line = self.lines[number]
        if line.start is None or line.end is None:
            raise ValueError(f"Nobody knows when {line.text!r} is said.")
        return Span(line.start, line.end)

    def sound(self, span: Span) -> Samples:
        """A stretch of the sound."""
        return self.samples[round(span.start * SAMPLE_RATE) : round(span.end * SAMPLE_RATE)]

    def room_tone(self, seconds: float, seed: int = 0) -> Samples:
        """Noise as soft as the softest tenth of a second of the sound."""
        tenth = SAMPLE_RATE // 10
        power = np.square(self.samples[: len(self.samples) // tenth * tenth].reshape(-1, tenth)).mean(axis=1)
        level = max(float(np.sqrt(power.min())), 1e-5)
        noise = np.random.default_rng(seed).normal(0, level, round(seconds * SAMPLE_RATE))
        return noise.astype(np.float32)

    def excerpt(self, first: int, end: int, around: float = 0.3) -> "Recording":
        """Lines `first` to `end` (exclusive) with what is heard of the pauses around them, in seconds."""
        start = max(0.0, self.said(first).start - around)
        span = Span(start, min(self.duration, self.said(end - 1).end + around))
        lines = tuple(line.retimed(lambda at: at - start) for line in self.lines[first:end])
        inside = [gap for gap in self.unwritten if span.start <= gap.start and gap.end <= span.end]
        unwritten = tuple(Span(gap.start - start, gap.end - start) for gap in inside)
        return replace(self, samples=self.sound(span), lines=lines, unwritten=unwritten)

    def retimed(self, samples: Samples, move: Callable[[float], float]) -> "Recording":
        """The same text in another sound. move: gives the new moment of an old one."""
        unwritten = tuple(Span(move(gap.start), move(gap.end)) for gap in self.unwritten)
        lines = tuple(line.retimed(move) for line in self.lines)
        return replace(self, samples=samples, lines=lines, unwritten=unwritten)

    def with_sound(self, samples: Samples) -> "Recording":
        """The same text and times with another sound of the same length."""
        if len(samples) != len(self.samples):
            raise ValueError(f"{len(samples)} samples in place of {len(self.samples)}.")
        return replace(self, samples=samples.astype(np.float32))

    def with_lines(self, lines: Sequence[KnownLine], unwritten: Sequence[Span] = ()) -> "Recording":
        """The same sound with another text. unwritten: speech that the new text lacks and this one has."""
        gaps = sorted((*self.unwritten, *unwritten), key=lambda gap: gap.start)
        return replace(self, lines=tuple(lines), unwritten=tuple(gaps))

"""The figures of an alignment: in all, stretch by stretch of the audio, and by confidence."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alignment.transcript import Segment, Transcript

__all__ = [
    "CLASSES",
    "PAUSE",
    "Interval",
    "Stretch",
    "Summary",
    "classes",
    "duration",
    "joined",
    "pauses",
    "stretches",
    "written",
]

PAUSE = 2.0
"""Seconds without a word from which a pause is shown; between sentences a speaker takes up to about one."""

CLASSES = 10
"""Classes of confidence, of 0.1 each."""

_MOST_STRETCHES = 60
_LENGTHS = (5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600)
"""Seconds that a stretch may last."""

Interval = tuple[float, float]
"""Start and end in seconds."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of the lines and the words. spoken, unwritten: seconds of speech with and without text."""

    lines: int
    lines_by_status: Counter[str | None]
    words: int
    words_placed: int
    spoken: float
    unwritten: float
    duration: float

    @classmethod
    def of(cls, transcript: Transcript) -> "Summary":
        """Count."""
        words = list(transcript.words())
        with_text = written(transcript)
        with_any = joined([*with_text, *_passages(transcript)])
        spoken = _total(with_text)
        return cls(
            lines=len(transcript.segments),
            lines_by_status=Counter(segment.status for segment in transcript.segments),
            words=len(words),
            words_placed=sum(word.start is not None for word in words),
            spoken=spoken,
            unwritten=_total(with_any) - spoken,
            duration=duration(transcript),
        )

    @property
    def placed(self) -> int:
        """Lines that have a time."""
        return self.lines - self.lines_by_status["not_in_audio"]

    @property
    def covered(self) -> float:
        """Share of the speech that has text, 0 to 1."""
        heard = self.spoken + self.unwritten
        return self.spoken / heard if heard else 0.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the audio. confidences: of the lines that start in it. words: whose middle is in it."""

    start: float
    end: float
    confidences: tuple[float, ...]
    words: int

    @property
    def mean_confidence(self) -> float | None:
        """None where no line starts."""
        return sum(self.confidences) / len(self.confidences) if self.confidences else None

    @property
    def words_per_minute(self) -> float:
        """Words in a minute of the audio, its pauses included."""
        return 60 * self.words / (self.end - self.start)


def duration(transcript: Transcript) -> float:
    """Seconds of the audio, as far as is known."""
    return transcript.duration or max((end for _, end in _spoken(transcript)), default=0.0)


def stretches(transcript: Transcript) -> list[Stretch]:
    """The audio in at most 60 stretches of the same length, a round number of seconds, but for the last."""
    whole = duration(transcript)
    if whole <= 0:
        return []
    length = next((s for s in _LENGTHS if whole / s <= _MOST_STRETCHES), whole / _MOST_STRETCHES)
    # What is left over joins the stretch before it, or makes one where it is long enough to say something.
    count = max(1, int(whole / length + 0.75))
    confidences: list[list[float]] = [[] for _ in range(count)]
    words = [0] * count
    for segment in transcript.segments:
        if segment.start is not None and segment.confidence is not None:
            confidences[min(int(segment.start / length), count - 1)].append(segment.confidence)
    for word in transcript.words():
        if word.start is not None and word.end is not None:
            words[min(int((word.start + word.end) / 2 / length), count - 1)] += 1
    ends = [*(n * length for n in range(1, count)), whole]
    return [Stretch(n * length, ends[n], tuple(confidences[n]), words[n]) for n in range(count)]


def classes(segments: Iterable[Segment]) -> list[int]:
    """How many of the lines that have a time are in each class of confidence, from the lowest up."""
    counts = [0] * CLASSES
    for segment in segments:
        if segment.start is not None and segment.confidence is not None:
            counts[min(int(segment.confidence * CLASSES + 1e-9), CLASSES - 1)] += 1
    return counts


def written(transcript: Transcript) -> list[Interval]:
    """Where the text's words are spoken, in order, those that touch as one."""
    return joined(_spoken(transcript))


def pauses(transcript: Transcript) -> list[Interval]:
    """Where for PAUSE seconds or more nothing is said, written or not, in order."""
    said = joined([*_spoken(transcript), *_passages(transcript)])
    starts = [0.0, *(end for _, end in said)]
    ends = [*(start for start, _ in said), duration(transcript)]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if end - start >= PAUSE]


def joined(intervals: Iterable[Interval], gap: float = 0.0) -> list[Interval]:
    """The intervals in order, those at most `gap` seconds apart as one."""
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if found and start <= found[-1][1] + gap:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _spoken(transcript: Transcript) -> list[Interval]:
    """Of each word that has a time; of the line where its words have none."""
    spoken: list[Interval] = []
    for segment in transcript.segments:
        timed = [(w.start, w.end) for w in segment.words if w.start is not None and w.end is not None]
        if not timed and segment.start is not None and segment.end is not None:
            timed = [(segment.start, segment.end)]
        spoken += timed
    return spoken


def _passages(transcript: Transcript) -> list[Interval]:
    return [(passage.start, passage.end) for passage in transcript.untranscribed]


def _total(intervals: Sequence[Interval]) -> float:
    return sum(end - start for start, end in intervals)

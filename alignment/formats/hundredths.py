"""Cues and their words in hundredths of a second, the grain of ASS and LRC."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alignment.formats.cues import Cue, cues, milliseconds, one_block
from alignment.transcript import Segment, Transcript, Word

__all__ = ["Line", "Stretch", "lines"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A word with the white space behind it. Of one without a time, start and end are the same."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """A segment that has times, and when it is shown: start < end <= the next line's start.

    stretches: its text from first to last, their times inside the line's and never going back; none where no
        word has a time.
    """

    segment: Segment
    start: int
    end: int
    stretches: tuple[Stretch, ...]


def lines(transcript: Transcript) -> list[Line]:
    """The segments that have times; each lasts a hundredth at the least, as cues last a millisecond.

    Raises TranscriptError if no segment has a time.
    """
    shown: list[Line] = []
    for cue in cues(transcript):
        start = _rounded(cue.start_ms)
        if shown:
            start = max(start, shown[-1].start + 1)
        end = max(_rounded(cue.end_ms), start + 1)
        shown.append(Line(cue.segment, start, end, _stretches(cue, start, end)))
    return shown


def _stretches(cue: Cue, start: int, end: int) -> tuple[Stretch, ...]:
    text, words = one_block(cue.segment.text), cue.segment.words
    if all(word.start is None for word in words):
        return ()
    begins: list[int] = []
    place = 0
    for word in words:
        begin = text.find(word.text, place)
        if begin < 0:
            return ()
        begins.append(begin)
        place = begin + len(word.text)
    texts = [text[begin:behind] for begin, behind in zip([0, *begins[1:]], [*begins[1:], None], strict=True)]
    return tuple(_placed(texts, words, start, end))


def _placed(texts: Sequence[str], words: Sequence[Word], start: int, end: int) -> Iterator[Stretch]:
    latest = start
    for text, word in zip(texts, words, strict=True):
        if word.start is None:
            yield Stretch(text, latest, latest)
            continue
        first = min(max(latest, _rounded(milliseconds(word.start))), end)
        latest = min(max(first + 1, _rounded(milliseconds(word.end))), end)
        yield Stretch(text, first, latest)


def _rounded(time_ms: int) -> int:
    """Halves always up, so that what lasts 10 ms lasts a hundredth wherever it begins."""
    return (time_ms + 5) // 10

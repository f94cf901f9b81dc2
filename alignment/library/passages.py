"""Where in an episode the words are that were sought: lines, with what is said around them."""

import json
import struct
import unicodedata
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import NamedTuple

from alignment.library.folding import fold, fold_places
from alignment.library.query import Phrase

__all__ = ["NEAR", "IndexedText", "KeptLines", "Line", "LineHit", "find_passages", "fold_lines", "pack_lines"]

NEAR = 24
"""Words that may lie between words which are sought together."""

_BLOCK = 64
"""Lines that are packed together."""
_NUMBER = struct.Struct("<I")
_EXCERPT = 140
"""Characters that an excerpt has at least, where there is more to show."""
_LONGEST_EXCERPT = 320
_FAR = NEAR * 60
"""More letters than so many words have."""


class Line(NamedTuple):
    """A line of a transcript. start: seconds, None where it has no time."""

    id: int
    start: float | None
    speaker: str | None
    text: str


class KeptLines:
    """Lines packed by `pack_lines`, unpacked a block at a time: of an episode a few are shown."""

    def __init__(self, data: bytes) -> None:
        self._count: int = _NUMBER.unpack_from(data)[0]
        blocks = -(-self._count // _BLOCK)
        ends = struct.unpack_from(f"<{blocks}I", data, _NUMBER.size)
        self._data = memoryview(data)[_NUMBER.size * (1 + blocks) :]
        self._ends = (0, *ends)
        self._unpacked: dict[int, list[Line]] = {}

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> Line:
        block, place = divmod(number, _BLOCK)
        if block not in self._unpacked:
            data = zlib.decompress(self._data[self._ends[block] : self._ends[block + 1]])
            self._unpacked[block] = [Line(*values) for values in json.loads(data)]
        return self._unpacked[block][place]


def pack_lines(lines: Sequence[Line]) -> bytes:
    """The lines as `KeptLines` takes them."""
    blocks = [
        zlib.compress(json.dumps(lines[first : first + _BLOCK], separators=(",", ":")).encode(), 1)
        for first in range(0, len(lines), _BLOCK)
    ]
    ends = accumulate(len(block) for block in blocks)
    return b"".join((struct.pack(f"<{1 + len(blocks)}I", len(lines), *ends), *blocks))


@dataclass(frozen=True, slots=True)
class IndexedText:
    """All lines as one folded text. starts: where each line begins in it."""

    folded: str
    starts: "array[int]"


@dataclass(frozen=True, slots=True)
class LineHit:
    """A line with what was sought.

    id: of the segment; start: its time in seconds, None where it has none.
    text: what is said there: the line, and lines before and after it while the excerpt is short.
    marks: of the words that were sought, where in `text` they begin and have ended; in code points.
    """

    id: int
    start: float | None
    speaker: str | None
    text: str
    marks: tuple[tuple[int, int], ...]


_Span = tuple[int, int]
"""Where a stretch of the folded text begins, and where it has ended."""


class _Passage(NamedTuple):
    """Each of the phrases once, in order. between: how many words are between them."""

    between: int
    spans: tuple[_Span, ...]


def fold_lines(texts: Iterable[str]) -> IndexedText:
    """The lines as they are sought in."""
    starts, parts, length = array("I"), [], 0
    for text in texts:
        starts.append(length)
        if folded := fold(text):
            parts.append(folded)
            length += len(folded) + 1
    return IndexedText(" ".join(parts), starts)


def find_passages(
    text: IndexedText,
    lines: KeptLines,
    phrases: tuple[Phrase, ...],
    *,
    speakers: tuple[str, ...] = (),
    together: bool = True,
    most: int = 3,
) -> tuple[tuple[LineHit, ...], int]:
    """The lines that say all the phrases best, in their order, and how many there are altogether.

    speakers: folded; only what is said by one of these names.
    together: all of the phrases near each other; else a line with any of them will do.
    """
    places = [_occurrences(text.folded, phrase) for phrase in phrases]
    passages = _together(text.folded, places) if together else [_Passage(0, (s,)) for p in places for s in p]
    if len(places) > 1:
        passages.sort()
    firsts: dict[int, _Passage] = {}
    for passage in passages:
        line = bisect_right(text.starts, passage.spans[0][0]) - 1
        if line not in firsts and (not speakers or _said_by(lines[line].speaker, speakers)):
            firsts[line] = passage
    best = sorted(islice(firsts.items(), most))  # as they come they are the best, or the first, of their kind
    return tuple(_hit(text, lines, line, passage) for line, passage in best), len(firsts)


def _occurrences(folded: str, phrase: Phrase) -> list[_Span]:
    """Where the phrase is, as whole words; of the last one the whole word is meant, even if it is open."""
    padded, length = f" {folded} ", len(phrase.words)
    sought = f" {phrase.words}" if phrase.open else f" {phrase.words} "
    spans: list[_Span] = []
    at = padded.find(sought)
    while at >= 0:
        # The space in front makes up for the padding.
        spans.append((at, padded.find(" ", at + 1 + length) - 1 if phrase.open else at + length))
        at = padded.find(sought, at + length)
    return spans


def _together(folded: str, places: list[list[_Span]]) -> list[_Passage]:
    """The shortest stretches that have an occurrence of each, with at most NEAR words between."""
    if len(places) == 1:
        return [_Passage(0, (span,)) for span in places[0]]
    latest: dict[int, _Span] = {}
    found: list[_Passage] = []
    for begin, end, number in sorted((*span, n) for n, spans in enumerate(places) for span in spans):
        latest[number] = (begin, end)
        if len(latest) < len(places):
            continue
        first_end = min(latest.values())[1]
        if begin - first_end < _FAR:
            between = folded.count(" ", first_end, begin) - 1
            if between <= NEAR:
                found.append(_Passage(max(0, between), tuple(sorted(latest.values()))))
    return found


def _line_at(text: IndexedText, place: int) -> int:
    """The line that the character of the folded text is in; never one without words."""
    return bisect_right(text.starts, place) - 1


def _said_by(speaker: str | None, names: tuple[str, ...]) -> bool:
    folded = f" {fold(speaker or '')}"
    return any(f" {name}" in folded for name in names)


def _hit(text: IndexedText, lines: KeptLines, line: int, passage: _Passage) -> LineHit:
    last = max(_line_at(text, end - 1) for _, end in passage.spans)
    first, last = _with_neighbours(lines, line, last)
    excerpt = " ".join(lines[number].text for number in range(first, last + 1))
    folded, places = fold_places(excerpt)
    offset = text.starts[first]
    marks = [
        (places[begin - offset], places[end - 1 - offset] + 1)
        for begin, end in passage.spans
        if end - offset <= len(folded)
    ]
    excerpt, joined = _cut(excerpt, _joined(marks, excerpt))
    shown = lines[line]
    return LineHit(shown.id, shown.start, shown.speaker, excerpt, joined)


def _with_neighbours(lines: KeptLines, first: int, last: int) -> tuple[int, int]:
    """The stretch of lines, grown at both ends while it is short."""
    length = sum(len(lines[number].text) for number in range(first, last + 1))
    while length < _EXCERPT and (first > 0 or last + 1 < len(lines)):
        if last + 1 < len(lines):
            last += 1
            length += len(lines[last].text) + 1
        if first > 0 and length < _EXCERPT:
            first -= 1
            length += len(lines[first].text) + 1
    return first, last


def _joined(marks: list[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """The marks in order, without one that lies in another; an accent of its own goes with its letter."""
    joined: list[tuple[int, int]] = []
    for begin, last in sorted(marks):
        end = last
        while end < len(text) and unicodedata.category(text[end])[0] == "M":
            end += 1
        if joined and begin < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def _cut(text: str, marks: list[tuple[int, int]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text around the first mark, where it is very long."""
    text = text.replace("\n", " ")
    if len(text) <= _LONGEST_EXCERPT or not marks:
        return text, tuple(marks)
    begin = max(0, min(marks[0][0] - 60, len(text) - _LONGEST_EXCERPT))
    if begin and (space := text.find(" ", begin, marks[0][0])) >= 0:
        begin = space + 1
    end = begin + _LONGEST_EXCERPT
    if end < len(text) and (space := text.rfind(" ", marks[0][1], end)) >= 0:
        end = space
    before, after = "…" if begin else "", "…" if end < len(text) else ""
    shift = len(before) - begin
    kept = tuple((first + shift, min(last, end) + shift) for first, last in marks if first < end)
    return f"{before}{text[begin:end]}{after}", kept

"""The words of a clip as pages of a few large lines: which words, where on the picture, and when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from PIL import ImageFont

from alignment.film.lettering import Lettering, is_right_to_left, plain
from alignment.film.shapes import Shape
from alignment.subtitles import SubtitleRules, resegmented
from alignment.transcript import Segment, Transcript

__all__ = ["Page", "PlacedWord", "pages_of"]

_LINES = 3
_LONGEST_S = 6.0
_PITCH = 1.26
"""From line to line, of the size of the letters."""
_PAD = 0.12
"""Beside a line, of the size of the letters, for what leans over its ends."""

_APPEAR_S = 0.16
"""A page comes so long before its first word."""
_LINGER_S = 1.4
"""It stays until the next one comes, but after its end no longer than this."""
_PAUSE_S = 0.35
"""A word stays lit until the next one, but after its end no longer than this."""


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word on a page.

    x, baseline: where its letters begin, and stand. left, right, top, bottom: its part of the picture, which
    it shares with no other word. start, end: seconds for which it is lit; the same where that is not known.
    """

    text: str
    x: float
    baseline: float
    left: int
    right: int
    top: int
    bottom: int
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown at one time. start, end: seconds. size: of its letters."""

    start: float
    end: float
    size: int
    words: tuple[PlacedWord, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """A word to be placed. is_apart: whether a space is in front of it."""

    text: str
    is_apart: bool
    start: float
    end: float


def pages_of(transcript: Transcript, shape: Shape, lettering: Lettering) -> list[Page]:
    """The transcript's words in pages, in order; one ends before the next one starts."""
    rules = SubtitleRules(columns=shape.columns, lines=_LINES, longest=_LONGEST_S)
    cues = resegmented(transcript, rules).segments
    pages = [page for cue in cues if (page := _page(cue, shape, lettering))]
    return list(_in_turn(pages, float("inf") if transcript.duration is None else transcript.duration))


def _in_turn(pages: Sequence[Page], limit: float) -> Iterator[Page]:
    """The pages, each from a little before its first word until it gives way to the next one."""
    gone = 0.0
    for page, after in pairwise([*pages, None]):
        assert page
        comes = max(gone, page.start - _APPEAR_S)
        gone = max(comes, min(page.end + _LINGER_S, after.start - _APPEAR_S if after else limit))
        yield replace(page, start=comes, end=gone)


def _page(cue: Segment, shape: Shape, lettering: Lettering) -> Page | None:
    """The cue's words where they are to stand; None where nothing of it can be written."""
    lines = [line for line in _lines(cue, lettering) if line]
    if not lines or cue.start is None or cue.end is None:
        return None
    is_mirrored = bool(is_right_to_left(" ".join(word.text for line in lines for word in line)))
    widest = max(_width(line, lettering.at(shape.letters)) for line in lines)
    size = int(shape.letters * min(1.0, shape.room / widest))
    font = lettering.at(size)
    pitch = max(round(_PITCH * size), round(0.95 * sum(font.getmetrics())))
    top = shape.middle - len(lines) * pitch // 2
    words: list[PlacedWord] = []
    for number, line in enumerate(lines):
        words += _placed(line, font, shape, (top + number * pitch, pitch), is_mirrored)
    return Page(cue.start, cue.end, size, tuple(words))


def _lines(cue: Segment, lettering: Lettering) -> Iterator[list[_Said]]:
    """What can be written of the cue's words, line by line, with the times for which each is lit."""
    said: list[list[_Said]] = []
    words = iter(cue.words)
    word = next(words, None)
    known = cue.start or 0.0
    for text in cue.text.split("\n"):
        said.append([])
        place = 0
        while word and (at := text.find(word.text, place)) >= 0:
            start, end = (known, known) if word.start is None or word.end is None else (word.start, word.end)
            known = end
            if written := lettering.writable(plain(word.text)):
                said[-1].append(_Said(written, at > place, start, end))
            place = at + len(word.text)
            word = next(words, None)
    following = iter([one.start for line in said for one in line][1:])
    for line in said:
        yield [replace(one, end=_lit_until(one, next(following, float("inf")))) for one in line]


def _lit_until(word: _Said, following: float) -> float:
    """When a word is lit no longer, the next one starting at `following`."""
    if word.end == word.start:
        return word.start
    return max(word.start, min(word.end + _PAUSE_S, following))


def _width(line: Sequence[_Said], font: ImageFont.FreeTypeFont) -> float:
    spaces = sum(word.is_apart for word in line[1:])
    return spaces * font.getlength(" ") + sum(font.getlength(word.text) for word in line)


def _placed(
    line: Sequence[_Said],
    font: ImageFont.FreeTypeFont,
    shape: Shape,
    row: tuple[int, int],
    is_mirrored: bool,
) -> Iterator[PlacedWord]:
    """The words of a line from left to right. row: its top and its height."""
    top, height = row
    ascent, descent = font.getmetrics()
    baseline = top + (height + ascent - descent) / 2
    x = shape.width - shape.margin - _width(line, font) if is_mirrored else float(shape.margin)
    order = _from_left(line, is_mirrored)
    pad = _PAD * font.size
    left = x - pad
    for number, word in enumerate(order):
        end = x + font.getlength(word.text)
        following = order[number + 1] if number + 1 < len(order) else None
        space = font.getlength(" ") if following and _are_apart(line, word, following) else 0.0
        right = end + (space / 2 if following else pad)
        yield PlacedWord(
            word.text, x, baseline, round(left), round(right), top, top + height, word.start, word.end
        )
        x, left = end + space, right


def _are_apart(line: Sequence[_Said], one: _Said, other: _Said) -> bool:
    """Whether there is a space between two words; it belongs to the later one, which may be on the left."""
    return max(one, other, key=line.index).is_apart


def _from_left(line: Sequence[_Said], is_mirrored: bool) -> list[_Said]:
    """The words as they stand from left to right: runs of each direction in their own order."""
    runs: list[tuple[bool, list[_Said]]] = []
    for word in line:
        own = is_right_to_left(word.text)
        direction = own if own is not None else runs[-1][0] if runs else is_mirrored
        if runs and runs[-1][0] == direction:
            runs[-1][1].append(word)
        else:
            runs.append((direction, [word]))
    ordered = [words[::-1] if mirrored else words for mirrored, words in runs]
    return [word for words in (ordered[::-1] if is_mirrored else ordered) for word in words]

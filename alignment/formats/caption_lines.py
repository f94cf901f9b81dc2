"""Running text into caption lines: at the separators that a page put in, else at sentences and phrases.

Every character of the text but the white space around its lines is in exactly one line, in order.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from alignment.words import WHITE_SPACE, is_blank, word_texts

__all__ = [
    "LONG_LINE",
    "CaptionLine",
    "caption_lines",
    "captions_in",
    "has_separators",
    "is_running_text",
    "lines_of_at_most",
    "phrase_ends",
    "sentence_ends",
]

LONG_LINE = 200
"""A line of more columns than this is running text, not a caption."""

_FULL_LINE = 100
"""Columns that a line made from running text has at most, if the text can be broken at all."""

_GAP = re.compile(r"(?<![ \t\u00a0])[ \t\u00a0]{2,}")

_STOPS = ".!?…\u061f\u0964\u0965\u104b\u17d4"  # The last ones: Arabic, Devanagari, Burmese, Khmer.
_CLOSING = r"[\"'”’»)\]」』）]*+"
_SENTENCE_END = re.compile(rf"(?<![{_STOPS}])[{_STOPS}]++{_CLOSING}(?=\s)|[。！？｡]++{_CLOSING}")
_PHRASE_END = re.compile(rf"[,;:—–\u060c\u061b]{_CLOSING}(?=\s)|[—、，；：]{_CLOSING}")
# "Mr." and "J." end no sentence, nor does a dot before a small letter.
_NO_SENTENCE_END = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|vs)|\b[^\W\d_])\.$")


@dataclass(frozen=True, slots=True)
class CaptionLine:
    """A line, and whether a speaker's turn ends with it (False where the text does not tell)."""

    text: str
    ends_turn: bool = False


def has_separators(text: str) -> bool:
    """Whether `text` has the no-break spaces with which a video-transcript page separates caption lines."""
    return any("\u00a0" in gap[0] for gap in _GAP.finditer(text))


def is_running_text(line: str) -> bool:
    """Whether `line` is too long to be one caption."""
    return len(line) > LONG_LINE // 2 and _columns(line)[-1] > LONG_LINE


def captions_in(line: str) -> list[CaptionLine]:
    """A line of text that is not blank, as it is; if it is too long to be one caption, the captions in it."""
    return caption_lines(line) if is_running_text(line) else [CaptionLine(line)]


def caption_lines(text: str) -> list[CaptionLine]:
    """The caption lines in one line of running text.

    The separators of a video-transcript page: U+00A0 and a space wrap a line inside a caption, two U+00A0 and
    a space end a caption, a U+00A0 between two spaces ends a caption and usually a turn. Each of them ends a
    line here. Where an editor has made plain spaces of them, two or more end a line, and turns are not known.
    What is still longer than LONG_LINE columns is broken at sentences, then phrases, then words.
    """
    marked = has_separators(text)
    lines: list[CaptionLine] = []
    start = 0
    for gap in _GAP.finditer(text):
        if marked and "\u00a0" not in gap[0] and len(gap[0]) < 3:
            continue  # Two spaces slipped in between two words.
        lines += _broken(text[start : gap.start()], ends_turn="\u00a0" in gap[0] and gap[0][0] != "\u00a0")
        start = gap.end()
    return lines + _broken(text[start:])


def lines_of_at_most(limit: int, text: str) -> list[str]:
    """The lines in running text, each of at most `limit` columns, where its words can be parted.

    Sentences stay together while they fit into a line, then phrases, then words.
    """
    parts = (text[a:b].strip(WHITE_SPACE) for a, b in _fitting(text, _columns(text), limit))
    return [part for part in parts if not is_blank(part)]


def sentence_ends(text: str) -> Iterator[int]:
    """Where sentences end, behind their last mark, but for one that ends with the text."""
    for mark in _SENTENCE_END.finditer(text):
        end = mark.end()
        follows = text[end : end + 40].lstrip()[:1]
        if not follows.islower() and not _NO_SENTENCE_END.search(text, max(0, end - 8), end):
            yield end


def phrase_ends(text: str) -> Iterator[int]:
    """Where phrases end, behind a comma or the like."""
    return (mark.end() for mark in _PHRASE_END.finditer(text))


def _broken(text: str, ends_turn: bool = False) -> list[CaptionLine]:
    text = text.strip(WHITE_SPACE)
    if is_blank(text):
        return []
    parts = [text] if _columns(text)[-1] <= LONG_LINE else lines_of_at_most(_FULL_LINE, text)
    lines = [CaptionLine(part) for part in parts]
    lines[-1] = CaptionLine(lines[-1].text, ends_turn)
    return lines


def _fitting(text: str, columns: list[int], limit: int) -> list[tuple[int, int]]:
    """Spans of `text` that are at most `limit` wide, as few and as long as its breaks allow."""
    spans = [(0, len(text))]
    for breaks in (sentence_ends, phrase_ends, _word_ends):
        if all(columns[end] - columns[start] <= limit for start, end in spans):
            break
        ends = set(breaks(text))
        spans = [part for span in spans for part in _packed(span, ends, columns, limit)]
    return spans


def _packed(
    span: tuple[int, int], ends: set[int], columns: list[int], limit: int
) -> Iterator[tuple[int, int]]:
    """`span` cut at some of `ends`: neighbours stay together while they fit into a line."""
    start, stop = span
    if columns[stop] - columns[start] <= limit:
        yield span
        return
    last = start
    for end in [*(place for place in range(start + 1, stop) if place in ends), stop]:
        if last > start and columns[end] - columns[start] > limit:
            yield start, last
            start = last
        last = end
    yield start, stop


def _word_ends(text: str) -> Iterator[int]:
    place = 0
    for word in word_texts(text):
        place = text.index(word, place) + len(word)
        yield place


def _columns(text: str) -> list[int]:
    """Columns before each character and after the last; East Asian characters are two wide."""
    if text.isascii():
        return list(range(len(text) + 1))
    widths = (2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
    return list(accumulate(widths, initial=0))

"""Words that come one by one, each with its time, joined into caption lines."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from alignment.formats.caption_lines import lines_of_at_most
from alignment.transcript import Segment, Word
from alignment.words import WHITE_SPACE, is_blank, word_texts

__all__ = ["Piece", "lines_of", "timed_words"]

_LONGEST = 84
"""Columns of a line: two lines of subtitles."""

_PAUSE_S = 1.5
"""A silence that ends a line."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text with its time: a word, a syllable, a token.

    text: white space around it counts: "don" and "'t" are one word, "do" and " not" are two.
    turn: number of the speaker's turn, where the text tells turns without naming speakers.
    """

    text: str
    start: float | None
    end: float | None
    speaker: str | None = None
    confidence: float | None = None
    turn: int = 0


def lines_of(pieces: Iterable[Piece]) -> tuple[Segment, ...]:
    """The pieces as lines of at most 84 columns, where their words can be parted.

    A line ends where the speaker or turn changes and at a pause of more than 1.5 s. In between, sentences
    stay together while they fit into a line; one that is too long is broken at phrases, then between words.
    """
    given = [piece for piece in pieces if piece.text]
    if not given:
        return ()
    ends = [number for number, (left, right) in enumerate(pairwise(given), 1) if _parts(left, right)]
    segments: list[Segment] = []
    for first, last in pairwise([0, *ends, len(given)]):
        segments += _lines(given[first:last])
    return tuple(segments)


def timed_words(text: str, pieces: Sequence[Piece]) -> tuple[Word, ...]:
    """The words of `text`, which is that of the pieces one after another.

    Each lasts from the start of its first piece to the end of its last. It has no time where one of them has
    none or holds more than this word.
    """
    ends = list(accumulate([len(piece.text) for piece in pieces]))
    words = word_texts(text)
    firsts: list[int] = []
    lasts = [-1]
    place = 0
    for word in words:
        begin = text.index(word, place)
        place = begin + len(word)
        firsts.append(bisect_right(ends, begin, lo=max(0, lasts[-1])))
        lasts.append(bisect_left(ends, place, lo=firsts[-1]))
    made: list[Word] = []
    following = (*firsts[1:], len(pieces))
    for word, before, first, last, behind in zip(words, lasts, firsts, lasts[1:], following, strict=False):
        alone = before < first and last < behind
        made.append(_timed(word, pieces[first : last + 1]) if alone else Word(word))
    return tuple(made)


def _parts(left: Piece, right: Piece) -> bool:
    """Whether a line ends between two pieces."""
    if (left.speaker, left.turn) != (right.speaker, right.turn):
        return True
    return left.end is not None and right.start is not None and right.start - left.end > _PAUSE_S


def _timed(word: str, pieces: Sequence[Piece]) -> Word:
    if len(pieces) == 1:
        start, end, confidence = pieces[0].start, pieces[0].end, pieces[0].confidence
        return Word(word) if start is None or end is None else Word(word, start, end, confidence)
    start, end = pieces[0].start, pieces[-1].end
    if start is None or end is None or None in [piece.start for piece in pieces]:
        return Word(word)
    sure = [piece.confidence for piece in pieces if piece.confidence is not None]
    return Word(word, start, end, min(sure) if sure else None)


def _lines(pieces: Sequence[Piece]) -> Iterable[Segment]:
    """The lines of one speaker without a pause in between."""
    text = "".join(piece.text for piece in pieces)
    if is_blank(text):
        return
    begins = list(accumulate((len(piece.text) for piece in pieces), initial=0))
    visible = [_visible(piece.text, begin) for piece, begin in zip(pieces, begins, strict=False)]
    place = 0
    for line in lines_of_at_most(_LONGEST, text):
        begin = text.index(line, place)
        place = begin + len(line)
        first, last = bisect_right(begins, begin) - 1, bisect_left(begins, place)
        mine = tuple(_cut(pieces[first:last], begin - begins[first], len(line)))
        words = timed_words(line, mine)
        timed = [word for word in words if word.start is not None]
        start, end = mine[0].start, mine[-1].end
        # A piece of several words that the line's end parts begins and ends elsewhere.
        if timed and (start is None or visible[first][0] < begin):
            start = timed[0].start
        if timed and (end is None or visible[last - 1][1] > place):
            end = timed[-1].end
        yield Segment(0, line, start, end, mine[0].speaker, mine[0].turn, words=words)


def _visible(text: str, begin: int) -> tuple[int, int]:
    """Where the text without the white space around it begins and ends, if it stands at `begin`."""
    return begin + len(text) - len(text.lstrip(WHITE_SPACE)), begin + len(text.rstrip(WHITE_SPACE))


def _cut(pieces: Iterable[Piece], begin: int, length: int) -> Iterator[Piece]:
    """The pieces of `length` characters of their text; one that a line's end parts is in both lines."""
    for piece in pieces:
        text = piece.text[begin : begin + length]
        begin, length = 0, length - len(text)
        yield replace(piece, text=text)

"""Words that come one by one, each with its time, joined into caption lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from alignment.formats.caption_lines import lines_of_at_most
from alignment.transcript import Segment, Word
from alignment.words import is_blank, split_words

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
    pieces = [_without_times_of_several(piece) for piece in pieces]
    ends: list[int] = []
    for piece in pieces:
        ends.append((ends[-1] if ends else 0) + len(piece.text))
    words: list[Word] = []
    place = number = 0
    for word in split_words(text):
        begin = text.index(word.text, place)
        place = begin + len(word.text)
        while ends[number] <= begin:
            number += 1
        last = number
        while ends[last] < place:
            last += 1
        words.append(_timed(word.text, pieces[number : last + 1]))
    return tuple(words)


def _parts(left: Piece, right: Piece) -> bool:
    """Whether a line ends between two pieces."""
    if (left.speaker, left.turn) != (right.speaker, right.turn):
        return True
    return left.end is not None and right.start is not None and right.start - left.end > _PAUSE_S


def _without_times_of_several(piece: Piece) -> Piece:
    """The piece; without its times if it holds more than one word, for they are those of none of them."""
    if piece.text.isascii() and len(piece.text.split()) < 2:  # Nearly every piece, and soon told.
        return piece
    return replace(piece, start=None, end=None) if len(split_words(piece.text)) > 1 else piece


def _timed(text: str, pieces: Sequence[Piece]) -> Word:
    start, end = pieces[0].start, pieces[-1].end
    if start is None or end is None:
        return Word(text)
    sure = [piece.confidence for piece in pieces if piece.confidence is not None]
    return Word(text, start, end, min(sure) if sure else None)


def _lines(pieces: Sequence[Piece]) -> Iterable[Segment]:
    """The lines of one speaker without a pause in between."""
    text = "".join(piece.text for piece in pieces)
    if is_blank(text):
        return
    words = iter(timed_words(text, pieces))
    for line in lines_of_at_most(_LONGEST, text):
        mine = tuple(next(words) for _ in split_words(line))
        timed = [word for word in mine if word.start is not None]
        yield Segment(
            id=0,
            text=line,
            start=timed[0].start if timed else pieces[0].start,
            end=timed[-1].end if timed else pieces[-1].end,
            speaker=pieces[0].speaker,
            turn=pieces[0].turn,
            words=mine,
        )

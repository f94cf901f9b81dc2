"""What the JSON of speech recognisers has in common: texts, and words that each have their own time."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from typing import Annotated, Any

from pydantic import BeforeValidator, FiniteFloat

from alignment.formats.cues import seconds
from alignment.formats.joining import Piece, lines_of, timed_words
from alignment.transcript import Segment
from alignment.words import WHITE_SPACE, is_blank, separator, split_words

__all__ = [
    "Seconds",
    "Speaker",
    "are_words",
    "as_line",
    "as_lines",
    "placed",
    "punctuated",
    "shared_out",
    "shown",
    "spaced",
    "with_ends",
]

_FEWEST_WORDS = 8
_LONGEST_WORD = 40
_MOST_CHARACTERS = 4
_WORD_SHARE = 0.9

_FARTHEST = 60
"""Characters of a text that its words may lack in one place."""

_NO_NUMBERS = frozenset({"", "nan", "null", "none"})

_NEIGHBOURHOOD = 20
"""Characters that tell whether a space stands between two words."""

# No space stands in front of the first of these, none behind the others.
_NO_SPACE_BEFORE = ".,;:!?…%)]}»”’。，、；：！？）」』"
_NO_SPACE_BEHIND = tuple("([{«“„‘¿¡（「『。，、；：！？")
_NO_WORD = re.compile(r"[^\w\s]*+")


def _seconds(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if ":" in value:
        return seconds(value)
    number = value.strip().removesuffix("s")
    return None if number.lower() in _NO_NUMBERS else number


def _speaker(value: Any) -> Any:
    if isinstance(value, dict):
        value = value.get("name") or value.get("label") or value.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        return f"Speaker {value}"
    return (value.strip() or None) if isinstance(value, str) else None


Seconds = Annotated[FiniteFloat | None, BeforeValidator(_seconds)]
"""A time: a number, also as a string ("1.2", "1.200s", "0:01.200"), or null."""

Speaker = Annotated[str | None, BeforeValidator(_speaker)]
"""Who speaks: a name, or the number of a voice, which becomes "Speaker 1"."""


def shown(text: str) -> str:
    """`text` without white space around it, its line ends "\\n"."""
    return text.strip(WHITE_SPACE).replace("\r\n", "\n").replace("\r", "\n")


def are_words(texts: Iterable[str]) -> bool:
    """Whether these are the words of running text, one by one, and not its lines.

    Nine out of ten hold no white space and, in scripts without it, at most four characters. Fewer than eight
    are too few to tell.
    """
    spoken = [text for text in map(shown, texts) if not is_blank(text)]
    return len(spoken) >= _FEWEST_WORDS and sum(map(_is_word, spoken)) >= _WORD_SHARE * len(spoken)


def spaced(words: Sequence[Piece]) -> list[Piece]:
    """Words with a space in front of each that needs one.

    Where one in four and more bring their own, as tokens do, they are left as they are. Punctuation stands
    behind its word, and scripts that are written without spaces get none.
    """
    given = [word for word in words if not is_blank(word.text)]
    own = sum(word.text[0] == " " or word.text[-1] == " " for word in given)
    if own * 4 > len(given):
        return given
    given = [replace(word, text=shown(word.text)) for word in given]
    parted = [_needs_space(left.text, right.text) for left, right in pairwise(given)]
    return [
        replace(word, text=" " + word.text) if space else word
        for word, space in zip(given, [False, *parted], strict=bool(given))
    ]


def placed(text: str, words: Iterable[Piece]) -> list[Piece]:
    """Pieces that make up `text`: the words where they stand in it, and without times what they leave out.

    Punctuation and white space around a word is part of its piece. A word that is not to be found within 60
    characters of the one before is left out.
    """
    pieces: list[Piece] = []
    place = 0
    for word in words:
        bare = shown(word.text)
        begin = text.find(bare, place, place + len(bare) + _FARTHEST) if bare else -1
        if begin < 0 or not (_is_clear(text, place, begin) or _stands_alone(text, begin, begin + len(bare))):
            continue
        before = _take_up(pieces, text[place:begin])
        place = begin + len(bare)
        pieces.append(replace(word, text=before + bare))
    rest = _take_up(pieces, text[place:])
    return [*pieces, Piece(rest, None, None)] if rest else pieces


def as_line(piece: Piece, words: Sequence[Piece] = ()) -> Segment:
    """One line of its own, whatever its length; its words timed by `words`, or by itself if it is one word.

    Where it has no text it is that of the words, and its times too.
    """
    text = shown(piece.text) or shown("".join(word.text for word in spaced(words)))
    parts = placed(text, words) if words else [replace(piece, text=text)]
    timed = timed_words(text, parts)
    starts = [word.start for word in timed if word.start is not None]
    ends = [word.end for word in timed if word.end is not None]
    given = piece.start is not None and piece.end is not None
    return Segment(
        id=0,
        text=text,
        start=piece.start if given else min(starts, default=None),
        end=piece.end if given else max(ends, default=None),
        speaker=piece.speaker,
        turn=piece.turn,
        words=timed,
    )


def as_lines(piece: Piece, words: Sequence[Piece]) -> tuple[Segment, ...]:
    """What is said in one go, as lines of caption length by the times of its words."""
    text = shown(piece.text) or "".join(word.text for word in spaced(words))
    if not words:
        return () if is_blank(text) else (as_line(piece),)
    parts = placed(text, words)
    return lines_of(replace(part, speaker=piece.speaker, turn=piece.turn) for part in parts)


def punctuated(parts: Iterable[tuple[Piece, bool]]) -> list[Piece]:
    """The pieces, those that are punctuation (True) as part of the piece in front of them."""
    pieces: list[Piece] = []
    for piece, is_punctuation in parts:
        if pieces and is_punctuation:
            pieces[-1] = replace(pieces[-1], text=pieces[-1].text + piece.text)
        else:
            pieces.append(piece)
    return pieces


def shared_out(pieces: Sequence[Piece], words: Sequence[Piece]) -> list[Segment]:
    """A line for every piece with text, timed by the words of all of them where these stand in it."""
    lines = [as_line(piece) for piece in pieces if not is_blank(piece.text)]
    text = "\n".join(line.text for line in lines)
    timed = iter(timed_words(text, placed(text, words)))
    return [replace(line, words=tuple(islice(timed, len(line.words)))) for line in lines]


def with_ends(pieces: Sequence[Piece]) -> list[Piece]:
    """Each with an end: where none is given, the next start."""
    ended: list[Piece] = []
    following: float | None = None
    for piece in reversed(pieces):
        start, end = piece.start, piece.end
        if end is None and start is not None:
            end = start if following is None else max(start, following)
        following = following if start is None else start
        ended.append(replace(piece, end=end))
    return ended[::-1]


def _is_word(text: str) -> bool:
    if len(text) > _LONGEST_WORD or len(text.split()) > 1:
        return False
    return len(split_words(text)) <= _MOST_CHARACTERS


def _needs_space(left: str, right: str) -> bool:
    if not right.strip(_NO_SPACE_BEFORE) or left.endswith(_NO_SPACE_BEHIND):
        return False
    # Where two words are told apart without a space, none is written.
    left, right = left[-_NEIGHBOURHOOD:], right[:_NEIGHBOURHOOD]
    return separator(left, right) != ""


def _is_clear(text: str, begin: int, end: int) -> bool:
    return not any(character.isalnum() for character in text[begin:end])


def _stands_alone(text: str, begin: int, end: int) -> bool:
    """Whether neither neighbour of a stretch of text is a letter or digit."""
    return not text[begin - 1 : begin].isalnum() and not text[end : end + 1].isalnum()


def _take_up(pieces: list[Piece], gap: str) -> str:
    """Give what stands behind the last of `pieces` to it, and return what belongs to the next word.

    Words in the gap become a piece without times.
    """
    found = _NO_WORD.match(gap)
    behind = found.end() if found and pieces else 0
    if behind:
        pieces[-1] = replace(pieces[-1], text=pieces[-1].text + gap[:behind])
        gap = gap[behind:]
    ahead = len(gap)
    while ahead and not (gap[ahead - 1].isalnum() or gap[ahead - 1].isspace()):
        ahead -= 1
    if ahead and gap[ahead - 1].isalnum():
        ahead = len(gap)
    if is_blank(gap[:ahead]):
        return gap
    pieces.append(Piece(gap[:ahead], None, None))
    return gap[ahead:]

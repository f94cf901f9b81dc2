"""Which of several equal phrases was passed over: where one is repeated, the words alone cannot tell.

"Row, row, row" is written, "row, row" was heard: any of the three may be the one that was not. All of them
are marked, and the sound decides.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from alignment.engine.matching import Slot

__all__ = ["with_ambiguity"]

_LONGEST = 400
"""Words of a phrase that is looked for beside itself."""

Words = Sequence[Hashable]


def with_ambiguity(slots: Sequence[Slot], written: Words, heard: Words) -> list[Slot]:
    """The merged sequence with the slots marked that may as well be others.

    written, heard: what the words of each side are compared as.
    """
    marked = list(slots)
    for side in (
        [None if slot.written is None else written[slot.written] for slot in slots],
        [None if slot.heard is None else heard[slot.heard] for slot in slots],
    ):
        # Where nobody listened nothing is known, and a phrase is not followed over it.
        numbers = [n for n, word in enumerate(side) if word is not None or not slots[n].listened]
        words = [side[n] if slots[n].listened else object() for n in numbers]
        alone = [slots[n].written is None or slots[n].heard is None for n in numbers]
        for place in _repeated(words, alone):
            number = numbers[place]
            marked[number] = replace(slots[number], certain=False, ambiguous=True)
    return marked


def _repeated(words: Words, alone: Sequence[bool]) -> Iterator[int]:
    """Indices of the words of a phrase that is said again and again, and is alone for once."""
    first = 0
    for is_alone, run in groupby(alone):
        end = first + len(list(run))
        if is_alone:
            for border in (first, end):
                if length := _phrase(words, border, end - first):
                    yield from _extent(words, border, length)
        first = end


def _phrase(words: Words, border: int, longest: int) -> int:
    """How many words before the border are said again after it; 0 where none are."""
    for length in range(1, min(border, len(words) - border, longest, _LONGEST) + 1):
        before, after = words[border - length : border], words[border : border + length]
        if before[0] == after[0] and before == after:
            return length
    return 0


def _extent(words: Words, border: int, length: int) -> range:
    """As far as the phrase of that length before and after the border goes on to be repeated."""
    start, end = border - length, border + length
    while start > 0 and words[start - 1] == words[start - 1 + length]:
        start -= 1
    while end < len(words) and words[end] == words[end - length]:
        end += 1
    return range(start, end)

"""Words that were said, but heard as something else: "Osgood" as "as good".

Where forcing believes the other hearing rather than the written word, the written one stands in its place.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from alignment.audio import Span
from alignment.engine.merged import MergedText

__all__ = ["misheard_words"]

_LIKE_LENGTH = 2.5
"""How many times as long as the other one of two hearings of the same words may be written."""


def misheard_words(text: MergedText, said: Sequence[Span | None]) -> Iterator[tuple[int, Span]]:
    """The index of each written word that was said as others, and where.

    said: per slot, where it was found. A run of written words that were not found is taken for what was heard
    between the found words around it, where both are of like length: a page number that the reader leaves out
    and the remark that he makes instead are not.
    """
    found = [n for n, slot in enumerate(text.slots) if slot.written is not None and said[n]]
    for before, after in pairwise((-1, *found, len(text.slots))):
        between = range(before + 1, after)
        missing = [index for n in between if (index := text.slots[n].written) is not None]
        others = [(text.slots[n].heard, span) for n in between if (span := said[n])]
        lengths = [len(text.words[index]) for index in missing]
        other_length = sum(len(text.heard[index].text) for index, _ in others if index is not None)
        if missing and others and 1 / _LIKE_LENGTH <= other_length / sum(lengths) <= _LIKE_LENGTH:
            whole = Span(others[0][1].start, others[-1][1].end)
            yield from zip(missing, whole.divided(lengths), strict=True)

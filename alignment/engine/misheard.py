"""Words that were said, but heard as something else: "Osgood" as "as good".

Where forcing believes the other hearing rather than the written word, the written one stands in its place,
unless one sentence was written and quite another one said.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from alignment.audio import Span
from alignment.engine.merged import MergedText
from alignment.engine.reading import Reading

__all__ = ["misheard_words"]

_LIKE_LENGTH = 2.5
"""How many times as long as the other one of two hearings of the same words may be written."""

_FEW = 3
"""Words that may be heard as anything, and be replaced by a word that means the same."""

_ALIKE = 0.33
"""Levenshtein similarity of the letters of more words that may be two hearings of the same. Sentences that
have nothing to do with each other reach 0.25; "before" and "the four" 0.43."""


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
        others = [
            (index, span) for n in between if (span := said[n]) and (index := text.slots[n].heard) is not None
        ]
        if missing and others and _may_be_the_same(text, missing, [index for index, _ in others]):
            whole = Span(others[0][1].start, others[-1][1].end)
            lengths = [len(text.words[index]) for index in missing]
            yield from zip(missing, whole.divided(lengths), strict=True)


def _may_be_the_same(text: MergedText, written: Sequence[int], heard: Sequence[int]) -> bool:
    """Whether runs of written and of heard words, by their indices, may be two hearings of one thing."""
    length = sum(len(text.words[index]) for index in written)
    other_length = sum(len(text.heard[index].text) for index in heard)
    if not 1 / _LIKE_LENGTH <= other_length / length <= _LIKE_LENGTH:
        return False
    if max(len(written), len(heard)) <= _FEW:
        return True
    ours = _letters([text.spoken[index] for index in written])
    theirs = _letters([text.heard_spoken[index] for index in heard])
    return Levenshtein.normalized_similarity(ours, theirs) >= _ALIKE


def _letters(words: Sequence[tuple[Reading, ...]]) -> str:
    """The words as they are usually spoken, without a space."""
    return "".join(part for readings in words for part in readings[0])

"""Which written word is which heard word, where the two sides differ: the likeliest pairing of two runs.

A dynamic programme with affine gaps (Gotoh 1982) that counts in bits: to pair two equal words is worth what
the word tells, rare ones more. To leave out words or to add some costs more in the midst of a sentence than
between two.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler, Levenshtein
from rapidfuzz.process import cdist

__all__ = ["information", "pair"]

_SAID_BEFORE, _EACH, _EACH_SHORT, _SHORT = 1000, 1, 10, 3
"""Words that every talk is taken to have said already, each word among them so often: more often where it has
three letters at most. Else nothing would be rare in a short text."""

_ALIKE, _MOST_LETTERS = 0.85, 0.8
"""Jaro-Winkler similarity, and share of letters kept (Levenshtein), from either of which on two words may be
the same word heard wrongly. The first is lenient with endings, the second with a vowel amid a word."""

_MOST_ALIKE_BITS = 4.0

_UNSAID_EDGE, _UNSAID_EDGE_AT_START = 2.5, 1.0
"""Bits for each end of a run of written words that nobody says: amid a sentence, and where one starts."""

_REMARK, _REMARK_AT_START = 5.0, 2.0
"""Bits for a run of words that is said and not written: amid a sentence, and before one."""

_REMARK_WORD, _LONGEST_REMARK = 0.7, 9.0
"""Bits more for each word of such a run in the midst of a sentence, and the most for all of them."""

_NEVER = -1e9


def information(words: Sequence[str], sounds: Sequence[str]) -> dict[str, float]:
    """What each word of both sides tells, in bits: 4 for "the" in a long talk, 12 for a word said once."""
    counts = Counter(words) + Counter(sounds)
    total = counts.total() + _SAID_BEFORE
    return {
        word: float(np.log2(total / (count + (_EACH if len(word) > _SHORT else _EACH_SHORT))))
        for word, count in counts.items()
    }


def pair(
    words: Sequence[str],
    sounds: Sequence[str],
    starts: NDArray[np.bool_],
    bits: Mapping[str, float],
    *,
    open_before: bool = False,
    open_after: bool = False,
) -> list[tuple[int, int]]:
    """Pairs of an index in `words` and one in `sounds`, rising in both, with the greatest sum of bits.

    starts: shape (len(words) + 1,), whether a line or sentence starts with the word. bits: see `information`.
    open_before, open_after: whether what is said beyond that end of the sounds is not known; then words
    there cost nothing.
    """
    gains = _gains(words, sounds, bits)
    edge = np.where(starts, _UNSAID_EDGE_AT_START, _UNSAID_EDGE)
    rows, columns = len(words) + 1, np.arange(len(sounds) + 1)
    ends_unsaid, begins_unsaid = np.zeros((2, rows, len(columns)), np.bool_)
    remark_from = np.empty((rows, len(columns)), np.int32)
    best = unsaid = np.full(len(columns), _NEVER)
    totals = np.empty(rows)
    for i in range(rows):
        paired = np.full(len(columns), _NEVER)
        if i == 0 or open_before:
            paired[0] = 0
        if i > 0:
            paired[1:] = best[:-1] + gains[i - 1]
            begun = best - edge[i - 1]
            begins_unsaid[i] = begun > unsaid
            unsaid = np.maximum(unsaid, begun)
        ended = unsaid - edge[i]
        ends_unsaid[i] = ended > paired
        best, remark_from[i] = _with_remarks(np.maximum(paired, ended), columns, bool(starts[i]))
        totals[i] = best[-1]
    last = int(np.argmax(totals)) if open_after else rows - 1
    return _walk_back(ends_unsaid, begins_unsaid, remark_from, last)


def _gains(words: Sequence[str], sounds: Sequence[str], bits: Mapping[str, float]) -> NDArray[np.float64]:
    """What pairing is worth, shape (len(words), len(sounds)); never where two words are nothing alike."""
    alike = cdist(words, sounds, scorer=JaroWinkler.similarity, dtype=np.float32)
    kept = cdist(words, sounds, scorer=Levenshtein.normalized_similarity, dtype=np.float32)
    may_be_same = (alike >= _ALIKE) | (kept >= _MOST_LETTERS)
    worth = np.array([bits[word] for word in words])[:, np.newaxis]
    return np.where(alike == 1, worth, np.where(may_be_same, np.minimum(worth / 2, _MOST_ALIKE_BITS), _NEVER))


def _with_remarks(
    best: NDArray[np.float64], columns: NDArray[np.int_], at_start: bool
) -> tuple[NDArray[np.float64], NDArray[np.int_]]:
    """The best of a row where words that are not written may follow, and the column from which they do."""
    if at_start:
        prices = [(_REMARK_AT_START, 0.0)]
    else:
        prices = [(_REMARK, _REMARK_WORD), (_REMARK + _LONGEST_REMARK, 0.0)]
    reached, origin = best, columns
    for once, each in prices:
        levelled = best + each * columns
        highest = np.maximum.accumulate(levelled)
        from_column = np.maximum.accumulate(np.where(levelled == highest, columns, 0))
        through = highest - each * columns - once
        better = through > reached
        reached, origin = np.where(better, through, reached), np.where(better, from_column, origin)
    return reached, origin


def _walk_back(
    ends_unsaid: NDArray[np.bool_],
    begins_unsaid: NDArray[np.bool_],
    remark_from: NDArray[np.int32],
    last: int,
) -> list[tuple[int, int]]:
    """The pairs on the best way that ends in row `last`."""
    pairs = []
    i, j = last, remark_from.shape[1] - 1
    while j := int(remark_from[i, j]):
        if ends_unsaid[i, j]:
            while not begins_unsaid[i, j]:
                i -= 1
            i -= 1
        elif i:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]

"""The known words against the heard words: said, not said, heard but not written.

Both sides are compared as they are spoken. Rare runs of equal words pin the two sequences to each other, the
longest chain of pins that keeps its order wins, and between two pins a small dynamic programme pairs what is
equal or alike (Needleman and Wunsch 1970; the pins are those of patience diff).
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cdist

from alignment.engine.spoken import Reading

__all__ = ["Slot", "agreement", "merge"]

_PIN_LENGTHS = (5, 4, 3, 2)
_LARGEST_TABLE = 4_000_000
_TELLING_RUN = 4
_ALIKE = 0.8
"""Jaro-Winkler similarity from which two words may be the same word heard wrongly."""

_NOT_LISTENED = "\0"
"""Stands among the heard words where nobody listened; no word is like it."""

_SURE_LENGTH = 4
"""Words of a run that is taken for the same however far apart the two stand; shorter ones occur by chance."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the merged sequence: a word that is written, heard, or both.

    written, heard: index of the word in its own sequence, or None. A word that was both stands in one slot;
    written words that were heard as one ("twenty one" as "twenty-one") share its index.
    certain: whether every spoken part of the word was heard exactly, next to other words that were.
    listened: False for a written word that may stand where nobody listened.
    """

    written: int | None
    heard: int | None
    certain: bool = False
    listened: bool = True


def merge(written: Sequence[Reading], heard: Sequence[Reading], breaks: Sequence[int] = ()) -> list[Slot]:
    """Merge the written and the heard words into one sequence that keeps the order of both.

    written, heard: for each word its usual reading, see `spoken`; a word with an empty reading is silent.
    breaks: indices of heard words before which nobody listened, rising; len(heard) for the last stretch.
    """
    ours, theirs = _flatten(written), _flatten(heard, breaks)
    return _slots(_pair(ours[0], theirs[0]), ours, theirs, len(written), len(heard), breaks)


def _flatten(readings: Sequence[Reading], breaks: Sequence[int] = ()) -> tuple[list[str], list[int]]:
    """The spoken parts of all the words, and for each the index of its word."""
    parts, word_of = [], []
    for index, reading in enumerate((*readings, ())):
        if index in breaks:
            parts.append(_NOT_LISTENED)
            word_of.append(index)
        parts += reading
        word_of += [index] * len(reading)
    return parts, word_of


def agreement(slots: Sequence[Slot]) -> float:
    """Share of the shorter side's words that stand in runs of certain slots, 0 to 1.

    Any two texts in one language share words; only texts of the same talk share runs of four and more.
    """
    written = sum(slot.written is not None for slot in slots)
    heard = sum(slot.heard is not None for slot in slots)
    shorter = min(written, heard)
    in_runs = 0
    for certain, run in groupby(slots, key=lambda slot: slot.certain):
        count = len(list(run))
        in_runs += count if certain and count >= min(_TELLING_RUN, shorter) else 0
    return in_runs / shorter if shorter else 0.0


# ---- pairing -----------------------------------------------------------------------------------------


def _pair(words: list[str], sounds: list[str]) -> dict[int, int]:
    """Index in `words` -> index in `sounds`, rising in both."""
    pairs: dict[int, int] = {}
    gaps = [(0, len(words), 0, len(sounds))]
    for length in _PIN_LENGTHS:
        remaining = []
        for gap in gaps:
            pins = _pins(words, sounds, gap, length)
            pairs.update(pins)
            remaining += list(_gaps_between(pins, gap))
        gaps = remaining
        if length == _SURE_LENGTH:
            gaps = [part for gap in gaps for part in _listened(sounds, gap)]
    for gap in gaps:
        pairs.update(_pair_alike(words, sounds, gap))
    return pairs


Gap = tuple[int, int, int, int]
"""First and end index in the words, first and end index in the sounds."""


def _pins(words: list[str], sounds: list[str], gap: Gap, length: int) -> dict[int, int]:
    """Pairs of runs of `length` words that occur once on each side of the gap, grown as far as they agree."""
    w0, w1, s0, s1 = gap
    ours, theirs = _unique_runs(words, w0, w1, length), _unique_runs(sounds, s0, s1, length)
    shared = sorted((at, theirs[run]) for run, at in ours.items() if run in theirs)
    pins: dict[int, int] = {}
    free_w, free_s = w0, s0
    for run_w, run_s in _longest_rising(shared):
        if run_w < free_w or run_s < free_s:
            continue
        back = _common(words[free_w:run_w][::-1], sounds[free_s:run_s][::-1])
        w, s = run_w - back, run_s - back
        length = _common(words[w:w1], sounds[s:s1])
        pins.update(zip(range(w, w + length), range(s, s + length), strict=True))
        free_w, free_s = w + length, s + length
    return pins


def _common(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """How many words both begin with."""
    pairs = enumerate(zip(ours, theirs, strict=False))
    return next((count for count, (a, b) in pairs if a != b), min(len(ours), len(theirs)))


def _unique_runs(words: list[str], first: int, end: int, length: int) -> dict[Reading, int]:
    seen: dict[Reading, int] = {}
    repeated = set()
    for at in range(first, end - length + 1):
        run = tuple(words[at : at + length])
        if run in seen:
            repeated.add(run)
        seen[run] = at
    return {run: at for run, at in seen.items() if run not in repeated}


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest chain whose second numbers rise (pairs are sorted by the first)."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int | None] = []
    for index, (_, second) in enumerate(pairs):
        at = bisect_left(ends, second)
        before.append(last[at - 1] if at else None)
        ends[at : at + 1] = [second]
        last[at : at + 1] = [index]
    chain: list[tuple[int, int]] = []
    link = last[-1] if last else None
    while link is not None:
        chain.append(pairs[link])
        link = before[link]
    return chain[::-1]


def _gaps_between(pins: dict[int, int], gap: Gap) -> Iterator[Gap]:
    """What is left of the gap on both sides of each run of pins, where both sides have something left."""
    w0, w1, s0, s1 = gap
    for w, s in [*pins.items(), (w1, s1)]:
        if w > w0 and s > s0:
            yield (w0, w, s0, s)
        w0, s0 = w + 1, s + 1


def _listened(sounds: list[str], gap: Gap) -> Iterator[Gap]:
    """The parts of a gap in which somebody listened: a few words at its start and at its end.

    What was heard between two stretches that nobody listened to could be anywhere, and is left out.
    """
    w0, w1, s0, s1 = gap
    missed = [s for s in range(s0, s1) if sounds[s] == _NOT_LISTENED]
    if not missed:
        yield gap
        return
    before, after = missed[0] - s0, s1 - missed[-1] - 1
    reach_before, reach_after = min(2 * before + 2, w1 - w0), min(2 * after + 2, w1 - w0)
    if (excess := reach_before + reach_after - (w1 - w0)) > 0:
        reach_before -= excess - excess // 2
        reach_after -= excess // 2
    if before and reach_before > 0:
        yield (w0, w0 + reach_before, s0, missed[0])
    if after and reach_after > 0:
        yield (w1 - reach_after, w1, missed[-1] + 1, s1)


def _pair_alike(words: list[str], sounds: list[str], gap: Gap) -> dict[int, int]:
    """The pairing of the gap with the greatest total likeness."""
    w0, w1, s0, s1 = gap
    if (w1 - w0) * (s1 - s0) > _LARGEST_TABLE:
        return {}
    alike = cdist(words[w0:w1], sounds[s0:s1], scorer=JaroWinkler.similarity, dtype=np.float32)
    alike[alike < _ALIKE] = 0
    pairs = {w0 + i: s0 + j for i, j in _best_path(alike)}
    if len(pairs) == 1 and (w0 + 1 == w1 or s0 + 1 == s1 or pairs.items() & {(w0, s0), (w1 - 1, s1 - 1)}):
        return pairs  # beside matched words, or all that one side has
    return {w: s for w, s in pairs.items() if not _is_stray(words, sounds, pairs, w, s)}


def _best_path(alike: NDArray[np.float32]) -> list[tuple[int, int]]:
    """Rising pairs (i, j) with the greatest sum of alike[i, j]; shape (rows, columns)."""
    rows, columns = alike.shape
    best = np.zeros((rows + 1, columns + 1), np.float32)
    for i in range(rows):
        paired = best[i, :-1] + alike[i]
        best[i + 1, 1:] = np.maximum.accumulate(np.maximum(best[i, 1:], paired))
    path = []
    i, j = rows, columns
    while i and j:
        if best[i, j] == best[i - 1, j]:
            i -= 1
        elif best[i, j] == best[i, j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            path.append((i, j))
    return path[::-1]


def _is_stray(words: list[str], sounds: list[str], pairs: dict[int, int], w: int, s: int) -> bool:
    """Whether a short word was paired alone, in the midst of others that were not: likely by chance."""
    if len(words[w]) > 4 and words[w] == sounds[s]:
        return False
    touches = pairs.get(w - 1) == s - 1 or pairs.get(w + 1) == s + 1
    at_edge = w in (0, len(words) - 1) or s in (0, len(sounds) - 1)
    return not (touches or at_edge)


# ---- merging -----------------------------------------------------------------------------------------


def _slots(
    pairs: dict[int, int],
    ours: tuple[list[str], list[int]],
    theirs: tuple[list[str], list[int]],
    n_written: int,
    n_heard: int,
    breaks: Sequence[int],
) -> list[Slot]:
    """Whole words again: a written word is heard where at least half of its spoken parts are."""
    (words, word_of), (sounds, sound_of) = ours, theirs
    parts = [0] * n_written
    for index in word_of:
        parts[index] += 1
    partners: dict[int, list[int]] = {}
    exact: dict[int, int] = {}
    for w, s in sorted(pairs.items()):
        partners.setdefault(word_of[w], []).append(sound_of[s])
        exact[word_of[w]] = exact.get(word_of[w], 0) + (words[w] == sounds[s])
    partners = {index: found for index, found in partners.items() if 2 * len(found) >= parts[index]}
    slots: list[Slot] = []
    next_written, next_heard = 0, 0
    for index in sorted(partners):
        found = partners[index]
        slots += _unmatched(range(next_written, index), range(next_heard, found[0]), breaks)
        slots.append(Slot(index, found[0], exact[index] == parts[index]))
        next_written, next_heard = index + 1, found[-1] + 1
    return slots + _unmatched(range(next_written, n_written), range(next_heard, n_heard), breaks)


def _unmatched(written: range, heard: range, breaks: Sequence[int]) -> list[Slot]:
    """What is written and what was heard between two matched words; the written stand at a break, if any."""
    at = bisect_left(breaks, heard.start)
    missed = at < len(breaks) and breaks[at] <= heard.stop
    before = heard[: breaks[at] - heard.start] if missed else heard[:0]
    return [
        *(Slot(None, index) for index in before),
        *(Slot(index, None, listened=not missed) for index in written),
        *(Slot(None, index) for index in heard[len(before) :]),
    ]

"""The known words against the heard words: said, not said, heard but not written.

Both sides are compared as they are spoken. Rare runs of equal words pin the two sequences to each other, as
in patience diff, and the longest chain of pins that keeps its order wins. Where the two sides differ, the
pins are loosened again and what is there is paired in the likeliest way (`pairing`): a pin that has grown as
far as both agree may have taken the first word of a sentence from another one.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from alignment.engine.pairing import information, pair
from alignment.engine.reading import Reading

__all__ = ["Slot", "agreement", "merge"]

_PIN_LENGTHS = (5, 4, 3, 2)
_LARGEST_TABLE = 4_000_000
_TELLING_RUN = 4
_FIRM = 5
"""Words of a run of pins from which its midst is beyond doubt."""

_LOOSE = 8
"""Words at each end of a longer run of pins that are in doubt."""

_MOST_REPEATS = 8

_TELLING_PAUSE = 2.0
"""By how many seconds a pause has to be longer than others for words that nobody heard to belong there."""

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
    ambiguous: whether it may as well be another one of several equal words, see `repetition`.
    """

    written: int | None
    heard: int | None
    certain: bool = False
    listened: bool = True
    ambiguous: bool = False


def merge(
    written: Sequence[Reading],
    heard: Sequence[Reading],
    breaks: Sequence[int] = (),
    starts: Collection[int] = (),
    pauses: Sequence[float] = (),
) -> list[Slot]:
    """Merge the written and the heard words into one sequence that keeps the order of both.

    written, heard: for each word its usual reading, see `spoken`; a word with an empty reading is silent.
    breaks: indices of heard words before which nobody listened, rising; len(heard) for the last stretch.
    starts: indices of the written words that a line or a sentence starts with.
    pauses: seconds without a word before each heard word, and after the last one.
    """
    ours, theirs = _flatten(written), _flatten(heard, breaks)
    starting = [before != word and word in starts for before, word in pairwise((-1, *ours[1]))]
    pairs = _pair(ours[0], theirs[0], np.array([*starting, True]))
    place = _Unmatched(breaks, {*starts, len(written)}, pauses)
    return _slots(pairs, ours, theirs, len(written), len(heard), place)


def _flatten(readings: Sequence[Reading], breaks: Sequence[int] = ()) -> tuple[list[str], list[int]]:
    """The spoken parts of all the words, and for each the index of its word."""
    parts, word_of, missed = [], [], set(breaks)
    for index, reading in enumerate((*readings, ())):
        if index in missed:
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


Gap = tuple[int, int, int, int]
"""First and end index in the words, first and end index in the sounds."""


def _pair(words: list[str], sounds: list[str], starts: NDArray[np.bool_]) -> dict[int, int]:
    """Index in `words` -> index in `sounds`, rising in both. starts: see `pairing.pair`."""
    whole = (0, len(words), 0, len(sounds))
    pairs = _firm(_pinned(words, sounds, whole), whole)
    bits = information(words, sounds)
    for gap in list(_gaps_between(pairs, whole)):
        for w0, w1, s0, s1 in _listened(sounds, gap):
            if (w1 - w0) * (s1 - s0) <= _LARGEST_TABLE:
                found = pair(
                    words[w0:w1],
                    sounds[s0:s1],
                    starts[w0 : w1 + 1],
                    bits,
                    open_before=sounds[s0 - 1 : s0] == [_NOT_LISTENED],
                    open_after=sounds[s1 : s1 + 1] == [_NOT_LISTENED],
                )
                pairs.update((w0 + w, s0 + s) for w, s in found)
    return pairs


def _pinned(words: list[str], sounds: list[str], whole: Gap) -> dict[int, int]:
    """All pins, those of long runs first."""
    pins: dict[int, int] = {}
    gaps = [whole]
    for length in _PIN_LENGTHS:
        remaining = []
        for gap in gaps:
            found = _pins(words, sounds, gap, length)
            pins.update(found)
            remaining += list(_gaps_between(found, gap))
        gaps = remaining
        if length == _SURE_LENGTH:
            gaps = [part for gap in gaps for part in _listened(sounds, gap)]
    return pins


def _firm(pins: dict[int, int], whole: Gap) -> dict[int, int]:
    """The pins without those next to a place where the two sides differ."""
    firm: dict[int, int] = {}
    for run in _runs(sorted(pins.items())):
        loose = min(_LOOSE, (len(run) - 1) // 2) if len(run) >= _FIRM else len(run)
        first = 0 if run[0] == (whole[0], whole[2]) else loose
        last = len(run) if run[-1] == (whole[1] - 1, whole[3] - 1) else len(run) - loose
        firm.update(run[first:last])
    return firm


def _runs(pairs: Sequence[tuple[int, int]]) -> Iterator[Sequence[tuple[int, int]]]:
    """The pairs, cut where a word is left out on either side."""
    first = 0
    for end, ((w, s), after) in enumerate(pairwise((*pairs, (-1, -1))), start=1):
        if after != (w + 1, s + 1):
            yield pairs[first:end]
            first = end


def _pins(words: list[str], sounds: list[str], gap: Gap, length: int) -> dict[int, int]:
    """Pairs of runs of `length` words that occur once on each side of the gap, grown as far as they agree.

    Where all is said several times over, and too much to try every way: of runs that occur a few times.
    """
    w0, w1, s0, s1 = gap
    ours, theirs = _runs_of(words, w0, w1, length), _runs_of(sounds, s0, s1, length)
    shared = _shared(ours, theirs, 1)
    if not shared and (w1 - w0) * (s1 - s0) > _LARGEST_TABLE:
        shared = _shared(ours, theirs, _MOST_REPEATS)
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


def _runs_of(words: list[str], first: int, end: int, length: int) -> dict[Reading, list[int]]:
    """Where each run of `length` words begins."""
    found: dict[Reading, list[int]] = {}
    for at in range(first, end - length + 1):
        found.setdefault(tuple(words[at : at + length]), []).append(at)
    return found


def _shared(
    ours: dict[Reading, list[int]], theirs: dict[Reading, list[int]], most: int
) -> list[tuple[int, int]]:
    """Every place of a run on one side with every place on the other, where it has no more than `most`."""
    pairs = [
        (w, s)
        for run, places in ours.items()
        if len(places) <= most and len(theirs.get(run, ())) <= most
        for w in places
        for s in theirs.get(run, ())
    ]
    return sorted(pairs, key=lambda pair: (pair[0], -pair[1]))  # so that no chain takes one place twice


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


# ---- merging -----------------------------------------------------------------------------------------


def _slots(
    pairs: dict[int, int],
    ours: tuple[list[str], list[int]],
    theirs: tuple[list[str], list[int]],
    n_written: int,
    n_heard: int,
    unmatched: "_Unmatched",
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
        slots += unmatched.slots(range(next_written, index), range(next_heard, found[0]))
        slots.append(Slot(index, found[0], exact[index] == parts[index]))
        next_written, next_heard = index + 1, found[-1] + 1
    return slots + unmatched.slots(range(next_written, n_written), range(next_heard, n_heard))


@dataclass(frozen=True, slots=True)
class _Unmatched:
    """Puts what is written and what was heard between two matched words into an order; see `merge`."""

    breaks: Sequence[int]
    starts: Collection[int]
    pauses: Sequence[float]

    def slots(self, written: range, heard: range) -> list[Slot]:
        """The written words stand at a break, if any, else in a long pause, else before what was heard.

        Those that end the sentence of the matched word before them, or begin that of the one after them, stay
        beside it.
        """
        at = bisect_left(self.breaks, heard.start)
        if at < len(self.breaks) and self.breaks[at] <= heard.stop:
            pause = self.breaks[at] - heard.start
            listened, head, tail = False, written[:0], written[:0]
        else:
            pause, listened = self._longest_pause(heard), True
            head, tail = self._beside_others(written)
        body = written[len(head) : len(written) - len(tail)]
        return [
            *(Slot(index, None) for index in head),
            *(Slot(None, index) for index in heard[:pause]),
            *(Slot(index, None, listened=listened) for index in body),
            *(Slot(None, index) for index in heard[pause:]),
            *(Slot(index, None) for index in tail),
        ]

    def _longest_pause(self, heard: range) -> int:
        """How many of the words were heard before it; 0 where none is longer than the one before them."""
        pauses = self.pauses[heard.start : heard.stop + 1] or (0.0,)
        longest = max(range(len(pauses)), key=pauses.__getitem__)
        return longest if pauses[longest] - pauses[0] >= _TELLING_PAUSE else 0

    def _beside_others(self, written: range) -> tuple[range, range]:
        """The first words, which end a sentence, and the last ones, which begin one."""
        starts = [index for index in written if index in self.starts]
        if not starts:
            return written, written[:0]
        end = len(written) if written.stop in self.starts else starts[-1] - written.start
        return written[: min(starts[0] - written.start, end)], written[end:]

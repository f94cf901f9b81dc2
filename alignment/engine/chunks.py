"""Cut the work into chunks: stretches of audio with the part of the merged sequence that belongs to each.

A cut lies in a silence between two neighbouring words that were both heard beyond doubt, so that no word can
be on the wrong side of it. What stands between two cuts is aligned alone: no error spreads further.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from alignment.audio import Span
from alignment.engine.anchors import HeardWord
from alignment.engine.matching import Slot

__all__ = ["Chunk", "cut_chunks", "part"]

_SHORTEST = 4.0
_PREFERRED_LONGEST = 20.0
_SHORTEST_PIECE = 1.0
_RIVALS = 2
"""Heard words that a written one may have been heard as."""

_PADDING = 0.6
"""Seconds of silence that a chunk keeps at each end: the acoustic model wants some, and no more."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Slots first_slot to last_slot (exclusive) of the merged sequence, spoken within `span`."""

    span: Span
    first_slot: int
    last_slot: int


@dataclass(frozen=True, slots=True)
class _Cut:
    slot: int
    silence: Span


def cut_chunks(
    slots: Sequence[Slot], heard: Sequence[HeardWord], silences: Sequence[Span], duration: float
) -> list[Chunk]:
    """Chunks that cover all slots in order; the time between two of them is silence.

    silences: in order, see `silences.find_silences`. duration: of the audio, seconds.
    """
    cuts = _choose(_candidates(slots, heard, silences))
    return _between([_Cut(0, Span(0.0, 0.0)), *cuts, _Cut(len(slots), Span(duration, duration))])


def part(
    chunk: Chunk, slots: Sequence[Slot], heard: Sequence[HeardWord], silences: Sequence[Span]
) -> list[Chunk]:
    """The chunk cut wherever it can be, into pieces of a second and more; see `cut_chunks`."""
    start, end = chunk.span.start, chunk.span.end
    within = [silence for silence in silences if start < silence.middle < end]
    cuts = [_Cut(chunk.first_slot, Span(start, start))]
    for cut in _candidates(slots[chunk.first_slot : chunk.last_slot], heard, within):
        middle = cut.silence.middle
        if min(middle - cuts[-1].silence.middle, end - middle) >= _SHORTEST_PIECE:
            cuts.append(_Cut(chunk.first_slot + cut.slot, cut.silence))
    return _between([*cuts, _Cut(chunk.last_slot, Span(end, end))])


def _between(cuts: Sequence[_Cut]) -> list[Chunk]:
    return [
        Chunk(Span(_late(before.silence), _early(after.silence)), before.slot, after.slot)
        for before, after in pairwise(cuts)
    ]


def _late(silence: Span) -> float:
    return max(silence.middle, silence.end - _PADDING)


def _early(silence: Span) -> float:
    return min(silence.middle, silence.start + _PADDING)


def _candidates(slots: Sequence[Slot], heard: Sequence[HeardWord], silences: Sequence[Span]) -> list[_Cut]:
    """Every place between two slots where a silence surely lies between their words.

    The recogniser lets words swallow the pause next to them, but the middle of the pause then still lies
    between the middles of the two words.
    """
    found: list[_Cut] = []
    at = 0
    sure = _sure(slots)
    for number, (one, other) in enumerate(pairwise(slots)):
        if one.heard is None or other.heard is None or not (sure[number] and sure[number + 1]):
            continue
        first, second = heard[one.heard], heard[other.heard]
        earliest, latest = (first.start + first.end) / 2, (second.start + second.end) / 2
        while at < len(silences) and silences[at].middle < earliest:
            at += 1
        between = []
        reach = at
        while reach < len(silences) and silences[reach].middle <= latest:
            between.append(silences[reach])
            reach += 1
        if between:
            longest = max(between, key=lambda silence: silence.length)
            found.append(_Cut(number + 1, longest))
    return found


def _sure(slots: Sequence[Slot]) -> list[bool]:
    """Whether the word of each slot was surely heard where it stands: one that is certain, or not written.

    Where some words are written and not heard and others heard and not written, these may be what those were
    heard as, unless they are many: then those in their midst are sure.
    """
    sure = [slot.certain for slot in slots]
    first = 0
    for _, run in groupby(slots, key=lambda slot: slot.written is not None and slot.heard is not None):
        unwritten = [slot.written is None for slot in run]
        heard = [first + n for n, is_heard in enumerate(unwritten) if is_heard]
        margin = _RIVALS * unwritten.count(False)
        for number in heard[margin : len(heard) - margin]:
            sure[number] = not slots[number].ambiguous
        first += len(unwritten)
    return sure


def _choose(candidates: list[_Cut]) -> list[_Cut]:
    """The longest silences, 4 to 20 s apart where the speech allows it."""
    chosen: list[_Cut] = []
    last, at = 0.0, 0
    while at < len(candidates):
        near = [cut for cut in candidates[at:] if cut.silence.middle >= last + _SHORTEST]
        if not near:
            break
        reachable = [cut for cut in near if cut.silence.middle <= last + _PREFERRED_LONGEST] or near[:1]
        best = max(reachable, key=lambda cut: cut.silence.length)
        chosen.append(best)
        last, at = best.silence.middle, candidates.index(best) + 1
    return chosen

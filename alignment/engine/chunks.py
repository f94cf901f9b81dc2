"""Cut the work into chunks: stretches of audio with the part of the merged sequence that belongs to each.

A cut lies in a silence between two neighbouring words that were both heard with certainty, so that no word
can be on the wrong side of it. What stands between two cuts is aligned alone: no error spreads further.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from alignment.audio import Span
from alignment.engine.anchors import HeardWord
from alignment.engine.matching import Slot

__all__ = ["Chunk", "cut_chunks"]

_SHORTEST = 4.0
_PREFERRED_LONGEST = 20.0
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
    edges = [_Cut(0, Span(0.0, 0.0)), *cuts, _Cut(len(slots), Span(duration, duration))]
    return [
        Chunk(
            Span(_late(before.silence), _early(after.silence)),
            before.slot,
            after.slot,
        )
        for before, after in pairwise(edges)
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
    for number, (one, other) in enumerate(pairwise(slots)):
        if not _sure(one, other) or one.heard is None or other.heard is None:
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


def _sure(one: Slot, other: Slot) -> bool:
    """Both words written and heard, or both only heard: what was heard in between is known."""
    return (one.certain and other.certain) or (one.written is None and other.written is None)


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

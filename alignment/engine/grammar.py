"""The words of a chunk as a grammar: which must be passed, which may be, and the ways to say each.

Words that are written and heard must be passed, words that are only written or only heard may be, and a word
with several readings is a choice.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from alignment.engine.reading import Reading

__all__ = ["Arc", "Grammar", "Leap", "Option", "Pause", "grammar"]

_LONGEST_LEAP = 4
"""Words passed over at once in the midst of a run that may be missing. At 50, searching took twelve times as
long as at 4, for after every word all of them are tried."""

_LEAST_LIKELY = 1e-60
"""Of passing over a run of words, however long: well within the beam."""


_SENTENCE_END = re.compile(r"[.?!…。？！।؟]['\"”’»)\]]*$")
_CLAUSE_END = re.compile(r"[,;:–—،；：、，][\W_]*$")


@dataclass(frozen=True, slots=True)
class Option:
    """One word of the grammar: the ways to say it, and how readily it is passed over.

    text: the word as written. skip: probability that it is not said, 0 where it must be.
    """

    text: str
    readings: tuple[Reading, ...]
    skip: float = 0.0


@dataclass(frozen=True, slots=True)
class Arc:
    """One step of a grammar; word None passes without sound. option: index of the option it belongs to."""

    start: int
    end: int
    probability: float
    word: str | None
    option: int


Leap = tuple[int, int, float]
"""Passing over several words at once: from a state to another, and how likely."""


class Pause(Enum):
    """What the text tells of a pause at some place: a sentence ends there, a part of one, or nothing does."""

    SENTENCE = auto()
    CLAUSE = auto()
    NONE = auto()


@dataclass(frozen=True, slots=True)
class Grammar:
    """States are numbered from 0, the start, on. end: the state to arrive at. pauses: what the text tells of
    a pause at each state.
    """

    arcs: tuple[Arc, ...]
    leaps: tuple[Leap, ...]
    end: int
    pauses: tuple[Pause, ...]


def grammar(options: Sequence[Option]) -> Grammar:
    """The options in their order; one without readings is passed over."""
    arcs: list[Arc] = []
    pauses = {0: Pause.SENTENCE}
    state, free = 0, 1
    for index, option in enumerate(options):
        if not option.readings:
            if pauses[state] is Pause.NONE:
                pauses[state] = _pause_after(option.text)
            continue
        after, free = free, free + 1
        pauses[after] = _pause_after(option.text)
        if option.skip:
            arcs.append(Arc(state, after, option.skip, None, index))
        for reading in option.readings:
            at = state
            for part in reading[:-1]:
                arcs.append(Arc(at, free, 1.0, part, index))
                at, free = free, free + 1
            arcs.append(Arc(at, after, 1.0, reading[-1], index))
        state = after
    pauses[state] = Pause.SENTENCE
    told = tuple(pauses.get(number, Pause.NONE) for number in range(free))
    return Grammar(tuple(arcs), tuple(_leaps(arcs)), state, told)


def _pause_after(word: str) -> Pause:
    if _SENTENCE_END.search(word):
        return Pause.SENTENCE
    return Pause.CLAUSE if _CLAUSE_END.search(word) else Pause.NONE


def _leaps(arcs: Sequence[Arc]) -> list[Leap]:
    """Passing over several words at once.

    Between two words one silent step is taken and no more, so what two of them do takes one of its own. In a
    run of words that may be missing, leaps over many lead from its start or to its end only.
    """
    silent = {arc.start: arc for arc in arcs if arc.word is None}
    followed = {arc.end for arc in silent.values()}
    leaps: list[Leap] = []
    for start, first in silent.items():
        at, probability, count = first.end, first.probability, 1
        while at in silent:
            probability = max(probability * silent[at].probability, _LEAST_LIKELY)
            at, count = silent[at].end, count + 1
            if count <= _LONGEST_LEAP or at not in silent or start not in followed:
                leaps.append((start, at, probability))
    return leaps

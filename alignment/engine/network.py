"""A grammar of words as a network of phones, each between all the neighbours that it may have.

Between two words, and before the first and after the last, there may be silence. How a word's first phone
sounds depends on what comes before it, and its last one on what comes after: such a phone stands there once
for each of these that sound different.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from alignment.engine.acoustic_model import AcousticModel, Position, States
from alignment.engine.grammar import Grammar, Pause

__all__ = ["SILENT", "Network", "Sounds", "network"]

SILENT = -1
"""Stands for the arc of a phone that belongs to none."""

_SILENCE = {Pause.SENTENCE: -2.0, Pause.CLAUSE: -8.0, Pause.NONE: -34.4}
"""Added for each silence, by what the text tells of a pause there. Where pauses sound much like speech, over
music and over a telephone, words else reach into the pause before a sentence; in clean speech it makes no
odds."""

_WORD = -2.8
"""Added for each word, and for each silence."""

Sounds = Mapping[str, Sequence[Sequence[str]]]
"""The ways to say each word, as names of phones."""

Edge = Mapping[int, Sequence[int]]
"""Nodes at the edge of a word, by the phone on the other side."""

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, eq=False)
class Network:
    """phones, mixtures, arcs: of each node the phone, by number; the mixtures of its states, shape (n, 3);
    the arc of the grammar that it belongs to, or `SILENT`. No link leads back in the order of the nodes.

    sources, targets, weights: links from the end of one node to the start of another, ordered by target.
    starts, ends: weight of starting and of ending at each node, -inf where that may not be.
    """

    phones: NDArray[np.intp]
    mixtures: NDArray[np.intp]
    arcs: NDArray[np.intp]
    sources: NDArray[np.intp]
    targets: NDArray[np.intp]
    weights: NDArray[np.float32]
    starts: NDArray[np.float32]
    ends: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Word:
    """One way to say the word of an arc, as nodes."""

    first: int
    last: int
    entries: Edge
    exits: Edge


def network(model: AcousticModel, grammar: Grammar, sounds: Sounds) -> Network:
    """The network of a grammar. sounds: of all its words."""
    builder = _Builder(model, grammar, sounds)
    builder.add_words()
    builder.connect()
    return builder.network()


class _Builder:
    def __init__(self, model: AcousticModel, grammar: Grammar, sounds: Sounds) -> None:
        self._model = model
        self._grammar = grammar
        self._sounds = {
            word: [[model.phones[phone] for phone in sound] for sound in ways]
            for word, ways in sounds.items()
        }
        self._ahead = _silently_reached(grammar)
        self._leaving: dict[int, list[_Word]] = {}
        self._arriving: dict[int, list[_Word]] = {}
        self._silences: dict[int, int] = {}
        self._nodes: list[tuple[int, States, int]] = []
        self._links: list[tuple[int, int, float]] = []

    def add_words(self) -> None:
        """Nodes for all words and the silences beside them."""
        before, after = self._neighbours()
        for index, arc in enumerate(self._grammar.arcs):
            if arc.word is None:
                continue
            if arc.start not in self._silences:
                self._silences[arc.start] = self._silence()
            for sound in self._sounds[arc.word]:
                word = self._word(index, sound, sorted(before[arc.start]), sorted(after[arc.end]))
                self._leaving.setdefault(arc.start, []).append(word)
                self._arriving.setdefault(arc.end, []).append(word)
        self._silences[self._grammar.end] = self._silence()

    def _neighbours(self) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
        """Of each state of the grammar: the phones that may come right before and right after it."""
        before = {state: {self._model.silence} for state in self._ahead}
        after = {state: {self._model.silence} for state in self._ahead}
        for arc in self._grammar.arcs:
            for sound in self._sounds[arc.word] if arc.word is not None else ():
                after[arc.start].add(sound[0])
                before[arc.end].add(sound[-1])
        starting, ending = {s: set(p) for s, p in after.items()}, {s: set(p) for s, p in before.items()}
        for state, reached in self._ahead.items():
            for other in reached:
                after[state] |= starting[other]
                before[other] |= ending[state]
        return before, after

    def _silence(self) -> int:
        silence = self._model.silence
        return self._node(silence, self._model.states(silence, silence, silence, Position.INSIDE), SILENT)

    def _node(self, phone: int, states: States, arc: int) -> int:
        self._nodes.append((phone, states, arc))
        return len(self._nodes) - 1

    def _word(self, arc: int, sound: Sequence[int], before: Sequence[int], after: Sequence[int]) -> _Word:
        first, last = sound[0], sound[-1]
        states = self._model.states
        if len(sound) == 1:
            contexts = {(b, a): states(first, b, a, Position.ONLY) for b in before for a in after}
            nodes = self._alternatives(arc, first, contexts)
            return _Word(
                first,
                last,
                {b: sorted({nodes[b, a] for a in after}) for b in before},
                {a: sorted({nodes[b, a] for b in before}) for a in after},
            )
        starts = {b: states(first, b, sound[1], Position.FIRST) for b in before}
        entries = self._alternatives(arc, first, starts)
        at = sorted(set(entries.values()))
        for one, phone, other in zip(sound, sound[1:], sound[2:], strict=False):
            node = self._node(phone, states(phone, one, other, Position.INSIDE), arc)
            self._links += [(source, node, 0.0) for source in at]
            at = [node]
        ends = {a: states(last, sound[-2], a, Position.LAST) for a in after}
        exits = self._alternatives(arc, last, ends)
        self._links += [(source, node, 0.0) for source in at for node in sorted(set(exits.values()))]
        return _Word(first, last, {b: [n] for b, n in entries.items()}, {a: [n] for a, n in exits.items()})

    def _alternatives(self, arc: int, phone: int, contexts: Mapping[Key, States]) -> dict[Key, int]:
        """A node for each way that the phone sounds, by the contexts in which it does."""
        nodes = {states: self._node(phone, states, arc) for states in dict.fromkeys(contexts.values())}
        return {context: nodes[states] for context, states in contexts.items()}

    def connect(self) -> None:
        """Link the words with each other and with the silences."""
        for state, silence in self._silences.items():
            for word in self._arriving.get(state, ()):
                self._link(word.exits[self._model.silence], [silence], self._silence_weight(state))
        for state, other, passing in self._passages():
            leaving = self._leaving.get(other, ())
            if state in self._silences:
                for word in leaving:
                    entries = word.entries[self._model.silence]
                    self._link([self._silences[state]], entries, passing + _WORD)
            for one in self._arriving.get(state, ()):
                for word in leaving:
                    self._link(one.exits.get(word.first, ()), word.entries.get(one.last, ()), passing + _WORD)

    def _silence_weight(self, state: int) -> float:
        return _SILENCE[self._grammar.pauses[state]] + _WORD

    def _passages(self) -> list[tuple[int, int, float]]:
        return [(s, other, weight) for s, reached in self._ahead.items() for other, weight in reached.items()]

    def _link(self, sources: Sequence[int], targets: Sequence[int], weight: float) -> None:
        self._links += [(source, target, weight) for source in sources for target in targets]

    def network(self) -> Network:
        """What was built."""
        phones, states, arcs = zip(*self._nodes, strict=True)
        links = np.array(sorted(self._links, key=lambda link: link[1]), np.float64).reshape(-1, 3)
        return Network(
            np.array(phones, np.intp),
            np.array(states, np.intp),
            np.array(arcs, np.intp),
            links[:, 0].astype(np.intp),
            links[:, 1].astype(np.intp),
            links[:, 2].astype(np.float32),
            self._starts(),
            self._ends(),
        )

    def _starts(self) -> NDArray[np.float32]:
        starts = np.full(len(self._nodes), -np.inf, np.float32)
        starts[self._silences[0]] = self._silence_weight(0)
        for state, passing in self._ahead[0].items():
            for word in self._leaving.get(state, ()):
                starts[word.entries[self._model.silence]] = passing + _WORD
        return starts

    def _ends(self) -> NDArray[np.float32]:
        ends = np.full(len(self._nodes), -np.inf, np.float32)
        for state, reached in self._ahead.items():
            if (passing := reached.get(self._grammar.end)) is not None:
                for word in self._arriving.get(state, ()):
                    ends[word.exits[self._model.silence]] = passing
                if state in self._silences:
                    ends[self._silences[state]] = passing
        return ends


def _silently_reached(grammar: Grammar) -> dict[int, dict[int, float]]:
    """Of each state: itself and those to which one silent step leads, with the step's weight."""
    steps = [(arc.start, arc.end, arc.probability) for arc in grammar.arcs if arc.word is None]
    steps += grammar.leaps
    ahead = {state: {state: 0.0} for arc in grammar.arcs for state in (arc.start, arc.end)}
    for start, end, probability in steps:
        weight = float(np.log(probability))
        ahead[start][end] = max(weight, ahead[start].get(end, -np.inf))
    return ahead

"""The likeliest way through a network of phones, frame by frame (Viterbi), within a beam."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignment.engine.acoustic_model import STATES, AcousticModel
from alignment.engine.network import Network

__all__ = ["Visit", "likeliest_path"]

_BEAM = 500.0
"""Of log-likelihood below the best, within which a phone is followed up."""

_BLOCK = 50
"""Frames between two looks at which phones are within the beam."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A node of the network that the path passes, from a frame to another (exclusive).

    score: log-likelihood of the path from before its first frame, links to it included, to after its last.
    """

    node: int
    start: int
    end: int
    score: float


@dataclass(frozen=True, eq=False)
class _Block:
    """What is remembered of some frames from `start` on, for the nodes that were followed, in order.

    leaving: score of leaving each node right before each frame, less `level`, shape (frames, nodes). stayed:
    whether the best way to each state at each frame is from itself, shape (frames, 3, nodes).
    """

    start: int
    nodes: NDArray[np.intp]
    leaving: NDArray[np.float32]
    stayed: NDArray[np.bool_]
    level: float

    def place(self, node: int) -> int:
        """Where the node stands in the arrays."""
        return int(np.searchsorted(self.nodes, node))


def likeliest_path(
    model: AcousticModel, network: Network, features: NDArray[np.float32]
) -> list[Visit] | None:
    """The nodes that the likeliest path passes, or None where none leads to an end.

    features: see `cepstra.features`.
    """
    search = _Search(model, network)
    for start in range(0, features.shape[1], _BLOCK):
        if not search.go_on(features[:, start : start + _BLOCK]):
            return None
    return search.path()


class _Search:
    """alive: nodes within the beam, in order. scores: of their states, less `level`, shape (3, nodes)."""

    def __init__(self, model: AcousticModel, network: Network) -> None:
        self._model = model
        self._network = network
        self._stay = np.ascontiguousarray(model.stay[network.phones].T)
        self._go = np.ascontiguousarray(model.go[network.phones].T)
        self._farthest = _farthest(network)
        self._alive = np.flatnonzero(network.starts > -np.inf)
        self._scores = np.full((STATES, len(self._alive)), -np.inf, np.float32)
        self._frame = 0
        self._level = 0.0
        self._blocks: list[_Block] = []

    def go_on(self, features: NDArray[np.float32]) -> bool:
        """Follow the paths through some more frames; False where none is left."""
        frames = features.shape[1]
        nodes = self._reached(-(-frames // STATES))
        sound = self._sound(features, nodes)
        stay, go = self._stay[:, nodes], self._go[:, nodes]
        sources, weights, targets, runs = self._links(nodes)
        scores = np.full((STATES, len(nodes)), -np.inf, np.float32)
        scores[:, np.searchsorted(nodes, self._alive)] = self._scores
        leaving = np.empty((frames, len(nodes)), np.float32)
        stayed = np.empty((frames, STATES, len(nodes)), np.bool_)
        entering = np.full_like(scores, -np.inf)
        remaining = np.empty_like(scores)
        for frame in range(frames):
            np.add(scores, go, out=remaining)
            leaving[frame] = remaining[2]
            entering[1:] = remaining[:2]
            if self._frame + frame:
                entering[0, targets] = np.maximum.reduceat(remaining[2, sources] + weights, runs)
            else:
                entering[0] = self._network.starts[nodes]
            np.add(scores, stay, out=remaining)
            np.greater_equal(remaining, entering, out=stayed[frame])
            np.maximum(remaining, entering, out=scores)
            scores += sound[frame]
            entering[0] = -np.inf
        self._blocks.append(_Block(self._frame, nodes, leaving, stayed, self._level))
        self._frame += frames
        best = float(scores.max())
        alive = np.flatnonzero(scores.max(axis=0) > best - _BEAM)
        self._alive, self._scores = nodes[alive], scores[:, alive] - best
        self._level += best
        return best > -np.inf

    def _reached(self, steps: int) -> NDArray[np.intp]:
        """The nodes within the beam and those to which so many links lead, in order."""
        low, high = int(self._alive[0]), int(self._alive[-1]) + 1
        for _ in range(steps):
            high = int(self._farthest[high - 1]) + 1
        first, last = np.searchsorted(self._network.targets, (low, high))
        sources, targets = self._network.sources[first:last], self._network.targets[first:last]
        reached = np.zeros(high, np.bool_)
        reached[self._alive] = True
        for _ in range(steps):
            reached[targets[reached[sources]]] = True
        return np.flatnonzero(reached)

    def _sound(self, features: NDArray[np.float32], nodes: NDArray[np.intp]) -> NDArray[np.float32]:
        """How well the frames fit the states of the nodes, shape (frames, 3, nodes)."""
        mixtures, column = np.unique(self._network.mixtures[nodes].T, return_inverse=True)
        return self._model.scores(features, mixtures)[:, column.reshape(STATES, -1)]

    def _links(
        self, nodes: NDArray[np.intp]
    ) -> tuple[NDArray[np.intp], NDArray[np.float32], NDArray[np.intp], NDArray[np.intp]]:
        """Links within the nodes: sources, weights, and the targets with where the links of each begin."""
        network = self._network
        first, last = np.searchsorted(network.targets, (nodes[0], nodes[-1] + 1))
        place = np.full(nodes[-1] + 1, -1)
        place[nodes] = np.arange(len(nodes))
        sources, targets = place[network.sources[first:last]], place[network.targets[first:last]]
        inside = np.flatnonzero((sources >= 0) & (targets >= 0))
        entered, runs = np.unique(targets[inside], return_index=True)
        return sources[inside], network.weights[first:last][inside], entered, runs

    def path(self) -> list[Visit] | None:
        """The likeliest of the paths that are at an end, back from there."""
        network = self._network
        if not self._blocks:
            return None
        leaving = self._scores[2] + self._go[2, self._alive]
        ending = leaving + network.ends[self._alive]
        best = int(ending.argmax())
        if ending[best] == -np.inf:
            return None
        return list(self._back(int(self._alive[best]), float(leaving[best]) + self._level))[::-1]

    def _back(self, node: int, score: float) -> Iterator[Visit]:
        state, end = STATES - 1, self._frame
        for block in reversed(self._blocks):
            place = block.place(node)
            for frame in range(len(block.leaving) - 1, -1, -1):
                if block.stayed[frame, state, place]:
                    continue
                if state:
                    state -= 1
                    continue
                start = block.start + frame
                source, before = self._came_from(node, block, frame)
                yield Visit(node, start, end, score - before)
                node, score, state, end = source, before, STATES - 1, start
                place = block.place(node)

    def _came_from(self, node: int, block: _Block, frame: int) -> tuple[int, float]:
        if not block.start and not frame:
            return node, 0.0
        network = self._network
        first, last = np.searchsorted(network.targets, (node, node + 1))
        sources, weights = network.sources[first:last], network.weights[first:last]
        followed = np.isin(sources, block.nodes)
        sources, weights = sources[followed], weights[followed]
        scores = block.leaving[frame, np.searchsorted(block.nodes, sources)]
        best = int((scores + weights).argmax())
        return int(sources[best]), float(scores[best]) + block.level


def _farthest(network: Network) -> NDArray[np.intp]:
    """Of each node: the last one that it or one before it leads to."""
    farthest = np.arange(len(network.phones))
    np.maximum.at(farthest, network.sources, network.targets)
    return np.maximum.accumulate(farthest)

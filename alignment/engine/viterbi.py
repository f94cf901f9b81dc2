"""The likeliest way through a network of phones, frame by frame (Viterbi), within a beam."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignment.engine.acoustic_model import AcousticModel
from alignment.engine.network import Network

__all__ = ["Visit", "likeliest_path"]

_BEAM = 500.0
"""Of log-likelihood below the best, within which a phone is followed up."""

_BLOCK = 50
"""Frames between two looks at which phones are within the beam."""

_STATES = 3


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
    """What is remembered of some frames from `start` on, for the nodes from `low` on.

    leaving: score of leaving each node right before each frame, less `level`, shape (frames, nodes). stayed:
    whether the best way to each state at each frame is from itself, shape (frames, 3, nodes).
    """

    start: int
    low: int
    leaving: NDArray[np.float32]
    stayed: NDArray[np.bool_]
    level: float


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
    def __init__(self, model: AcousticModel, network: Network) -> None:
        self._model = model
        self._network = network
        self._stay = np.ascontiguousarray(model.stay[network.phones].T)
        self._go = np.ascontiguousarray(model.go[network.phones].T)
        self._farthest = _farthest(network)
        count = len(network.phones)
        self._scores = np.full((_STATES, count), -np.inf, np.float32)
        self._low, self._high = 0, 0
        self._frame = 0
        self._level = 0.0
        self._blocks: list[_Block] = []

    def go_on(self, features: NDArray[np.float32]) -> bool:
        """Follow the paths through some more frames; False where none is left."""
        frames = features.shape[1]
        low, high = self._low, self._reach(frames)
        sound = self._sound(features, low, high)
        stay, go = self._stay[:, low:high], self._go[:, low:high]
        sources, weights, targets, runs = self._links(low, high)
        scores = self._scores[:, low:high]
        width = high - low
        leaving = np.empty((frames, width), np.float32)
        stayed = np.empty((frames, _STATES, width), np.bool_)
        entering = np.full((_STATES, width), -np.inf, np.float32)
        remaining = np.empty_like(entering)
        for frame in range(frames):
            np.add(scores, go, out=remaining)
            leaving[frame] = remaining[2]
            entering[1:] = remaining[:2]
            if self._frame + frame:
                entering[0, targets] = np.maximum.reduceat(remaining[2, sources] + weights, runs)
            else:
                entering[0] = self._network.starts[low:high]
            np.add(scores, stay, out=remaining)
            np.greater_equal(remaining, entering, out=stayed[frame])
            np.maximum(remaining, entering, out=scores)
            scores += sound[frame]
            entering[0] = -np.inf
        self._blocks.append(_Block(self._frame, low, leaving, stayed, self._level))
        self._frame += frames
        best = float(scores.max())
        if best == -np.inf:
            return False
        alive = np.flatnonzero(scores.max(axis=0) > best - _BEAM)
        self._low, self._high = low + int(alive[0]), low + int(alive[-1]) + 1
        scores -= best
        self._level += best
        self._scores[:, self._high :] = -np.inf
        return True

    def _reach(self, frames: int) -> int:
        """End of the nodes that may be reached in so many frames; a phone takes three and more."""
        high = self._high
        if not self._frame:
            high = int(np.flatnonzero(self._network.starts > -np.inf)[-1]) + 1
        for _ in range(-(-frames // _STATES)):
            high = int(self._farthest[high - 1]) + 1
        return high

    def _sound(self, features: NDArray[np.float32], low: int, high: int) -> NDArray[np.float32]:
        """How well the frames fit the states of the nodes, shape (frames, 3, nodes)."""
        mixtures, column = np.unique(self._network.mixtures[low:high].T, return_inverse=True)
        return self._model.scores(features, mixtures)[:, column.reshape(_STATES, -1)]

    def _links(
        self, low: int, high: int
    ) -> tuple[NDArray[np.intp], NDArray[np.float32], NDArray[np.intp], NDArray[np.intp]]:
        """Links within the nodes: sources, weights, and the targets with where the links of each begin."""
        network = self._network
        first, last = np.searchsorted(network.targets, (low, high))
        inside = first + np.flatnonzero(network.sources[first:last] >= low)
        targets, runs = np.unique(network.targets[inside] - low, return_index=True)
        return network.sources[inside] - low, network.weights[inside], targets, runs

    def path(self) -> list[Visit] | None:
        """The likeliest of the paths that are at an end, back from there."""
        network = self._network
        if not self._blocks:
            return None
        leaving = self._scores[2, self._low : self._high] + self._go[2, self._low : self._high]
        ending = leaving + network.ends[self._low : self._high]
        best = int(ending.argmax())
        if ending[best] == -np.inf:
            return None
        return list(self._back(self._low + best, float(leaving[best]) + self._level))[::-1]

    def _back(self, node: int, score: float) -> Iterator[Visit]:
        state, end = _STATES - 1, self._frame
        for block in reversed(self._blocks):
            for frame in range(len(block.leaving) - 1, -1, -1):
                if block.stayed[frame, state, node - block.low]:
                    continue
                if state:
                    state -= 1
                    continue
                start = block.start + frame
                source, before = self._came_from(node, block, frame)
                yield Visit(node, start, end, score - before)
                node, score, state, end = source, before, _STATES - 1, start

    def _came_from(self, node: int, block: _Block, frame: int) -> tuple[int, float]:
        if not block.start and not frame:
            return node, 0.0
        network = self._network
        first, last = np.searchsorted(network.targets, (node, node + 1))
        sources = network.sources[first:last]
        inside = sources >= block.low
        scores = np.where(inside, block.leaving[frame, np.maximum(sources - block.low, 0)], -np.inf)
        best = int((scores + network.weights[first:last]).argmax())
        return int(sources[best]), float(scores[best]) + block.level


def _farthest(network: Network) -> NDArray[np.intp]:
    """Of each node: the last one that it or one before it leads to."""
    farthest = np.arange(len(network.phones))
    np.maximum.at(farthest, network.sources, network.targets)
    return np.maximum.accumulate(farthest)

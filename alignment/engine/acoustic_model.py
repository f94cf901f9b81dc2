"""The English acoustic model that comes with pocketsphinx: how well each sound fits, frame by frame.

A phone between two others is an HMM of three states. Each state has its own mixture of the Gaussians of its
middle phone's codebook: 128 for each of the three streams of features (phonetically tied mixtures).
"""

import struct
from enum import IntEnum
from functools import lru_cache
from math import prod
from pathlib import Path

import numpy as np
import pocketsphinx
from numpy.typing import NDArray

__all__ = ["STATES", "AcousticModel", "Position", "States", "acoustic_model"]

STATES = 3
"""Of each phone, passed from first to last."""

States = tuple[int, int, int]
"""The mixtures of a phone's three states."""

_FOLDER = Path(pocketsphinx.get_model_path("en-us/en-us"))
_STREAMS, _VALUES, _GAUSSIANS = 3, 13, 128
_LEAST_VARIANCE = 1e-4
_LEAST_TRANSITION = 1e-4
_LEAST_DENSITY = np.float32(-80)
"""Of a Gaussian, as a logarithm beside the likeliest one in its frame; single precision ends soon below."""

_WEIGHT_STEP = 1024 * np.log(1.0001)
"""What one step of the stored weights of the mixtures is, as a natural logarithm."""


class Position(IntEnum):
    """Where in its word a phone stands, as the model counts."""

    INSIDE = 0
    FIRST = 1
    LAST = 2
    ONLY = 3


class AcousticModel:
    """phones: number of each, by its name. silence: number of the one that is none. stay, go: log-probability
    of each state of each phone to stay and to go on, float32, shape (phones, 3).

    Mixtures are numbered so that those of one phone stand together.
    """

    def __init__(self) -> None:
        self.phones, entries, mixtures = _definitions()
        self.silence = self.phones["SIL"]
        self.stay, self.go = _transitions(len(self.phones))
        self._rows = _rows_by_context(entries, len(self.phones))
        codebook = np.zeros(mixtures.max() + 1, np.intp)
        codebook[mixtures[entries["row"]]] = entries["phone"][:, None]
        order = np.argsort(codebook, kind="stable")
        self._codebook = codebook[order]
        self._mixtures = np.argsort(order)[mixtures]
        self._weights = _weights(len(order))[:, order]
        self._densities = _densities(len(self.phones))

    def states(self, phone: int, before: int, after: int, position: Position) -> States:
        """The mixtures of a phone between two others, or in the nearest context that the model knows."""
        row = self._row(phone, before, after, position)
        if row < 0:
            starts = position in (Position.FIRST, Position.ONLY)
            ends = position in (Position.LAST, Position.ONLY)
            row = self._row(
                phone, self.silence if starts else before, self.silence if ends else after, position
            )
        first, second, third = self._mixtures[phone if row < 0 else row].tolist()
        return first, second, third

    def _row(self, phone: int, before: int, after: int, position: Position) -> int:
        anywhere: list[int] = self._rows[:, phone, before, after].tolist()
        return anywhere[position] if anywhere[position] >= 0 else max(anywhere)

    def scores(self, features: NDArray[np.float32], mixtures: NDArray[np.intp]) -> NDArray[np.float32]:
        """Log-likelihood of each frame in each mixture, less that of the likeliest of them in the frame.

        features: see `cepstra.features`. mixtures: their numbers, rising. Shape (frames, mixtures).
        """
        scores = np.zeros((features.shape[1], len(mixtures)), np.float32)
        likelihoods = np.empty_like(scores)
        codebooks, first = np.unique(self._codebook[mixtures], return_index=True)
        runs = list(zip(first.tolist(), [*first[1:].tolist(), len(mixtures)], strict=True))
        for stream, densities, weights in zip(features, self._densities, self._weights, strict=True):
            terms = np.concatenate([stream * stream, stream, np.ones((len(stream), 1), np.float32)], axis=1)
            density = terms @ densities[codebooks]
            density -= density.max(axis=0).max(axis=1, keepdims=True)
            np.exp(np.maximum(density, _LEAST_DENSITY, out=density), out=density)
            chosen = weights[mixtures].T
            for likelihood, (start, end) in zip(density, runs, strict=True):
                np.matmul(likelihood, chosen[:, start:end], out=likelihoods[:, start:end])
            scores += np.log(likelihoods)
        scores -= scores.max(axis=1, keepdims=True)
        return scores


@lru_cache(maxsize=1)
def acoustic_model() -> AcousticModel:
    """The model, read once a process."""
    return AcousticModel()


_ENTRY = np.dtype(
    [
        ("row", "<i4"),
        ("transitions", "<i4"),
        ("position", "u1"),
        ("phone", "u1"),
        ("before", "u1"),
        ("after", "u1"),
    ]
)


def _definitions() -> tuple[dict[str, int], NDArray[np.void], NDArray[np.intp]]:
    """Of the file `mdef`: phones; phones in context, as `_ENTRY`; mixtures of each row, shape (rows, 3)."""
    content = (_FOLDER / "mdef").read_bytes()
    at = 12 + struct.unpack_from("<i", content, 8)[0]
    phones, count, _, _, _, _, rows, _, nodes, _ = struct.unpack_from("<10i", content, at)
    at += 40
    names = content[at:].split(b"\0", phones)[:phones]
    at += sum(len(name) + 1 for name in names)
    at += -at % 4 + 8 * nodes
    entries = np.frombuffer(content, _ENTRY, count, at).copy()
    entries["phone"][:phones] = np.arange(phones)  # these stand for themselves, whatever is around them
    mixtures = np.frombuffer(content, "<u2", STATES * rows, at + entries.nbytes + 4)
    return (
        {name.decode(): number for number, name in enumerate(names)},
        entries,
        mixtures.reshape(rows, STATES).astype(np.intp),
    )


def _rows_by_context(entries: NDArray[np.void], phones: int) -> NDArray[np.int32]:
    """Shape (positions, phones, phones before, phones after), -1 where the model has none."""
    rows = np.full((len(Position), phones, phones, phones), -1, np.int32)
    known = entries[phones:]
    rows[known["position"], known["phone"], known["before"], known["after"]] = known["row"]
    return rows


def _values(name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """The values at the end of one of the model's files; a checksum comes after them."""
    content = (_FOLDER / name).read_bytes()
    count = prod(shape)
    return np.frombuffer(content, "<f4", count, len(content) - 4 * count - 4).reshape(shape)


def _transitions(phones: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Logarithms of staying and going on; the model skips no state."""
    shape = (phones, STATES, STATES + 1)
    counts = _values("transition_matrices", shape)
    share = np.maximum(counts / counts.sum(axis=2, keepdims=True), _LEAST_TRANSITION)
    state = np.arange(STATES)
    return np.log(share[:, state, state]), np.log(share[:, state, state + 1])


def _densities(codebooks: int) -> NDArray[np.float32]:
    """Logarithms of the Gaussians as one product, shape (streams, codebooks, 2 n + 1, 128): it takes the n
    squares, the n values, and 1.
    """
    shape = (codebooks, _STREAMS, _GAUSSIANS, _VALUES)
    mean = _values("means", shape).astype(np.float64)
    variance = np.maximum(_values("variances", shape).astype(np.float64), _LEAST_VARIANCE)
    constant = -0.5 * (np.log(2 * np.pi * variance) + mean**2 / variance).sum(axis=3, keepdims=True)
    product = np.concatenate([-0.5 / variance, mean / variance, constant], axis=3)
    return np.ascontiguousarray(product.transpose(1, 0, 3, 2), np.float32)


def _weights(mixtures: int) -> NDArray[np.float32]:
    """What each Gaussian counts in each mixture, shape (streams, mixtures, 128)."""
    content = (_FOLDER / "sendump").read_bytes()
    shape = (_STREAMS, _GAUSSIANS, mixtures)
    steps = np.frombuffer(content, np.uint8, offset=len(content) - prod(shape)).reshape(shape)
    return np.ascontiguousarray(np.exp(-_WEIGHT_STEP * steps).transpose(0, 2, 1), np.float32)

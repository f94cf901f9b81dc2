"""Decoded sound kept on the disk instead of in memory: what a long recording needs does not grow with it."""

import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from alignment.errors import AudioError

__all__ = ["Samples", "StoredSamples"]

_SAMPLE = np.dtype(np.int16).itemsize


class Samples(Protocol):
    """Samples of one channel, int16, shape (n,): an array, or a file that gives slices as arrays."""

    def __len__(self) -> int: ...

    def __getitem__(self, key: slice, /) -> NDArray[np.int16]: ...


class StoredSamples:
    """Samples in a file that has no name: the system removes it when this process ends, even killed.

    A slice is read when it is asked for, and belongs to whoever asked. A mapped file would count as memory of
    the process, page by page as it is touched, and a disk that fails would kill it rather than raise.
    Threads may share one; processes may not.
    """

    def __init__(self, blocks: Iterable[bytes]) -> None:
        """blocks: the samples in order, as in memory. Raises AudioError where the disk has no room."""
        self._reading = threading.Lock()
        self._count = 0
        with _or_no_room():
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as this
        for block in blocks:
            with _or_no_room():
                self._file.write(block)
            self._count += len(block) // _SAMPLE
        with _or_no_room():
            self._file.flush()

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, key: slice, /) -> NDArray[np.int16]:
        first, last, step = key.indices(self._count)
        if step != 1:
            raise ValueError(f"Samples are read one after another; {key} asks for another order.")
        with self._reading:
            self._file.seek(first * _SAMPLE)
            return np.frombuffer(self._file.read(max(0, last - first) * _SAMPLE), np.int16)


@contextmanager
def _or_no_room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        try:
            place = tempfile.gettempdir()
        except OSError:
            place = "the folder for temporary files"
        raise AudioError(
            f"The decoded sound, 115 MB an hour, cannot be kept in {place} ({error.strerror}). "
            "Free some space there, or name another folder in the environment variable TMPDIR."
        ) from error

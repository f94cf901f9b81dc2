"""A process that works, opened when there is work and ended at a word, whatever it is doing."""

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection

from alignment.processes import worker_pool

__all__ = ["Workshop"]

_NICENESS = 2


def _nothing() -> None:
    pass


class Workshop:
    """A process that works, and ends with the one that opened it, even if that is killed.

    prepare: called in it before its first task; a function that can be imported by name.
    """

    def __init__(self, prepare: Callable[[], None] = _nothing) -> None:
        door, self._door = multiprocessing.Pipe(duplex=False)
        self.executor: Executor = worker_pool(1, partial(_begin, door, prepare))

    def close(self, *, wait: bool = True) -> None:
        """End the process, whatever it is doing; its job goes on at the next start.

        wait: until it is gone.
        """
        self._door.close()
        self.executor.shutdown(wait=wait, cancel_futures=True)


def _begin(door: Connection, prepare: Callable[[], None]) -> None:
    """Called first in the process that works: end it when its owner shuts the door.

    The work takes what processor time is left over: who listens does not wait for it.
    """
    if hasattr(os, "nice"):
        os.nice(_NICENESS)

    def wait() -> None:
        with suppress(EOFError, OSError):
            door.recv()
        os._exit(1)

    threading.Thread(target=wait, name="door", daemon=True).start()
    prepare()

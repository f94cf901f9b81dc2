"""Processes that work for this one, and end with it."""

import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.process import BaseProcess
from typing import Any

__all__ = ["CORES", "WORKERS", "cores_to_use", "follow_owner", "worker_pool"]

CORES = "ALIGNMENT_CORES"
"""In the environment: how many cores this process and those that it starts may use, else all."""


def cores_to_use() -> int:
    """How many cores the work in this process may use, 1 at least."""
    given = os.environ.get(CORES, "")
    return max(int(given), 1) if given.isdecimal() else os.cpu_count() or 1


class _Process(SpawnProcess):
    """Deaf to Ctrl-C from its first moment, and without the main script of who starts it."""

    @staticmethod
    def _Popen(process_obj: BaseProcess) -> Any:  # noqa: N802, its name in the standard library
        with _interrupts_put_off(), _main_left_out():
            return SpawnProcess._Popen(process_obj)


class _Context(SpawnContext):
    Process = _Process


WORKERS = _Context()
"""Starts fresh processes (`spawn`) that Ctrl-C passes by.

They do not run the main script, as such processes do otherwise: one that works where it stands, and not in a
function, would do its work in each of them again. So what they are given lies in modules.
"""


def worker_pool(workers: int, prepare: Callable[[], None]) -> ProcessPoolExecutor:
    """A pool of fresh processes (`spawn`), each of which calls `prepare` once before its first task.

    The processes of a pool wait for tasks for ever when their owner is killed; these end with it.
    Ctrl-C in a terminal goes to every process there; in these nothing comes of it, for the owner decides.
    """
    return ProcessPoolExecutor(
        max_workers=workers,
        mp_context=WORKERS,
        initializer=_begin,
        initargs=(prepare,),
    )


@contextmanager
def _main_left_out() -> Iterator[None]:
    """Have processes that are started inside not know where the main script lies."""
    with _leaving_out:
        main = sys.modules["__main__"]
        spec, file = main.__spec__, main.__dict__.pop("__file__", None)
        main.__spec__ = None
        try:
            yield
        finally:
            main.__spec__ = spec
            if file is not None:
                main.__file__ = file


_leaving_out = threading.Lock()


@contextmanager
def _interrupts_put_off() -> Iterator[None]:
    """Put Ctrl-C off; what is started inside is deaf to it from its first moment.

    To block the signal in this thread makes the started process deaf, but does not put anything off: another
    thread takes it, and Python then interrupts the main one. So the handler waits, too.
    """
    is_main = threading.current_thread() is threading.main_thread()
    handler = signal.getsignal(signal.SIGINT) if is_main else None
    came: list[int] = []
    if handler is not None:
        signal.signal(signal.SIGINT, lambda number, frame: came.append(number))
    try:
        with _interrupts_blocked():
            yield
    finally:
        if handler is not None:
            signal.signal(signal.SIGINT, handler)
        if came:
            signal.raise_signal(signal.SIGINT)


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Block SIGINT in this thread; what is started inside inherits that. Windows has no such thing."""
    if os.name == "nt":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def follow_owner() -> None:
    """In a process that another one has started: be deaf to Ctrl-C, and end when that one is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_owner, name="lifeline", daemon=True).start()


def _begin(prepare: Callable[[], None]) -> None:
    follow_owner()
    prepare()


def _end_with_owner() -> None:
    owner = multiprocessing.parent_process()
    assert owner, "runs in a worker"
    multiprocessing.connection.wait([owner.sentinel])
    os._exit(1)

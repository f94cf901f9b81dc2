"""Processes that work for this one, and end with it."""

import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

__all__ = ["worker_pool"]


def worker_pool(workers: int, prepare: Callable[[], None]) -> ProcessPoolExecutor:
    """A pool of fresh processes (`spawn`), each of which calls `prepare` once before its first task.

    The processes of a pool wait for tasks for ever when their owner is killed; these end with it.
    """
    return ProcessPoolExecutor(
        max_workers=workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(prepare,),
    )


def _begin(prepare: Callable[[], None]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the owner decides what comes of it
    threading.Thread(target=_end_with_owner, name="lifeline", daemon=True).start()
    prepare()


def _end_with_owner() -> None:
    owner = multiprocessing.parent_process()
    assert owner, "runs in a worker"
    multiprocessing.connection.wait([owner.sentinel])
    os._exit(1)

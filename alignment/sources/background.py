"""Run work that cannot be interrupted (a blocked network read) so that the one who waits for it can leave."""

import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from alignment.errors import Cancelled
from alignment.progress import Progress, ProgressCallback

__all__ = ["Reporter", "alone_in", "run_watched"]

_HEARTBEAT_S = 0.25
_GRACE_S = 1.0

T = TypeVar("T")


class Reporter:
    """What the work tells how far it is. Every method raises Cancelled once nobody waits for it any more."""

    def __init__(self) -> None:
        self.events: queue.SimpleQueue[Progress | None] = queue.SimpleQueue()
        self.stopped = threading.Event()

    def check(self) -> None:
        """Raise Cancelled if the work should end."""
        if self.stopped.is_set():
            raise Cancelled("Stopped; what has been fetched so far is kept.")

    def report(self, progress: Progress) -> None:
        """Pass on how far the work is."""
        self.check()
        self.events.put(progress)

    def wait(self, seconds: float) -> None:
        """Sleep, but wake to end."""
        self.stopped.wait(seconds)
        self.check()


def run_watched(work: Callable[[Reporter], T], progress: ProgressCallback) -> T:
    """Do `work` in a thread of its own and call `progress` in this one, several times a second.

    Where `progress` raises, that error leaves at once. The work ends at its next report: a thread held up
    in a network read lingers until its time-out, and does nothing after that.
    """
    reporter = Reporter()
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(work(reporter))
        except BaseException as error:
            outcome.set_exception(error)
        reporter.events.put(None)

    thread = threading.Thread(target=run, name="fetch", daemon=True)
    thread.start()
    latest: Progress | None = None
    try:
        while not outcome.done():
            latest = _newest(reporter.events) or latest
            if latest is not None:
                progress(latest)
    except BaseException:
        reporter.stopped.set()
        thread.join(_GRACE_S)
        raise
    return outcome.result()


@contextmanager
def alone_in(directory: Path, reporter: Reporter) -> Iterator[None]:
    """Wait until no other fetch works in the directory, whichever process or lingering thread it is of.

    Two that append to one download would spoil it. The lock dies with its owner.
    """
    lock = FileLock(directory / "fetch.lock")
    while True:
        try:
            lock.acquire(blocking=False)
            break
        except Timeout:
            reporter.report(Progress("Waiting", detail="An earlier fetch of the same is still ending"))
            reporter.wait(_HEARTBEAT_S)
    try:
        yield
    finally:
        lock.release()


def _newest(events: "queue.SimpleQueue[Progress | None]") -> Progress | None:
    """The last event there is; waits a heartbeat for the first."""
    newest = None
    try:
        newest = events.get(timeout=_HEARTBEAT_S)
        while True:
            newest = events.get_nowait() or newest
    except queue.Empty:
        return newest

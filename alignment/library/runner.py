"""Does the waiting jobs of a library, one after the other, outside the process that asks for them.

Work goes through one `concurrent.futures.Executor`. The standard one is a pool of a single process, so that a
listener's server neither slows down nor dies with the work.
"""

import logging
import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from alignment.errors import LibraryError
from alignment.library.jobs import Job, JobBusy, Jobs, JobStatus
from alignment.library.store import Library
from alignment.library.work import Tools, do_job, standard_tools
from alignment.processes import worker_pool

__all__ = ["MAX_CRASHES", "Runner", "Workshop"]

MAX_CRASHES = 3
"""How often a job may take its process down before it counts as failed."""

_LOOK_EVERY_S = 1.0
_PAUSE_AFTER_TROUBLE_S = 30.0
_NICENESS = 10

_log = logging.getLogger(__name__)


class Workshop:
    """A process that works, and ends with the one that opened it, even if that is killed."""

    def __init__(self) -> None:
        door, self._door = multiprocessing.Pipe(duplex=False)
        self.executor: Executor = worker_pool(1, partial(_leave_when_shut, door))

    def close(self) -> None:
        """End the process, whatever it is doing; its job goes on at the next start."""
        self._door.close()
        self.executor.shutdown(wait=True, cancel_futures=True)


class Runner:
    """Picks up every waiting job of the library: new ones, and those whose process died.

    tools: a function that can be imported by name, called in the process that works.
    """

    def __init__(
        self,
        library: Library,
        tools: Callable[[], Tools] = standard_tools,
        *,
        workshop: Callable[[], Workshop] = Workshop,
    ) -> None:
        self.jobs = Jobs(library.root)
        self._library = library
        self._tools = tools
        self._open_workshop = workshop
        self._workshop: Workshop | None = None
        self._workshop_lock = threading.Lock()
        self._stopping = threading.Event()
        self._something_new = threading.Event()
        self._not_before: dict[str, float] = {}
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._thread.start()

    def wake(self) -> None:
        """Look for jobs now rather than within the next second."""
        self._something_new.set()

    def stop(self) -> None:
        """End, and the work in hand with it; a new start goes on from there."""
        self._stopping.set()
        self._something_new.set()
        self._close_workshop()
        self._thread.join()

    @property
    def is_alive(self) -> bool:
        """Whether it looks for jobs."""
        return self._thread.is_alive()

    def _run(self) -> None:
        with suppress(LibraryError):
            self.jobs.forget_old()
            self._library.forget_old_previews()
        while not self._stopping.is_set():
            self._something_new.clear()
            try:
                for job in self.jobs.waiting():
                    if not self._stopping.is_set():
                        self._do(job)
            except LibraryError as error:
                _log.warning("%s", error)
            self._something_new.wait(_LOOK_EVERY_S)

    def _do(self, job: Job) -> None:
        if time.monotonic() < self._not_before.get(job.id, 0.0):
            return
        try:
            if (work := self._submit(job)) is not None:
                work.result()
        except (BrokenProcessPool, CancelledError):
            self._close_workshop()
            if not self._stopping.is_set():
                self._count_crash(job)
        except Exception:  # not even the job's state could be written: the disk is full, or the folder gone
            _log.exception("The job %s could not be done.", job.id)
            self._not_before[job.id] = time.monotonic() + _PAUSE_AFTER_TROUBLE_S

    def _submit(self, job: Job) -> "Future[None] | None":
        with self._workshop_lock:
            if self._stopping.is_set():
                return None
            if self._workshop is None:
                self._workshop = self._open_workshop()
            return self._workshop.executor.submit(_do_in_workshop, self._library.root, job.id, self._tools)

    def _close_workshop(self) -> None:
        with self._workshop_lock:
            if self._workshop is not None:
                self._workshop.close()
                self._workshop = None

    def _count_crash(self, job: Job) -> None:
        folder = self.jobs.folder(job.id)
        with folder.held():
            if folder.crashed() >= MAX_CRASHES:
                folder.end(
                    JobStatus.FAILED,
                    f"The system ended this work {MAX_CRASHES} times, most likely because memory ran out. "
                    "Close other programs or take a smaller model, then try again.",
                )


def _do_in_workshop(root: Path, id: str, tools: Callable[[], Tools]) -> None:
    with suppress(JobBusy):
        do_job(Library(root), id, tools)


def _leave_when_shut(door: Connection) -> None:
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

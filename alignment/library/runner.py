"""Does the waiting jobs of a library, so many at a time, outside the process that asks for them.

Each goes through a `concurrent.futures.Executor` of its own. The standard one is a pool of a single process,
so that a listener's server neither slows down nor dies with the work, and no job dies with another.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from alignment.disk import clearly
from alignment.errors import LibraryError
from alignment.library.jobs import Job, JobBusy, Jobs, JobStatus
from alignment.library.opening import open_library
from alignment.library.retrying import PAUSES_S
from alignment.library.store import Library
from alignment.library.turns import last_turns, next_jobs
from alignment.library.upkeep import Upkeep
from alignment.library.work import Tools, do_job, standard_tools
from alignment.library.workshop import Workshop

__all__ = ["MAX_CRASHES", "Runner", "Workshop"]

MAX_CRASHES = 3
"""How often a job may take its process down before it counts as failed."""

_LOOK_EVERY_S = 1.0
_PAUSE_AFTER_TROUBLE_S = 30.0

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Place:
    """Where one job at a time is done. work: what the workshop has in hand, for `job`."""

    workshop: Workshop | None = None
    job: Job | None = None
    work: "Future[None] | None" = None


class Runner:
    """Picks up every waiting job of the library: new ones, and those whose process died.

    tools: a function that can be imported by name, called in the process that works.
    at_a_time: so many jobs; people take turns.
    pauses_s: seconds before another try where trouble may pass by itself.
    """

    def __init__(
        self,
        library: Library,
        tools: Callable[[], Tools] = standard_tools,
        *,
        workshop: Callable[[], Workshop] = Workshop,
        at_a_time: int = 1,
        pauses_s: tuple[float, ...] = PAUSES_S,
    ) -> None:
        self.jobs = Jobs(library.root)
        self._library = library
        self._do = partial(_do_in_workshop, library.address, tools=tools, pauses_s=pauses_s)
        self._open_workshop = workshop
        self._places = [_Place() for _ in range(at_a_time)]
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
        for place in self._places:
            self._close_workshop(place)
        self._thread.join()

    @property
    def is_alive(self) -> bool:
        """Whether it looks for jobs."""
        return self._thread.is_alive()

    def _run(self) -> None:
        upkeep = Upkeep(self._library)
        while not self._stopping.is_set():
            self._something_new.clear()
            try:
                upkeep.if_due()
                for place in self._places:
                    self._take_back(place)
                self._hand_out()
            except LibraryError as error:
                _log.warning("%s", error)
            self._something_new.wait(_LOOK_EVERY_S)

    def _hand_out(self) -> None:
        """Begin jobs wherever there is room for one."""
        free = [place for place in self._places if place.work is None]
        if not free:
            return
        jobs = self.jobs.all()
        at_work = {place.job.id for place in self._places if place.job}
        waiting = {job.id for job in self.jobs.waiting()} - at_work
        running = [job for job in jobs if not job.status.ended and job.id not in waiting]
        ready = [job for job in jobs if job.id in waiting and self._may_begin(job)]
        for place, job in zip(free, next_jobs(ready, running, len(free), last_turns(jobs)), strict=False):
            self._begin(place, job)

    def _may_begin(self, job: Job) -> bool:
        pausing = time.monotonic() < self._not_before.get(job.id, 0.0)
        return not pausing and not job.wait_s(datetime.now(UTC))

    def _begin(self, place: _Place, job: Job) -> None:
        with self._workshop_lock:
            if self._stopping.is_set():
                return
            if place.workshop is None:
                place.workshop = self._open_workshop()
            try:
                work = place.workshop.executor.submit(self._do, job.id)
            except BrokenProcessPool:  # it died while it had nothing to do
                place.workshop.close()
                place.workshop = None
                self._something_new.set()
                return
            place.job, place.work = job, work
        work.add_done_callback(lambda _: self._something_new.set())

    def _take_back(self, place: _Place) -> None:
        """See how the work at this place has come out, if it has."""
        job, work = place.job, place.work
        if job is None or work is None or not work.done():
            return
        place.job = place.work = None
        try:
            work.result()
        except (BrokenProcessPool, CancelledError):
            self._close_workshop(place)
            if not self._stopping.is_set():
                self._count_crash(job)
        except Exception:  # not even the job's state could be written: the disk is full, or the folder gone
            _log.exception("The job %s could not be done.", job.id)
            self._not_before[job.id] = time.monotonic() + _PAUSE_AFTER_TROUBLE_S

    def _close_workshop(self, place: _Place) -> None:
        with self._workshop_lock:
            if place.workshop is not None:
                place.workshop.close()
                place.workshop = None

    def _count_crash(self, job: Job) -> None:
        folder = self.jobs.folder(job.id)
        with clearly(self._library.root), folder.held():
            if not folder.read().status.ended and folder.crashed() >= MAX_CRASHES:
                folder.end(
                    JobStatus.FAILED,
                    f"The system ended this work {MAX_CRASHES} times, most likely because memory ran out. "
                    "Close other programs or take a smaller model, then try again.",
                )


def _do_in_workshop(
    library: str, id: str, *, tools: Callable[[], Tools], pauses_s: tuple[float, ...]
) -> None:
    with suppress(JobBusy):
        do_job(open_library(library), id, tools, pauses_s=pauses_s)

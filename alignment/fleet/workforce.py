"""Those who do the tasks, behind one seam: Python's `concurrent.futures.Executor`.

A workforce opens its own processes, or asks a cluster for theirs, and opens them again where they are lost. A
task whose worker is gone ends with `WorkerLost`; whoever handed it in does so again.
"""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, ParamSpec, Protocol, TypeVar

from alignment.errors import LibraryError
from alignment.fleet.preparing import prepare
from alignment.fleet.task import MakeTools, Outcome, Task, carry_out, work_of
from alignment.library.jobs import Jobs, JobStatus
from alignment.library.opening import open_library
from alignment.library.work import standard_tools
from alignment.library.workshop import Workshop
from alignment.processes import cores_to_use
from alignment.progress import Progress

__all__ = ["LocalPool", "LocalWorkforce", "WorkerLost", "Workforce", "noted_progress"]

P = ParamSpec("P")
T = TypeVar("T")


class WorkerLost(BrokenExecutor):
    """Who did the task is gone.

    crashes: how many workers were lost that had nothing but this task in hand; 0 where it is surely not to
    blame, as when a scheduler was stopped.
    """

    def __init__(self, message: str, crashes: int = 0) -> None:
        super().__init__(message)
        self.crashes = crashes


class Workforce(Protocol):
    """What a batch hands its tasks to."""

    @property
    def at_a_time(self) -> int:
        """How many tasks it does at a time."""
        ...

    @property
    def window(self) -> int:
        """How many tasks to hand in before the first is done, at most."""
        ...

    def hand_in(self, task: Task) -> "Future[Outcome]":
        """Have a task done. Raises WorkerLost where nobody is there to do it now."""
        ...

    def progress(self, task: Task) -> Progress | None:
        """How far a task is; None where it is not begun, or nobody can tell from here."""
        ...

    def close(self) -> None:
        """End at once; what is in hand goes on from its checkpoint another time."""
        ...


class LocalWorkforce:
    """Processes on this machine, each with its model loaded once.

    jobs: so many. model: name of the recogniser's weights. tools: see `carry_out`.
    """

    def __init__(
        self,
        jobs: int,
        model: str = "base",
        *,
        tools: MakeTools = standard_tools,
        ready: Callable[[str, int], None] = prepare,
    ) -> None:
        cores = max(cores_to_use() // jobs, 1)
        self._pool = LocalPool(jobs, partial(ready, model, cores))
        self._tools = tools
        self.at_a_time = jobs
        self.window = jobs

    def hand_in(self, task: Task) -> "Future[Outcome]":
        """See `Workforce`."""
        return self._pool.submit(carry_out, task, self._tools)

    def progress(self, task: Task) -> Progress | None:
        """See `Workforce`."""
        return noted_progress(task)

    def close(self) -> None:
        """See `Workforce`."""
        self._pool.shutdown(cancel_futures=True)


def noted_progress(task: Task) -> Progress | None:
    """What the task's job says of itself, where its library's root is on this machine too."""
    try:
        job = _jobs_of(task.library).get(work_of(task))
    except LibraryError:
        return None
    return job.progress if job.status is JobStatus.RUNNING else None


@lru_cache(maxsize=1)
def _jobs_of(library: str) -> Jobs:
    return Jobs(open_library(library).root)


@dataclass(slots=True)
class _Errand:
    """Work that waits for a place, or has one."""

    work: Callable[[], Any]
    future: "Future[Any]"


class LocalPool(Executor):
    """Processes that each do one thing at a time; one that is lost is replaced.

    It takes nothing else with it; in a `ProcessPoolExecutor`, all are lost with one.
    prepare: called in each before its first task.
    """

    def __init__(self, places: int, prepare: Callable[[], None]) -> None:
        self._prepare = prepare
        self._lock = threading.RLock()
        self._places: list[Workshop | None] = [None] * places
        self._free = deque(range(places))
        self._line: deque[_Errand] = deque()
        self._shut = False

    def submit(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """As ever; see `WorkerLost`."""
        with self._lock:
            if self._shut:
                raise WorkerLost("This pool was closed.")
            errand = _Errand(partial(work, *args, **kwargs), Future())
            self._line.append(errand)
            self._go_on()
        return errand.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End. cancel_futures: at once, whatever is in work; else what was handed in is done first."""
        with self._lock:
            self._shut = True
            waiting = list(self._line)
            if cancel_futures:
                self._line.clear()
            places = [place for place in self._places if place is not None]
        if cancel_futures:
            for errand in waiting:
                errand.future.cancel()
            for place in places:
                place.close(wait=wait)
            return
        for place in places:
            place.executor.shutdown(wait=wait)

    def _go_on(self) -> None:
        """Begin whatever there is a place for."""
        with self._lock:
            while self._line and self._free:
                errand = self._line.popleft()
                if errand.future.set_running_or_notify_cancel():
                    self._begin(self._free.popleft(), errand)

    def _begin(self, number: int, errand: _Errand) -> None:
        for _ in range(2):
            place = self._places[number] = self._places[number] or Workshop(self._prepare)
            try:
                inner = place.executor.submit(errand.work)
            except BrokenProcessPool:  # it was lost while it had nothing to do
                self._give_up(number)
            else:
                inner.add_done_callback(partial(self._take_back, number, errand))
                return
        self._free.append(number)
        errand.future.set_exception(WorkerLost("No process could be started.", crashes=1))

    def _take_back(self, number: int, errand: _Errand, inner: "Future[Any]") -> None:
        error = inner.exception() if not inner.cancelled() else WorkerLost("This pool was closed.")
        if isinstance(error, BrokenProcessPool):
            self._give_up(number)
            error = WorkerLost("The process that did this was ended from outside.", 0 if self._shut else 1)
        with self._lock:
            self._free.append(number)
        if error is not None:
            errand.future.set_exception(error)
        else:
            errand.future.set_result(inner.result())
        if not self._shut:
            self._go_on()

    def _give_up(self, number: int) -> None:
        with self._lock:
            place, self._places[number] = self._places[number], None
        if place is not None:
            place.close(wait=False)  # called by its own thread, which cannot wait for itself

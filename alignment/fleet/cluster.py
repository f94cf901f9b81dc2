"""The same work done by a Dask cluster: machines that follow one scheduler.

A scheduler that is stopped and started again knows nothing of before. So whatever it had is reported lost
here, and handed in again. Who works on it meanwhile goes on, and what is saved is found, not made again.
"""

import math
import os
import threading
import time
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from alignment.errors import AlignmentError
from alignment.fleet.task import MakeTools, Outcome, Task, carry_out
from alignment.fleet.workforce import WorkerLost
from alignment.library.work import standard_tools
from alignment.progress import Progress

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["LIBRARY_HERE", "TOPIC", "Cluster", "need_distributed"]

TOPIC = "verbatime-progress"
"""What workers tell about their tasks goes by this name."""

LIBRARY_HERE = "ALIGNMENT_WORKER_LIBRARY"
"""In a worker's environment: what the library of all tasks is called there, where that is not the same."""

_FIRST_CONNECT_S = 10.0
_CONNECT_S = 2.0
_WINDOW_AT_LEAST = 32
_WINDOW_FOR_EACH = 3
_ASK_EVERY_S = 1.0
_TELL_EVERY_S = 1.0


def need_distributed() -> None:
    """Raise AlignmentError where the package for clusters is not installed; keep its own log short."""
    try:
        import dask
    except ImportError as error:
        raise AlignmentError(
            "Clusters need a package that is not installed. Install it with: pip install 'verbatime[cluster]'"
        ) from error
    quiet = dict.fromkeys(("distributed", "distributed.client", "distributed.core"), "critical")
    dask.config.set({"logging": quiet, "distributed.worker.daemon": False})


class Cluster:
    """The workers of a Dask scheduler, as a `Workforce`.

    scheduler: its address, as tcp://HOST:8786, or tls:// with the certificates that Dask's own configuration
    names. model: name of the recogniser's weights, which each worker loads once. gpu: only workers with one.
    Raises AlignmentError where nothing answers there, or `distributed` is not installed.
    """

    def __init__(
        self, scheduler: str, model: str = "base", *, gpu: bool = False, tools: MakeTools = standard_tools
    ) -> None:
        need_distributed()
        self._scheduler = scheduler
        self._model = model if tools is standard_tools else None
        self._resources = {"GPU": 1} if gpu else None
        self._tools = tools
        self._client: Client | None = None
        self._heard: dict[str, Progress] = {}
        self._places, self._asked_at = 0, -math.inf
        try:
            self._connect(_FIRST_CONNECT_S)
        except WorkerLost as error:
            raise AlignmentError(
                f"{error} Start one with `dask scheduler`, and workers with `alignment worker {scheduler}`."
            ) from error

    @property
    def at_a_time(self) -> int:
        """How many tasks its workers do at a time, as far as is known."""
        now = time.monotonic()
        if now - self._asked_at > _ASK_EVERY_S:
            self._asked_at, self._places = now, self._count_places()
        return self._places

    @property
    def window(self) -> int:
        """Some for each worker, so that none waits, and enough for a cluster to see that it should grow."""
        return max(_WINDOW_FOR_EACH * self.at_a_time, _WINDOW_AT_LEAST)

    def hand_in(self, task: Task) -> "Future[Outcome]":
        """See `Workforce`."""
        client = self._connect(_CONNECT_S)
        try:
            executor = client.get_executor(pure=False, resources=self._resources)
            inner = executor.submit(_carry_out_there, task, self._tools)
        except Exception as error:  # the connection went just now
            self._disconnect(client)
            raise WorkerLost(f"The scheduler at {self._scheduler} is away ({error}).") from error
        outer: Future[Outcome] = Future()
        outer.set_running_or_notify_cancel()
        inner.add_done_callback(partial(self._take_back, task.key, outer, client))
        return outer

    def progress(self, task: Task) -> Progress | None:
        """See `Workforce`."""
        return self._heard.get(task.key)

    def close(self) -> None:
        """See `Workforce`. What workers have in hand they do to its end; nobody waits for it."""
        if self._client is not None:
            self._disconnect(self._client)

    def _take_back(
        self, key: str, outer: "Future[Outcome]", client: "Client", inner: "Future[Outcome]"
    ) -> None:
        from distributed.scheduler import KilledWorker

        self._heard.pop(key, None)
        try:
            outer.set_result(inner.result())
        except CancelledError:
            # Even where it has a scheduler again, that one knows nothing of what was asked for.
            self._disconnect(client, wait=False)
            outer.set_exception(WorkerLost("The scheduler was away."))
        except KilledWorker as error:
            crashes = int(error.allowed_failures) + 1
            outer.set_exception(WorkerLost(f"{crashes} workers that had it in hand were lost.", crashes))
        except Exception as error:
            outer.set_exception(error)

    def _connect(self, timeout_s: float) -> "Client":
        """The client, connected anew where it has to be. Raises WorkerLost where nothing answers."""
        from distributed import Client

        if self._client is not None and self._client.status == "running":
            return self._client
        if self._client is not None:
            self._disconnect(self._client)
        try:
            client = Client(self._scheduler, timeout=timeout_s, set_as_default=False)
        except (OSError, ValueError, ImportError) as error:
            raise WorkerLost(f"No scheduler answers at {self._scheduler}.") from error
        self._client = client
        try:
            client.subscribe_topic(TOPIC, self._hear)
            if self._model is not None:
                from alignment.fleet.warming import WarmUp

                client.register_plugin(WarmUp(self._model))
        except OSError as error:
            self._disconnect(client)
            raise WorkerLost(f"The scheduler at {self._scheduler} is away ({error}).") from error
        except Exception as error:
            self._disconnect(client)
            raise AlignmentError(
                f"The workers of {self._scheduler} cannot be used ({type(error).__name__}: {error}). "
                "Install the same version of verbatime[cluster] on all machines."
            ) from error
        return client

    def _disconnect(self, client: "Client", *, wait: bool = True) -> None:
        if self._client is client:
            self._client = None
            self._heard.clear()
        with suppress(Exception):
            if wait:
                client.close(timeout=_CONNECT_S)
            else:
                threading.Thread(target=client.close, args=(_CONNECT_S,), daemon=True).start()

    def _hear(self, event: tuple[float, dict[str, Any]]) -> None:
        _, told = event
        self._heard[told["key"]] = Progress(told["stage"], told["fraction"])

    def _count_places(self) -> int:
        """How many tasks the workers that may do them do at a time; 0 where that cannot be known now."""
        client = self._client
        if client is None or client.status != "running":
            return 0
        try:
            workers = client.scheduler_info(n_workers=-1)["workers"].values()
        except Exception:  # away at this moment
            return 0
        needed = self._resources or {}
        able = [worker for worker in workers if needed.keys() <= (worker.get("resources") or {}).keys()]
        return sum(int(worker["nthreads"]) for worker in able)


def _carry_out_there(task: Task, tools: MakeTools) -> Outcome:
    """What a worker calls; it tells how far it is."""
    from distributed import get_worker

    worker = get_worker()
    last = ("", 0.0)

    def tell(progress: Progress) -> None:
        nonlocal last
        now = time.monotonic()
        if progress.stage == last[0] and now - last[1] < _TELL_EVERY_S:
            return
        last = (progress.stage, now)
        with suppress(Exception):  # its scheduler is away
            told = {"key": task.key, "stage": progress.stage, "fraction": progress.fraction}
            worker.log_event(TOPIC, told)

    here = os.environ.get(LIBRARY_HERE, task.library)
    return carry_out(replace(task, library=here), tools, progress=tell)

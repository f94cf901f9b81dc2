"""A machine that works for a Dask scheduler: processes that stay, whatever becomes of the scheduler.

Each is a Dask worker of one thread. It has no Dask nanny: this module's own supervisor starts a process again
that was lost. When the scheduler goes away, what is in hand goes on; when one is back, the process offers
itself anew, with its model still loaded, and what it still has in hand comes before anything else.
"""

import asyncio
import logging
import multiprocessing.connection
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import zip_longest
from multiprocessing.process import BaseProcess
from typing import Any

from alignment.errors import ModelError
from alignment.fleet.cluster import LIBRARY_HERE, need_distributed
from alignment.processes import CORES, WORKERS, cores_to_use, follow_owner

__all__ = ["Post", "serve_scheduler"]

_GRACE_S = 10.0
_AGAIN_S = 1.0
_NICENESS = 2

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Post:
    """What a worker process is told.

    scheduler: its address. host: the address of this machine that others reach it by. name: of the process.
    cores: how many it may use. library: what the library is called here; None where tasks name it rightly.
    gpu: the GPU that is for it alone, as CUDA_VISIBLE_DEVICES names it; None for none.
    """

    scheduler: str
    host: str
    name: str
    cores: int
    library: str | None = None
    gpu: str | None = None


def serve_scheduler(
    scheduler: str, jobs: int, host: str, library: str | None, tell: Callable[[str], None]
) -> None:
    """Work for the scheduler, so many tasks at a time, until SIGTERM or Ctrl-C.

    host, library: see `Post`. tell: told what a person should know. Raises AlignmentError where `distributed`
    is not installed, ModelError where GPUs are asked for that are not there.
    """
    need_distributed()
    gpus = _gpus(jobs)
    cores = max(cores_to_use() // jobs, 1)
    names = [f"{socket.gethostname()}-{os.getpid()}-{number}" for number in range(jobs)]
    posts = [Post(scheduler, host, name, cores, library, gpu) for name, gpu in zip_longest(names, gpus)]
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    on_gpus = f", {len(gpus)} of them on a GPU" if gpus else ""
    tell(f"Working for {scheduler}, {jobs} at a time{on_gpus}. Ctrl-C stops it.")
    processes = {post: _start(post) for post in posts}
    while not stopping.is_set():
        _wait_for_one(processes.values())
        for post, process in processes.items():
            if not process.is_alive() and not stopping.is_set():
                tell(f"A process ended ({process.exitcode}); another one is started.")
                stopping.wait(_AGAIN_S)
                processes[post] = _start(post)
    _end(list(processes.values()))


def _wait_for_one(processes: Iterable[BaseProcess]) -> None:
    """Until a process has ended, half a second at most: then it is time to see whether to stop."""
    multiprocessing.connection.wait([process.sentinel for process in processes], timeout=0.5)


def _start(post: Post) -> BaseProcess:
    process = WORKERS.Process(target=_work, args=(post,), name=post.name)
    process.start()
    return process


def _end(processes: list[BaseProcess]) -> None:
    """Have all of them leave the scheduler, and be gone."""
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(_GRACE_S + 2)
        if process.is_alive():
            process.kill()


def _gpus(jobs: int) -> list[str]:
    """GPUs for so many processes, as CUDA_VISIBLE_DEVICES names them: one each, as far as there are any.

    Raises ModelError where each of them must have one.
    """
    from alignment.engine.device import DEVICE, gpu_count, gpu_is_asked_for

    count = gpu_count()
    if gpu_is_asked_for() and count < jobs:
        raise ModelError(
            f"{DEVICE}=cuda asks for a GPU for each of {jobs} at a time, and {count} can be used here. "
            f"Give fewer --jobs, or set {DEVICE}=auto to have the cores do the rest."
        )
    allowed = [name for name in os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",") if name.strip()]
    return (allowed or [str(number) for number in range(count)])[: min(count, jobs)]


def _work(post: Post) -> None:
    """The life of a worker process."""
    follow_owner()
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    os.environ[CORES] = str(post.cores)
    os.environ["CUDA_VISIBLE_DEVICES"] = post.gpu or ""
    if post.library is not None:
        os.environ[LIBRARY_HERE] = post.library
    need_distributed()
    asyncio.run(_offer(post))
    os._exit(0)  # the thread that works is let go to its checkpoint


async def _offer(post: Post) -> None:
    """Be a Dask worker, again and again, until told to stop."""
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    hands = _LastingThreadPoolExecutor(1, thread_name_prefix="work")
    stop = asyncio.create_task(stopping.wait())
    told = ""
    while not stopping.is_set():
        turn = asyncio.create_task(_be_worker(post, hands, stop))
        await asyncio.wait({turn, stop}, return_when=asyncio.FIRST_COMPLETED)
        if stopping.is_set():
            with suppress(Exception):
                await asyncio.wait_for(asyncio.shield(turn), _GRACE_S)
        else:
            if (error := turn.exception()) is not None and str(error) != told:
                told = str(error)
                _log.warning("The scheduler does not take this worker (%s). It is asked again.", told)
            await asyncio.wait({stop}, timeout=_AGAIN_S)


async def _be_worker(post: Post, hands: "_LastingThreadPoolExecutor", stop: "asyncio.Task[Any]") -> None:
    """Offer this process to the scheduler, waiting for that as long as it takes, until it goes away."""
    from distributed import Worker

    worker = Worker(
        post.scheduler,
        nthreads=1,
        name=post.name,
        host=post.host,
        executor={"default": hands},
        resources={} if post.gpu is None else {"GPU": 1},
        memory_limit=0,
        dashboard=False,
    )
    starting = asyncio.ensure_future(worker)
    await asyncio.wait({starting, stop}, return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():  # told to stop while nobody answers
        starting.cancel()
        return
    starting.result()
    gone = asyncio.create_task(worker.finished())
    await asyncio.wait({gone, stop}, return_when=asyncio.FIRST_COMPLETED)
    if not gone.done():
        # Asked for by name, so that the scheduler gives what it has in hand to others, and blames nobody.
        await worker.close_gracefully(reason="asked to stop")


class _LastingThreadPoolExecutor(ThreadPoolExecutor):
    """The thread that works. It outlives the Dask worker that it was given to.

    By its name, which ends as this does, Dask knows that it may tell tasks there which worker they are in.
    """

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Nothing: a scheduler that went away comes back, and what is in work is worth its end."""

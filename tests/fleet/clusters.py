"""A Dask cluster on the loopback: a scheduler, and workers as their user starts them."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.command import until

ROOT = Path(__file__).parents[2]


class LoopbackCluster:
    """A scheduler and machines of workers; each can be killed, and started again."""

    def __init__(self, log: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.address = f"tcp://127.0.0.1:{self.port}"
        self._log = log.open("ab")
        self._scheduler: subprocess.Popen[bytes] | None = None
        self.machines: list[subprocess.Popen[bytes]] = []

    def start_scheduler(self) -> None:
        self._scheduler = self._started(
            *("-m", "dask", "scheduler", "--host", "127.0.0.1"),
            *("--port", str(self.port), "--no-dashboard"),
        )
        until(self._answers)

    def kill_scheduler(self) -> None:
        assert self._scheduler
        self._scheduler.kill()
        self._scheduler.wait()

    def start_machine(self, jobs: int, *options: str) -> subprocess.Popen[bytes]:
        """An `alignment worker`."""
        machine = self._started("-m", "alignment", "worker", self.address, "--jobs", str(jobs), *options)
        self.machines.append(machine)
        return machine

    def workers(self) -> list[int]:
        """The processes that work, of all machines that live."""
        return [pid for machine in self.machines if machine.poll() is None for pid in children(machine.pid)]

    def stop(self) -> None:
        for machine in self.machines:
            machine.terminate()
        for machine in self.machines:
            try:
                machine.wait(timeout=30)
            finally:
                machine.kill()
        if self._scheduler:
            self._scheduler.kill()
            self._scheduler.wait()
        self._log.close()

    def _started(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def loopback_cluster(log: Path, machines: int, jobs: int = 1) -> Iterator[LoopbackCluster]:
    """A cluster at work, with so many machines of so many worker processes each."""
    cluster = LoopbackCluster(log)
    try:
        cluster.start_scheduler()
        for _ in range(machines):
            cluster.start_machine(jobs)
        yield cluster
    finally:
        cluster.stop()


def children(pid: int) -> list[int]:
    """The worker processes that a process has started; not what Python keeps beside them."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in task.read_text().split()]
    return [child for child in found if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)

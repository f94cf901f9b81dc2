"""What a command costs: wall time, processor time and memory of all its processes together."""

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.peers import ROOT

__all__ = ["Cost", "Failed", "processor_seconds", "run"]

_BETWEEN_LOOKS = 0.25
"""Seconds between two looks at the processes."""

_TICKS = os.sysconf("SC_CLK_TCK")


class Failed(Exception):
    """The command ended with an error; the text is the last line that it said."""


@dataclass(frozen=True, slots=True)
class Cost:
    """wall_s: seconds from start to end. cpu_s: seconds of all cores. peak_bytes: of memory, all together.

    load: how many processes wanted a core in the minute before; above 0 the wall time is too long.
    """

    wall_s: float
    cpu_s: float
    peak_bytes: int
    load: float


def run(command: Sequence[str]) -> Cost:
    """Run the command in the repository's root and measure it. Raises Failed.

    Memory is the greatest sum of proportional set sizes (pages that processes share count once) that is seen
    on Linux, and never less than the greatest resident size of a single process as the kernel keeps it.
    """
    load = os.getloadavg()[0]
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said, start_new_session=True)
        seen: dict[int, float] = {}
        peak = 0
        try:
            while True:
                ended, status, usage = os.wait4(process.pid, os.WNOHANG)
                if ended:
                    break
                peak = max(peak, _look(process.pid, seen))
                time.sleep(_BETWEEN_LOOKS)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise Failed(_last_words(said.read()) or f"exit status {process.returncode}")
    cpu = max(usage.ru_utime + usage.ru_stime, sum(seen.values()))
    return Cost(wall, cpu, max(peak, usage.ru_maxrss * 1024), load)


def processor_seconds(session: int) -> float:
    """Processor seconds that a session's processes have had, those that have ended included."""
    ticks = 0
    for folder in _processes(session):
        with contextlib.suppress(OSError):  # ended meanwhile
            ticks += sum(map(int, _fields(folder)[11:15]))
    return ticks / _TICKS


def _look(session: int, seen: dict[int, float]) -> int:
    """Memory of the session's processes now, in bytes; enters their processor seconds so far into `seen`."""
    memory = 0
    for folder in _processes(session):
        with contextlib.suppress(OSError):  # ended meanwhile
            fields = _fields(folder)
            seen[int(folder.name)] = (int(fields[11]) + int(fields[12])) / _TICKS
            for line in (folder / "smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    memory += int(line.split()[1]) * 1024
    return memory


def _processes(session: int) -> Iterator[Path]:
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if int(_fields(folder)[3]) == session:
                yield folder


def _fields(folder: Path) -> list[str]:
    """Of a process's `stat`, from its third field (the state) on; the name before may hold anything."""
    return (folder / "stat").read_text().rpartition(")")[2].split()


def _last_words(said: bytes) -> str:
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1][:300] if lines else ""

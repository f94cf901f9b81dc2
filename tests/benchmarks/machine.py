"""What a report says of the machine that it was measured on."""

import os
import platform
import subprocess
from pathlib import Path

from tests.benchmarks.peers import ROOT

__all__ = ["commit", "describe_machine"]


def describe_machine() -> str:
    """Cores, processor, memory, system, Python, and how busy the machine is."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = " ".join(f"{value:.2f}" for value in os.getloadavg())
    return (
        f"{os.cpu_count()} cores, {_processor()}, {memory:.0f} GiB memory, {platform.system()} "
        f"{platform.machine()}, Python {platform.python_version()}; load before: {load} (1, 5, 15 minutes)"
    )


def commit() -> str:
    """The commit that is measured, marked where the files differ from it."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty=, changed since", "--exclude", "*"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return described.stdout.strip() or "unknown"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"

import sys

import pytest

from tests.benchmarks.measuring import Failed, run

CHILD = "held = bytearray(50_000_000); import time; time.sleep(1)"
PARENT = """
import subprocess, sys
held = bytearray(50_000_000)
subprocess.run([sys.executable, "-c", sys.argv[1]])
"""


def test_the_memory_of_all_processes_counts():
    cost = run([sys.executable, "-c", PARENT, CHILD])

    assert cost.peak_bytes >= 100_000_000


def test_processor_time_is_of_the_command():
    cost = run([sys.executable, "-c", "sum(range(3_000_000))"])

    assert cost.cpu_s > 0
    assert cost.wall_s > 0


def test_a_command_that_fails_is_quoted():
    with pytest.raises(Failed, match="ValueError: no such voice"):
        run([sys.executable, "-c", "raise ValueError('no such voice')"])

"""What holds for every test."""

import fcntl
import os
import signal
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

# A machine that is busy is slow, not wrong: examples have no time limit.
settings.register_profile("verbatime", deadline=None)
settings.load_profile("verbatime")

# A shell has what it runs in the background ignore Ctrl-C, and what is started from there inherits that.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Tests run side by side, save those marked `alone`."""
    with _turn(alone=item.get_closest_marker("alone") is not None):
        return (yield)


@contextmanager
def _turn(*, alone: bool) -> Iterator[None]:
    """Wait until this test may run beside those in the other processes."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        yield
        return
    place = Path(tempfile.gettempdir(), f"verbatime-tests-{os.getuid()}")
    with place.with_suffix(".door").open("w") as door, place.with_suffix(".room").open("w") as room:
        # Who waits for an empty room waits in the door, so that nobody enters meanwhile.
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(door, fcntl.LOCK_UN)
        yield

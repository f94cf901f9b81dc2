"""What holds for every test."""

import fcntl
import os
import pickle
import signal
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from filelock import FileLock
from hypothesis import settings

T = TypeVar("T")

# A machine that is busy is slow, not wrong: examples have no time limit.
settings.register_profile("verbatime", deadline=None)
settings.load_profile("verbatime")

# A shell has what it runs in the background ignore Ctrl-C, and what is started from there inherits that.
signal.signal(signal.SIGINT, signal.default_int_handler)


_LONG = ("test_cli.py", "engine/robustness/", "engine/test_languages.py", "browser/test_app.py")
"""Where tests take ten seconds and more."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that the last ones leave no process idle; those that run alone at the end.

    Each of those waits for what the other processes have in hand, which is nothing by then.
    """
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    if item.get_closest_marker("alone"):
        return 2
    within = item.path.relative_to(Path(__file__).parent).as_posix()
    return 0 if within.startswith(_LONG) else 1


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


class MadeOnce:
    """Makes what is costly in the first process of a test run that needs it; the others read it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, name: str, make: Callable[[Path], T]) -> T:
        """What `make` gave, which can be pickled; its files are in the folder that it was given."""
        folder, kept = self._folder / name, self._folder / f"{name}.pickle"
        with FileLock(self._folder / f"{name}.lock"):
            if not kept.exists():
                folder.mkdir(exist_ok=True)
                kept.write_bytes(pickle.dumps(make(folder)))
        made: T = pickle.loads(kept.read_bytes())
        return made


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the processes of this test run share."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def made_once(shared_folder: Path) -> MadeOnce:
    """See `MadeOnce`."""
    return MadeOnce(shared_folder)

"""Folders for work outside the library, kept for a while when it fails, for a new start to go on from."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_cache_path

from alignment.disk import identifier

__all__ = ["scratch_folder"]

_KEEP_S = 7 * 24 * 3600


@contextmanager
def scratch_folder(*purpose: str) -> Iterator[Path]:
    """The folder for this purpose: gone when the work inside succeeds, else the same one for a week.

    Where others are at work on the same, or nothing can be kept, it is a passing one.
    """
    folder = user_cache_path("verbatime") / "work" / identifier(*purpose)
    _forget_old(folder.parent)
    lock = FileLock(folder / "lock")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(blocking=False)
    except (OSError, Timeout):
        with tempfile.TemporaryDirectory() as passing:
            yield Path(passing)
        return
    try:
        yield folder
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        lock.release()


def _forget_old(folder: Path) -> None:
    for work in folder.glob("*"):
        with suppress(OSError):  # another process may be first
            if time.time() - work.stat().st_mtime > _KEEP_S:
                shutil.rmtree(work)

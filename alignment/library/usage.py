"""How much room a library takes, and what of it can be made or fetched again."""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from alignment.disk import clear_leftovers, clearly
from alignment.errors import LibraryError
from alignment.library.bin import BIN
from alignment.library.episode import PEAKS, PREVIEWS
from alignment.library.jobs import Jobs
from alignment.library.store import Library

__all__ = ["Usage", "clean", "measure"]


@dataclass(frozen=True, slots=True)
class Usage:
    """Bytes on the disk; a file that two folders share counts once.

    total: of the whole library. bin: of what was removed. freeable: of what `clean` would remove.
    free: what the disk has left.
    """

    episodes: int
    total: int
    audio: int
    bin: int
    freeable: int
    free: int


def measure(library: Library) -> Usage:
    """How much room the library takes now. Raises LibraryError where it cannot be read."""
    with clearly(library.root):
        seen: set[tuple[int, int]] = set()
        episodes = _folders(library.root / "episodes")
        audio = sum(_size(folder.glob("audio.*"), seen) for folder in episodes)
        kept = audio + sum(_size(_files(folder, without=PEAKS), seen) for folder in episodes)
        bin = _size(_files(library.root / BIN), seen)
        freeable = _size(_freeable(library), seen)
        total = kept + bin + freeable + _size(_files(library.root), seen)
        return Usage(len(episodes), total, audio, bin, freeable, _free(library.root))


def clean(library: Library) -> int:
    """Remove what can be made or fetched again; bytes that this has freed. The bin stays as it is.

    That is: loudness for the timeline, what is shown of episodes that nobody goes on making, the audio and
    checkpoints of jobs that have ended, and what killed processes have left. Raises LibraryError.
    """
    with clearly(library.root):
        before = measure(library).freeable
        clear_leftovers(library.root / "tmp")
        with library.locked():
            for path in _made_again(library):
                path.unlink(missing_ok=True)
        for folder in _unwanted_previews(library):
            library.end_preview(folder.name)
        jobs = Jobs(library.root)
        for job in jobs.all():
            if job.status.ended:
                with suppress(LibraryError):  # somebody is at work on it again
                    folder_of_job = jobs.folder(job.id)
                    with folder_of_job.held():
                        folder_of_job.clear_work()
        return max(0, before - measure(library).freeable)


def _freeable(library: Library) -> Iterator[Path]:
    yield from _made_again(library)
    for folder in _unwanted_previews(library):
        yield from _files(folder)
    jobs = Jobs(library.root)
    for job in jobs.all():
        if job.status.ended:
            folder_of_job = library.root / "jobs" / job.id
            yield from _files(folder_of_job / "fetched")
            yield from _files(folder_of_job / "checkpoints")


def _made_again(library: Library) -> Iterator[Path]:
    """Files of episodes that are made where they are wanted, and halves of files that were never finished."""
    for folder in _folders(library.root / "episodes"):
        if (folder / PEAKS).is_file():
            yield folder / PEAKS
        yield from folder.glob(".*.new")


def _unwanted_previews(library: Library) -> list[Path]:
    wanted = {job.preview for job in Jobs(library.root).all() if not job.status.ended}
    return [folder for folder in _folders(library.root / PREVIEWS) if folder.name not in wanted]


def _folders(parent: Path) -> list[Path]:
    try:
        return sorted(Path(entry.path) for entry in os.scandir(parent) if entry.is_dir(follow_symlinks=False))
    except FileNotFoundError:
        return []


def _files(folder: Path, *, without: str = "") -> Iterator[Path]:
    for place, _, names in os.walk(folder):
        for name in names:
            if name != without:
                yield Path(place, name)


def _size(files: Iterable[Path], seen: set[tuple[int, int]]) -> int:
    """Bytes of those that were not seen before. One that goes away meanwhile counts nothing."""
    total = 0
    for path in files:
        with suppress(FileNotFoundError):
            status = path.lstat()
            if (status.st_dev, status.st_ino) not in seen:
                seen.add((status.st_dev, status.st_ino))
                total += status.st_size
    return total


def _free(root: Path) -> int:
    while not root.exists():
        root = root.parent
    return shutil.disk_usage(root).free

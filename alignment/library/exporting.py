"""A library, or a collection of it, as one archive (archive.py); a backup, too: the library may be in use.

Each episode is as it was at one moment: under the library's lock its files are linked aside, and read when
the lock is free again. Files of the library are replaced, never changed, so a link keeps what was there.
"""

import errno
import hashlib
import os
import shutil
import time
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from alignment.disk import settle, workspace
from alignment.errors import LibraryError
from alignment.library.archive import FORMAT, MANIFEST, VERSION, Listed, Manifest, is_plain
from alignment.library.bin import BIN
from alignment.library.jobs import Jobs, JobStatus
from alignment.library.store import Library
from alignment.progress import Progress, ProgressCallback, ignore_progress

__all__ = ["Exported", "archive_name", "export_library"]

_BLOCK = 1 << 20
_TEXTS = {".json", ".txt"}
_OF_A_JOB = ("request.json", "state.json", "transcript.txt", "upload*")
_NO_PLACE_ASIDE = {errno.EROFS, errno.EACCES, errno.EPERM}


@dataclass(frozen=True, slots=True)
class Exported:
    """What an archive holds. bytes: size of the archive."""

    path: Path
    episodes: int
    binned: int
    jobs: int
    bytes: int


def archive_name(moment: datetime) -> str:
    """A name for an archive made at that moment."""
    return f"verbatime-{moment.astimezone(UTC):%Y%m%d-%H%M%S}.zip"


def export_library(
    library: Library,
    target: Path,
    *,
    collection: str | None = None,
    progress: ProgressCallback = ignore_progress,
) -> Exported:
    """Write the library to an archive: there whole when this returns, and not at all before.

    collection: its episodes alone, without the bin and the jobs; None for everything, damaged episodes too.
    Raises LibraryError, for a target as well that is a folder, a device or a pipe.
    """
    if target.exists() and not target.is_file():
        raise LibraryError(
            f"{target} is a folder, a device or a pipe, and no archive takes its place. Name a file."
        )
    place = target.resolve()  # what a link leads to
    folders = _wanted(library, collection)
    beside = place.with_name(f".{place.name}.new")
    try:
        with beside.open("wb") as stream:
            counts = _write(library, folders, stream, progress)
            stream.flush()
            os.fsync(stream.fileno())
        size = beside.stat().st_size
        beside.replace(place)
        settle(place.parent)
    except BaseException as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise LibraryError(
                f"The archive {target} could not be written: {error.strerror or error}. "
                "Free some space, or name another place."
            ) from error
        raise
    return Exported(target, counts["episodes"], counts[BIN], counts["jobs"], size)


def _wanted(library: Library, collection: str | None) -> list[str]:
    """The folders to keep, as `episodes/<id>`."""
    if collection is not None:
        wanted = [episode for episode in library.episodes() if collection in episode.collections]
        if not wanted:
            known = sorted({name for episode in library.episodes() for name in episode.collections})
            raise LibraryError(
                f"No episode is in a collection {collection!r}. "
                + (f"There are: {', '.join(known)}." if known else "There is no collection yet.")
            )
        return [f"episodes/{episode.id}" for episode in wanted]
    ids = [episode.id for episode in library.episodes()] + [entry.id for entry in library.damaged()]
    jobs = [job.id for job in Jobs(library.root).all() if job.status is not JobStatus.DONE]
    return [
        *(f"episodes/{id}" for id in sorted(ids)),
        *(f"{BIN}/{entry.name}" for entry in library.binned()),
        *(f"jobs/{id}" for id in jobs),
    ]


def _write(
    library: Library, folders: list[str], stream: IO[bytes], progress: ProgressCallback
) -> dict[str, int]:
    files: dict[str, Listed] = {}
    counts = {"episodes": 0, BIN: 0, "jobs": 0}
    with zipfile.ZipFile(stream, "w") as archive:
        for number, place in enumerate(folders):
            progress(Progress("Writing the archive", number / len(folders)))
            _bring_audio(library, place)
            with _as_it_is(library, place) as folder:
                if folder is None:  # removed, or done, meanwhile
                    continue
                counts[place.partition("/")[0]] += 1
                for path in _files(folder, place):
                    files[f"{place}/{path.name}"] = _add(archive, path, f"{place}/{path.name}")
        made = datetime.now(UTC).isoformat(timespec="seconds")
        manifest = Manifest(format=FORMAT, version=VERSION, made=made, files=files)
        entry = zipfile.ZipInfo(MANIFEST, _date(time.time()))
        archive.writestr(entry, manifest.model_dump_json(indent=1), zipfile.ZIP_DEFLATED)
    return counts


def _bring_audio(library: Library, place: str) -> None:
    """Have the audio of an episode here, where the library is kept elsewhere."""
    kind, _, id = place.partition("/")
    if kind == "episodes":
        with suppress(LibraryError):  # a damaged one is kept as far as there is something of it
            library.audio_path(id)


@contextmanager
def _as_it_is(library: Library, place: str) -> Iterator[Path | None]:
    """The folder as it is at this moment, whatever is done to it afterwards; None where it has gone."""
    folder = library.root / place
    with ExitStack() as stack:
        try:
            aside = stack.enter_context(workspace(library.root / "tmp"))
            with library.locked():
                for path in _files(folder, place):
                    _link_or_copy(path, aside / path.name)
        except OSError as error:
            if error.errno not in _NO_PLACE_ASIDE:
                raise
            aside = folder  # nobody can change what cannot be written to
        yield aside if _files(aside, place) else None


def _files(folder: Path, place: str) -> list[Path]:
    """What belongs into the archive: plain files, none of them half written."""
    patterns = _OF_A_JOB if place.startswith("jobs/") else ("*",)
    found = {path for pattern in patterns for path in folder.glob(pattern)}
    return sorted(path for path in found if path.is_file() and not path.is_symlink() and is_plain(path.name))


def _link_or_copy(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except FileNotFoundError:
        return
    except OSError:  # a file system without hard links
        shutil.copyfile(path, target)


def _add(archive: zipfile.ZipFile, path: Path, name: str) -> Listed:
    """Put a file into the archive: text packed; sound and pictures as they are, which are packed already."""
    status = path.stat()
    entry = zipfile.ZipInfo(name, _date(status.st_mtime))
    entry.compress_type = zipfile.ZIP_DEFLATED if path.suffix in _TEXTS else zipfile.ZIP_STORED
    entry.external_attr = 0o100644 << 16
    entry.file_size = status.st_size
    seen, size = hashlib.sha256(), 0
    with path.open("rb") as source, archive.open(entry, "w") as copy:
        while piece := source.read(_BLOCK):
            seen.update(piece)
            size += len(piece)
            copy.write(piece)
    return Listed(bytes=size, sha256=seen.hexdigest())


def _date(seconds: float) -> tuple[int, int, int, int, int, int]:
    """A time as ZIP files know it: not before 1980, nor after 2107."""
    year, *rest = time.gmtime(seconds)[:6]
    return (min(max(year, 1980), 2107), rest[0], rest[1], rest[2], rest[3], rest[4])

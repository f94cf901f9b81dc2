"""Looks a library over, and where it lives: what is wrong, where, and what to do about it.

Every check gives findings as values. What can be repaired without losing anything of anybody's comes with its
repair, which moves what is damaged out of the way (to the bin, or to a name that says so) and deletes nothing
that a person has written.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from alignment.disk import clearly, digest, identifier, read_json, write_json
from alignment.errors import LibraryError
from alignment.library.bin import BIN, REMOVED, Binned
from alignment.library.corrections import CORRECTIONS, corrections_are_readable, read_corrections
from alignment.library.episode import DESCRIPTION, PEAKS, PREVIEWS, DamagedEpisode, Episode
from alignment.library.index import INDEX, Index
from alignment.library.jobs import JobFolder
from alignment.library.notes import NOTES, notes_are_readable, read_notes
from alignment.library.store import Library
from alignment.library.usage import measure
from alignment.library.versions import LIBRARY, LIBRARY_VERSION

__all__ = ["Finding", "examine", "repair"]

_ID = re.compile(r"[a-z2-7]{12}")
_LITTLE_ROOM = 1 << 30
_A_BIT = timedelta(hours=1)
"""Clocks of two machines may differ."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong. where: a path or a name. advice: what to do.

    mend: puts it right, losing nothing; None where a person has to.
    """

    what: str
    where: str
    advice: str
    mend: Callable[[], None] | None = None

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.advice}"

    def describe(self) -> dict[str, Any]:
        """The value that stands for it in JSON."""
        return {
            "what": self.what,
            "where": self.where,
            "advice": self.advice,
            "repairable": self.mend is not None,
        }


def examine(library: Library, *, deep: bool = False) -> Iterator[Finding]:
    """What is wrong with the library; nothing where all is well.

    deep: read every recording and transcript, and compare them with their SHA-256. Raises LibraryError where
    the library cannot be read at all.
    """
    with clearly(library.root):
        yield from _disk(library)
        if not library.root.is_dir():
            return
        yield from _version(library)
        yield from _episodes(library, deep)
        yield from _halves(library)
        yield from _previews(library)
        yield from _bin(library)
        yield from _jobs(library)
        yield from _leftovers(library)
        yield from _index(library)


def repair(findings: list[Finding]) -> list[Finding]:
    """Mend what can be mended; the findings that this was done for. Raises LibraryError, OSError."""
    mended = []
    for finding in findings:
        if finding.mend:
            finding.mend()
            mended.append(finding)
    return mended


def _disk(library: Library) -> Iterator[Finding]:
    place = library.root
    while not place.exists():
        place = place.parent
    if not place.is_dir():
        yield Finding("This is a file.", str(place), "Name a folder with --library or ALIGNMENT_LIBRARY.")
        return
    if not os.access(place, os.R_OK | os.W_OK | os.X_OK) or _is_read_only(place):
        yield Finding(
            "It cannot be written to.", str(place), "Allow it: what is there can be listened to meanwhile."
        )
    free = measure(library).free
    if free < _LITTLE_ROOM:
        yield Finding(
            f"The disk has {free / 1e6:,.0f} MB left.",
            str(place),
            "Free some space; `alignment library clean` and `alignment bin empty` help.",
        )


def _is_read_only(place: Path) -> bool:
    return hasattr(os, "statvfs") and bool(os.statvfs(place).f_flag & os.ST_RDONLY)


def _version(library: Library) -> Iterator[Finding]:
    path = library.root / LIBRARY
    try:
        version = read_json(path).get("version")
    except FileNotFoundError:
        return  # one of an older program, which the first change makes one of this
    except ValueError:
        version = None
    if not isinstance(version, int) or isinstance(version, bool):
        yield Finding(
            "It does not tell the library's version.",
            str(path),
            "It can be written anew.",
            partial(_write_version, library, path),
        )


def _write_version(library: Library, path: Path) -> None:
    with library.locked():
        path.rename(path.with_name(f"library.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.json"))
        write_json(path, {"version": LIBRARY_VERSION})


def _episodes(library: Library, deep: bool) -> Iterator[Finding]:
    for damaged in library.damaged():
        yield _damaged(library, damaged)
    for episode in library.episodes():
        yield from _episode(library, episode, deep)
    for folder in _entries(library.root / "episodes"):
        if not _ID.fullmatch(folder.name):
            yield Finding(
                "This is no episode, and nothing reads it.", str(folder), "Move it out of the library."
            )


def _damaged(library: Library, damaged: DamagedEpisode) -> Finding:
    if "newer program" in damaged.reason:
        return Finding(damaged.reason, str(damaged.folder), "It is left alone.")
    return Finding(
        f"The episode cannot be shown. {damaged.reason}",
        str(damaged.folder),
        "Add it again, or import it from a backup: its notes and corrections are kept. It can go to the bin.",
        partial(_to_bin, library, damaged.id, damaged.reason),
    )


def _to_bin(library: Library, id: str, reason: str) -> None:
    if id in {damaged.id for damaged in library.damaged()}:  # nobody has repaired it meanwhile
        library.remove(id, why=f"`alignment doctor` found it damaged. {reason}")


def _episode(library: Library, episode: Episode, deep: bool) -> Iterator[Finding]:
    folder = episode.folder
    try:
        library.aligned_transcript(episode.id)
    except LibraryError as error:
        advice = "Align it again in the app: its audio and its text are there."
        yield Finding(str(error), str(episode.aligned), advice)
    if not episode.transcript.is_file():
        yield Finding(
            "The transcript as it was given is missing.",
            str(episode.transcript),
            "It plays on; to align it again, put the file back from a backup.",
        )
    elif deep:
        yield from _contents(episode)
    if episode.thumbnail and not episode.thumbnail.is_file():
        yield Finding("The picture is missing.", str(episode.thumbnail), "Put it back from a backup.")
    yield from _added(library, episode)
    if (folder / PEAKS).is_file() and not _is_json(folder / PEAKS):
        yield Finding(
            "The loudness is no JSON.", str(folder / PEAKS), "It is made again.", (folder / PEAKS).unlink
        )
    if (folder / REMOVED).exists():
        yield Finding(
            "It was about to be removed, and was not.",
            str(folder / REMOVED),
            "The file can go.",
            partial((folder / REMOVED).unlink, missing_ok=True),
        )
    if episode.added > datetime.now(UTC) + _A_BIT:
        yield Finding(
            f"It says that it was added on {episode.added:%d %B %Y}, which has not come yet.",
            str(folder / DESCRIPTION),
            "Set the clock of this machine, if that is wrong; else it goes by itself.",
        )


def _contents(episode: Episode) -> Iterator[Finding]:
    for path, stated in (
        (episode.audio, episode.audio_sha256),
        (episode.transcript, episode.transcript_sha256),
    ):
        if path.is_file() and digest(path) != stated:
            yield Finding(
                "It is not what was kept here: its SHA-256 is another one.",
                str(path),
                "The disk may be failing. Put it back from a backup.",
            )


def _added(library: Library, episode: Episode) -> Iterator[Finding]:
    """What people have added: reading a damaged file puts it aside, so that is the repair."""
    for name, are_readable, read in (
        (NOTES, notes_are_readable, read_notes),
        (CORRECTIONS, corrections_are_readable, read_corrections),
    ):
        if not are_readable(episode.folder):
            yield Finding(
                "It cannot be read.",
                str(episode.folder / name),
                "It can be put aside under another name; mend that by hand, or take it from a backup.",
                _reading(library, episode.id, read),
            )


def _reading(library: Library, id: str, read: Callable[[Library, str], object]) -> Callable[[], None]:
    def put_aside() -> None:
        read(library, id)

    return put_aside


def _halves(library: Library) -> Iterator[Finding]:
    """Files whose writing was cut off; the whole ones are beside them."""
    for parent in ("episodes", PREVIEWS, "jobs"):
        for path in sorted((library.root / parent).glob("*/.*.new")):
            yield Finding(
                "Its writing was cut off, and the old file stayed.",
                str(path),
                "It can go.",
                partial(_unlink, library, path),
            )


def _unlink(library: Library, path: Path) -> None:
    with library.locked():  # whoever is writing it holds the lock
        path.unlink(missing_ok=True)


def _previews(library: Library) -> Iterator[Finding]:
    for damaged in library.damaged_previews():
        yield Finding(
            f"What is to be heard of an episode in the making is damaged. {damaged.reason}",
            str(damaged.folder),
            "It is made again.",
            partial(library.end_preview, damaged.id),
        )


def _bin(library: Library) -> Iterator[Finding]:
    for folder in _entries(library.root / BIN):
        entry = Binned.at(folder)
        if entry is None:
            yield Finding("This is nothing of the bin's.", str(folder), "Move it out of the library.")
        elif entry.removed > datetime.now(UTC) + _A_BIT:
            yield Finding(
                f"It says that it was removed on {entry.removed:%d %B %Y}, which has not come yet.",
                str(folder),
                "Set the clock of this machine, if that is wrong; else delete it by hand when you wish.",
            )


def _jobs(library: Library) -> Iterator[Finding]:
    for folder in _entries(library.root / "jobs"):
        job = JobFolder(folder)
        try:
            if job.read().updated > datetime.now(UTC) + _A_BIT:
                yield Finding(
                    "It was last worked on at a time that has not come yet.",
                    str(folder),
                    "Set the clock of this machine, if that is wrong.",
                )
        except LibraryError as error:
            yield Finding(
                str(error),
                str(folder),
                "Ask for it again; the folder can be moved aside.",
                partial(_set_job_aside, library, folder),
            )


def _set_job_aside(library: Library, folder: Path) -> None:
    with suppress(LibraryError), JobFolder(folder).held():
        place = library.root / "damaged"
        place.mkdir(exist_ok=True)
        folder.rename(place / f"{folder.name}-{identifier(str(datetime.now(UTC)))}")


def _leftovers(library: Library) -> Iterator[Finding]:
    """What killed processes were building: opening the library has cleared it, save what could not go."""
    parent = library.root / "tmp"
    for folder in _entries(parent):
        if folder.suffix != ".lock" and not folder.with_suffix(".lock").exists():
            yield Finding("What a killed process has left could not be removed.", str(folder), "Remove it.")


def _index(library: Library) -> Iterator[Finding]:
    index = Index(library)
    if trouble := index.trouble():
        yield Finding(
            f"It cannot be used ({trouble}).",
            str(library.root / INDEX),
            "`alignment reindex` makes it anew; nothing else is lost.",
            lambda: _make_anew(index),
        )


def _make_anew(index: Index) -> None:
    index.rebuild()


def _entries(parent: Path) -> list[Path]:
    """What is in a folder, but for hidden files; nothing where there is no such folder."""
    try:
        return sorted(entry for entry in parent.iterdir() if not entry.name.startswith("."))
    except FileNotFoundError:
        return []


def _is_json(path: Path) -> bool:
    try:
        read_json(path)
    except (OSError, ValueError, RecursionError):
        return False
    return True

"""What an archive holds (archive.py), taken into a library: each episode whole or not at all.

An episode that the library has stays as it is. Notes that it lacks are added to it; corrections are taken
where it has none, and kept beside its own, as `corrections.imported-*.json`, where it has others: two
histories cannot be made one without guessing.
"""

import hashlib
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from alignment.disk import clearly, read_json, settle, workspace
from alignment.errors import AlignmentError, LibraryError
from alignment.formats import read_transcript
from alignment.library.archive import Kept, Opened, opened
from alignment.library.bin import BIN
from alignment.library.corrections import merge_corrections
from alignment.library.episode import DESCRIPTION, Episode, episode_id
from alignment.library.jobs import JobFolder
from alignment.library.notes import merge_notes
from alignment.library.store import Library
from alignment.progress import Progress, ProgressCallback, ignore_progress
from alignment.wording import size

__all__ = ["Imported", "Refusal", "import_archive"]

_FROM_AN_ARCHIVE = "It came from an archive, where it was not done yet. Try again to have it done here."
_SPARE_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was not taken. place: its name in the archive. reason: a sentence."""

    place: str
    reason: str


@dataclass(slots=True)
class Imported:
    """What has come of an archive: names of folders in it.

    new: taken. kept: the library had them, and they stay. merged: of those kept, the ones that got notes or
    corrections. refused: damaged, or not to be trusted.
    """

    new: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


def import_archive(library: Library, path: Path, *, progress: ProgressCallback = ignore_progress) -> Imported:
    """Take in what the archive holds, what was removed and what is still to be done with it.

    Raises LibraryError where the archive as a whole is refused, then nothing was changed; and where the disk
    fails, then what was taken so far is whole, and the same archive can be imported again.
    """
    outcome = Imported()
    with opened(path) as archive:
        _check_space(library, archive)
        for number, kept in enumerate(archive.folders):
            progress(Progress("Reading the archive", number / len(archive.folders)))
            _take(library, archive, kept, outcome)
    return outcome


def _check_space(library: Library, archive: Opened) -> None:
    """Before anything is written: whether what is not there yet has room."""
    needed = sum(kept.bytes for kept in archive.folders if not (library.root / kept.place).exists())
    place = library.root
    while not place.exists():
        place = place.parent
    with clearly(library.root):
        free = shutil.disk_usage(place).free
    if needed + _SPARE_BYTES > free:
        raise LibraryError(
            f"The archive needs {size(needed)}, and {size(_SPARE_BYTES)} are to stay free; the disk with "
            f"the library {library.root} has {size(free)} left. "
            "Nothing was changed; free some space and try again."
        )


def _take(library: Library, archive: Opened, kept: Kept, outcome: Imported) -> None:
    take = {"episodes": _take_episode, BIN: _take_binned, "jobs": _take_job}[kept.kind]
    with clearly(library.root), workspace(library.root / "tmp") as folder:
        place = folder / kept.name.partition("-")[0]
        try:
            place.mkdir()
            for name in kept.files:
                _unpack(archive, f"{kept.place}/{name}", place / name)
            settle(place)
            take(library, place, kept, outcome)
        except LibraryError as error:
            if isinstance(error.__cause__, OSError) and not str(error).startswith(kept.place):
                raise  # the disk of the library, which fails for the next ones, too
            outcome.refused.append(Refusal(kept.place, str(error)))


def _unpack(archive: Opened, name: str, target: Path) -> None:
    seen = hashlib.sha256()
    with target.open("wb") as file:
        for piece in archive.pieces(name):
            seen.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    if seen.hexdigest() != archive.manifest.files[name].sha256:
        raise LibraryError(f"{name} is damaged in the archive: its SHA-256 is another one.")


def _take_episode(library: Library, folder: Path, kept: Kept, outcome: Imported) -> None:
    _check_id(folder, kept)
    try:
        _check_episode(folder, kept)
    except LibraryError as error:
        if not (library.root / kept.place).exists():
            library.take_into_bin(folder, why=f"It was damaged in an archive. {error}")
        raise

    def merge(place: Path) -> None:
        changed = [merge_notes(place, folder), merge_corrections(place, folder)]
        outcome.kept.append(kept.place)
        if any(changed):
            outcome.merged.append(kept.place)

    if library.take_in(folder, kept.name, instead=merge):
        outcome.new.append(kept.place)


def _check_episode(folder: Path, kept: Kept) -> None:
    """Raise LibraryError unless the folder holds an episode, and that of its name."""
    try:
        episode = Episode.from_description(folder, read_json(folder / DESCRIPTION))
        audio, transcript = kept.files[episode.audio.name], kept.files[episode.transcript.name]
        read_transcript(episode.aligned)
    except KeyError as error:
        raise LibraryError(f"Its {error.args[0]} is missing.") from None
    except (AlignmentError, OSError, ValueError) as error:
        raise LibraryError(f"It is damaged: {error}") from None
    stated = (episode.audio_sha256, episode.audio_bytes, episode.transcript_sha256)
    if stated != (audio.sha256, audio.bytes, transcript.sha256):
        raise LibraryError("It is damaged: its audio or its transcript is another than it says.")


def _check_id(folder: Path, kept: Kept) -> None:
    """Raise LibraryError where it says itself that it is another episode than that of its name."""
    try:
        episode = Episode.from_description(folder, read_json(folder / DESCRIPTION))
    except (LibraryError, OSError, ValueError):
        return  # damaged, which is another matter
    if episode_id(episode.audio_sha256, episode.transcript_sha256) != kept.name.partition("-")[0]:
        raise LibraryError("Its id is not that of its audio and transcript.")


def _take_binned(library: Library, folder: Path, kept: Kept, outcome: Imported) -> None:
    _check_id(folder, kept)
    place = library.root / kept.place
    with library.locked():
        if place.exists():
            outcome.kept.append(kept.place)
            return
        place.parent.mkdir(exist_ok=True)
        folder.rename(place)
        settle(place.parent)
    outcome.new.append(kept.place)


def _take_job(library: Library, folder: Path, kept: Kept, outcome: Imported) -> None:
    """Take in what was asked for, without doing it: an archive shall not make this machine fetch anything."""
    place = library.root / kept.place
    if place.exists():
        outcome.kept.append(kept.place)
        return
    job = JobFolder(folder)
    source = job.read().request.source
    if job.upload is None and source and not source.startswith(("https://", "http://")):
        raise LibraryError(f"It wants the file {source} of the machine that the archive was made on.")
    job.set_aside(_FROM_AN_ARCHIVE)
    with library.locked():
        place.parent.mkdir(exist_ok=True)
        folder.rename(place)
        settle(place.parent)
    outcome.new.append(kept.place)

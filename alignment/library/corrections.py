"""The corrections of an episode, in a file of their own beside the aligner's outcome, which stays as it is.

    episodes/<id>/corrections.json     {"version": 1, "revision": 3, "corrections": [...]}

Nothing is ever taken out of the log: what is undone is marked so. A file that cannot be read is put aside
under another name in the same folder; nothing of it is lost.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from alignment.corrections import Applied, Change, CorrectionError, CorrectionLog, Realign, apply
from alignment.disk import digest, write_durably, write_json
from alignment.errors import AlignmentError, LibraryError
from alignment.formats import read_transcript
from alignment.library.episode import ALIGNED, UNTITLED, Episode
from alignment.library.sidecar import Sidecar
from alignment.transcript import Transcript

if TYPE_CHECKING:
    from alignment.library.store import Library

__all__ = [
    "CORRECTIONS",
    "CorrectionsChangedError",
    "CorrectionsNotTakenError",
    "aligned_transcript",
    "carry_corrections",
    "correct",
    "correct_found",
    "corrected",
    "corrections_are_readable",
    "corrections_put_aside",
    "merge_corrections",
    "read_corrections",
    "redo_correction",
    "undo_correction",
]

CORRECTIONS = "corrections.json"
VERSION = 1

_LOG = TypeAdapter(CorrectionLog)


def _parse(value: dict[str, Any]) -> CorrectionLog:
    """Raises ValueError where the file does not hold corrections."""
    if value.pop("version", None) != VERSION or value.keys() != {"revision", "corrections"}:
        raise ValueError(f"{CORRECTIONS} holds no corrections of version {VERSION}")
    try:
        return _LOG.validate_json(json.dumps(value))
    except ValidationError as error:
        raise ValueError(str(error)) from error


_FILE = Sidecar("corrections", _parse, CorrectionLog)


class CorrectionsChangedError(LibraryError):
    """Somebody else has changed the corrections meanwhile."""


class CorrectionsNotTakenError(LibraryError):
    """The correction does not fit, or the episode takes none yet."""


def read_corrections(library: "Library", id: str) -> CorrectionLog:
    """All corrections of an episode; a damaged file is put aside. Raises LibraryError."""
    return _FILE.read(library, id)


def corrections_put_aside(library: "Library", id: str) -> list[str]:
    """Names of the files in the episode's folder that were to hold corrections and could not be read."""
    return _FILE.put_aside(library, id)


def correct(
    library: "Library", id: str, change: Change, *, revision: int, who: str | None = None
) -> CorrectionLog:
    """Make a change on top of those there are; it is on the disk when this returns.

    revision: of the corrections that it was made on. Raises LibraryError, of which CorrectionsChangedError
    says that there are others by now, and CorrectionsNotTakenError that the change does not fit.
    """
    return _change(library, id, revision, lambda log, aligned: log.made(aligned, change, who))


def correct_found(
    library: "Library", id: str, change: Realign, *, on: tuple[str, ...], who: str | None = None
) -> CorrectionLog:
    """Put lines where the aligner has found them, whatever else was corrected meanwhile.

    on: the texts of these lines as they were looked for. Raises LibraryError, of which
    CorrectionsNotTakenError says that they are others by now.
    """
    return _change(library, id, None, lambda log, aligned: log.made(aligned, change, who, on=on))


def undo_correction(library: "Library", id: str, *, revision: int) -> CorrectionLog:
    """Undo the last correction; see `correct`."""
    return _change(library, id, revision, lambda log, _: log.undone())


def redo_correction(library: "Library", id: str, *, revision: int) -> CorrectionLog:
    """Do again what was undone last; see `correct`."""
    return _change(library, id, revision, lambda log, _: log.redone())


def corrected(library: "Library", id: str) -> Applied:
    """The transcript of an episode with its corrections, and those that do not fit. Raises LibraryError."""
    episode = library.episode(id)
    log = read_corrections(library, id)
    aligned = aligned_transcript(episode)
    return apply(aligned, log.done)


def aligned_transcript(episode: Episode) -> Transcript:
    """The transcript as it was aligned, with the title that the episode has now. Raises LibraryError."""
    try:
        status = episode.aligned.stat()
        transcript = _aligned(episode.aligned, status.st_mtime_ns, status.st_size)
        if episode.title in {transcript.title, UNTITLED}:
            return transcript
        return replace(transcript, title=episode.title)
    except (AlignmentError, OSError, ValueError) as error:
        raise LibraryError(
            f"Episode {episode.id} is damaged: its {ALIGNED} cannot be read. {error}"
        ) from error


def carry_corrections(source: Path, target: Path) -> None:
    """Copy the corrections, and what was put aside of them, to the folder that takes the other's place."""
    _FILE.carry(source, target)


def corrections_are_readable(folder: Path) -> bool:
    """Whether the corrections in an episode's folder can be read, or there are none. Changes nothing."""
    return not _FILE.path(folder).exists() or _FILE.parsed(folder) is not None


def merge_corrections(target: Path, source: Path) -> bool:
    """Take the corrections of another folder where an episode's folder has none; whether something was taken.

    Where it has its own, others are kept beside them in a file that nothing reads by itself. For whoever
    holds the library's lock. Raises OSError.
    """
    taken = _FILE.take_missing(source, target)
    ours, theirs = _FILE.parsed(target), _FILE.parsed(source)
    if theirs is None or ours is None:
        return taken
    known = {correction.id for correction in ours.corrections}
    if {correction.id for correction in theirs.corrections} <= known:
        return taken
    data = _FILE.path(source).read_bytes()
    if not ours.corrections:
        write_durably(_FILE.path(target), data)
        return True
    beside = target / f"corrections.imported-{digest(data)[:12]}.json"
    if beside.exists():
        return taken
    write_durably(beside, data)
    return True


@lru_cache(maxsize=4)
def _aligned(path: Path, mtime_ns: int, size: int) -> Transcript:
    """The file's content, read once for each version of it: one correction follows the other."""
    return read_transcript(path)


def _change(
    library: "Library",
    id: str,
    revision: int | None,
    changed: Callable[[CorrectionLog, Transcript], CorrectionLog],
) -> CorrectionLog:
    with library.changing(id) as episode:
        if episode.is_preview:
            raise CorrectionsNotTakenError(
                "This episode is still being made. It can be corrected when it is finished."
            )
        log = _FILE.read_or_put_aside(episode.folder)
        if revision is not None and log.revision != revision:
            raise CorrectionsChangedError("Somebody else has corrected this transcript meanwhile.")
        try:
            log = changed(log, aligned_transcript(episode))
        except CorrectionError as error:
            raise CorrectionsNotTakenError(str(error)) from error
        value = {"version": VERSION, **_LOG.dump_python(log, mode="json")}
        write_json(_FILE.path(episode.folder), value)
        return log

"""The notes and highlights of an episode, in a file of their own, which new times do not touch.

    episodes/<id>/notes.json     {"version": 1, "notes": [...]}

A note stands at a passage. It keeps the passage's words, so that whoever shows it finds them again when the
lines have changed. Offsets are in UTF-16 units, as browsers count. A file that cannot be read is put aside
under another name in the same folder; nothing of it is lost.
"""

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alignment.disk import write_json
from alignment.errors import LibraryError
from alignment.library.sidecar import Sidecar

if TYPE_CHECKING:
    from alignment.library.store import Library

__all__ = [
    "COLOURS",
    "MOST_CHARACTERS",
    "MOST_NOTES",
    "NOTES",
    "Note",
    "NoteError",
    "NoteNotTakenError",
    "Place",
    "carry_notes",
    "keep_note",
    "merge_notes",
    "notes_are_readable",
    "notes_put_aside",
    "read_notes",
    "remove_note",
]

NOTES = "notes.json"
VERSION = 1
COLOURS = ("green", "blue", "violet", "pink")

MOST_NOTES = 5_000
"""In one episode."""

MOST_CHARACTERS = 20_000
"""Of a note's text, and of the words that it stands at."""

_MOST = 2**31
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MEMBERS = {"id", "start", "end", "from", "to", "quote", "colour", "text", "created", "modified"}


class NoteError(LibraryError):
    """What was given is no note. The text says which part of it, and what is expected there."""


class NoteNotTakenError(LibraryError):
    """The episode takes no more notes, or none yet."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the text: a line's index, and UTF-16 units into its text."""

    line: int
    offset: int


@dataclass(frozen=True, slots=True)
class Note:
    """A note; without text it is a highlight.

    id: a UUID that whoever makes the note chooses.
    start, end: seconds.
    first, last: the passage; `last` is the first place behind it.
    quote: the words of the passage when the note was made.
    """

    id: str
    start: float
    end: float
    first: Place
    last: Place
    quote: str
    colour: str
    text: str
    created: datetime
    modified: datetime

    def describe(self) -> dict[str, Any]:
        """The value that stands for it in JSON."""
        return {
            "id": self.id,
            "start": self.start,
            "end": self.end,
            "from": {"line": self.first.line, "offset": self.first.offset},
            "to": {"line": self.last.line, "offset": self.last.offset},
            "quote": self.quote,
            "colour": self.colour,
            "text": self.text,
            "created": _written(self.created),
            "modified": _written(self.modified),
        }

    @classmethod
    def from_description(cls, value: object) -> "Note":
        """The note that a JSON value describes. Raises NoteError."""
        if not isinstance(value, dict):
            raise NoteError("A note is a JSON object.")
        if value.keys() != _MEMBERS:
            wrong = sorted(_MEMBERS ^ value.keys())
            raise NoteError(f"A note has {', '.join(sorted(_MEMBERS))}; lacking or too much: {wrong!r:.200}.")
        id, colour = value["id"], value["colour"]
        if not isinstance(id, str) or not _ID.fullmatch(id):
            raise NoteError("A note's id is a UUID in small letters.")
        if colour not in COLOURS:
            raise NoteError(f"A note's colour is one of {', '.join(COLOURS)}.")
        start, end = _seconds(value, "start"), _seconds(value, "end")
        first, last = _place(value, "from"), _place(value, "to")
        if end < start or (last.line, last.offset) < (first.line, first.offset):
            raise NoteError("A note ends before it starts.")
        return cls(
            id=id,
            start=start,
            end=end,
            first=first,
            last=last,
            quote=_text(value, "quote"),
            colour=colour,
            text=_text(value, "text"),
            created=_moment(value, "created"),
            modified=_moment(value, "modified"),
        )


def read_notes(library: "Library", id: str) -> list[Note]:
    """The notes of an episode, by time; a damaged file is put aside. Raises LibraryError."""
    return _sorted(_FILE.read(library, id))


def notes_put_aside(library: "Library", id: str) -> list[str]:
    """Names of the files in the episode's folder that were to hold its notes and could not be read."""
    return _FILE.put_aside(library, id)


def keep_note(library: "Library", id: str, note: Note) -> None:
    """Keep a new note, or one in place of that with the same id; on the disk when this returns.

    Raises LibraryError, of which NoteNotTakenError says that the episode takes it not.
    """
    with library.changing(id) as episode:
        if episode.is_preview:
            raise NoteNotTakenError(
                "This episode is still being made. Its notes can be kept when it is finished."
            )
        notes = _FILE.read_or_put_aside(episode.folder)
        if note.id not in notes and len(notes) >= MOST_NOTES:
            raise NoteNotTakenError(f"An episode takes {MOST_NOTES:,} notes. Delete one that you can spare.")
        _write(episode.folder, {**notes, note.id: note})


def remove_note(library: "Library", id: str, note_id: str) -> bool:
    """Take a note away; whether there was one. Raises LibraryError."""
    with library.changing(id) as episode:
        notes = _FILE.read_or_put_aside(episode.folder)
        if notes.pop(note_id, None) is None:
            return False
        _write(episode.folder, notes)
        return True


def carry_notes(source: Path, target: Path) -> None:
    """Copy the notes, and what was put aside of them, to the folder that takes the place of `source`."""
    _FILE.carry(source, target)


def notes_are_readable(folder: Path) -> bool:
    """Whether the notes in an episode's folder can be read, or there are none. Changes nothing."""
    return not _FILE.path(folder).exists() or _FILE.parsed(folder) is not None


def merge_notes(target: Path, source: Path) -> bool:
    """Add to the notes of an episode's folder those of another folder that it lacks; whether there were any.

    Its own win. For whoever holds the library's lock. Raises OSError.
    """
    taken = _FILE.take_missing(source, target)
    ours, theirs = _FILE.parsed(target), _FILE.parsed(source)
    if not theirs or ours is None or theirs.keys() <= ours.keys():
        return taken
    _write(target, {**theirs, **ours})
    return True


def _parse(value: dict[str, Any]) -> dict[str, Note]:
    """By id. Raises ValueError where the file does not hold notes."""
    if value.get("version") != VERSION or not isinstance(value.get("notes"), list):
        raise ValueError(f"{NOTES} holds no notes of version {VERSION}")
    try:
        notes = [Note.from_description(note) for note in value["notes"]]
    except NoteError as error:
        raise ValueError(str(error)) from error
    return {note.id: note for note in notes}


_FILE: Sidecar[dict[str, Note]] = Sidecar("notes", _parse, dict)


def _write(folder: Path, notes: dict[str, Note]) -> None:
    write_json(
        _FILE.path(folder), {"version": VERSION, "notes": [note.describe() for note in _sorted(notes)]}
    )


def _sorted(notes: dict[str, Note]) -> list[Note]:
    return sorted(notes.values(), key=lambda note: (note.start, note.first.line, note.first.offset, note.id))


def _seconds(value: dict[str, Any], name: str) -> float:
    given = value[name]
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    if not is_number or not 0 <= given < _MOST or not math.isfinite(given):
        raise NoteError(f"A note's {name} is a number of seconds, not {given!r:.40}.")
    return float(given)


def _place(value: dict[str, Any], name: str) -> Place:
    given = value[name]
    if not isinstance(given, dict) or given.keys() != {"line", "offset"}:
        raise NoteError(f"A note's {name} has a line and an offset.")
    for part in given.values():
        if not isinstance(part, int) or isinstance(part, bool) or not 0 <= part < _MOST:
            raise NoteError(f"The line and the offset of a note's {name} are whole numbers from 0 on.")
    return Place(given["line"], given["offset"])


def _text(value: dict[str, Any], name: str) -> str:
    given = value[name]
    if not isinstance(given, str):
        raise NoteError(f"A note's {name} is text.")
    if len(given) > MOST_CHARACTERS:
        raise NoteError(f"A note's {name} has {len(given):,} characters; {MOST_CHARACTERS:,} are the most.")
    return given


def _moment(value: dict[str, Any], name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value[name])
        if moment.tzinfo is None:
            raise ValueError("no zone")
        return moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise NoteError(f"A note's {name} is a date and time as in ISO 8601, with its zone.") from error


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

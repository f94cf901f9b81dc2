"""The bin: what was removed from the library, kept for a while so that it can be had back.

    bin/<id>-<time>/               the episode's folder as it was; time: when it was removed, in UTC
    bin/<id>-<time>/removed.json   {"version": 1, "when": ..., "who": ..., "why": ...}

A folder is moved in and out in one step, so it is in the library or in the bin, never in neither. On a full
disk it can be removed all the same: then `removed.json` is missing, and the folder's name tells when.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alignment.disk import read_json, settle, write_json
from alignment.library.episode import DESCRIPTION

__all__ = ["BIN", "KEPT_FOR", "REMOVED", "Binned", "binned_in", "put_in", "take_out"]

BIN = "bin"
REMOVED = "removed.json"
KEPT_FOR = timedelta(days=30)
"""How long the bin keeps what is in it."""

_NAME = re.compile(r"([a-z2-7]{12})-(\d{8}T\d{6}\d{6}Z)")
_TIME = "%Y%m%dT%H%M%S%fZ"
_A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Binned:
    """An episode in the bin.

    name: of its folder, by which it is told from others of the same id. title: "" where it cannot be read.
    who: removed it, None where that is not known. why: where it was not a person's wish.
    """

    name: str
    id: str
    folder: Path
    title: str
    removed: datetime
    who: str | None = None
    why: str | None = None

    @classmethod
    def at(cls, folder: Path) -> "Binned | None":
        """What was removed to this folder; None where it is none of the bin's."""
        match = _NAME.fullmatch(folder.name)
        if match is None or folder.is_symlink():
            return None
        try:
            removed = datetime.strptime(match[2], _TIME).replace(tzinfo=UTC)
        except ValueError:
            return None
        title, note = "", {}
        with suppress(OSError, ValueError):
            title = str(read_json(folder / DESCRIPTION).get("title") or "")
        with suppress(OSError, ValueError):
            note = read_json(folder / REMOVED)
        who, why = (value if isinstance(value := note.get(name), str) else None for name in ("who", "why"))
        return cls(folder.name, match[1], folder, title, removed, who, why)


def binned_in(bin: Path) -> list[Binned]:
    """All that is in the bin, what was removed last first. Raises OSError where it cannot be read."""
    try:
        found = [entry for folder in bin.iterdir() if (entry := Binned.at(folder))]
    except FileNotFoundError:
        return []
    return sorted(found, key=lambda entry: (entry.removed, entry.name), reverse=True)


def put_in(bin: Path, folder: Path, *, who: str | None = None, why: str | None = None) -> Binned:
    """Move an episode's folder to the bin; for whoever holds the library's lock. Raises OSError."""
    bin.mkdir(exist_ok=True)
    when = datetime.now(UTC)
    while (place := bin / f"{folder.name}-{when.strftime(_TIME)}").exists():
        when += _A_MOMENT
    with suppress(OSError):  # a full disk shall not keep anybody from removing something
        write_json(folder / REMOVED, {"version": 1, "when": when.isoformat(), "who": who, "why": why})
    folder.rename(place)
    settle(bin)
    settle(folder.parent)
    entry = Binned.at(place)
    assert entry is not None
    return entry


def take_out(entry: Binned, place: Path) -> None:
    """Move it back to `place`, which is free; for whoever holds the library's lock. Raises OSError."""
    place.parent.mkdir(exist_ok=True)
    entry.folder.rename(place)
    (place / REMOVED).unlink(missing_ok=True)
    settle(place.parent)
    settle(entry.folder.parent)

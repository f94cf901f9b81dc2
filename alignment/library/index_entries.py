"""What the index holds: the list of episodes, their words for FTS5, and their lines as they are shown."""

import json
import logging
import os
import sqlite3
import stat
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alignment.disk import read_json
from alignment.errors import AlignmentError, LibraryError
from alignment.library.corrections import CORRECTIONS
from alignment.library.episode import ALIGNED, DESCRIPTION, Episode
from alignment.library.folding import fold
from alignment.library.passages import Line, fold_lines, pack_lines
from alignment.library.store import Library

__all__ = [
    "FIRST_DOC",
    "SCHEMA",
    "VERSION",
    "Row",
    "Text",
    "count_pending",
    "describe_folder",
    "folders",
    "forget",
    "kept_episode",
    "one",
    "read_text",
]

VERSION = 1
"""Of the tables, and of how texts are folded: an index of another version is made anew."""

FIRST_DOC = 1 << 40
"""Episodes are numbered downwards from here."""

SCHEMA = """
CREATE TABLE episodes (
  doc INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, seen INTEGER NOT NULL, signature TEXT NOT NULL,
  indexed INTEGER NOT NULL, damaged TEXT, description TEXT, added TEXT, day TEXT, title TEXT, channel TEXT,
  channel_folded TEXT, language TEXT, duration REAL, speakers TEXT
);
CREATE INDEX by_id ON episodes(id, seen);
CREATE INDEX by_added ON episodes(added DESC, id);
CREATE INDEX by_title ON episodes(title, id);
CREATE INDEX by_duration ON episodes(duration, id);
CREATE INDEX by_channel ON episodes(channel);
CREATE INDEX by_language ON episodes(language);
CREATE INDEX unindexed ON episodes(doc) WHERE NOT indexed;
CREATE TABLE texts (doc INTEGER PRIMARY KEY, title TEXT, folded BLOB, starts BLOB, lines BLOB);
CREATE VIRTUAL TABLE words USING fts5(title, text, content='', tokenize='ascii', prefix='1 2 3');
"""

_ID_LENGTH = 12

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Row:
    """An episode as the list has it."""

    id: str
    seen: int
    signature: str
    damaged: str | None = None
    episode: Episode | None = None

    @property
    def added(self) -> str:
        """ISO time at which it came into the library; "" for a damaged one."""
        return self.episode.added.isoformat() if self.episode else ""

    def write(self, db: sqlite3.Connection, doc: int) -> None:
        """Put it into the list under the number `doc`; other lines than before are to be indexed again."""
        before = db.execute("SELECT signature FROM episodes WHERE doc = ? AND indexed", (doc,)).fetchone()
        same = before == (self.signature,) and not self.damaged
        if not same:
            forget(db, doc)
        episode = self.episode
        channel = episode.source.channel if episode else None
        db.execute(
            "INSERT OR REPLACE INTO episodes VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,"
            "(SELECT speakers FROM episodes WHERE doc = ?))",
            (
                doc, self.id, self.seen, self.signature, same, self.damaged,
                _plain(json.dumps(episode.describe(), ensure_ascii=False)) if episode else None,
                self.added, _day(episode) if episode else None, fold(episode.title) if episode else None,
                _plain(channel) if channel else None, fold(channel or ""),
                episode.language if episode else None, episode.duration if episode else None, doc,
            ),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    """The lines of an episode as the index has them. folded: for FTS5; packed: the same, to look into."""

    folded: str
    packed: bytes
    starts: bytes
    lines: bytes
    speakers: str

    def write(self, db: sqlite3.Connection, doc: int, title: str) -> None:
        """Put the lines of the episode with this number in place of those it had. title: folded."""
        forget(db, doc)
        db.execute("INSERT INTO words(rowid, title, text) VALUES (?,?,?)", (doc, title, self.folded))
        kept = (doc, title, self.packed, self.starts, self.lines)
        db.execute("INSERT INTO texts VALUES (?,?,?,?,?)", kept)
        db.execute("UPDATE episodes SET indexed = 1, speakers = ? WHERE doc = ?", (self.speakers, doc))


def describe_folder(library: Library, id: str, seen: int) -> Row | None:
    """The row of an episode from its folder; None where that has gone meanwhile."""
    folder = library.root / "episodes" / id
    signature = _signature(folder)
    try:
        return Row(id, seen, signature, episode=library.episode(id))
    except LibraryError as error:
        if not folder.is_dir():
            return None
        return Row(id, seen, signature, damaged=_plain(str(error).removeprefix(f"Episode {id} is damaged: ")))


def _signature(folder: Path) -> str:
    """What the files that the index is made of look like."""
    parts = []
    for name in (DESCRIPTION, ALIGNED, CORRECTIONS):
        with suppress(OSError):
            status = (folder / name).stat()
            parts.append(f"{name} {status.st_mtime_ns} {status.st_size}")
    return "\n".join(parts)


def read_text(folder: Path) -> Text:
    """The lines of an episode as they stand; none where they cannot be read."""
    try:
        lines = _read_lines(folder)
    except (AlignmentError, OSError, ValueError, KeyError, TypeError) as error:
        _log.warning("The lines of %s cannot be searched: %s", folder.name, error)
        lines = []
    text = fold_lines(line.text for line in lines)
    speakers = sorted({fold(speaker) for speaker in {line.speaker for line in lines} if speaker})
    return Text(
        text.folded,
        zlib.compress(text.folded.encode(), 1),
        text.starts.tobytes(),
        pack_lines(lines),
        " ".join(speakers),
    )


def _read_lines(folder: Path) -> list[Line]:
    if (folder / CORRECTIONS).exists():
        segments = Library(folder.parent.parent).transcript(folder.name).segments
        return [Line(segment.id, segment.start, segment.speaker, segment.text) for segment in segments]
    # Whoever wrote it has checked it: 10,000 are read so in half the time of a full check.
    return [
        Line(int(segment["id"]), segment.get("start"), segment.get("speaker"), str(segment["text"]))
        for segment in read_json(folder / ALIGNED)["segments"]
    ]


def folders(parent: Path) -> dict[str, int]:
    """The episode folders with when each was changed, in nanoseconds. Raises LibraryError."""
    found: dict[str, int] = {}
    try:
        # At every look, perhaps 10,000: through pathlib it takes twice the time.
        for name in os.listdir(parent):  # noqa: PTH208
            if len(name) != _ID_LENGTH:
                continue
            try:
                status = os.stat(f"{parent}{os.sep}{name}")  # noqa: PTH116
            except OSError:  # taken away meanwhile
                continue
            if stat.S_ISDIR(status.st_mode):
                found[name] = status.st_mtime_ns
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise LibraryError(f"The library {parent.parent} cannot be read: {error}.") from error
    return found


def forget(db: sqlite3.Connection, doc: int) -> None:
    """Take an episode's words out of the index."""
    row = db.execute("SELECT title, folded FROM texts WHERE doc = ?", (doc,)).fetchone()
    if row is not None:
        title, folded = row[0], zlib.decompress(row[1]).decode()
        sql = "INSERT INTO words(words, rowid, title, text) VALUES ('delete', ?, ?, ?)"
        db.execute(sql, (doc, title, folded))
        db.execute("DELETE FROM texts WHERE doc = ?", (doc,))


def kept_episode(folder: Path, id: str, description: str) -> Episode:
    """The episode that the index has so. folder: of all episodes."""
    return Episode.from_description(folder / id, json.loads(description))


def _day(episode: Episode) -> str:
    """When it was published, else added, as an ISO date."""
    published = (episode.source.published or "")[:10]
    return published if len(published) == 10 else episode.added.date().isoformat()


def _plain(text: str) -> str:
    """The text as SQLite takes it: without halves of surrogate pairs."""
    return text.encode("utf-8", "replace").decode()


def count_pending(db: sqlite3.Connection) -> int:
    """How many episodes are in the list whose lines are not indexed yet."""
    return int(one(db, "SELECT count(*) FROM episodes WHERE NOT indexed AND damaged IS NULL"))


def one(db: sqlite3.Connection, sql: str, *values: object) -> Any:
    """The first value of the first row; None where there is none."""
    row = db.execute(sql, values).fetchone()
    return row[0] if row else None

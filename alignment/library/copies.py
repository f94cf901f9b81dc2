"""What this machine's copy of a library in a store was like when it last was the same as the store.

    <library>/copies.sqlite3

Without it everything is compared anew, so it may be deleted.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alignment.errors import LibraryError

__all__ = ["COPIES", "Copied", "Copies"]

COPIES = "copies.sqlite3"

_SCHEMA = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=NORMAL;
CREATE TABLE IF NOT EXISTS files (
  place TEXT, name TEXT, stamp TEXT, size INTEGER, mtime_ns INTEGER, PRIMARY KEY (place, name)
);
CREATE TABLE IF NOT EXISTS unkept (place TEXT PRIMARY KEY);
"""


@dataclass(frozen=True, slots=True)
class Copied:
    """A file as it is here and in the store. stamp: of the object. size, mtime_ns: of the file."""

    stamp: str
    size: int
    mtime_ns: int


class Copies:
    """The table. Any number of processes may use it at the same time. Raises LibraryError."""

    def __init__(self, root: Path) -> None:
        self._path = root / COPIES

    def all(self) -> dict[str, dict[str, Copied]]:
        """By place, then by name."""
        found: dict[str, dict[str, Copied]] = defaultdict(dict)
        with self._opened() as db:
            for place, name, *rest in db.execute("SELECT place, name, stamp, size, mtime_ns FROM files"):
                found[place][name] = Copied(*rest)
        return found

    def of(self, place: str) -> dict[str, Copied]:
        """By name."""
        with self._opened() as db:
            sql = "SELECT name, stamp, size, mtime_ns FROM files WHERE place = ?"
            return {name: Copied(*rest) for name, *rest in db.execute(sql, (place,))}

    def note(self, place: str, name: str, copied: Copied | None) -> None:
        """Note how a file is now; None where it is gone."""
        with self._opened() as db:
            if copied is None:
                db.execute("DELETE FROM files WHERE place = ? AND name = ?", (place, name))
                return
            values = (place, name, copied.stamp, copied.size, copied.mtime_ns)
            db.execute("INSERT OR REPLACE INTO files VALUES (?,?,?,?,?)", values)

    def forget(self, place: str) -> None:
        """Forget all files of a place."""
        with self._opened() as db:
            db.execute("DELETE FROM files WHERE place = ?", (place,))

    def unkept(self) -> list[str]:
        """Places with changes that may not be in the store."""
        with self._opened() as db:
            return [place for (place,) in db.execute("SELECT place FROM unkept ORDER BY place")]

    def expect(self, place: str) -> None:
        """Note that a place is about to be changed here."""
        with self._opened() as db:
            db.execute("INSERT OR IGNORE INTO unkept VALUES (?)", (place,))

    def kept(self, place: str) -> None:
        """Note that all of a place is in the store."""
        with self._opened() as db:
            db.execute("DELETE FROM unkept WHERE place = ?", (place,))

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            db = sqlite3.connect(self._path, timeout=30.0, isolation_level=None)
            try:
                db.executescript(_SCHEMA)
                yield db
            finally:
                db.close()
        except sqlite3.DatabaseError as error:
            raise LibraryError(
                f"{self._path} cannot be used ({error}). Delete it: it is made anew from the store."
            ) from error

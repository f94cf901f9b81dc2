"""A search in the index: from what is sought to lines of episodes, the best first."""

import sqlite3
import struct
import zlib
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from alignment.library.episode import Episode
from alignment.library.index_entries import count_pending, kept_episode
from alignment.library.passages import NEAR, IndexedText, KeptLines, LineHit, find_passages
from alignment.library.query import Query

__all__ = ["EpisodeHit", "Found", "Searching", "Visible", "offer"]

Visible = Callable[[Episode], bool]
"""Whether an episode may be shown to whoever asks."""

_TELLING = 1_000
"""Where more episodes than this have a word, how often says nothing: the latest come first."""
_EXAMINED = 200
"""Episodes whose lines are looked at for one page of hits."""


@dataclass(frozen=True, slots=True)
class EpisodeHit:
    """An episode with what was sought.

    lines: the best of them, in their order; none where only its title or the filters say it.
    count: how many lines there are with it.
    """

    episode: Episode
    lines: tuple[LineHit, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Found:
    """The outcome of a search, best first.

    next: the offset that goes on from here; None at the end.
    pending: episodes whose lines are not indexed yet.
    """

    hits: tuple[EpisodeHit, ...] = ()
    next: int | None = None
    pending: int = 0


@dataclass(frozen=True, slots=True)
class Searching:
    """One search."""

    query: Query
    limit: int
    offset: int
    lines: int
    folder: Path
    visible: Visible | None

    def run(self, db: sqlite3.Connection) -> Found:
        """The page of hits that is asked for."""
        if self.visible is not None:
            offer(db, self.folder, self.visible)
        together = True
        docs = self._candidates(db) if self.query.phrases else self._filtered(db)
        if not docs and len(self.query.phrases) > 1:
            together, docs = False, self._matching(db, self._all_somewhere())
        hits: list[EpisodeHit] = []
        place = self.offset
        for doc in docs[self.offset : self.offset + _EXAMINED]:
            if len(hits) == self.limit:
                break
            place += 1
            if hit := self._hit(db, doc, together):
                hits.append(hit)
        return Found(tuple(hits), place if place < len(docs) else None, count_pending(db))

    def _candidates(self, db: sqlite3.Connection) -> list[int]:
        """Numbers of the episodes, the best first: those with the words in their title, then the others."""
        all_of_them = " AND ".join(phrase.expression() for phrase in self.query.phrases)
        titled = self._matching(db, f"title : ({all_of_them})")
        listed = set(titled)
        said = self._matching(db, f"text : {self._near()}", ranked=len(self.query.phrases) == 1)
        return titled + [doc for doc in said if doc not in listed]

    def _near(self) -> str:
        phrases = [phrase.expression() for phrase in self.query.phrases]
        return phrases[0] if len(phrases) == 1 else f"NEAR({' '.join(phrases)}, {NEAR})"

    def _all_somewhere(self) -> str:
        return " AND ".join(phrase.expression() for phrase in self.query.phrases)

    def _matching(self, db: sqlite3.Connection, expression: str, *, ranked: bool = False) -> list[int]:
        where, values = self._filters()
        given = (expression, *values)
        joined = "CROSS JOIN episodes ON doc = words.rowid " if where else ""
        sql = f"SELECT words.rowid FROM words {joined}WHERE words MATCH ?{where}"
        most = 1 + max(_TELLING, self.offset + _EXAMINED)
        docs = [doc for (doc,) in db.execute(f"{sql} LIMIT {most}", given)]
        if ranked and 1 < len(docs) <= _TELLING:
            docs = [doc for (doc,) in db.execute(f"{sql} ORDER BY rank, words.rowid", given)]
        return docs

    def _filtered(self, db: sqlite3.Connection) -> list[int]:
        where, values = self._filters()
        most = 1 + self.offset + _EXAMINED
        sql = f"SELECT doc FROM episodes WHERE indexed{where} ORDER BY doc LIMIT {most}"
        return [doc for (doc,) in db.execute(sql, values)]

    def _filters(self) -> tuple[str, list[str]]:
        where, values = "", []
        for column, sought in (("channel_folded", self.query.channels), ("speakers", self.query.speakers)):
            if sought:
                where += " AND (" + " OR ".join(f"instr(' ' || {column}, ?)" for _ in sought) + ")"
                values += [f" {name}" for name in sought]
        for operator, day in ((">=", self.query.after), ("<=", self.query.before)):
            if day:
                where += f" AND day {operator} ?"
                values.append(day)
        if self.visible is not None:
            where += " AND visible(episodes.id, description)"
        return where, values

    def _hit(self, db: sqlite3.Connection, doc: int, together: bool) -> EpisodeHit | None:
        row = db.execute(
            "SELECT id, description, e.title, folded, starts, lines FROM episodes e JOIN texts USING (doc) "
            "WHERE doc = ?",
            (doc,),
        ).fetchone()
        if row is None:
            return None
        try:
            return self._look_into(*row, together=together)
        except (struct.error, zlib.error, ValueError, LookupError, TypeError) as error:
            raise sqlite3.DatabaseError(f"what it has of {row[0]} cannot be read: {error}") from error

    def _look_into(
        self,
        id: str,
        description: str,
        title: str,
        folded: bytes,
        starts: bytes,
        lines: bytes,
        *,
        together: bool,
    ) -> EpisodeHit | None:
        episode = kept_episode(self.folder, id, description)
        if not self.query.phrases and not self.query.speakers:
            return EpisodeHit(episode, (), 0)
        text = IndexedText(zlib.decompress(folded).decode(), array("I", starts))
        found, count = find_passages(
            text, KeptLines(lines), self.query.phrases,
            speakers=self.query.speakers, together=together, most=self.lines,
        )  # fmt: skip
        named = bool(self.query.phrases) and not self.query.speakers and self._is_titled(title)
        return EpisodeHit(episode, found, count) if found or named else None

    def _is_titled(self, title: str) -> bool:
        return all(
            f" {phrase.words}" in f" {title}" if phrase.open else f" {phrase.words} " in f" {title} "
            for phrase in self.query.phrases
        )


def offer(db: sqlite3.Connection, folder: Path, visible: Visible) -> None:
    """Let SQL ask `visible(id, description)` of an episode."""

    def is_visible(id: str, description: str) -> bool:
        return visible(kept_episode(folder, id, description))

    db.create_function("visible", 2, is_visible)

"""The index of a library: which episodes there are, and where in them which words are said.

    <library>/index.sqlite3

It is derived from the episode folders, which are the truth: a missing, damaged or older one is made anew,
and one on a disk that cannot be written to is kept elsewhere while the process lives. Each episode's entry
carries what its folder and its files looked like; so whatever has changed an episode is seen at the next
look, at the cost of one `stat` an episode.

An episode is one document of SQLite's FTS5, its lines folded and joined: so phrases run over the ends of
lines, and a word that is everywhere costs no more than there are episodes. Documents are numbered downwards:
those that came last have the smallest numbers and are found first.
"""

import logging
import os
import sqlite3
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, TypeVar

from filelock import FileLock, Timeout

from alignment.library.episode import DamagedEpisode, Episode
from alignment.library.folding import fold
from alignment.library.index_entries import (
    FIRST_DOC,
    SCHEMA,
    VERSION,
    Text,
    count_pending,
    describe_folder,
    folders,
    forget,
    kept_episode,
    one,
    read_text,
)
from alignment.library.index_search import EpisodeHit, Found, Searching, Visible, offer
from alignment.library.query import parse_query
from alignment.library.store import Library
from alignment.processes import worker_pool
from alignment.progress import Progress, ProgressCallback, ignore_progress

__all__ = ["INDEX", "EpisodeHit", "Found", "Index", "Selection", "Shelf", "Sort", "Visible"]

INDEX = "index.sqlite3"

Sort = Literal["newest", "title", "longest", "shortest"]
T = TypeVar("T")

_ORDERS: Mapping[Sort, str] = {
    "newest": "added DESC, id DESC",
    "title": "title, id",
    "longest": "duration DESC, id",
    "shortest": "duration, id",
}
_COLLECTED = "episodes, json_each(description, '$.collections')"
_BATCH = 100
"""Episodes that are written at once, so that a killed writer loses no more."""
_CHUNK = 10
_AHEAD = 3
_WORKERS = max(1, (os.cpu_count() or 1) - 1)
_FEW = 64
"""Episodes that are read in this process rather than in others."""
_LOOK_EVERY_S = 1.0
_BUDGET_S = 0.5
_PATIENCE_S = 5.0
_ATTEMPTS = 3
_SUFFIXES = ("-journal", "-shm", "-wal", "")
_SETTINGS = f"""
PRAGMA page_size=16384;
PRAGMA busy_timeout={1000 * _PATIENCE_S:.0f};
PRAGMA synchronous=NORMAL;
PRAGMA cache_size=-16000;
PRAGMA temp_store=MEMORY;
"""

_log = logging.getLogger(__name__)


class _NotMadeYet(Exception):
    """There is no index."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which episodes are shown, and in which order. None takes any."""

    sort: Sort = "newest"
    channel: str | None = None
    language: str | None = None
    collection: str | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """Episodes of a selection.

    count: of all that the selection has.
    channels, languages, collections: that occur in the whole library.
    pending: episodes whose lines are not indexed yet.
    """

    episodes: tuple[Episode, ...] = ()
    count: int = 0
    channels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    damaged: tuple[DamagedEpisode, ...] = ()
    pending: int = 0


class Index:
    """The index of a library. Any number of processes and threads may use it at the same time.

    library: what it is derived from.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._episodes = library.root / "episodes"
        self._path = library.root / INDEX
        self._elsewhere: tempfile.TemporaryDirectory[str] | None = None
        self._looked = float("-inf")
        self._parent_changed: int | None = None

    def update(self, *, progress: ProgressCallback = ignore_progress) -> None:
        """Take in all that has changed in the library; another process that is at it is waited for.

        progress: raising Cancelled in it stops the work; what is done is kept. Raises LibraryError.
        """
        self._bring_up_to_date(float("inf"), progress)

    def look(self) -> int:
        """`update` for whoever waits for a page: for half a second, and not twice within one second.

        Returns how many episodes are still to be read. Raises LibraryError.
        """
        changed = _changed(self._episodes)
        if changed == self._parent_changed and time.monotonic() - self._looked < _LOOK_EVERY_S:
            return 0
        self._bring_up_to_date(_BUDGET_S, ignore_progress)
        self._looked, self._parent_changed = time.monotonic(), changed
        return self._read(count_pending)

    def has_other_episodes(self) -> bool:
        """Whether some have come or gone since the last look: to know that costs a single `stat`."""
        return _changed(self._episodes) != self._parent_changed

    def rebuild(self, *, progress: ProgressCallback = ignore_progress) -> int:
        """Make the index anew; returns how many episodes it has. Raises LibraryError."""
        self._discard()
        self.update(progress=progress)
        return self._read(lambda db: int(one(db, "SELECT count(*) FROM episodes")))

    def trouble(self) -> str | None:
        """What is wrong with the file of the index; None where it is whole, or not made yet."""
        try:
            with self._opened() as db:
                found = str(one(db, "PRAGMA quick_check"))
        except _NotMadeYet:
            return None
        except sqlite3.DatabaseError as error:
            found = str(error)
        return None if found == "ok" else found

    def search(
        self,
        text: str,
        *,
        limit: int = 10,
        offset: int = 0,
        lines: int = 3,
        visible: Visible | None = None,
    ) -> Found:
        """Find what a person typed (query.py says how) in the episodes as they were at the last look.

        limit: of episodes. offset: `Found.next` of what was shown before. lines: at most, of each.
        visible: which episodes may be shown; None for all. Raises LibraryError.
        """
        query = parse_query(text)
        if query.is_empty or limit < 1:
            return Found()
        return self._read(Searching(query, limit, offset, lines, self._episodes, visible).run)

    def shelf(
        self,
        selection: Selection,
        *,
        limit: int = 60,
        offset: int = 0,
        visible: Visible | None = None,
    ) -> Shelf:
        """The episodes of a selection, as they were at the last look. Raises LibraryError."""
        return self._read(partial(_shelf, self._episodes, selection, limit, offset, visible))

    def _bring_up_to_date(self, budget_s: float, progress: ProgressCallback) -> None:
        waits = budget_s == float("inf")
        self._library.refresh()
        for _ in range(_ATTEMPTS):
            try:
                with self._writing(-1 if waits else 0), self._opened(make=True) as db:
                    _Updating(self._library, db, time.monotonic() + budget_s, progress).run()
                return
            except Timeout:
                return  # another process is doing it
            except sqlite3.DatabaseError as error:
                self._mend(error)
        _log.error("The index of %s could not be brought up to date.", self._library.root)

    def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What the work finds in the index; in an empty one, where none can be had for the moment."""
        for _ in range(_ATTEMPTS):
            try:
                with self._opened() as db:
                    return work(db)
            except _NotMadeYet:
                pass
            except sqlite3.DatabaseError as error:
                self._mend(error)
            self._bring_up_to_date(_BUDGET_S, ignore_progress)
        with sqlite3.connect(":memory:", isolation_level=None) as db:
            db.executescript(SCHEMA)
            return work(db)

    @contextmanager
    def _opened(self, *, make: bool = False) -> Iterator[sqlite3.Connection]:
        """A connection to an index of this version. make: if there is none.

        A connection for each piece of work: so nobody goes on with a file that was thrown away.
        """
        if not make and not self._path.exists():
            raise _NotMadeYet
        db = sqlite3.connect(self._path, timeout=_PATIENCE_S, isolation_level=None)
        try:
            db.executescript(_SETTINGS)
            version = int(one(db, "PRAGMA user_version"))
            if version != VERSION:
                if one(db, "SELECT count(*) FROM sqlite_master"):
                    raise sqlite3.DatabaseError(f"it is of version {version}, not {VERSION}")
                if not make:
                    raise _NotMadeYet
                db.execute("PRAGMA journal_mode=WAL")
                db.executescript(f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version={VERSION}; COMMIT;")
            yield db
        finally:
            db.close()

    @contextmanager
    def _writing(self, patience_s: float) -> Iterator[None]:
        """One at a time brings the index up to date; -1 waits for ever. Raises Timeout."""
        if not self._library.root.is_dir():
            self._go_elsewhere("there is no such folder yet")  # and looking is not to make one
        lock = FileLock(self._path.with_name(f".{INDEX}.lock"))
        try:
            lock.acquire(timeout=patience_s)
        except Timeout:
            raise
        except OSError as error:
            self._go_elsewhere(str(error))
            lock = FileLock(self._path.with_name(f".{INDEX}.lock"))
            lock.acquire(timeout=patience_s)
        try:
            yield
        finally:
            lock.release()

    def _mend(self, error: sqlite3.DatabaseError) -> None:
        """Do something about an index that is in the way."""
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_FULL", "SQLITE_IOERR")):
            self._go_elsewhere(str(error))
            return
        _log.warning("The index %s cannot be used (%s) and is made anew.", self._path, error)
        self._discard()

    def _discard(self) -> None:
        """Throw the index away. Whoever has it open reads on in what no longer has a name."""
        self._parent_changed = None
        try:
            for suffix in _SUFFIXES:
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        except OSError as error:
            self._go_elsewhere(str(error))

    def _go_elsewhere(self, reason: str) -> None:
        """Keep the index in a folder of this process's own, gone with it."""
        if self._elsewhere is None:
            _log.warning(
                "The index of %s is kept in a folder of this process: %s.", self._library.root, reason
            )
            self._elsewhere = tempfile.TemporaryDirectory(prefix="alignment-index-")
        self._parent_changed = None
        self._path = Path(self._elsewhere.name) / INDEX


@dataclass(frozen=True, slots=True)
class _Updating:
    """Brings an index up to date, until a moment of the monotonic clock."""

    library: Library
    db: sqlite3.Connection
    until: float
    progress: ProgressCallback

    def run(self) -> None:
        """The list of episodes always; their texts as far as there is time."""
        self._take_in_folders()
        waiting: list[tuple[int, str, str]] = self.db.execute(
            "SELECT doc, id, title FROM episodes WHERE NOT indexed AND damaged IS NULL ORDER BY doc"
        ).fetchall()
        hurried = self.until != float("inf")
        with ExitStack() as stack:
            spread: Callable[..., Iterator[Text]] = map
            if len(waiting) > _FEW and not hurried:
                pool = stack.enter_context(worker_pool(_WORKERS, _nothing))
                stack.callback(pool.shutdown, cancel_futures=True)
                spread = partial(pool.map, chunksize=_CHUNK)
            size = 8 if hurried else _BATCH
            batches = [waiting[first : first + size] for first in range(0, len(waiting), size)]
            # The others read the next batch while this process writes one.
            texts = deque(self._read_texts(spread, batch) for batch in batches[:_AHEAD])
            for number, batch in enumerate(batches):
                if time.monotonic() > self.until:
                    return
                self._write_texts(batch, texts.popleft())
                if number + _AHEAD < len(batches):
                    texts.append(self._read_texts(spread, batches[number + _AHEAD]))
                self.progress(Progress("Indexing", (number + 1) / len(batches)))
        if len(waiting) > _FEW:
            self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _read_texts(
        self, spread: Callable[..., Iterator[Text]], batch: list[tuple[int, str, str]]
    ) -> Iterator[Text]:
        return spread(read_text, [self.library.root / "episodes" / id for _, id, _ in batch])

    def _write_texts(self, batch: list[tuple[int, str, str]], texts: Iterator[Text]) -> None:
        with _transaction(self.db):
            for (doc, _, title), text in zip(batch, texts, strict=True):
                text.write(self.db, doc, title)

    def _take_in_folders(self) -> None:
        """Bring the list up to date: read the description of each episode whose folder has changed."""
        known = {id: (seen, doc) for id, seen, doc in self.db.execute("SELECT id, seen, doc FROM episodes")}
        present = folders(self.library.root / "episodes")
        gone = [doc for id, (_, doc) in known.items() if id not in present]
        changed = [id for id, seen in present.items() if known.get(id, (None, 0))[0] != seen]
        if not gone and not changed:
            return
        rows = [row for id in changed if (row := describe_folder(self.library, id, present[id]))]
        rows.sort(key=lambda row: row.added)  # the later an episode was added, the smaller its number
        with _transaction(self.db):
            for doc in gone:
                forget(self.db, doc)
                self.db.execute("DELETE FROM episodes WHERE doc = ?", (doc,))
            lowest = one(self.db, "SELECT min(doc) FROM episodes") or FIRST_DOC
            for row in rows:
                if row.id in known:
                    row.write(self.db, known[row.id][1])
                else:
                    lowest -= 1
                    row.write(self.db, lowest)


def _shelf(
    folder: Path,
    selection: Selection,
    limit: int,
    offset: int,
    visible: Visible | None,
    db: sqlite3.Connection,
) -> Shelf:
    everywhere = "damaged IS NULL"
    if visible is not None:
        offer(db, folder, visible)
        everywhere += " AND visible(episodes.id, description)"
    where, values = everywhere, []
    for column, value in (("channel", selection.channel), ("language", selection.language)):
        if value is not None:
            where += f" AND {column} = ?"
            values.append(value)
    if selection.collection is not None:
        where += " AND EXISTS (SELECT 1 FROM json_each(description, '$.collections') WHERE value = ?)"
        values.append(selection.collection)
    rows = db.execute(
        f"SELECT id, description FROM episodes WHERE {where} ORDER BY {_ORDERS[selection.sort]} "
        "LIMIT ? OFFSET ?",
        (*values, limit, offset),
    )
    damaged = db.execute("SELECT id, damaged FROM episodes WHERE damaged IS NOT NULL ORDER BY id")
    whose = () if visible is not None else damaged  # whose a damaged one is cannot be told
    return Shelf(
        tuple(kept_episode(folder, id, description) for id, description in rows),
        int(one(db, f"SELECT count(*) FROM episodes WHERE {where}", *values)),
        _sorted(db.execute(f"SELECT DISTINCT channel FROM episodes WHERE {everywhere}")),
        _sorted(db.execute(f"SELECT DISTINCT language FROM episodes WHERE {everywhere}")),
        _sorted(db.execute(f"SELECT DISTINCT value FROM {_COLLECTED} WHERE {everywhere}")),
        tuple(DamagedEpisode(id, folder / id, reason) for id, reason in whose),
        count_pending(db),
    )


def _sorted(names: Iterable[tuple[str | None]]) -> tuple[str, ...]:
    return tuple(sorted((name for (name,) in names if name), key=fold))


def _changed(folder: Path) -> int | None:
    """When a folder was changed; None where there is none."""
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return None


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        with suppress(sqlite3.Error):  # some errors have ended it already
            db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _nothing() -> None:
    """Nothing is to be made ready in a process that reads episodes."""

"""A library that is kept in a store of objects, of which this machine has a copy to work on.

    <address>/library.json         as in a folder (versions.py)
    <address>/episodes/<id>/...    the files of an episode, as in a folder; `episode.json` is put last and
                                   taken away first, so an episode is there whole or not at all
    <address>/bin/<id>-<time>/...  what was removed

The copy is a library in a folder like any other, but for the audio, which comes when it is wanted and goes
when there is too much of it. Jobs, previews and the index are the copy's own. Whoever changes an episode
brings its files up to date first, and has put them into the store when the change is acknowledged; what a
killed process has changed here is put there at the next look.
"""

import logging
import os
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import Timeout
from platformdirs import user_cache_path

from alignment.disk import identifier, workspace, write_durably, write_json
from alignment.errors import LibraryError, StoreError
from alignment.library.backing import AUDIO_AWAY, Backing, library_lock
from alignment.library.bin import BIN
from alignment.library.copies import Copies
from alignment.library.object_store import ChangedElsewhereError, ObjectStore
from alignment.library.reconciling import AUDIO, EPISODES, Reconciler
from alignment.library.versions import LIBRARY, check_library

__all__ = ["StoreBacking", "copy_folder"]

_AT_ONCE = 8
_LEAST_PAUSE_S = 2.0
_SHARE_OF_TIME = 10
"""Looking for what others have changed takes at most a tenth of the time."""
_MOST_AUDIO = 20 << 30

_log = logging.getLogger(__name__)


def copy_folder(address: str) -> Path:
    """Where this machine has its copy of the library at an address."""
    return user_cache_path("verbatime") / "libraries" / identifier(address.rstrip("/"))


class StoreBacking(Backing):
    """Keeps the library whose copy is in the folder `root` in a store.

    most_audio: bytes of audio that stay in the copy. Raises LibraryError.
    """

    def __init__(self, store: ObjectStore, root: Path, *, most_audio: int = _MOST_AUDIO) -> None:
        self.address = store.address
        self._store = store
        self._root = root
        self._copies = Copies(root)
        self._reconciler = Reconciler(store, self._copies, root)
        self._most_audio = most_audio
        self._refreshing = threading.Lock()
        self._has_refreshed = False
        self._looked: dict[str, float] = {}
        self._not_before = float("-inf")
        self._prepare()

    @contextmanager
    def changing(self, places: list[str]) -> Iterator[None]:
        """See `Backing.changing`."""
        for place in places:
            self._reconciler.reconcile(place)
            self._copies.expect(place)
        yield
        for place in places:
            self._copies.expect(place)
        # What was moved is in its new place before it leaves the old one.
        for place in sorted(places, key=lambda place: not (self._root / place).is_dir()):
            self._keep(place)

    def look(self, place: str) -> None:
        """See `Backing.look`. What is here serves where the store is away, or the library's lock is taken."""
        is_here = (self._root / place).is_dir()
        if is_here and time.monotonic() < self._looked.get(place, float("-inf")) + _LEAST_PAUSE_S:
            return
        try:
            with library_lock(self._root).acquire(timeout=0 if is_here else -1):
                self._reconciler.reconcile(place)
        except Timeout:  # somebody changes the library just now
            return
        except StoreError as error:
            if not is_here:
                raise
            _log.warning("%s", error)
        self._looked[place] = time.monotonic()

    def refresh(self) -> None:
        """See `Backing.refresh`; the first time it is waited for, later ones go on behind the caller."""
        if time.monotonic() < self._not_before or not self._refreshing.acquire(blocking=False):
            return
        if self._has_refreshed:
            threading.Thread(target=self._refresh_quietly, name="refresh", daemon=True).start()
        else:
            self._refresh()

    def keep_audio(self, place: str, audio: Path) -> None:
        """See `Backing.keep_audio`."""
        self._store.put_file(f"{place}/{audio.name}", audio)

    def bring_audio(self, place: str, name: str) -> None:
        """See `Backing.bring_audio`."""
        with workspace(self._root / "tmp") as folder:
            with (folder / name).open("wb") as stream:
                for piece in self._store.pieces(f"{place}/{name}"):
                    stream.write(piece)
                stream.flush()
                os.fsync(stream.fileno())
            (folder / name).replace(self._root / place / name)
        (self._root / place / AUDIO_AWAY).unlink(missing_ok=True)
        self._make_room(besides=place)

    def read_audio(self, place: str, name: str, start: int, end: int) -> bytes:
        """See `Backing.read_audio`."""
        return self._store.read_part(f"{place}/{name}", start, end)

    def _prepare(self) -> None:
        """A copy that tells whose it is, of a library that this program knows."""
        self._root.mkdir(parents=True, exist_ok=True)
        stated = self._store.read(LIBRARY)
        with library_lock(self._root):
            if stated is not None:
                write_durably(self._root / LIBRARY, stated)
            if not (self._root / "address.json").exists():
                write_json(self._root / "address.json", {"address": self.address})
        check_library(self._root)

    def _keep(self, place: str) -> None:
        """Make the store as the copy is at this place; for whoever holds the library's lock."""
        if (self._root / place).is_dir():
            self._claim()
            self._reconciler.reconcile(place)
        elif self._copies.of(place):  # it was here
            self._reconciler.take_away(place)
        else:
            self._reconciler.reconcile(place)
        self._copies.kept(place)

    def _claim(self) -> None:
        """Let the store tell the library's version."""
        with suppress(ChangedElsewhereError, FileNotFoundError):
            if self._store.read(LIBRARY) is None:
                self._store.put(LIBRARY, (self._root / LIBRARY).read_bytes(), None)

    def _refresh_quietly(self) -> None:
        try:
            self._refresh()
        except LibraryError as error:
            _log.warning("%s", error)

    def _refresh(self) -> None:
        """For whoever has acquired `_refreshing`."""
        began = time.monotonic()
        try:
            self._bring_up_to_date()
            self._has_refreshed = True
        finally:
            took = time.monotonic() - began
            self._not_before = time.monotonic() + max(_LEAST_PAUSE_S, _SHARE_OF_TIME * took)
            self._refreshing.release()

    def _bring_up_to_date(self) -> None:
        there: dict[str, dict[str, str]] = defaultdict(dict)
        for path, stamp in self._store.list().items():
            place, _, name = path.rpartition("/")
            if place.startswith((f"{EPISODES}/", f"{BIN}/")):
                there[place][name] = stamp.value
        here = {
            place: {name: copied.stamp for name, copied in files.items()}
            for place, files in self._copies.all().items()
        }
        unkept = set(self._copies.unkept())
        changed = {place for place in there.keys() | here.keys() if there.get(place) != here.get(place)}
        new = {place for place in changed - unkept if place in there and not (self._root / place).exists()}
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            list(threads.map(lambda place: self._reconciler.bring(place, library_lock(self._root)), new))
        for place in sorted((changed | unkept) - new):
            with library_lock(self._root):
                if place in unkept:
                    self._keep(place)
                else:
                    self._reconciler.reconcile(place)

    def _make_room(self, *, besides: str) -> None:
        """Send the audio away that nobody has listened to for longest, until `most_audio` or less is here.

        besides: a place whose audio stays.
        """
        here = [path for path in (self._root / EPISODES).glob(f"*/{AUDIO}*") if path.is_file()]
        seen = sorted((path.stat().st_mtime, path.stat().st_size, path) for path in here)
        total = sum(size for _, size, _ in seen)
        staying = {*self._copies.unkept(), besides}
        for _, size, path in seen:
            place = f"{EPISODES}/{path.parent.name}"
            if total > self._most_audio and place not in staying and path.name in self._copies.of(place):
                (path.parent / AUDIO_AWAY).write_text(path.name)
                path.unlink(missing_ok=True)
                total -= size

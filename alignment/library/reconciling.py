"""Makes a folder of a library the same here and in the store, file by file.

Each file is compared with what it was like when both were the same: so what has changed here is put into the
store, and what has changed there is taken. Where both have, notes are joined, and of others the store's win;
corrections that lose stay beside them.
"""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from alignment.disk import settle, workspace, write_durably
from alignment.errors import LibraryError
from alignment.library.backing import AUDIO_AWAY
from alignment.library.bin import BIN
from alignment.library.copies import Copied, Copies
from alignment.library.corrections import CORRECTIONS, merge_corrections
from alignment.library.episode import DESCRIPTION, PEAKS
from alignment.library.notes import NOTES, merge_notes
from alignment.library.object_store import ChangedElsewhereError, ObjectStore, Stamp

__all__ = ["AUDIO", "EPISODES", "Reconciler"]

EPISODES = "episodes"
AUDIO = "audio."
"""What the names of audio files begin with."""

_ATTEMPTS = 5
_UNLOCKED = nullcontext()


@dataclass(frozen=True, slots=True)
class Reconciler:
    """root: the folder of the library's copy. A place is a folder in it, as `episodes/<id>`.

    Every method may raise LibraryError.
    """

    store: ObjectStore
    copies: Copies
    root: Path

    def bring(self, place: str, lock: AbstractContextManager[object] = _UNLOCKED) -> bool:
        """Bring a place that is not here, in one step; whether there is such a one.

        lock: of the library, for who does not hold it.
        """
        with workspace(self.root / "tmp") as folder:
            noted = {}
            for name, stamp in self._there(place).items():
                if (copied := self._brought(place, name, stamp, folder)) is not None:
                    noted[name] = copied
            if not _is_whole(place, noted):
                return False
            with lock:
                if not (self.root / place).exists():
                    (self.root / place).parent.mkdir(exist_ok=True)
                    folder.rename(self.root / place)
                    for name, copied in noted.items():
                        self.copies.note(place, name, copied)
        return True

    def reconcile(self, place: str) -> bool:
        """Make a place the same here and there; whether it has changed here.

        For whoever holds the library's lock.
        """
        changed = False
        for _ in range(_ATTEMPTS):
            again, here = self._once(place)
            changed |= here
            if not again:
                return changed
        raise LibraryError(f"{place} is changed elsewhere all the time. Try again in a while.")

    def take_away(self, place: str) -> None:
        """Take a place out of the store."""
        names = sorted(self.store.list(place), key=lambda name: not name.endswith(f"/{DESCRIPTION}"))
        for name in names:
            self.store.delete(name)
        self.copies.forget(place)

    def _there(self, place: str) -> dict[str, Stamp]:
        start = len(place) + 1
        return {path[start:]: stamp for path, stamp in self.store.list(place).items()}

    def _once(self, place: str) -> tuple[bool, bool]:
        """Whether to look again, and whether something has changed here."""
        folder, there, before = self.root / place, self._there(place), self.copies.of(place)
        if not folder.is_dir():
            self.copies.forget(place)
            return False, _is_whole(place, there) and self.bring(place)
        if before and not _is_whole(place, there) and _is_as_before(folder, before):
            self._remove(place)  # somebody else has
            return False, True
        again = changed = False
        for name in _in_order({*there, *before, *(path.name for path in _files(folder)), *_away(folder)}):
            try:
                changed |= self._file(place, name, there.get(name), before.get(name))
            except ChangedElsewhereError:
                again = True
        return again, changed

    def _file(self, place: str, name: str, stamp: Stamp | None, before: Copied | None) -> bool:
        """Make one file the same; whether it has changed here."""
        path = self.root / place / name
        if name.startswith(AUDIO):
            return self._audio(place, name, stamp)
        is_new_there = stamp is not None and (before is None or before.stamp != stamp.value)
        is_new_here = path.is_file() and (before is None or (before.size, before.mtime_ns) != _looks(path))
        if is_new_there and stamp is not None:
            return self._join(place, name, stamp) if is_new_here else self._take(place, name, stamp)
        if path.is_file():
            if is_new_here or stamp is None:
                self._put(place, name, stamp)
        elif stamp is None:
            self.copies.note(place, name, None)
        elif name != PEAKS:  # those are made again where they are wanted
            self.store.delete(f"{place}/{name}")
            self.copies.note(place, name, None)
        return False

    def _take(self, place: str, name: str, stamp: Stamp) -> bool:
        copied = self._brought(place, name, stamp, self.root / place)
        self.copies.note(place, name, copied)
        return copied is not None

    def _brought(self, place: str, name: str, stamp: Stamp, folder: Path) -> Copied | None:
        """A file of the store in a folder here; audio is said to be away. None where it has gone."""
        if name.startswith(AUDIO):
            (folder / AUDIO_AWAY).write_text(name)
            return Copied(stamp.value, stamp.size, 0)
        data = self.store.read(f"{place}/{name}")
        if data is None:
            return None
        write_durably(folder / name, data, sync=False)
        return _copied(folder / name, stamp)

    def _put(self, place: str, name: str, instead_of: Stamp | None) -> None:
        path = self.root / place / name
        looks, data = _looks(path), path.read_bytes()
        stamp = self.store.put(f"{place}/{name}", data, instead_of)
        if stamp is None:
            raise ChangedElsewhereError(name)
        self.copies.note(place, name, Copied(stamp.value, *looks))

    def _join(self, place: str, name: str, stamp: Stamp) -> bool:
        """A file that is new here and there; whether it has changed here."""
        theirs, path = self.store.read(f"{place}/{name}"), self.root / place / name
        if theirs is None:
            raise ChangedElsewhereError(name)
        ours = path.read_bytes()
        if theirs == ours:
            self.copies.note(place, name, _copied(path, stamp))
            return False
        with workspace(self.root / "tmp") as beside:
            if name == NOTES:
                (beside / name).write_bytes(theirs)
                merge_notes(path.parent, beside)
                self._put(place, name, stamp)
                return True
            (beside / name).write_bytes(ours)
            write_durably(path, theirs)
            self.copies.note(place, name, _copied(path, stamp))
            if name == CORRECTIONS and merge_corrections(path.parent, beside):
                raise ChangedElsewhereError(name)  # what was put beside is to be kept, too
        return True

    def _audio(self, place: str, name: str, stamp: Stamp | None) -> bool:
        path, key, away = self.root / place / name, f"{place}/{name}", self.root / place / AUDIO_AWAY
        if stamp is None and path.is_file():
            stamp = self.store.put_file(key, path)
        elif stamp is None and (source := self._same_audio(place, name)):
            stamp = self.store.copy(source, key)
        if stamp is None:
            return False
        if comes := not path.is_file() and not away.exists():
            away.write_text(name)
        self.copies.note(place, name, Copied(stamp.value, stamp.size, 0))
        return comes

    def _same_audio(self, place: str, name: str) -> str | None:
        """Where the store has the audio of an episode that was moved to the bin, or out of it."""
        id = place.partition("/")[2].partition("-")[0]
        for under in (f"{EPISODES}/{id}", BIN):
            for path in self.store.list(under):
                if path.endswith(f"/{name}") and path.partition("/")[2].startswith(id):
                    return path
        return None

    def _remove(self, place: str) -> None:
        with workspace(self.root / "tmp") as doomed:
            (self.root / place).rename(doomed / "folder")
            settle((self.root / place).parent)
        self.copies.forget(place)


def _is_whole(place: str, names: Mapping[str, object]) -> bool:
    """Whether these are all files of a place: an episode's description comes last, and goes first."""
    return bool(names) and (DESCRIPTION in names or not place.startswith(f"{EPISODES}/"))


def _is_as_before(folder: Path, before: Mapping[str, Copied]) -> bool:
    """Whether nothing of it was changed here since it was the same as in the store."""
    return all(
        path.name in before and (before[path.name].size, before[path.name].mtime_ns) == _looks(path)
        for path in _files(folder)
        if not path.name.startswith(AUDIO)
    )


def _in_order(names: Iterable[str]) -> list[str]:
    """The description last."""
    return sorted(names, key=lambda name: (name == DESCRIPTION, name))


def _files(folder: Path) -> list[Path]:
    """The files of a place that belong into the store."""
    return [path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")]


def _away(folder: Path) -> list[str]:
    """The name of the audio that is away."""
    try:
        return [(folder / AUDIO_AWAY).read_text()]
    except FileNotFoundError:
        return []


def _looks(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _copied(path: Path, stamp: Stamp) -> Copied:
    return Copied(stamp.value, *_looks(path))

"""What batches have done to a library: a line of JSON for every outcome, in `batch/ledger.jsonl` of its root.

A line is on the disk before the next outcome is looked at. The last line for a key is what holds. A line that
a power cut has torn is dropped. The library itself has the episodes; the ledger spares looking for them by
content, and knows what has failed.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Literal

from filelock import FileLock, Timeout

from alignment.disk import clearly, settle
from alignment.errors import LibraryError

__all__ = ["Entry", "Ledger", "open_ledger"]


@dataclass(frozen=True, slots=True)
class Entry:
    """How a recording came out.

    key: what the batch knows it by. state: which version of its audio file, "" for an address.
    audio_s, work_s: seconds of sound, and seconds that a worker had it in hand. tries: how often it was
    begun. at: when, as ISO 8601.
    """

    key: str
    title: str
    audio: str
    state: str
    status: Literal["done", "failed"]
    episode: str | None
    message: str
    audio_s: float
    work_s: float
    tries: int
    at: str = ""


class Ledger:
    """The outcomes known so far, and a file that takes more; open for one process at a time."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._entries: dict[str, Entry] = {}
        end = 0
        for line in file:
            if not line.endswith(b"\n"):
                break
            end += len(line)
            if (entry := _read(line)) is not None:
                self._entries[entry.key] = entry
        file.seek(end)
        file.truncate()

    @property
    def entries(self) -> Mapping[str, Entry]:
        """By key, how each recording came out last."""
        return self._entries

    def note(self, entry: Entry) -> None:
        """Keep an outcome; it is on the disk when this returns. Raises OSError."""
        line = json.dumps({**asdict(entry), "at": datetime.now(UTC).isoformat(timespec="seconds")})
        self._file.write(line.encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._entries[entry.key] = entry


@contextmanager
def open_ledger(root: Path) -> Iterator[Ledger]:
    """The ledger of the library with this root, for this process alone. Raises LibraryError.

    One that was killed holds it no longer.
    """
    folder = root / "batch"
    with clearly(root):
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "lock")
        try:
            lock.acquire(blocking=False)
        except Timeout:
            raise LibraryError(
                f"Another batch is under way in the library {root}. Wait for its end, or stop it with Ctrl-C."
            ) from None
        try:
            path = folder / "ledger.jsonl"
            path.touch()
            settle(folder)
            with path.open("rb+") as file:
                yield Ledger(file)
        finally:
            lock.release()


def _read(line: bytes) -> Entry | None:
    try:
        return Entry(**json.loads(line))
    except (ValueError, TypeError):
        return None

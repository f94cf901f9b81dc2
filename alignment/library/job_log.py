"""What happened to a job, line by line, for whoever wants to know why it takes long or failed.

    jobs/<id>/log.jsonl        {"at": "2026-11-26T10:00:00+00:00", "kind": "stage", "text": "Listening"}
    jobs/<id>/log.old.jsonl    what was there before, once that has grown long

Only the newest is kept of a log that grows without end. A line that a kill cut off is passed over, and a disk
too full for a line stops no job.
"""

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

__all__ = ["JobLog", "LogEntry"]

Kind = Literal["state", "stage", "warning", "error"]

_MOST_BYTES = 64 << 10
"""In each of the two files."""

_MOST_CHARACTERS = 8_000
"""Of one entry, its end: there a traceback says what happened."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One thing that happened. kind: a change of state, a stage of the work, a warning, or an error."""

    at: datetime
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class JobLog:
    """The log in a job's folder."""

    folder: Path

    def add(self, kind: Kind, text: str) -> None:
        """Write down that this happened now."""
        entry = {"at": datetime.now(UTC).isoformat(), "kind": kind, "text": text[-_MOST_CHARACTERS:]}
        line = json.dumps(entry, ensure_ascii=False).encode("utf-8", "replace")
        with suppress(OSError):
            if self._path.exists() and self._path.stat().st_size + len(line) > _MOST_BYTES:
                self._path.replace(self._old)
            with self._path.open("ab") as file:
                torn = file.tell() and not self._ends_whole()
                file.write((b"\n" if torn else b"") + line + b"\n")

    def entries(self) -> list[LogEntry]:
        """What is known, the oldest first."""
        found = []
        for path in (self._old, self._path):
            with suppress(OSError):
                for line in path.read_bytes().splitlines():
                    with suppress(ValueError, KeyError, TypeError):
                        value = json.loads(line)
                        at = datetime.fromisoformat(value["at"])
                        found.append(LogEntry(at, value["kind"], str(value["text"])))
        return found

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Write down, too, what this package warns of in this thread meanwhile."""
        logger = logging.getLogger("alignment")
        handler = _Handler(self, threading.get_ident())
        logger.addHandler(handler)
        try:
            yield
        finally:
            logger.removeHandler(handler)

    @property
    def _path(self) -> Path:
        return self.folder / "log.jsonl"

    @property
    def _old(self) -> Path:
        return self.folder / "log.old.jsonl"

    def _ends_whole(self) -> bool:
        with self._path.open("rb") as file:
            file.seek(-1, 2)
            return file.read() == b"\n"


class _Handler(logging.Handler):
    """Passes warnings on to the log of the job that the thread does."""

    def __init__(self, log: JobLog, thread: int) -> None:
        super().__init__(logging.WARNING)
        self._log = log
        self._thread = thread

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self._log.add("warning", self.format(record))

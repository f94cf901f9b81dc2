"""Processes that look at what an address leads to: one for each look, begun before it is needed."""

import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from alignment.library.workshop import Workshop
from alignment.progress import Progress

if TYPE_CHECKING:
    from alignment.sources.playlist import Recordings
    from alignment.sources.rules import FetchRules

__all__ = ["MOST_LISTED", "Desk", "Desks", "Find", "Report", "find_at"]

MOST_LISTED = 2000
"""Recordings of one address that are shown."""

_IDLE_S = 120.0

Report = Callable[[Progress], None]
"""Told how far it is."""
Find = Callable[[str, "FetchRules", Report], "Recordings"]
"""Finds what is at an address; a function that can be imported by name."""


def find_at(address: str, rules: "FetchRules", report: Report) -> "Recordings":
    """What is at the address. Raises FetchError."""
    from alignment.sources.playlist import find_recordings  # with it comes all that fetches

    return find_recordings(address, most=MOST_LISTED, rules=rules, progress=report)


class Desk:
    """A process for one look, with all that it needs loaded. heard: what it tells of its progress."""

    def __init__(self) -> None:
        self.heard, self._told = multiprocessing.Pipe(duplex=False)
        self._workshop = Workshop(partial(_sit_down, self._told))
        self._workshop.executor.submit(_get_ready)

    def look(self, find: Find, address: str, rules: "FetchRules") -> "Future[Recordings]":
        """Begin; BrokenProcessPool comes of it where the process ends before."""
        return self._workshop.executor.submit(_look, find, address, rules)

    def close(self) -> None:
        """End it, whatever it is doing."""
        self._workshop.close(wait=False)
        self._told.close()
        self.heard.close()


class Desks:
    """Hands out desks. One is kept ready for a while, as to start one takes longer than most looks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ready: Desk | None = None
        self._timer: threading.Timer | None = None

    def get_ready(self) -> None:
        """Have one ready for whoever is going to look soon."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            self._ready = self._ready or Desk()
            self._timer = threading.Timer(_IDLE_S, self._put_away)
            self._timer.daemon = True
            self._timer.start()

    def take(self) -> Desk:
        """A desk for the taker alone, who closes it."""
        with self._lock:
            desk, self._ready = self._ready, None
        return desk or Desk()

    def _put_away(self) -> None:
        with self._lock:
            desk, self._ready = self._ready, None
        if desk is not None:
            desk.close()


_told: Connection | None = None
"""In the process that looks: where it tells how far it is."""


def _sit_down(through: Connection) -> None:
    global _told  # noqa: PLW0603 - of a process that does nothing else
    _told = through


def _get_ready() -> None:
    """Load what the first look would wait for: among it the forms of all addresses that yt-dlp knows."""
    import yt_dlp.extractor.generic  # noqa: F401

    from alignment.sources.playlist import is_one_recording

    is_one_recording("https://example.org/")


def _look(find: Find, address: str, rules: "FetchRules") -> "Recordings":
    def report(progress: Progress) -> None:
        assert _told is not None
        _told.send(progress)

    return find(address, rules, report)

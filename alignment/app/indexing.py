"""The index of the server's library, brought up to date while people use it: a little at each look, the rest
in a thread of its own."""

import logging
import threading
import time
from functools import lru_cache

from alignment.errors import AlignmentError, Cancelled
from alignment.library import Library
from alignment.library.index import Index
from alignment.progress import Progress

__all__ = ["Indexing", "indexing"]

_EVERY_S = 1.0

_log = logging.getLogger(__name__)


class Indexing:
    """An index, and the thread that works on it while there is much to do.

    index: what was there at the last look.
    """

    def __init__(self, library: Library) -> None:
        self.index = Index(library)
        self._began = float("-inf")
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()

    def look(self) -> None:
        """See what has changed; what takes longer than a page can wait is begun. Raises LibraryError."""
        if self.index.look():
            self.begin()

    def glance(self) -> None:
        """`look` for whoever cannot wait for that: episodes that have come or gone are seen now, others that
        have changed a moment later. Raises LibraryError."""
        if self.index.has_other_episodes():
            self.look()
        elif time.monotonic() - self._began > _EVERY_S:
            self.begin()

    def begin(self) -> None:
        """Bring the whole index up to date, in a thread of its own."""
        with self._lock:
            if (self._thread is None or not self._thread.is_alive()) and not self._stopping.is_set():
                self._thread = threading.Thread(target=self._run, name="indexing", daemon=True)
                self._thread.start()
                self._began = time.monotonic()

    def stop(self) -> None:
        """Leave the rest for the next start."""
        self._stopping.set()
        with self._lock:
            if self._thread is not None:
                self._thread.join()

    def _run(self) -> None:
        try:
            self.index.update(progress=self._check)
        except Cancelled:
            pass
        except AlignmentError as error:
            _log.warning("The index could not be brought up to date. %s", error)

    def _check(self, event: Progress) -> None:
        if self._stopping.is_set():
            raise Cancelled("The server is stopping.")


@lru_cache(maxsize=4)
def indexing(library: Library) -> Indexing:
    """The one of this library."""
    return Indexing(library)

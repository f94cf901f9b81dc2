"""What a library that is served has done to it now and then, unasked."""

import time
from collections.abc import Callable

from alignment.library.bin import KEPT_FOR
from alignment.library.jobs import Jobs
from alignment.library.store import Library

__all__ = ["Upkeep"]

_EVERY_S = 3600.0


class Upkeep:
    """Forgets old jobs and previews, and empties the bin of what is too old: at first, then every hour.

    clock: seconds that never go back, so that a clock put back or forth neither stops nor hurries it.
    """

    def __init__(self, library: Library, clock: Callable[[], float] = time.monotonic) -> None:
        self._library = library
        self._jobs = Jobs(library.root)
        self._clock = clock
        self._due = clock()

    def if_due(self) -> None:
        """Do it if an hour has gone by. Raises LibraryError."""
        if self._clock() < self._due:
            return
        self._due = self._clock() + _EVERY_S
        self._jobs.forget_old()
        under_way = {job.preview for job in self._jobs.all() if job.preview and not job.status.ended}
        self._library.forget_old_previews(keep=under_way)
        self._library.empty_bin(older_than=KEPT_FOR)

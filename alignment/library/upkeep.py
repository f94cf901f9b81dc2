"""What a library that is served has done to it once a day, unasked."""

import time
from collections.abc import Callable

from alignment.library.bin import KEPT_FOR
from alignment.library.store import Library

__all__ = ["Upkeep"]

_DAY_S = 24 * 3600.0


class Upkeep:
    """Empties the bin of what has been there for 30 days: at first, then daily.

    clock: seconds that never go back, so that a clock put back or forth neither stops nor hurries it.
    """

    def __init__(self, library: Library, clock: Callable[[], float] = time.monotonic) -> None:
        self._library = library
        self._clock = clock
        self._due = clock()

    def if_due(self) -> None:
        """Do it if a day has gone by. Raises LibraryError."""
        if self._clock() < self._due:
            return
        self._due = self._clock() + _DAY_S
        self._library.empty_bin(older_than=KEPT_FOR)

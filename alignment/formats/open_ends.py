"""When lines end whose format gives starts alone, in milliseconds: where the next one starts."""

from bisect import bisect_right
from collections.abc import Iterable

__all__ = ["LAST_MS", "Starts"]

LAST_MS = 4000
"""How long the last line is taken to last where nothing says it."""


class Starts:
    """The starts of lines, of those without text too, which end the line before them."""

    def __init__(self, starts: Iterable[int]) -> None:
        self._starts = sorted(starts)

    def after(self, time: int) -> int | None:
        """The first start later than `time`: lines that start together, as translations do, end together."""
        place = bisect_right(self._starts, time)
        return self._starts[place] if place < len(self._starts) else None

"""Captions that roll up: each cue shows the last lines of the one before it again, and new ones below.

So are YouTube's automatic captions, two lines at a time with a cue of 10 ms between any two that shows the
lower line alone, and captions of broadcasts. Their words would be read two or three times.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Display", "repeated_lines"]

_MOST_LINES = 4
"""Lines that a screen shows at a time."""

_GAP_S = 0.05
"""Cues within this time of each other follow without a break; one that is not longer is a bridge."""


@dataclass(frozen=True, slots=True)
class Display:
    """The lines that a cue shows, and when."""

    start: float
    end: float
    lines: Sequence[str]


def repeated_lines(displays: Sequence[Display]) -> list[int]:
    """How many lines at the head of each cue still stand there from the cue before it.

    0 for all unless the captions roll: two cues at least, and a third of those that are no bridges, repeat
    lines and add others. In other captions a line that comes again is said again.
    """
    repeated = [0] * len(displays)
    for place, (before, display) in enumerate(pairwise(displays), 1):
        if abs(display.start - before.end) <= _GAP_S:
            repeated[place] = _overlap(before.lines, display.lines)
    adding = sum(0 < count < len(display.lines) for count, display in zip(repeated, displays, strict=True))
    lasting = sum(display.end - display.start > _GAP_S for display in displays)
    return repeated if adding > 1 and 3 * adding >= lasting else [0] * len(displays)


def _overlap(before: Sequence[str], lines: Sequence[str]) -> int:
    """The most lines with which the one ends and the other begins."""
    longest = min(_MOST_LINES, len(before), len(lines))
    return next((n for n in range(longest, 0, -1) if list(before[-n:]) == list(lines[:n])), 0)

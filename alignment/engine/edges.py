"""The exact edge of a word next to a pause, where its sound starts or ends.

A hidden Markov model likes to begin "But" in the pause before it and to let a last word ring on: there the
level of the sound says more. Edges between words that run into each other stay where the model put them.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from alignment.audio import LEVELS_PER_SECOND, Span
from alignment.engine.silences import quiet_runs, threshold

__all__ = ["EdgeFinder"]

_FORCED_GAP = 0.03
"""Seconds between two words from which the model itself has put a pause there."""

_PAUSE = 0.12
"""Seconds of quiet that are a pause where the model saw none; the closure of a consonant is shorter."""

_KEEP = 0.15
"""Share of a word that always stays."""

_SLACK = 0.02
"""Seconds by which the model's edge may miss the quiet beside it."""

_GROW_BACK, _GROW_ON = 0.05, 0.15
"""Seconds that a word may grow at its start and at its end: beyond is a breath, or another's sound."""

_CLICK, _CLICK_GAP = 0.045, 0.12
"""A sound this short with a quiet this long between it and the word is not the word's."""


class EdgeFinder:
    """Moves the edges of words to where their sound is, in one recording."""

    def __init__(self, loudness: NDArray[np.float32]) -> None:
        """loudness: see `Audio.loudness`."""
        self._quiet = loudness < threshold(loudness, 0.5)
        self._duration = len(loudness) / LEVELS_PER_SECOND

    def refine(self, said: Sequence[Span | None]) -> list[Span | None]:
        """The words of the recording, in order, with their edges at pauses moved; None stays None."""
        words = [span for span in said if span]
        starts = [word.start for word in words]
        ends = [word.end for word in words]
        beginning, end = Span(0.0, 0.0), Span(self._duration, self._duration)
        for number, (one, other) in enumerate(pairwise((beginning, *words, end))):
            if other.start - one.end >= _FORCED_GAP or self._quiet_around(one.end) >= _PAUSE:
                if number > 0:
                    ends[number - 1] = self._offset(one, other.start)
                if number < len(words):
                    starts[number] = self._onset(other, one.end)
        refined = iter([Span(a, max(a, b)) for a, b in zip(starts, ends, strict=True)])
        return [next(refined) if span else None for span in said]

    def _onset(self, word: Span, earliest: float) -> float:
        """Where the word's sound begins, not before `earliest`."""
        latest = word.end - _KEEP * word.length
        runs = self._runs(max(earliest, word.start - _GROW_BACK), latest)
        start = word.start
        for number, run in enumerate(runs):
            in_pause = number == 0 and run.start <= word.start + _SLACK
            after_click = run.start - start <= _CLICK and run.length >= _CLICK_GAP
            if not (in_pause or after_click):
                break
            start = run.end
        return min(start, latest)

    def _offset(self, word: Span, latest: float) -> float:
        """Where the word's sound ends, not after `latest`."""
        earliest = word.start + _KEEP * word.length
        runs = self._runs(earliest, min(latest, word.end + _GROW_ON))[::-1]
        end = word.end
        for number, run in enumerate(runs):
            in_pause = number == 0 and run.end >= word.end - _SLACK
            before_click = end - run.end <= _CLICK and run.length >= _CLICK_GAP
            if not (in_pause or before_click):
                break
            end = run.start
        return max(end, earliest)

    def _runs(self, start: float, end: float) -> list[Span]:
        """Quiet stretches from start to end, in order."""
        first = max(0, round(start * LEVELS_PER_SECOND))
        last = max(first, round(end * LEVELS_PER_SECOND))
        return quiet_runs(self._quiet[first:last], 0.0, first / LEVELS_PER_SECOND)

    def _quiet_around(self, moment: float) -> float:
        """Length of the quiet stretch that holds the moment, 0 in the midst of sound."""
        around = self._runs(moment - 1, moment + 1)
        return next((run.length for run in around if run.start - _SLACK <= moment <= run.end + _SLACK), 0.0)

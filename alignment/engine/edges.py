"""The exact edge of a word next to a pause, where its sound starts or ends.

A hidden Markov model likes to begin "But" in the pause before it and to let a last word ring on: there the
level of the sound says more. Edges between words that run into each other stay where the model put them.

Where nobody speaks for a while no word goes on, however loud it is: there is music, or another noise.

In a long pause people breathe and rooms ring, so only what is well above the background is taken for the
word's. In a short one they do not, and a faint n or h is.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from alignment.audio import LEVELS_PER_SECOND, Span
from alignment.engine.silences import quiet_runs, threshold
from alignment.engine.windows import Speech

__all__ = ["EdgeFinder"]

_FORCED_GAP = 0.03
"""Seconds between two words from which the model itself has put a pause there."""

_PAUSE = 0.1
"""Seconds at the level of the background that are a pause where the model saw none; the closure of a
consonant is shorter or louder."""

_SHORT_PAUSE = 0.25
"""Seconds of a pause in which nobody breathes."""

_FAINT, _CLEAR = (0.35, 21.0), (0.5, 17.0)
"""From which level on a sound is a word's, beside a short and beside a long pause: share of the way from the
background to the speech, and dB below the speech (see `silences.threshold`)."""

_KEEP, _KEEP_SECONDS = 0.15, 0.05
"""Share of a word that always stays, up to so many seconds."""

_SLACK = 0.02
"""Seconds by which the model's edge may miss the quiet beside it."""

_GROW_BACK, _GROW_ON = 0.05, 0.15
"""Seconds that a word may grow at its start and at its end: beyond is a breath, or another's sound."""

_CLICK, _CLICK_GAP = 0.045, 0.12
"""A sound this short with a quiet this long between it and the word is not the word's: a click, or the last
of the word before, which the model has put on the wrong side of the pause."""

_VOICELESS, _VOICELESS_SECONDS, _NEXT_VOICE = 0.1, 0.5, 0.1
"""How likely somebody speaks at most where nobody does, for how long at least, and the last seconds of that
in which a soft sound may already be the next word's."""


class EdgeFinder:
    """Moves the edges of words to where their sound is, in one recording."""

    def __init__(self, loudness: NDArray[np.float32], speech: Speech) -> None:
        """loudness: see `Audio.loudness`."""
        self._background = loudness < threshold(loudness, *_FAINT)
        self._unclear = loudness < threshold(loudness, *_CLEAR)
        self._voiceless = quiet_runs(speech.at_levels(len(loudness)) < _VOICELESS, _VOICELESS_SECONDS)
        self._duration = len(loudness) / LEVELS_PER_SECOND

    def refine(self, said: Sequence[Span | None]) -> list[Span | None]:
        """The words of the recording, in order, with their edges at pauses moved; None stays None."""
        words = [span for span in said if span]
        nobody = self._nobody_speaks(words)
        background, unclear = self._background | nobody, self._unclear | nobody
        starts = [word.start for word in words]
        ends = [word.end for word in words]
        beginning, end = Span(0.0, 0.0), Span(self._duration, self._duration)
        for number, (one, other) in enumerate(pairwise((beginning, *words, end))):
            gap, pause = other.start - one.end, _pause_near(background, one.end)
            if gap < _FORCED_GAP and pause < _PAUSE:
                continue
            quiet = background if max(gap, pause) < _SHORT_PAUSE else unclear
            onset = other.start
            if number < len(words):
                onset = starts[number] = _onset(quiet, other, one.end)
            if number > 0:
                ends[number - 1] = _offset(quiet, one, max(onset, other.start))
        refined = iter([Span(a, max(a, b)) for a, b in zip(starts, ends, strict=True)])
        return [next(refined) if span else None for span in said]

    def _nobody_speaks(self, words: Sequence[Span]) -> NDArray[np.bool_]:
        """Where no voice was found for a while, and no word either: a faint one may have been missed."""
        nobody = np.zeros(len(self._background), np.bool_)
        starts, ends = [word.start for word in words], [word.end for word in words]
        for run in self._voiceless:
            first, last = bisect_left(starts, run.start), bisect_right(ends, run.end)
            if first >= last:
                end = run.end - _NEXT_VOICE
                nobody[round(run.start * LEVELS_PER_SECOND) : round(end * LEVELS_PER_SECOND)] = True
        return nobody


def _pause_near(quiet: NDArray[np.bool_], moment: float) -> float:
    """Length of the longest pause that holds the moment or begins soon after it, 0 for none."""
    around = _runs(quiet, moment - 1, moment + 1)
    near = [run.length for run in around if run.start - _CLICK <= moment <= run.end + _SLACK]
    return max(near, default=0.0)


def _onset(quiet: NDArray[np.bool_], word: Span, earliest: float) -> float:
    """Where the word's sound begins, not before `earliest`."""
    latest = word.end - _least(word)
    start = word.start
    for number, run in enumerate(_runs(quiet, max(earliest, word.start - _GROW_BACK), latest)):
        in_pause = number == 0 and run.start <= word.start + _SLACK
        after_click = run.start - start <= _CLICK and run.length >= _CLICK_GAP
        if not (in_pause or after_click):
            break
        start = run.end
    return min(start, latest)


def _offset(quiet: NDArray[np.bool_], word: Span, latest: float) -> float:
    """Where the word's sound ends, not after `latest`."""
    earliest = word.start + _least(word)
    end = word.end
    for number, run in enumerate(_runs(quiet, earliest, min(latest, word.end + _GROW_ON))[::-1]):
        in_pause = number == 0 and run.end >= word.end - _SLACK
        before_click = end - run.end <= _CLICK and run.length >= _CLICK_GAP
        if not (in_pause or before_click):
            break
        end = run.start
    return max(end, earliest)


def _least(word: Span) -> float:
    """Seconds of the word that stay."""
    return min(_KEEP * word.length, _KEEP_SECONDS)


def _runs(quiet: NDArray[np.bool_], start: float, end: float) -> list[Span]:
    """Quiet stretches from start to end, in order."""
    first = max(0, round(start * LEVELS_PER_SECOND))
    last = max(first, round(end * LEVELS_PER_SECOND))
    return quiet_runs(quiet[first:last], 0.0, first / LEVELS_PER_SECOND)

"""Whether the text is what is said where nobody listened: the sound itself has to bear it out.

Where the text has words that are not said, the acoustic model finds no way through, or a poor one; where it
lacks words, their voice is left over in a pause.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from alignment.audio import LEVELS_PER_SECOND, Span
from alignment.engine.forcing import ForcedWord, Found
from alignment.engine.silences import threshold
from alignment.engine.windows import Speech

__all__ = ["UNFIT", "Proof", "score_around"]

_AROUND = 0.75
"""Seconds on each side of a moment whose words are judged together."""

_POOR = 2.6
"""How many times as bad as usual the score around a moment may be. Where the text is what is said it stays
below 2.3 as a rule; five words too many or too few bring it to 3 and more."""

UNFIT = -5.5
"""Score of words, by time, below which they are not what is said (see `ForcedWord.score`). Clean English that
is has -1.4 to -2.7, in noise at 5 dB -3.4; texts in twelve other languages -3.6 to -5.0; what is something
else, or in another order, has -6.0 to -8.6, or no way leads through."""

_SHORTEST_PAUSE = 0.25
_MARGIN = 0.08
"""Seconds at each end of a pause that may still sound of the words beside it."""

_LEFT_OVER = 0.3
"""Seconds of voice in a pause from which words are missing there."""

_REACH = 2.0
"""Seconds around a doubtful moment that are to be listened to: words go astray before and after it."""


class Proof:
    """Judges forced stretches of one recording."""

    def __init__(self, loudness: NDArray[np.float32], speech: Speech) -> None:
        """loudness: see `Audio.loudness`."""
        self._voiced = (speech.at_levels(len(loudness)) > 0.5) & (loudness >= threshold(loudness, 0.5))

    def doubtful(self, stretches: Sequence[tuple[Span, Found]]) -> list[Span]:
        """Where what was found in the stretches is not borne out; all of one where nothing was found."""
        found = [(span, [word for word in words or () if word]) for span, words in stretches]
        scores = [score_around(said) for _, said in found]
        usual = float(np.median(np.concatenate(scores))) if any(map(len, scores)) else 0.0
        return [
            doubt
            for (span, said), score in zip(found, scores, strict=True)
            for doubt in self._doubtful(span, said, score, usual)
        ]

    def _doubtful(
        self, span: Span, said: Sequence[ForcedWord], score: NDArray[np.float64], usual: float
    ) -> list[Span]:
        """usual: score of the whole recording; a stretch that is better than that is held to its own."""
        if not said or np.median(score) < UNFIT:
            return [span]
        poor = score < _POOR * max(usual, float(np.median(score)))
        moments = [(word.start + word.end) / 2 for word, is_poor in zip(said, poor, strict=True) if is_poor]
        moments += self._left_over(span, said)
        return [Span(span.start + at - _REACH, span.start + at + _REACH) for at in moments]

    def _left_over(self, span: Span, said: Sequence[ForcedWord]) -> Iterator[float]:
        """Moments, in seconds from the span's start, of voice that belongs to no word."""
        ends = [0.0, *(word.end for word in said)]
        starts = [*(word.start for word in said), span.length]
        for end, start in zip(ends, starts, strict=True):
            if start - end > _SHORTEST_PAUSE:
                first = round((span.start + end + _MARGIN) * LEVELS_PER_SECOND)
                last = round((span.start + start - _MARGIN) * LEVELS_PER_SECOND)
                voiced = np.flatnonzero(self._voiced[first:last]) / LEVELS_PER_SECOND
                if len(voiced) > _LEFT_OVER * LEVELS_PER_SECOND:
                    yield from np.arange(end + voiced[0], end + voiced[-1] + _REACH, _REACH).tolist()


def score_around(said: Sequence[ForcedWord]) -> NDArray[np.float64]:
    """How well the words around each word fit the sound: their mean score by time, shape (n,).

    said: in the order of their middles.
    """
    if not said:
        return np.empty(0)
    start, end, score = np.array([(word.start, word.end, word.score) for word in said]).T
    length, middle = np.maximum(end - start, 0.01), (start + end) / 2
    total = np.concatenate(([0.0], np.cumsum(score * length)))
    time = np.concatenate(([0.0], np.cumsum(length)))
    first, last = np.searchsorted(middle, middle - _AROUND), np.searchsorted(middle, middle + _AROUND)
    return np.asarray((total[last] - total[first]) / (time[last] - time[first]))

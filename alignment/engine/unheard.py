"""Speech that the recogniser passed over: Whisper may stop at a pause in the midst of a window.

It then writes nothing of a title, a preamble or a new speaker after the pause. What is left is listened to
by itself.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from alignment.audio import Span
from alignment.engine.anchors import HeardWord
from alignment.engine.windows import Speech

__all__ = ["hear_out"]

_SHORTEST_GAP = 1.6
"""Seconds without a word in which something may have been passed over."""

_FEWEST_VOICED = 1.0
"""Seconds of voice in it from which something was."""

_VOICED = 0.5
_LONGEST_WORD = 1.0
"""Seconds that a heard word may last: the last one before a gap is drawn out over it."""

_MARGIN = 0.3
"""Seconds that are listened to before and after the voice."""

Hear = Callable[[Sequence[Span]], Mapping[Span, list[HeardWord]]]


def hear_out(windows: Sequence[Span], hear: Hear, speech: Speech) -> dict[Span, list[HeardWord]]:
    """The words of each window in order, those too that a first hearing passes over.

    hear: gives the words of each of some stretches of the audio.
    """
    heard = dict(hear(windows))
    gaps = {window: list(_passed_over(window, heard[window], speech)) for window in windows}
    smaller = [gap for found in gaps.values() for gap in found if gap not in gaps]
    if smaller:
        again = hear_out(smaller, hear, speech)
        for window, found in gaps.items():
            words = heard[window] + [word for gap in found for word in again.get(gap, ())]
            heard[window] = sorted(words, key=lambda word: word.start)
    return heard


def _passed_over(window: Span, words: Sequence[HeardWord], speech: Speech) -> Iterator[Span]:
    """Stretches of the window with voice and no word."""
    ends = [window.start, *(min(word.end, word.start + _LONGEST_WORD) for word in words)]
    starts = [*(word.start for word in words), window.end]
    for end, start in zip(ends, starts, strict=True):
        if start - end < _SHORTEST_GAP:
            continue
        first = round(end / speech.step)
        voiced = np.flatnonzero(speech.probability[first : round(start / speech.step)] > _VOICED)
        if len(voiced) * speech.step >= _FEWEST_VOICED:
            yield Span(
                max(end, (first + int(voiced[0])) * speech.step - _MARGIN),
                min(start, (first + int(voiced[-1]) + 1) * speech.step + _MARGIN),
            )

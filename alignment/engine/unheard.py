"""Speech that the recogniser passed over: Whisper may stop at a pause in the midst of a window.

It then writes nothing of a title, a preamble or a new speaker after the pause. What is left is listened to
by itself.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from alignment.audio import Span
from alignment.engine.anchors import HeardWord
from alignment.engine.invented import without_invented
from alignment.engine.windows import Speech

__all__ = ["hear_out"]

_SHORTEST_GAP = 1.6
"""Seconds without a word in which something may have been passed over."""

_FEWEST_VOICED = 1.0
"""Seconds of voice in it from which something was."""

_VOICED = 0.5
_LONGEST_WORD = 1.0
"""Seconds that a heard word may last: one beside a gap is drawn out over it."""

_TOUCHING = 0.1
"""Seconds between two words that belong together."""

_MARGIN = 0.3
"""Seconds that are listened to before and after the voice."""

Hear = Callable[[Sequence[Span]], Mapping[Span, list[HeardWord]]]


def hear_out(windows: Sequence[Span], hear: Hear, speech: Speech) -> dict[Span, list[HeardWord]]:
    """The words of each window in order, those too that a first hearing passes over, none that nobody said.

    hear: gives the words of each of some stretches of the audio.
    """
    heard = {window: without_invented(words) for window, words in hear(windows).items()}
    gaps = {window: list(_passed_over(window, heard[window], speech)) for window in windows}
    smaller = [gap for found in gaps.values() for gap in found if gap not in gaps]
    if smaller:
        again = hear_out(smaller, hear, speech)
        for window, found in gaps.items():
            passed_over = [word for gap in found for word in _drawn_in(again.get(gap, ()))]
            if passed_over:
                words = [*_drawn_in(heard[window]), *passed_over]
                heard[window] = sorted(words, key=lambda word: word.start)
    return heard


def _passed_over(window: Span, words: Sequence[HeardWord], speech: Speech) -> Iterator[Span]:
    """Stretches of the window with voice and no word."""
    said = _drawn_in(words)
    ends = [window.start, *(word.end for word in said)]
    starts = [*(word.start for word in said), window.end]
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


def _drawn_in(words: Sequence[HeardWord]) -> list[HeardWord]:
    """The words, none longer than a word is: where one is drawn out, it is said beside the word it touches.

    That is the one before it; the one after it where there is a gap before it.
    """
    drawn_in: list[HeardWord] = []
    for before, word, after in zip((None, *words), words, (*words[1:], None), strict=False):
        start, end = word.start, min(word.end, word.start + _LONGEST_WORD)
        touches_before = before is not None and word.start - before.end < _TOUCHING
        touches_after = after is not None and after.start - word.end < _TOUCHING
        if touches_after and not touches_before:
            start, end = max(word.start, word.end - _LONGEST_WORD), word.end
        drawn_in.append(replace(word, start=start, end=end))
    return drawn_in

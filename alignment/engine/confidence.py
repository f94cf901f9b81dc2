"""How sure the aligner is of each word and line, from what the stages agree on.

A confidence is the chance, 0 to 1, that a start lies within 200 ms of the truth.
"""

from alignment.audio import Span
from alignment.engine.anchors import HeardWord
from alignment.engine.matching import Slot

__all__ = ["INTERPOLATED", "MISHEARD", "line_confidence", "word_confidence"]

INTERPOLATED = 0.3
"""Of a word that was not found itself, between two that were."""

MISHEARD = 0.6
"""Of a word that was placed where the recogniser heard something else for it."""

_EXACT, _BORNE_OUT, _ALIKE, _UNHEARD = 0.98, 0.95, 0.9, 0.75
_FAR = 0.6
"""Seconds between where a word was forced and where it was heard, from which the two disagree."""


def word_confidence(slot: Slot, heard: HeardWord | None, placed: Span) -> float:
    """Confidence of a word that was found in the audio.

    heard: what the recogniser heard in the slot, if anything. placed: where the word was found.
    """
    if heard is None:
        return _UNHEARD if slot.listened else _BORNE_OUT
    sure = _EXACT if slot.certain else _ALIKE
    distance = max(0.0, heard.start - placed.end, placed.start - heard.end)
    return sure if distance <= _FAR else sure * _FAR / (distance + _FAR)


def line_confidence(words: list[float]) -> float:
    """Confidence of a line from its words', None of which is missing: its first word's, moved by the others.

    A line stands on its first word, but a doubtful first word among sure ones is held by them.
    """
    return round(0.6 * words[0] + 0.4 * sum(words) / len(words), 3)

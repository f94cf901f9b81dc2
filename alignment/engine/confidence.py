"""How sure the aligner is of each word and line.

A confidence is the chance, 0 to 1, that a start lies within 200 ms of the truth: of the lines that say 0.9,
nine in ten do. It is a logistic regression on what the stages found out. Its weights come from the command
`python -m tests.benchmarks.calibration`, which fits them to mutated recordings whose times are known and
measures how well they foretell what becomes of recordings and mutations that they were not fitted to.
"""

from collections.abc import Collection, Sequence
from math import exp, log
from typing import NamedTuple

__all__ = [
    "INTERPOLATED",
    "LINE",
    "WORD",
    "LineEvidence",
    "Logistic",
    "WordEvidence",
    "interpolated_confidence",
    "line_confidence",
    "line_evidence",
    "word_confidence",
]


class WordEvidence(NamedTuple):
    """What speaks against the place of a word; all 0 where nothing does.

    unheard: 1 where the recogniser listened and heard nothing of the word.
    unlistened: 1 where nobody listened.
    unforced: 1 where the word stands where it was heard, for forcing failed.
    misheard: 1 where the word stands where other words were heard.
    apart: seconds by which it starts outside of where it was heard, beyond some slack.
    misfit: by how many times worse than usual the sound fits the words around it.
    out_of_pace: logarithm of how many times too long or too short it is, beyond some slack.
    doubt_near, doubt_wide: share of the words around it that were not surely found.
    """

    unheard: float = 0.0
    unlistened: float = 0.0
    unforced: float = 0.0
    misheard: float = 0.0
    apart: float = 0.0
    misfit: float = 0.0
    out_of_pace: float = 0.0
    doubt_near: float = 0.0
    doubt_wide: float = 0.0


class LineEvidence(NamedTuple):
    """What speaks for and against the start of a line.

    first: log odds of the first of its words that was found.
    late: how many words of the line come before that one, as a share of three.
    missing: share of its words that were not found.
    """

    first: float
    late: float
    missing: float


class Logistic(NamedTuple):
    """A logistic regression. weights: one for each piece of evidence."""

    bias: float
    weights: Sequence[float]

    def chance(self, evidence: Sequence[float]) -> float:
        """0 to 1."""
        odds = self.bias + sum(w * x for w, x in zip(self.weights, evidence, strict=True))
        return 1 / (1 + exp(-odds))


WORD = Logistic(
    5.58,
    WordEvidence(
        unheard=-0.98,
        unlistened=-2.26,
        unforced=-2.0,  # in none of the runs that the others come from; of 1,053 earlier ones 87 % were right
        misheard=-2.49,
        apart=-6.55,
        misfit=-1.95,
        out_of_pace=-2.22,
        doubt_near=-2.48,
        doubt_wide=-1.51,
    ),
)

LINE = Logistic(-0.56, LineEvidence(first=1.01, late=-2.12, missing=-1.86))

INTERPOLATED = 0.66
"""Confidence of a word that was not found itself, as a share of that of the words beside it."""

_MOST_LATE = 3
_SUREST = 0.995


def word_confidence(evidence: WordEvidence) -> float:
    """Confidence of a word that was found in the audio."""
    return WORD.chance(evidence)


def interpolated_confidence(beside: Collection[float]) -> float:
    """Confidence of a word that was not found itself. beside: those of the found words next to it."""
    return INTERPOLATED * min(beside)


def line_confidence(words: Sequence[float | None]) -> float:
    """Confidence of a line from its words'; None for each that was not found, though one at least was."""
    return LINE.chance(line_evidence(words))


def line_evidence(words: Sequence[float | None]) -> LineEvidence:
    """See `line_confidence`."""
    found = [word for word in words if word is not None]
    first = min(max(found[0], 1 - _SUREST), _SUREST)
    return LineEvidence(
        first=log(first / (1 - first)),
        late=min(words.index(found[0]), _MOST_LATE) / _MOST_LATE,
        missing=1 - len(found) / len(words),
    )

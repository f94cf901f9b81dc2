"""An alignment held against the truth of a mutated recording."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alignment.audio import Span
from alignment.transcript import Transcript
from tests.mutations.recording import KnownLine, Recording

__all__ = ["Outcome", "judge"]

_FAR = 2.0
"""Seconds from the truth from which a line is in a wrong place."""

_GRAIN = 100
"""Moments a second at which speech is looked for."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What became of the lines.

    errors: placed minus true start, seconds, of each verbatim line that is said, NaN where it was not placed.
    said: those lines. far: lines that were placed more than 2 s from where they are said.
    unsaid: how many lines are never said; found_unsaid: how many of them were told to be missing.
    flagged: how many of all were; rightly: how many of those are never said, or said out of order.
    reported: share of the unwritten speech that the result tells of, None where there is none. invented:
    seconds that it tells of where written lines are said.
    """

    said: tuple[KnownLine, ...]
    errors: NDArray[np.float64]
    far: tuple[KnownLine, ...]
    unsaid: int
    flagged: int
    rightly: int
    found_unsaid: int
    reported: float | None
    invented: float

    def share_within(self, seconds: float) -> float:
        """Share of the lines that are said which start so near the truth; missing ones are not."""
        return float(np.mean(np.abs(np.nan_to_num(self.errors, nan=np.inf)) <= seconds))

    @property
    def recall(self) -> float:
        """Share of the lines that are never said which were told to be missing."""
        return self.found_unsaid / self.unsaid if self.unsaid else 1.0

    @property
    def precision(self) -> float:
        """Share of the lines told to be missing which are."""
        return self.rightly / self.flagged if self.flagged else 1.0

    def missed(self, seconds: float = 0.2) -> list[tuple[str, float]]:
        """The lines that start farther from the truth, with their errors: for the message of a test."""
        pairs = zip(self.said, self.errors.tolist(), strict=True)
        return [(line.text, round(error, 3)) for line, error in pairs if not abs(error) <= seconds]


def judge(recording: Recording, result: Transcript) -> Outcome:
    """Hold the result against the truth; ValueError where it is of another text."""
    pairs = list(zip(recording.lines, result.segments, strict=True))
    if any(line.text != segment.text for line, segment in pairs):
        raise ValueError("The result is not of this recording's text.")
    placed = [(line, np.nan if segment.start is None else segment.start) for line, segment in pairs]
    known = [(line, at - line.start) for line, at in placed if line.start is not None]
    said = [(line, error) for line, error in known if line.verbatim and line.expected == "said"]
    flagged = [line for line, segment in pairs if segment.status == "not_in_audio"]
    told = [Span(passage.start, passage.end) for passage in result.untranscribed]
    written = [
        Span(ln.start, ln.end) for ln in recording.lines if ln.start is not None and ln.end is not None
    ]
    return Outcome(
        said=tuple(line for line, _ in said),
        errors=np.array([error for _, error in said]),
        far=tuple(line for line, error in known if abs(error) > _FAR),
        unsaid=sum(line.expected == "not_in_audio" for line in recording.lines),
        flagged=len(flagged),
        rightly=sum(line.expected != "said" for line in flagged),
        found_unsaid=sum(line.expected == "not_in_audio" for line in flagged),
        reported=_covered(recording.unwritten, told),
        invented=_overlap(written, told),
    )


def _covered(spans: Sequence[Span], by: Sequence[Span]) -> float | None:
    length = sum(span.length for span in spans)
    return _overlap(spans, by) / length if length else None


def _overlap(one: Sequence[Span], other: Sequence[Span]) -> float:
    """Seconds that belong to both."""
    end = max((span.end for span in (*one, *other)), default=0.0)
    both = _mask(one, end) & _mask(other, end)
    return float(both.sum()) / _GRAIN


def _mask(spans: Sequence[Span], end: float) -> NDArray[np.bool_]:
    mask = np.zeros(round(end * _GRAIN) + 1, np.bool_)
    for span in spans:
        mask[round(span.start * _GRAIN) : round(span.end * _GRAIN)] = True
    return mask

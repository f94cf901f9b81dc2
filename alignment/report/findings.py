"""What a person may want to check: lines in doubt, lines that are not said, speech that is not written."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from alignment.errors import TranscriptError
from alignment.transcript import Segment, Transcript

__all__ = ["DOUBTFUL", "NAMES", "Finding", "Kind", "find"]

DOUBTFUL = 0.8
"""Confidence below which a line or a word is in doubt. A confidence is the chance of a start within 200 ms:
at this bound one start in five is further off: worth a listen, and rare enough to listen to them all."""

Kind = Literal["uncertain", "interpolated", "not_in_audio", "not_in_text"]

NAMES: dict[Kind, str] = {
    "uncertain": "uncertain",
    "interpolated": "estimated",
    "not_in_audio": "not in the audio",
    "not_in_text": "not in the text",
}
"""What the kinds are called before people."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A place to check.

    at, end: seconds, from where to where to listen; both where the line before ends for one that is not said.
    text: of the line, or what was heard.
    segment: the line, None for speech that is not written.
    """

    kind: Kind
    at: float
    end: float
    text: str
    segment: Segment | None = None

    @property
    def confidence(self) -> float | None:
        """Of the line; None for speech that is not written."""
        return self.segment.confidence if self.segment else None


def find(transcript: Transcript) -> list[Finding]:
    """Every place to check, in order of time. Raises TranscriptError where nothing has been aligned yet."""
    if all(segment.status is None for segment in transcript.segments):
        raise TranscriptError(
            "This transcript has not been aligned yet, so there is nothing to report. "
            "Align it with its audio first."
        )
    passages = (Finding("not_in_text", p.start, p.end, p.heard) for p in transcript.untranscribed)
    return sorted([*_lines(transcript), *passages], key=lambda finding: finding.at)


def _lines(transcript: Transcript) -> Iterator[Finding]:
    reached = 0.0
    for segment in transcript.segments:
        if segment.start is None or segment.end is None:
            yield Finding("not_in_audio", reached, reached, segment.text, segment)
            continue
        reached = segment.end
        if segment.status == "interpolated":
            yield Finding("interpolated", segment.start, segment.end, segment.text, segment)
        elif segment.confidence is not None and segment.confidence < DOUBTFUL:
            yield Finding("uncertain", segment.start, segment.end, segment.text, segment)

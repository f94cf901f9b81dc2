"""What the lists of markers for video editors share: the lines with times, as markers in whole frames."""

from collections.abc import Iterator
from dataclasses import dataclass

from alignment.formats.cues import cues, one_block
from alignment.transcript import Transcript

__all__ = ["Marker", "markers"]


@dataclass(frozen=True, slots=True)
class Marker:
    """A line at a place in time. start, length: in frames; text: on one line."""

    start: int
    length: int
    text: str
    speaker: str | None


def markers(transcript: Transcript, rate: int) -> Iterator[Marker]:
    """A marker for every segment with times, at `rate` frames a second.

    No two are on one frame, for an editor keeps but one there: of lines that start together, the later ones
    are some frames late. Raises TranscriptError if no segment has a time.
    """
    latest = -1
    for cue in cues(transcript):
        latest = max(latest + 1, round(cue.start_ms * rate / 1000))
        length = max(1, round(cue.end_ms * rate / 1000) - latest)
        speaker = " ".join((cue.segment.speaker or "").split()) or None
        yield Marker(latest, length, " ".join(one_block(cue.segment.text).split("\n")), speaker)

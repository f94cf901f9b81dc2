"""What SRT and WebVTT share: timing lines (`00:01.500 --> 00:04.000`) and cues in whole milliseconds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from alignment.errors import TranscriptError
from alignment.transcript import Segment, Transcript

__all__ = ["Cue", "cues", "milliseconds", "one_block", "seconds", "timestamp", "timing"]

_TIME = r"(?:(\d{1,6}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,9}))?"
_TIMING = re.compile(rf"\s*{_TIME}\s*-+>\s*{_TIME}(?:\s.*)?")


@dataclass(frozen=True, slots=True)
class Cue:
    """A segment that has times, and when it is shown: start_ms < end_ms <= the next cue's start_ms."""

    segment: Segment
    start_ms: int
    end_ms: int


def cues(transcript: Transcript) -> list[Cue]:
    """The segments that have times, as cues; subtitles cannot show the others.

    A cue ends where the next one starts, at the latest. Each lasts 1 ms at the least, so that of segments
    with one and the same start the later ones start a few milliseconds late. Raises TranscriptError if no
    segment has a time.
    """
    timed = [segment for segment in transcript.segments if segment.start is not None]
    if not timed:
        raise TranscriptError(
            "No line of this transcript has a time yet, and subtitles are nothing without. "
            "Align it with its audio first, or write it as plain text."
        )
    starts: list[int] = []
    for segment in timed:
        starts.append(max(milliseconds(segment.start), starts[-1] + 1 if starts else 0))
    ends = [milliseconds(segment.end) for segment in timed]
    limits = [*starts[1:], max(ends[-1], starts[-1] + 1)]
    return [
        Cue(segment, start, max(start + 1, min(end, limit)))
        for segment, start, end, limit in zip(timed, starts, ends, limits, strict=True)
    ]


def milliseconds(time: float | None) -> int:
    """Seconds as whole milliseconds."""
    return round((time or 0.0) * 1000)


def timestamp(time_ms: int, point: str) -> str:
    """`HH:MM:SS.mmm` with `point` before the milliseconds; hours have more digits where they need them."""
    seconds_, rest = divmod(time_ms, 1000)
    minutes, seconds_ = divmod(seconds_, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds_:02}{point}{rest:03}"


def timing(line: str) -> tuple[float, float] | None:
    """Start and end in seconds, if the line is a timing line; an end before the start becomes the start."""
    found = _TIMING.fullmatch(line)
    if not found:
        return None
    start, end = _seconds(found.groups()[:4]), _seconds(found.groups()[4:])
    return start, max(start, end)


def seconds(time: str) -> float | None:
    """A time such as `1:02:03.500`, `02:03,5` or `02:03` in seconds; None if it is none."""
    found = re.fullmatch(_TIME, time.strip())
    return _seconds(found.groups()) if found else None


def one_block(text: str) -> str:
    """The lines of `text` without white space around them and without blank lines, which would end a cue."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, whole, fraction = parts
    time_ms = (int(hours or 0) * 60 + int(minutes or 0)) * 60_000 + int(whole or 0) * 1000
    return (time_ms + int((fraction or "0")[:3].ljust(3, "0"))) / 1000

"""Where a shared link leads: a time, perhaps the end of a clip, and what is said there.

The server's side of the player's sharing.js: `t`, `end` and `h` mean the same here.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from alignment.clock import parse_time
from alignment.transcript import Segment, Transcript
from alignment.words import is_blank, separator

__all__ = ["Place", "find_place", "short_hash"]

_EARLY_S = 0.004
"""A line is there this much before its time, as in the player."""
_NEAR_S = 3.0
"""Where nobody speaks, the line that has just ended or that comes next is meant, if it is this near."""
_MOST_LETTERS = 600
"""Of a quotation: a clip may be as long as its episode."""
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Place:
    """start, end: seconds; `end` makes it a clip. hash: what the link carries of its line's text.

    quotation: what is said there, "" where nobody speaks. speaker: of all of it, "" where that is not known.
    """

    start: float
    end: float | None = None
    hash: str | None = None
    quotation: str = ""
    speaker: str = ""

    def query(self) -> str:
        """As the query of an address: `t=754.25&end=760&h=1x2y3z`."""
        values = {"t": _number(self.start)}
        if self.end is not None:
            values["end"] = _number(self.end)
        if self.hash is not None:
            values["h"] = self.hash
        return urlencode(values)


def find_place(query: Mapping[str, str], transcript: Transcript) -> Place | None:
    """The place that a link's query names; None where it names no time within the recording.

    An `end` that is none, or not after `t`, makes no clip. Where the line at `t` has another hash than `h`,
    the nearest line with that hash is meant: the episode has been aligned anew.
    """
    asked = parse_time(query.get("t", ""))
    if asked is None or (transcript.duration is not None and asked > transcript.duration):
        return None
    timed = [segment for segment in transcript.segments if segment.start is not None]
    hash = _hash(query.get("h", ""))
    start = asked if hash is None else _start_of(hash, asked, timed)
    until = parse_time(query.get("end", ""))
    end = None if until is None or until <= asked else until + start - asked
    said = _said(timed, start, end)
    speakers = {segment.speaker for segment in said}
    speaker = speakers.pop() if len(speakers) == 1 else None
    return Place(start, end, hash, _joined(said), " ".join((speaker or "").split()))


def short_hash(text: str) -> str:
    """A few letters that tell a line's text from another's: `shortHash` in sharing.js, FNV-1a."""
    value = 0x811C9DC5
    for character in unicodedata.normalize("NFKC", text).lower():
        if unicodedata.category(character)[0] in "LN":
            value = (value ^ ord(character)) * 0x01000193 & 0xFFFFFFFF
    digits = ""
    while value or not digits:
        value, digit = divmod(value, 36)
        digits = _DIGITS[digit] + digits
    return digits


def _hash(text: str) -> str | None:
    return text if 1 <= len(text) <= 7 and set(text) <= set(_DIGITS) else None


def _number(seconds: float) -> str:
    return f"{seconds:.3f}".rstrip("0").rstrip(".")


def _start_of(hash: str, asked: float, timed: Sequence[Segment]) -> float:
    """The time asked for where its line has that hash, else the start of the nearest line that has."""
    there = _line_at(timed, asked)
    if there >= 0 and short_hash(timed[there].text) == hash:
        return asked
    starts = [segment.start or 0.0 for segment in timed if short_hash(segment.text) == hash]
    return min(starts, key=lambda start: abs(start - asked), default=asked)


def _line_at(timed: Sequence[Segment], seconds: float) -> int:
    """The number of the line that is said then, or of the last one before; -1 before the first."""
    return bisect_right(timed, seconds + _EARLY_S, key=lambda segment: segment.start or 0.0) - 1


def _said(timed: Sequence[Segment], start: float, end: float | None) -> list[Segment]:
    """The line at `start`, with those that follow before `end`."""
    first = _line_at(timed, start)
    if first < 0 or (timed[first].end or 0.0) + _NEAR_S < start:
        first += 1
        if first >= len(timed) or (timed[first].start or 0.0) > max(start + _NEAR_S, end or 0.0):
            return []
    until = first + 1 if end is None else max(first + 1, _line_at(timed, end - 2 * _EARLY_S) + 1)
    return list(timed[first:until])


def _joined(said: Sequence[Segment]) -> str:
    joined = ""
    for segment in said:
        text = " ".join(segment.text.split())
        if is_blank(text):
            continue
        joined += (separator(joined[-8:], text[:8]) if joined else "") + text
        if len(joined) > _MOST_LETTERS:
            return joined[:_MOST_LETTERS].rstrip() + "…"
    return joined

"""When the elements of a TTML document are shown (https://www.w3.org/TR/ttml2/#timing).

Times of an element count from the start of the one around it, or, where that has `timeContainer="seq"`,
from the end of the one before. Some programs, among them those that make Apple's lyrics, count all of them
from the start of the document, which shows in times that would otherwise be out of reach.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from lxml import etree

from alignment.formats.xml_text import local_name

__all__ = ["DRAFTS", "Clock", "Interval", "attribute", "clock_of", "intervals"]

_CLOCK = re.compile(
    r"(?:(?P<hours>\d{1,6}):)?(?P<minutes>\d{1,4}):(?P<seconds>\d{1,2})"
    r"(?:[.,](?P<fraction>\d{1,20})|[:;](?P<frames>\d{1,6})(?:\.\d{1,6})?)?"
)
_OFFSET = re.compile(r"(\d{1,20}(?:[.,]\d{1,20})?)\s*(h|ms|m|s|f|t)?")
_DIGITS = 6
"""To microseconds, so that the sum of 1.1 and 0.2 is 1.3."""
_APPLE = "apple.com/lyric"


DRAFTS = tuple(
    f"http://www.w3.org/{draft}" for draft in ("ns/ttml", "2006/10/ttaf1", "2006/04/ttaf1", "2004/11/ttaf1")
)
"""The namespaces of the standard and of its drafts; those of attributes end in "#" and a kind."""


def attribute(element: etree._Element, name: str, *kinds: str) -> str | None:
    """The attribute of that name, in the namespace of one of these kinds, whichever draft it is of."""
    for key in _keys(name, kinds):
        if value := element.get(key):
            return value
    return None


@cache
def _keys(name: str, kinds: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{{{draft}#{kind}}}{name}" for draft in DRAFTS for kind in kinds)


@dataclass(frozen=True, slots=True)
class Clock:
    """How a document counts time.

    frame_rate: frames that a second is counted by. frames_a_second: those that one lasts, such as 29.97.
    ticks_a_second: of the unit `t`. counts_frames: whether `HH:MM:SS:FF` is the number of a frame (SMPTE time
    code) and not a time. dropped: how many numbers each minute leaves out, except every tenth.
    """

    frame_rate: float = 30.0
    frames_a_second: float = 30.0
    ticks_a_second: float = 1.0
    counts_frames: bool = False
    dropped: int = 0

    def seconds(self, time: str | None) -> float | None:
        """A time expression in seconds; None if there is none, or none that can be understood."""
        if not time:
            return None
        given = time.strip()
        if clock := _CLOCK.fullmatch(given):
            minutes = int(clock["hours"] or 0) * 60 + int(clock["minutes"])
            whole = minutes * 60 + int(clock["seconds"])
            if clock["frames"] is None:
                return whole + float(f"0.{clock['fraction'] or 0}")
            frames = int(clock["frames"])
            if not self.counts_frames:
                return whole + frames / self.frames_a_second
            skipped = self.dropped * (minutes - minutes // 10)
            return (whole * self.frame_rate - skipped + frames) / self.frames_a_second
        if offset := _OFFSET.fullmatch(given):
            return float(offset[1].replace(",", ".")) * self._unit(offset[2])
        return None

    def _unit(self, name: str | None) -> float:
        if name == "f":
            return 1 / self.frames_a_second
        if name == "t":
            return 1 / self.ticks_a_second
        return {"h": 3600.0, "m": 60.0, "ms": 0.001}.get(name or "s", 1.0)


def clock_of(root: etree._Element) -> Clock:
    """The clock that the parameters of the root element set."""
    rate = _positive(_parameter(root, "frameRate"))
    numerator, denominator = _ratio(_parameter(root, "frameRateMultiplier") or "")
    frames = (rate or 30.0) * numerator / denominator
    ticks = frames * (_positive(_parameter(root, "subFrameRate")) or 1.0) if rate else 1.0
    return Clock(
        frame_rate=rate or 30.0,
        frames_a_second=frames,
        ticks_a_second=_positive(_parameter(root, "tickRate")) or ticks,
        counts_frames=_parameter(root, "timeBase") == "smpte",
        dropped={"dropNTSC": 2, "dropPAL": 4}.get(_parameter(root, "dropMode") or "", 0),
    )


@dataclass(frozen=True, slots=True)
class Interval:
    """When an element is shown, in seconds.

    end: None where the document leaves it open.
    own: whether the element has times itself; otherwise they are of what is around it.
    """

    start: float
    end: float | None
    own: bool


def intervals(root: etree._Element) -> Mapping[etree._Element, Interval]:
    """When each element is shown; those that nothing gives a time are left out."""
    clock = clock_of(root)
    times = {element: given for element in root.iter("*") if (given := _times(element, clock)) is not _NONE}
    placed: dict[etree._Element, Interval] = {}
    if times:
        _Placing(times, _is_nested(root, times), placed).place(root, 0.0, None, None)
    return placed


class _Times(NamedTuple):
    """The attributes of an element. unclear: whether there is a `begin` that cannot be understood."""

    begin: float | None = None
    end: float | None = None
    duration: float | None = None
    unclear: bool = False


_NONE = _Times()


def _times(element: etree._Element, clock: Clock) -> _Times:
    begin, end, duration = element.get("begin"), element.get("end"), element.get("dur")
    if not (begin or end or duration):
        return _NONE
    start = clock.seconds(begin)
    return _Times(start, clock.seconds(end), clock.seconds(duration), unclear=bool(begin) and start is None)


@dataclass(frozen=True, slots=True)
class _Placing:
    times: Mapping[etree._Element, _Times]
    nested: bool
    placed: dict[etree._Element, Interval]

    def place(
        self, element: etree._Element, reference: float, limit: float | None, around: Interval | None
    ) -> float | None:
        """Place the element with all that is in it, and tell when it ends, as far as that is known.

        reference: what its times count from. around: the next outer element with times, body not counted, as
        that has the times of the whole.
        """
        times = self.times.get(element, _NONE)
        base = reference if self.nested else 0.0
        start = reference if times.begin is None else base + times.begin
        until = _end(times, base, start, limit)
        mine = around
        if times is not _NONE and local_name(element) not in ("tt", "body"):
            mine = None if times.unclear else Interval(round(start, _DIGITS), None, own=True)
        inside = self._place_children(element, start, limit if until is None else until, mine)
        until = inside if until is None else until
        if mine is around and around is not None:
            self.placed[element] = around
        elif mine is not None:
            end = None if until is None else round(until, _DIGITS)
            self.placed[element] = Interval(mine.start, end, own=True)
        return until

    def _place_children(
        self, element: etree._Element, reference: float, limit: float | None, around: Interval | None
    ) -> float | None:
        """Place what is in the element; the end of the last of it, as far as that is known."""
        in_turn = element.get("timeContainer") == "seq"
        inherited = around
        if around is not None and around.own:
            inherited = Interval(around.start, None if limit is None else round(limit, _DIGITS), own=False)
        latest = None
        for child in element.iterchildren("*"):
            end = self.place(child, reference, limit, inherited)
            if end is not None:
                latest = end if latest is None else max(latest, end)
                reference = end if in_turn else reference
        return latest


def _end(times: _Times, base: float, start: float, limit: float | None) -> float | None:
    ends = [] if times.end is None else [base + times.end]
    if times.duration is not None:
        ends.append(start + times.duration)
    if ends and limit is not None and limit > start:
        ends.append(limit)
    return min(ends, default=None)


def _is_nested(root: etree._Element, times: Mapping[etree._Element, _Times]) -> bool:
    """Whether times count from the start of the element around, by what is within reach more often."""
    if any(_APPLE in uri for uri in root.nsmap.values()):
        return False
    balance = 0
    waiting: list[tuple[etree._Element, tuple[float, float] | None]] = [(root, None)]
    while waiting:
        element, around = waiting.pop()
        if element.get("timeContainer") == "seq":
            return True
        begin, end, duration, _ = times.get(element, _NONE)
        if begin is not None and around is not None:
            first, last = around
            balance += (begin < last - first) - (first <= begin < last)
        if begin is not None and (end is not None or duration is not None):
            around = (begin, end if end is not None else begin + (duration or 0.0))
        waiting += [(child, around) for child in element.iterchildren("*")]
    return balance >= 0


def _parameter(root: etree._Element, name: str) -> str | None:
    return attribute(root, name, "parameter") or root.get(name)


def _ratio(multiplier: str) -> tuple[float, float]:
    parts = [_positive(part) for part in re.split(r"[\s:]+", multiplier.strip(), maxsplit=1)]
    if len(parts) != 2 or parts[0] is None or parts[1] is None:
        return 1.0, 1.0
    return parts[0], parts[1]


def _positive(number: str | None) -> float | None:
    found = re.fullmatch(r"\s*(\d{1,12}(?:\.\d{1,12})?)\s*", number or "")
    return float(found[1]) or None if found else None

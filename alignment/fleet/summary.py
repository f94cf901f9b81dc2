"""How far a batch is, counted from its events."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from alignment.fleet.events import Begun, Ended, Event, GivenBack, Planned, PutOff, Trouble
from alignment.fleet.item import BatchItem

__all__ = ["Counts"]

_ENOUGH = 2
"""Recordings that have to be done before anything is said of the rest."""


@dataclass(slots=True)
class Counts:
    """What is known of a batch so far.

    there: done before this run, or by somebody else. new: done in it. failed: in it, or earlier and not tried
    again. audio_s: seconds of sound done in it. running: by key, what is handed out and since when.
    """

    clock: Callable[[], float] = time.monotonic
    total: int = 0
    there: int = 0
    new: int = 0
    failed: int = 0
    put_off: int = 0
    audio_s: float = 0.0
    trouble: str = ""
    running: dict[str, tuple[BatchItem, float]] = field(default_factory=dict)
    began: float = 0.0
    worked: int = 0

    def take(self, event: Event) -> None:
        """Count an event."""
        match event:
            case Planned():
                self.total, self.there, self.failed = event.total, event.there, event.failed
                self.began = self.clock()
            case Begun():
                self.trouble = ""
                self.running[event.key] = (event.item, self.clock())
            case PutOff() | GivenBack():
                self.running.pop(event.key, None)
            case Trouble():
                self.trouble = event.message
            case Ended():
                self.trouble = ""
                self.running.pop(event.entry.key, None)
                self._count(event)

    def _count(self, event: Ended) -> None:
        if event.entry.status == "failed":
            self.failed += 1
            self.worked += 1
        elif event.there:
            self.there += 1
        else:
            self.new += 1
            self.worked += 1
            self.audio_s += event.entry.audio_s

    @property
    def waiting(self) -> int:
        """How many have no outcome, and nobody has them in hand."""
        return self.total - self.there - self.new - self.failed - len(self.running)

    @property
    def elapsed_s(self) -> float:
        """Seconds since it was known what there is to do."""
        return self.clock() - self.began

    @property
    def hours_an_hour(self) -> float | None:
        """Hours of sound done in an hour; None where too little is done to tell."""
        return self.audio_s / self.elapsed_s if self.new >= _ENOUGH and self.elapsed_s else None

    @property
    def eta_s(self) -> float | None:
        """Seconds until the end, if the rest is like what is done; None where too little is done to tell."""
        if self.worked < _ENOUGH:
            return None
        return (self.waiting + len(self.running)) * self.elapsed_s / self.worked

"""A line is said again and again."""

from dataclasses import replace
from functools import partial
from operator import add

from alignment.audio import Span
from tests.mutations.cuts import splice
from tests.mutations.recording import Recording

__all__ = ["repeat_line"]


def repeat_line(recording: Recording, number: int, times: int = 10, pause: float = 0.4) -> Recording:
    """A line is said so many times, and written as often; pause: seconds between two of them."""
    said = recording.said(number)
    silence, sound = recording.room_tone(pause), recording.sound(said)
    longer = recording
    for _ in range(times - 1):
        longer = splice(longer, said.end, sound, before=silence)
    step = said.length + pause
    line = recording.lines[number]
    repeated = [line.retimed(partial(add, n * step)) for n in range(times)]
    lines = (*longer.lines[:number], *repeated, *longer.lines[number + 1 :])
    return replace(longer, lines=lines, unwritten=_beside(longer.unwritten, said, times * step))


def _beside(unwritten: tuple[Span, ...], said: Span, length: float) -> tuple[Span, ...]:
    """The unwritten stretches that are none of the repeats."""
    end = said.start + length
    return tuple(gap for gap in unwritten if gap.end <= said.start or gap.start >= end)

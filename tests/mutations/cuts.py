"""Speech that the text lacks is put into the sound, and stretches are cut out of it."""

from dataclasses import replace

import numpy as np

from alignment.audio import SAMPLE_RATE, Span
from tests.mutations.recording import KnownLine, Recording, Samples

__all__ = ["begin_at_first_word", "cut_lines", "end_after", "insert_speech", "splice"]

_AROUND = 0.6
"""Seconds of quiet before and after speech that is put in."""

_BESIDE = 0.05
"""Seconds that are kept beside the words next to a cut: a voice may be heard before and after its marks."""

_NOTHING: Samples = np.empty(0, np.float32)


def splice(
    recording: Recording, at: float, speech: Samples, before: Samples = _NOTHING, after: Samples = _NOTHING
) -> Recording:
    """Speech that is not written, from the moment `at` on, between two quiet sounds; the rest moves."""
    sample = round(at * SAMPLE_RATE)
    samples = np.concatenate((recording.samples[:sample], before, speech, after, recording.samples[sample:]))
    length = (len(samples) - len(recording.samples)) / SAMPLE_RATE
    later = recording.retimed(samples, lambda moment: moment + length if moment >= at else moment)
    start = (sample + len(before)) / SAMPLE_RATE
    added = [Span(start, start + len(speech) / SAMPLE_RATE)] if len(speech) else []
    return later.with_lines(later.lines, added)


def insert_speech(recording: Recording, before: int, speech: Samples) -> Recording:
    """An advertisement or a preamble: unwritten speech in the pause before a line, or at the end."""
    if before == len(recording.lines):
        at = recording.duration
    elif before == 0:
        at = max(0.0, recording.said(0).start - _AROUND)
    else:
        at = (recording.said(before - 1).end + recording.said(before).start) / 2
    quiet = recording.room_tone(_AROUND)
    return splice(recording, at, speech, quiet, quiet)


def cut_lines(recording: Recording, first: int, end: int) -> Recording:
    """Lines `first` to `end` (exclusive) are written and no longer heard."""
    start = recording.said(first).start - _BESIDE
    last = recording.said(end - 1).end + _BESIDE
    samples = np.concatenate(
        (recording.sound(Span(0, start)), recording.sound(Span(last, recording.duration)))
    )
    shorter = recording.retimed(samples, lambda moment: moment - (last - start) if moment >= last else moment)
    lines = (
        KnownLine.never_said(line.text) if first <= number < end else line
        for number, line in enumerate(shorter.lines)
    )
    return shorter.with_lines(tuple(lines))


def begin_at_first_word(recording: Recording) -> Recording:
    """The sound begins in the moment in which the first line does."""
    start = recording.said(0).start
    samples = recording.samples[round(start * SAMPLE_RATE) :]
    return recording.retimed(samples, lambda moment: moment - start)


def end_after(recording: Recording, end: int) -> Recording:
    """The sound ends before line `end`; the text goes on."""
    samples = recording.sound(Span(0, (recording.said(end - 1).end + recording.said(end).start) / 2))
    unsaid = (KnownLine.never_said(line.text) for line in recording.lines[end:])
    return replace(recording, samples=samples, lines=(*recording.lines[:end], *unsaid))

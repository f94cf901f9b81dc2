"""Long pauses before lines."""

from collections.abc import Iterable

import numpy as np

from tests.mutations.cuts import splice
from tests.mutations.recording import Recording

__all__ = ["with_pauses"]


def with_pauses(recording: Recording, before: Iterable[int], seconds: float = 8.0) -> Recording:
    """So many seconds of room tone more before each of these lines."""
    nothing = np.empty(0, np.float32)
    for number in sorted(before, reverse=True):
        start = recording.said(number).start
        earlier = recording.said(number - 1).end if number else 0.0
        quiet = recording.room_tone(seconds, seed=number)
        recording = splice(recording, (earlier + start) / 2, nothing, before=quiet)
    return recording

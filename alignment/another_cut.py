"""Whether audio is another cut of a recording than the one its page speaks of."""

from alignment.wording import length

__all__ = ["remark_on_length"]

_LEAST_SHARE = 0.02
_LEAST_S = 2.0
"""Seconds by which lengths differ that are rounded or have a jingle more."""


def remark_on_length(stated: float | None, duration: float) -> str | None:
    """What to say where audio lasts otherwise than its source states, both in seconds, by more than 2 %.

    None where it does not, or nothing is stated.
    """
    if stated is None or abs(duration - stated) <= max(_LEAST_SHARE * stated, _LEAST_S):
        return None
    return (
        f"This audio lasts {length(duration)}, and its page says {length(stated)}: is it another cut? "
        "What it lacks will be marked as not in the audio."
    )

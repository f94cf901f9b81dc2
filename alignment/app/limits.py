"""What one person may ask for in a hosted app, said before any work is done for them."""

from collections.abc import Sequence
from dataclasses import dataclass

from alignment.app.settings import Limits
from alignment.errors import LibraryError
from alignment.library import Job
from alignment.wording import in_words

__all__ = ["MOST_WAITING", "Room", "check_limits", "room_for_more"]

MOST_WAITING = 500
"""Recordings that may wait or be made in a personal app, where many are added together.

All of them are looked at again and again. `alignment batch` takes any number."""


@dataclass(frozen=True, slots=True)
class Room:
    """How many more recordings a person may ask for. why: what allows no more, as a part of a sentence."""

    count: int
    why: str


def room_for_more(limits: Limits | None, jobs: Sequence[Job], used: int) -> Room:
    """What `check_limits` leaves for a person, said before any of it is asked for.

    limits: None in a personal app. jobs, used: as there.
    """
    at_work = sum(not job.status.ended for job in jobs)
    if limits is None:
        return Room(max(MOST_WAITING - at_work, 0), f"{MOST_WAITING} may wait at a time")
    at_a_time, today = limits.jobs - at_work, limits.jobs_a_day - used
    if today < at_a_time:
        return Room(max(today, 0), f"one person may ask for {limits.jobs_a_day:,} in 24 hours")
    return Room(max(at_a_time, 0), f"one person may have {limits.jobs:,} made at a time")


def check_limits(limits: Limits, jobs: Sequence[Job], used: int, upload_bytes: int = 0) -> None:
    """Raise LibraryError, with what to do, where a person has had what one may have.

    jobs: theirs, ended or not. used: how many they have asked for in the last 24 hours.
    upload_bytes: size of what they hand over now.
    """
    at_work = sum(not job.status.ended for job in jobs)
    if at_work >= limits.jobs:
        raise LibraryError(
            f"{in_words(at_work, 'recording')} of yours {'is' if at_work == 1 else 'are'} being made now, "
            "as many as one person may have at a time. Add this one when that is done."
        )
    if used >= limits.jobs_a_day:
        raise LibraryError(
            f"You have asked for {in_words(used, 'recording')} in 24 hours, as many as one person may. "
            "Add this one tomorrow."
        )
    if upload_bytes > limits.upload_bytes:
        raise LibraryError(
            f"This file has {upload_bytes / (1 << 20):,.0f} MB; up to {limits.upload_bytes >> 20:,} MB are "
            "taken. Give a smaller one, or the address that it can be fetched from."
        )

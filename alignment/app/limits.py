"""What one person may ask for in a hosted app, said before any work is done for them."""

from collections.abc import Sequence

from alignment.app.settings import Limits
from alignment.errors import LibraryError
from alignment.library import Job
from alignment.wording import in_words

__all__ = ["check_limits"]


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

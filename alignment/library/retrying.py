"""Which troubles pass by themselves, and when to try again.

A site that is down, a network that is gone and a disk that is full are other ones in a while. A private video
and a transcript of another recording stay what they are, so their jobs fail at once.
"""

import errno
from collections.abc import Sequence

from alignment.errors import AlignmentError, StoreError

__all__ = ["PAUSES_S", "is_passing", "pause_before"]

PAUSES_S = (30.0, 120.0, 600.0)
"""Between a try and the next one, in seconds. After the last of them the job has failed."""

_FULL = {errno.ENOSPC, errno.EDQUOT}


def is_passing(error: BaseException) -> bool:
    """Whether the same may go well in some minutes: no network, a site's own trouble, a full disk."""
    if isinstance(error, StoreError):
        return True
    if error.__cause__ is None and error.__context__ is None:
        return False
    # yt-dlp; loaded already where something was fetched
    from alignment.sources import failures
    from alignment.sources.refusals import refusal_in

    # Our own words for it give advice, and would be taken for the reason.
    reasons = [cause for cause in failures.causes(error) if not isinstance(cause, AlignmentError)]
    if any(isinstance(cause, OSError) and cause.errno in _FULL for cause in reasons):
        return True
    return refusal_in(error) is not None or (bool(reasons) and failures.is_passing(reasons[0]))


def pause_before(tries: int, error: BaseException, pauses_s: Sequence[float]) -> float | None:
    """Seconds until the next try; None where there shall be none.

    tries: how many were made again by themselves so far.
    """
    return pauses_s[tries] if tries < len(pauses_s) and is_passing(error) else None

"""When a site asks for a pause: too many requests, or no time for them now."""

import re
import time
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from yt_dlp.networking.exceptions import HTTPError

from alignment.errors import AlignmentError
from alignment.sources.failures import causes

__all__ = ["Refusal", "refusal_in"]

_STATUSES = (429, 503)
_SIGNS = re.compile(
    r"http error (?:429|503)|too many requests|rate-?limited|confirm you.{1,8}re not a bot", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """pause_s: seconds that the site asks for (Retry-After, RFC 9110), None where it does not say."""

    pause_s: float | None = None


def refusal_in(error: BaseException, now: float | None = None) -> Refusal | None:
    """The refusal that an error out of `fetch` comes of; None where it has another reason.

    yt-dlp keeps how long a site asks for, but not where it tried a download again and again (503).
    now: seconds since 1970, for a site that names the end of the pause.
    """
    # Our own words for it give advice, and would be taken for the reason.
    reasons = [cause for cause in causes(error) if not isinstance(cause, AlignmentError)]
    for reason in reasons:
        if isinstance(reason, HTTPError) and reason.status in _STATUSES:
            asked = reason.response.headers.get("Retry-After")
            return Refusal(_seconds(asked, time.time() if now is None else now))
    return Refusal() if any(_SIGNS.search(str(reason)) for reason in reasons) else None


def _seconds(asked: str | None, now: float) -> float | None:
    """`120`, or a date of HTTP."""
    if asked is None:
        return None
    if asked.strip().isdecimal():
        return float(asked)
    try:
        until = parsedate_to_datetime(asked)
    except ValueError:
        return None
    return max(until.replace(tzinfo=until.tzinfo or UTC).timestamp() - now, 0.0)

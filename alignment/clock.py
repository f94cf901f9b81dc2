"""Times as people write them in links."""

import re

__all__ = ["parse_time"]

_LONGEST = 32
_PLAIN = re.compile(r"(\d+(?:\.\d+)?)s?", re.ASCII)
_UNITS = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?", re.ASCII)
_CLOCK = re.compile(r"(?:(\d+):)?(\d+):([0-5]?\d(?:\.\d+)?)", re.ASCII)


def parse_time(text: str) -> float | None:
    """Seconds from `754`, `754.5s`, `12m34s`, `1h2m3s`, `12:34` or `1:02:34`; None for anything else.

    The same as `parseTime` in the player's time.js, but for what is longer than any time is.
    """
    given = text.strip().lower()
    if not given or len(given) > _LONGEST:
        return None
    if plain := _PLAIN.fullmatch(given):
        return float(plain[1])
    parts = _UNITS.fullmatch(given) or _CLOCK.fullmatch(given)
    if parts is None:
        return None
    hours, minutes, seconds = (float(part or 0) for part in parts.groups())
    return hours * 3600 + minutes * 60 + seconds

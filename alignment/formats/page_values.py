"""Numbers, lengths and dates as web pages write them; None for what cannot be made out."""

import re
from datetime import date

__all__ = ["iso_date", "seconds", "whole_number"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = re.compile(r"\b([^\W\d_]{3})[^\W\d_]*\.? (\d{1,2}),? (\d{4})\b|\b(\d{4})-(\d\d)-(\d\d)\b")
_GROUPED = re.compile(r"([-−]?)(\d{1,15}|\d{1,3}(?:[., \u00a0\u202f']\d{3}){1,5})")
_ROUNDED = re.compile(r"([-−]?)(\d{1,6}(?:\.\d{1,6})?)([kKmM])")
_LENGTH = re.compile(r"(?:(\d{1,9}) ?h\w*)? ?(?:(\d{1,9}) ?m\w*)? ?(?:(\d{1,9}) ?s\w*)?")
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,2}):(\d{2})")


def whole_number(text: str | None) -> int | None:
    """ "419,795" is 419795, "1.2k" is 1200."""
    text = (text or "").strip()
    if number := _GROUPED.fullmatch(text):
        digits = int(re.sub(r"\D", "", number[2]))
    elif number := _ROUNDED.fullmatch(text):
        digits = round(float(number[2]) * {"k": 1_000, "m": 1_000_000}[number[3].lower()])
    else:
        return None
    return -digits if number[1] else digits


def seconds(text: str | None) -> float | None:
    """ "47min 41sec (2861 seconds)", "1h 2min", "47:41": a length in seconds."""
    text = (text or "").strip()
    if exact := re.search(r"\((\d{1,9}) seconds?\)", text):
        return float(exact[1])
    parts = _CLOCK.fullmatch(text) or _LENGTH.fullmatch(text)
    if not text or not parts:
        return None
    hours, minutes, rest = (int(part or 0) for part in parts.groups())
    return float(hours * 3600 + minutes * 60 + rest)


def iso_date(text: str | None) -> str | None:
    """ "Mon Mar 27 2023" and "March 27, 2023" are 2023-03-27."""
    found = _DATE.search(text or "")
    if not found:
        return None
    month, day, year, *iso = found.groups()
    try:
        if month is None:
            return date(*map(int, iso)).isoformat()
        return date(int(year), _MONTHS.index(month.lower()) + 1, int(day)).isoformat()
    except ValueError:
        return None

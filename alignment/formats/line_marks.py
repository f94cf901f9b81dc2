"""What stands at the beginning of a line to say when it is said, and by whom.

0:12                     [00:12:03.500] text         [00:00.000 --> 00:04.200]  text
Ada Finch  0:12          ADA (00:12:03): text        00:12 - 00:15  text
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from alignment.formats.cues import seconds

__all__ = ["LINES_A_MARK", "Mark", "is_name", "label_of", "mark_of", "names_in"]

LINES_A_MARK = 30
"""Lines that follow a mark at most, on average, in a text that has marks."""

_TIME = r"(?:\d{1,3}:)?\d{1,3}:[0-5]\d(?:[.,]\d{1,3})?"
_BRACKETED = rf"[\[(<]\s?+(?P<start>{_TIME})(?:\s?+(?:-+>|[-–—]|to)\s?+(?P<end>{_TIME}))?+\s?+[\])>]"
_BARE = rf"(?P<bare_start>{_TIME})(?:\s?+(?:-+>|[-–—]|to)\s?+(?P<bare_end>{_TIME}))?+"
_LEADING = re.compile(rf"{_BRACKETED}|{_BARE}(?=\s|[:|–—-](?!\d)|$)")
_AFTER = re.compile(r"\s*+(?:[:|–—-](?=\s|$)\s*+)?+")
_HEADER = re.compile(
    rf"(?P<name>[^\[\]()<>:|]{{1,60}}?)\s?+[,:|–—-]?\s*+(?:{_BRACKETED}(?:\s?+:)?+|{_BARE})\s*+(?P<text>.*)"
)
_LABEL = re.compile(r"(?P<name>[^:\[\]<>{}|*#=“”\"?!;]{1,50})(?::(?:\s++|$)|：\s*+)(?P<text>.*)")
_PARTICLES = frozenset("af al and bin da de del der di du e el ibn in la le of the to van von y zu".split())
_NO_NAMES = frozenset({"note", "notes", "nb", "ps", "warning", "example", "update", "edit", "correction"})


@dataclass(frozen=True, slots=True)
class Mark:
    """start, end: seconds, as the line says them. name: who speaks. text: what follows on the line."""

    start: float
    end: float | None
    name: str | None
    text: str


def mark_of(line: str) -> Mark | None:
    """The time, and the name if there is one, that the line begins with; None where it begins with words.

    A name may stand before the time if the line has nothing else, or if brackets or a colon part them.
    """
    if ":" not in line:
        return None
    if found := _LEADING.match(line):
        after = _AFTER.match(line, found.end())
        return _mark(found, None, line[after.end() if after else found.end() :])
    found = _HEADER.fullmatch(line)
    if not found or not is_name(found["name"]):
        return None
    text: str = found["text"]
    if text and not found["start"]:
        return None  # "Arrived 10:30 at the pier" is prose.
    return _mark(found, found["name"].strip(), text)


def label_of(line: str) -> tuple[str, str] | None:
    """Name and text of a line such as `Ada: Who is there?` or `Ada:`; None where it has no such form."""
    found = _LABEL.fullmatch(line)
    if not found or not is_name(found["name"]):
        return None
    return found["name"].strip(), found["text"]


def names_in(lines: Iterable[str]) -> frozenset[str]:
    """The names that lines, without their times, begin with, if this is what people say to each other.

    Some name has to come twice and be in front of every thirtieth line: a single "Note:" is no name.
    """
    count = 0
    found: Counter[str] = Counter()
    for line in lines:
        count += 1
        if label := label_of(line):
            found[label[0]] += 1
    if not found or max(found.values()) < 2 or count > LINES_A_MARK * found.total():
        return frozenset()
    return frozenset(found)


def is_name(text: str) -> bool:
    """Whether this can be a name: at most five words, none of which begins with a small letter but "von"."""
    words = text.split()
    if text.strip().lower() in _NO_NAMES:
        return False
    if not 1 <= len(words) <= 5 or not any(map(str.isalpha, text)):
        return False
    return all(_may_be_in_name(word) for word in words) and _may_begin_name(words[0])


def _may_be_in_name(word: str) -> bool:
    first = next((character for character in word if character.isalnum()), "")
    return word.startswith("(") or not first.islower() or word.strip(".,'’()") in _PARTICLES


def _may_begin_name(word: str) -> bool:
    return not word.isdigit() and word[0] not in "-–—•*"


def _mark(found: re.Match[str], name: str | None, text: str) -> Mark:
    start = seconds(found["start"] or found["bare_start"])
    end = found["end"] or found["bare_end"]
    return Mark(start or 0.0, seconds(end) if end else None, name, text.strip())

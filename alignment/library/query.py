"""What people type to search the library, understood. Every text is a query; none is an error.

    gate wind           both words, near each other; the last one may still be a beginning, as one types
    "the gate"          these words in this order, over the ends of lines as well
    gat*                words that begin so
    channel:radio       of channels with that in their name; "..." holds several words together
    speaker:ann         lines that she says
    after:2023 before:2024-05-17    by the day it was published, else added to the library; both days count

A field without a value, or with a day that is none, counts as not typed yet. A name before a colon that is no
field is a word like others.
"""

import calendar
import re
from dataclasses import dataclass, field

from alignment.library.folding import fold

__all__ = ["LONGEST_QUERY", "Phrase", "Query", "parse_query"]

LONGEST_QUERY = 400
"""Characters that are looked at; what follows is left out."""

_MOST_PHRASES = 12

_QUOTES = '"“”„‟«»'
_PIECE = re.compile(
    rf"(?:(?P<field>channel|speaker|before|after):)?"
    rf"(?:[{_QUOTES}](?P<quoted>[^{_QUOTES}]*)(?P<closed>[{_QUOTES}]?)|(?P<plain>[^\s{_QUOTES}]+))",
    re.IGNORECASE,
)
_EMPTY_FIELD = re.compile(r"(?:channel|speaker|before|after):(?=\s|$)", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Folded words in this order, with a space between each two. open: the last one may go on."""

    words: str
    open: bool = False

    def expression(self) -> str:
        """In the language of FTS5. The words are letters and digits alone, so nothing in them is syntax."""
        return f'"{self.words}"' + (" *" if self.open else "")


@dataclass(frozen=True, slots=True)
class Query:
    """phrases: all are sought. channels, speakers: folded. after, before: ISO dates, both included.

    dateless: the fields, as they were typed, whose day is none, and which count for nothing.
    """

    phrases: tuple[Phrase, ...] = ()
    channels: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    after: str | None = None
    before: str | None = None
    dateless: tuple[str, ...] = field(default=(), compare=False)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return self == Query()


def parse_query(text: str) -> Query:
    """What a person means by `text`."""
    text = _EMPTY_FIELD.sub(" ", text[:LONGEST_QUERY])
    phrases: list[Phrase] = []
    fields: dict[str, list[str]] = {"channel": [], "speaker": []}
    days: dict[str, str] = {}
    dateless = []
    for piece in _PIECE.finditer(text):
        name = (piece["field"] or "").lower()
        value = piece["plain"] if piece["quoted"] is None else piece["quoted"]
        if name in {"before", "after"}:
            if day := _day(value, last=name == "before"):
                days[name] = day
            else:
                dateless.append(piece[0])
        elif words := fold(value):
            if name:
                fields[name].append(words)
            else:
                typing = piece.end() == len(text) and not piece["closed"]
                phrases.append(Phrase(words, open=typing or value.endswith("*")))
    return Query(
        tuple(dict.fromkeys(phrases))[:_MOST_PHRASES],
        tuple(fields["channel"]),
        tuple(fields["speaker"]),
        days.get("after"),
        days.get("before"),
        tuple(dateless),
    )


def _day(text: str, *, last: bool) -> str | None:
    """The first day, or the last one, of a year, of a month, or the day itself; None where it is no date."""
    match = _DAY.fullmatch(text.strip())
    if match is None:
        return None
    year, month = int(match[1]), int(match[2] or (12 if last else 1))
    if not (1 <= year <= 9999 and 1 <= month <= 12):
        return None
    days = calendar.monthrange(year, month)[1]
    day = int(match[3] or (days if last else 1))
    return f"{year:04}-{month:02}-{day:02}" if 1 <= day <= days else None

"""Notes as files that a person takes along: Markdown, a table, JSON; each note with a link to its moment.

The player writes the same for notes that are in the browser alone: `alignment/player/note-export.js`.
"""

import csv
import io
import json
import math
import re
from collections.abc import Callable, Iterable

from alignment.library.notes import Note

__all__ = ["EXPORTS", "moment_query"]

_COLUMNS = ("time", "start", "end", "quote", "note", "colour", "link", "created", "modified")
# A table's program takes a cell that begins so for something to work out.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
_MARKUP = re.compile(r"[\\`*_\[\]<>&~|!$]")
_LINE_MARKUP = re.compile(r"([#+\-=]|\d+[.)])")
_LINE_END = re.compile(r"\r\n|\r|\n")

Link = Callable[[Note], str]


def moment_query(id: str, note: Note) -> str:
    """The query of the player's page at which the note's moment opens."""
    end = f"&end={_link_seconds(note.end)}" if _link_seconds(note.end) != _link_seconds(note.start) else ""
    return f"v={id}&t={_link_seconds(note.start)}{end}"


def _markdown(title: str, notes: Iterable[Note], link: Link) -> str:
    blocks = [f"# Notes on {_escaped(title, inline=True)}"]
    for note in notes:
        blocks.append(f"## [{_clock(note.start)}]({link(note)})")
        if note.quote:
            blocks.append("\n".join(f"> {line}".rstrip() for line in _escaped(note.quote).split("\n")))
        if note.text:
            blocks.append(_escaped(note.text))
    return "\n\n".join(blocks) + "\n"


def _table(title: str, notes: Iterable[Note], link: Link) -> str:
    out = io.StringIO()
    rows = csv.writer(out, quoting=csv.QUOTE_ALL)
    rows.writerow(_COLUMNS)
    for note in notes:
        described = note.describe()
        rows.writerow(
            [
                _clock(note.start),
                f"{note.start:.3f}",
                f"{note.end:.3f}",
                _cell(note.quote),
                _cell(note.text),
                note.colour,
                link(note),
                described["created"],
                described["modified"],
            ]
        )
    return "\ufeff" + out.getvalue()  # by the mark a table's program knows that it is UTF-8


def _json(title: str, notes: Iterable[Note], link: Link) -> str:
    listed = [{**note.describe(), "link": link(note)} for note in notes]
    return json.dumps({"version": 1, "title": title, "notes": listed}, indent=1) + "\n"


EXPORTS = {
    "md": ("text/markdown", _markdown),
    "csv": ("text/csv", _table),
    "json": ("application/json", _json),
}
"""By a file name's ending: its kind, and what writes it from a title, notes and their links."""


def _escaped(text: str, *, inline: bool = False) -> str:
    """The text as Markdown that shows it as it is."""
    lines = [_escaped_line(line) for line in _LINE_END.split(text)]
    if inline:
        return " ".join(lines)
    # A line that ends in the middle of a paragraph ends there on the page, too.
    ends = ["\\" if line and after else "" for line, after in zip(lines, [*lines[1:], ""], strict=True)]
    return "\n".join(line + end for line, end in zip(lines, ends, strict=True))


def _escaped_line(line: str) -> str:
    escaped = _MARKUP.sub(r"\\\g<0>", line.strip())
    if begins := _LINE_MARKUP.match(escaped):
        at = begins.end() - 1
        return f"{escaped[:at]}\\{escaped[at:]}"
    return escaped


def _cell(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _clock(seconds: float) -> str:
    whole = math.floor(seconds + 1e-6)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def _link_seconds(seconds: float) -> str:
    """Upwards to a hundredth, as the player's links."""
    return f"{math.ceil(seconds * 100 - 1e-6) / 100:.2f}".rstrip("0").rstrip(".")

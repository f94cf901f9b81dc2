"""Tables of comma- or tab-separated values (CSV, TSV): a row with the names of the columns, then a row a line
(https://www.rfc-editor.org/rfc/rfc4180).

Columns are known by their names, in the spellings that programs use; between them stand commas, semicolons or
tabs. Times are seconds, milliseconds (where the name says so, or where else nobody could speak so slowly),
hours:minutes:seconds, or timecode, whose rate is the least usual one above the largest frame.

Written are the columns start, end, speaker, text and status (how the line got its times; it is not read),
the times in seconds, with a byte order mark, for without one Excel takes UTF-8 for Windows-1252. A
spreadsheet runs a cell that begins with "=", "+", "-" or "@" as a formula: such a text gets an apostrophe in
front, and so does one where only apostrophes precede that sign. A table with exactly these columns is read
without that apostrophe.

The rows are read and written by Python's csv.
"""

import csv
import io
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from alignment.formats.cues import one_block, seconds
from alignment.formats.format import Format, damaged
from alignment.formats.ordering import arranged
from alignment.transcript import Segment, Transcript
from alignment.words import is_blank

__all__ = ["FORMAT", "read", "recognises", "write"]

_KIND = "table"
_OURS = ["start", "end", "speaker", "text", "status"]
_DELIMITERS = "\t;,"

_NAMES = {
    "start": frozenset(
        "start|start time|starttime|begin|begin time|from|in|in time|in point|time in|tc in|timecode in|"
        "start timecode|onset|time|timecode|time code|timestamp|timestamps|time stamp".split("|")
    ),
    "end": frozenset(
        "end|end time|endtime|stop|stop time|to|out|out time|out point|time out|tc out|timecode out|"
        "end timecode|offset|finish".split("|")
    ),
    "duration": frozenset("duration|dur|length".split("|")),
    "speaker": frozenset(
        "speaker|speaker name|speaker label|speaker id|name|who|character|role|actor|voice".split("|")
    ),
    "text": frozenset(
        "text|transcript|transcription|caption|captions|subtitle|subtitles|dialogue|dialog|utterance|sentence|"
        "content|speech|label".split("|")
    ),
}
_UNITS = {"ms": 1000, "msec": 1000, "milliseconds": 1000, "s": 1, "sec": 1, "secs": 1, "seconds": 1}
"""How many of each are a second."""

_PATTERN = frozenset("h hh m mm mmm ss f ff".split())
"""What else names of columns say of the times below them: "Start (hh:mm:ss)"."""

_LONGEST_NAME = 40
_LONGEST_TIME = 60

_NUMBER = re.compile(r"(-?[0-9]{1,12})(?:[.,]([0-9]{1,12}))?+ ?([a-z]{1,12})?")
_TIMECODE = re.compile(r"([0-9]{1,3}):([0-9]{1,2}):([0-9]{1,2})[:;]([0-9]{1,2})")
_RANGE = re.compile(r" ?-{1,2}> ?| [-–—] ")
_NO_TIME = frozenset({"", "-", "--", "n/a", "na", "none", "null", "nan"})
_FRAME_RATES = (24, 25, 30, 50, 60)

_SLOWEST = 0.03
"""Characters a second: whole numbers by which speech would be slower than this are milliseconds."""

_FORMULA = re.compile(r"'*+[=+\-@＝＋－＠]")


@dataclass(frozen=True, slots=True)
class _Header:
    """The columns by the names of _NAMES, and the units that they name.

    line: where it stands, from 1. is_spaced: whether a space follows each delimiter.
    """

    columns: dict[str, int]
    units: dict[str, int]
    names: list[str]
    delimiter: str
    is_spaced: bool
    line: int


class _Row(NamedTuple):
    """A row, its times as they are written. line: where it begins, from 1."""

    line: int
    start: str
    end: str
    duration: str
    speaker: str | None
    text: str


def recognises(text: str) -> bool:
    """Whether the first row names a column of text and one of start times or speakers."""
    return _header(text) is not None


def read(text: str) -> Transcript:
    """A segment for every row with text; one without an end lasts until the next one.

    Raises TranscriptError, with the line, for a cell that should be a time and is none, for a quote that is
    not closed and for rows with more cells than there are columns.
    """
    header = _header(text)
    assert header  # As `recognises` has found.
    rows = [row for row in _rows(text, header) if not is_blank(row.text)]
    return Transcript(segments=arranged(_segments(rows, header)))


def _header(text: str) -> _Header | None:
    begin = len(text) - len(text.lstrip())
    # Some programs tell Excel the delimiter in a line above.
    told = re.compile(r"sep=[,;\t][ \t]*+\n\s*+", re.IGNORECASE).match(text, begin)
    begin = told.end() if told else begin
    end = text.find("\n", begin)
    first = text[begin : end if end >= 0 else len(text)]
    if len(first) > 10 * _LONGEST_NAME:
        return None
    for delimiter in _DELIMITERS:
        names = next(csv.reader([first], delimiter=delimiter, skipinitialspace=True), [])
        columns, units = _columns(names)
        if "text" in columns and columns.keys() & {"start", "speaker"}:
            is_spaced = first.count(f"{delimiter} ") == len(names) - 1
            return _Header(columns, units, names, delimiter, is_spaced, text.count("\n", 0, begin) + 1)
    return None


def _columns(names: Sequence[str]) -> tuple[dict[str, int], dict[str, int]]:
    columns: dict[str, int] = {}
    units: dict[str, int] = {}
    for place, name in enumerate(names):
        plain, unit = _plain(name)
        for column, spellings in _NAMES.items():
            if plain in spellings and column not in columns:
                columns[column] = place
                units |= {column: unit} if unit else {}
    return columns, units


def _plain(name: str) -> tuple[str, int | None]:
    """The name of a column in small letters without its unit, and how many of that are a second."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    words = re.findall(r"[^\W_]+", parted.casefold())
    unit = _UNITS.get(words[-1]) if len(words) > 1 else None
    while len(words) > 1 and (words[-1] in _UNITS or words[-1] in _PATTERN):
        words.pop()
    return " ".join(words), unit


def _rows(text: str, header: _Header) -> Iterator[_Row]:
    width = len(header.names)
    ours = header.names == _OURS
    places = [header.columns.get(name, width) for name in _NAMES]
    nothing = [""] * (width + 1)
    for line, given in _cells(text, header):
        if not any(given):
            continue
        cells = given
        if len(given) > width:
            cells = _within(given, header, line)
        start, end, duration, speaker, said = ((cells + nothing)[place].strip() for place in places)
        if ours:
            speaker, said = _unguarded(speaker), _unguarded(said)
        if not end and len(start) <= _LONGEST_TIME and (parts := _RANGE.split(start))[1:]:
            start, end = parts[0], parts[1]
        yield _Row(line, start, end, duration, " ".join(speaker.split()) or None, one_block(said))


def _within(cells: list[str], header: _Header, line: int) -> list[str]:
    """The cells of a row that has more of them than there are columns."""
    width = len(header.names)
    if header.columns["text"] == width - 1:
        # The text is not quoted and has the delimiter in it.
        said = (header.delimiter + " " * header.is_spaced).join(cells[width - 1 :])
        return [*cells[: width - 1], said.rstrip(header.delimiter + " ")]
    if not all(map(is_blank, cells[width:])):
        raise damaged(_KIND, line, f"it has {len(cells)} cells, and there are {width} columns")
    return cells[:width]


def _cells(text: str, header: _Header) -> Iterator[tuple[int, list[str]]]:
    """The rows below the header, each with the line where it begins."""
    rows = csv.reader(io.StringIO(text), _Dialect(header, _is_quoted(text, header)))
    line = 1
    try:
        for cells in rows:
            if line > header.line:
                yield line, cells
            line = rows.line_num + 1
    except csv.Error as error:
        raise damaged(_KIND, line, f"the row that begins here cannot be read ({error})") from error


def _is_quoted(text: str, header: _Header) -> bool:
    """Whether quotes enclose cells: between tabs, some programs write a text as it is, its quotes too."""
    if header.delimiter != "\t" or '"' not in text:
        return True
    rows = csv.reader(io.StringIO(text), _Dialect(header, is_quoted=True))
    try:
        return not any("\t" in cell for cells in rows for cell in cells)
    except csv.Error:
        return False


class _Dialect(csv.excel):
    """That of a table. is_quoted: whether quotes enclose cells."""

    strict = True

    def __init__(self, header: _Header, is_quoted: bool) -> None:
        self.delimiter = header.delimiter
        self.skipinitialspace = header.is_spaced
        self.quoting = csv.QUOTE_MINIMAL if is_quoted else csv.QUOTE_NONE
        super().__init__()


def _segments(rows: Sequence[_Row], header: _Header) -> Iterator[Segment]:
    unit = 1000 if _is_in_milliseconds(rows) else 1
    rate = _frame_rate(rows)

    def time(row: _Row, column: str, cell: str) -> float | None:
        if not cell:
            return None
        found = _seconds(cell, header.units.get(column, unit), rate)
        if found is None and cell.casefold() not in _NO_TIME:
            raise damaged(_KIND, row.line, f"{cell[:40]!r} should be a time and is none that is known here")
        return found

    starts = [time(row, "start", row.start) for row in rows]
    known = sorted(start for start in starts if start is not None)
    for number, (row, start) in enumerate(zip(rows, starts, strict=True)):
        end, length = time(row, "end", row.end), time(row, "duration", row.duration)
        if end is None and start is not None:
            following = bisect_right(known, start)
            until = known[following] if following < len(known) else start
            end = until if length is None else start + length
        yield Segment(number, row.text, start, end, row.speaker)


def _is_in_milliseconds(rows: Sequence[_Row]) -> bool:
    """Whether all times are whole numbers that would be very long times as seconds."""
    times = [cell for row in rows for cell in (row.start, row.end) if cell.casefold() not in _NO_TIME]
    if not times or not all(re.fullmatch("[0-9]{1,12}", cell) for cell in times):
        return False
    numbers = [int(cell) for cell in times]
    return sum(len(row.text) for row in rows) < _SLOWEST * (max(numbers) - min(numbers))


def _frame_rate(rows: Sequence[_Row]) -> int:
    cells = (cell for row in rows for cell in (row.start, row.end, row.duration))
    frames = [int(found[4]) for cell in cells if (found := _TIMECODE.fullmatch(cell))]
    return next((rate for rate in _FRAME_RATES if rate > max(frames, default=0)), 100)


def _seconds(cell: str, unit: int, rate: int) -> float | None:
    if len(cell) > _LONGEST_TIME:
        return None
    if timecode := _TIMECODE.fullmatch(cell):
        hours, minutes, whole, frames = map(int, timecode.groups())
        return (hours * 60 + minutes) * 60 + whole + frames / rate
    number = _NUMBER.fullmatch(cell.casefold())
    if not number:
        return seconds(cell)
    if number[3] and number[3] not in _UNITS:
        return None
    return float(f"{number[1]}.{number[2] or 0}") / _UNITS.get(number[3], unit)


def write(transcript: Transcript) -> str:
    """A row for every segment; one without times has empty cells for them."""
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(_OURS)
    for segment in transcript.segments:
        speaker = " ".join((segment.speaker or "").split())
        times = ("" if time is None else f"{time:.3f}" for time in (segment.start, segment.end))
        rows.writerow([*times, _guarded(speaker), _guarded(one_block(segment.text)), segment.status or ""])
    return "\ufeff" + table.getvalue()


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _unguarded(cell: str) -> str:
    return cell.removeprefix("'") if _FORMULA.match(cell) else cell


FORMAT = Format(
    "csv",
    "Table (CSV)",
    recognises,
    read=read,
    write=write,
    speakers=True,
    untimed=True,
    media_type="text/csv",
)

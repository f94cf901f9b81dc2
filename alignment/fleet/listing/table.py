"""Lists that people write: CSV, or JSON-lines, with the audio and the transcript of each recording."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from alignment.errors import FetchError, ListingError, TranscriptError
from alignment.fleet.item import BatchItem
from alignment.fleet.listing.gathering import Listing, gathered, named
from alignment.formats.decoding import decode, mend_surrogates, normalise
from alignment.formats.language_codes import is_known_language, language_code
from alignment.wording import in_words

__all__ = ["is_csv", "list_csv", "list_json_lines", "text_of"]

_DELIMITERS = ",;\t|"
_NEEDED = ("audio", "transcript")
_KNOWN = (*_NEEDED, "title", "language")
_SHOWN = 3
"""Lines that cannot be used which an error tells of; the rest it counts."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of a list. number: of its line, from 1. cells: its members by name. wrong: why it is none."""

    number: int
    cells: Mapping[str, str]
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    """The same of a table, whose cells have no names yet."""

    number: int
    cells: tuple[str, ...]
    wrong: str = ""


class _UnusableError(Exception):
    """A line that cannot be used; `str()` of it says why."""


def list_csv(path: Path, *, recognise: bool = False, language: str | None = None) -> Listing:
    """The recordings of a table whose header has `audio` and `transcript`, perhaps `title` and `language`.

    Cells are parted by commas, semicolons, tabs or bars, whichever part the header. Paths are relative to
    the list's own folder; audio may be an address. A line without a transcript takes the captions that come
    with its address, or with `recognise` what is heard. language: what is spoken, where the list does not
    tell. Raises ListingError with the lines that cannot be used.
    """
    text = text_of(path)
    if (delimiter := _delimiter(text)) is None:
        raise ListingError(
            f"{path} is a table without the header of a list of recordings. Expected its first line to be "
            "audio,transcript or audio,transcript,title,language."
        )
    return _listing(path, _csv_rows(text, delimiter), recognise, language)


def list_json_lines(path: Path, *, recognise: bool = False, language: str | None = None) -> Listing:
    """The same from JSON-lines: {"audio": "talk.mp3", "transcript": "talk.txt"} and so on, one on each."""
    return _listing(path, _json_rows(text_of(path)), recognise, language)


def is_csv(text: str) -> bool:
    """Whether a text begins with the header of a list of recordings."""
    return _delimiter(text) is not None


def text_of(path: Path) -> str:
    """The text of a file with a list. Raises ListingError."""
    try:
        return normalise(decode(path.read_bytes()))
    except OSError as error:
        raise ListingError(f"The list {path} cannot be read: {error.strerror or error}.") from error
    except TranscriptError as error:
        raise ListingError(
            f"{path} is no list of recordings: it is no text, or one of more than 32 MB. Give a folder, a "
            "CSV, JSON-lines or OPML file, or an address."
        ) from error


def _delimiter(text: str) -> str | None:
    """What parts the cells of the header; None where there is no header."""
    for delimiter in _DELIMITERS:
        header = next(_lines(text, delimiter), None)
        if header is not None and all(name in _names(header) for name in _NEEDED):
            return delimiter
    return None


def _names(header: _Line) -> tuple[str, ...]:
    return tuple(cell.casefold() for cell in header.cells)


def _csv_rows(text: str, delimiter: str) -> Iterator[_Row]:
    header, *lines = _lines(text, delimiter)
    names = _names(header)
    for line in lines:
        wrong = line.wrong
        if any(line.cells[len(names) :]):
            wrong = (
                f"it has {len(line.cells)} cells under a header of {len(names)}; "
                f"put quotes around a text that has {delimiter!r} in it"
            )
        yield _Row(
            line.number, {name: cell for name, cell in zip(names, line.cells, strict=False) if name}, wrong
        )


def _lines(text: str, delimiter: str) -> Iterator[_Line]:
    """Every line that is not blank, the header first. One that Excel puts above it is passed by."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = tuple(cell.strip() for cell in next(reader))
        except StopIteration:
            return
        except csv.Error as error:
            yield _Line(number, (), f"it is damaged ({error})")
            return
        if any(cells) and not (number == 1 and re.fullmatch(r"sep=.?", delimiter.join(cells))):
            yield _Line(number, cells)


def _json_rows(text: str) -> Iterator[_Row]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield _Row(number, {}, f"it is no JSON ({error})")
            continue
        if not isinstance(value, dict):
            yield _Row(number, {}, 'it is no object such as {"audio": "talk.mp3", "transcript": "talk.txt"}')
            continue
        bad = next((name for name in _KNOWN if not isinstance(value.get(name), str | None)), None)
        if bad is not None:
            yield _Row(number, {}, f"its {bad} is no text")
        else:
            yield _Row(number, {name: cell if isinstance(cell, str) else "" for name, cell in value.items()})


@dataclass(frozen=True, slots=True)
class _Reader:
    """What the lines of a list mean. folder: where it lies."""

    folder: Path
    recognise: bool
    language: str | None

    def item(self, row: _Row) -> BatchItem | None:
        """The recording of a line; None where it has no text. Raises _UnusableError."""
        if row.wrong:
            raise _UnusableError(row.wrong)
        cells = row.cells
        if not cells.get("audio"):
            raise _UnusableError("it names no audio")
        audio = self._audio(cells["audio"])
        transcript = self._transcript(cells.get("transcript", ""))
        language = _language(cells.get("language", "")) or self.language
        if transcript is None and not self.recognise and isinstance(audio, Path):
            return None
        return BatchItem(
            title=mend_surrogates(cells.get("title") or (audio.stem if isinstance(audio, Path) else audio)),
            audio=str(audio),
            transcript=transcript,
            language=language,
            recognise=self.recognise and transcript is None,
        )

    def _audio(self, given: str) -> Path | str:
        if (path := self._file(given)) is not None:
            return path
        from alignment.sources import as_address  # with it comes all that fetches, which takes a second

        try:
            address = as_address(given)
        except FetchError as error:
            raise _UnusableError(str(error).rstrip(".")) from error
        if address is None:
            raise _UnusableError(f"there is no audio file {given}, and it is no address")
        return address

    def _transcript(self, given: str) -> Path | None:
        if not given:
            return None
        if (path := self._file(given)) is not None:
            return path
        if given.startswith(("http://", "https://")):
            raise _UnusableError(f"the transcript {given} is an address; save it as a file and give that")
        raise _UnusableError(f"there is no transcript {given}")

    def _file(self, given: str) -> Path | None:
        try:
            path = self.folder / given
            return path if path.is_file() else None
        except (OSError, ValueError):  # too long for a file's name, or with a NUL in it
            return None


def _language(given: str) -> str | None:
    if not given or given.casefold() == "auto":
        return None
    code = language_code(given)
    if code is None or not is_known_language(code):
        raise _UnusableError(f"{given} is no language; give a code such as en, de or fr")
    return code


def _listing(path: Path, rows: Iterable[_Row], recognise: bool, language: str | None) -> Listing:
    reader = _Reader(path.resolve().parent, recognise, language)
    items: list[BatchItem] = []
    wrong: list[str] = []
    silent: list[str] = []
    unknown: dict[str, None] = {}
    for row in rows:
        try:
            item = reader.item(row)
        except _UnusableError as error:
            wrong.append(f"Line {row.number}: {error}.")
            continue
        unknown |= dict.fromkeys(name for name in row.cells if name not in _KNOWN)
        if item is None:
            silent.append(f"line {row.number} ({row.cells['audio']})")
        else:
            items.append(item)
    if wrong:
        raise _unusable(path, wrong)
    if not items and not silent:
        raise ListingError(f"The list {path} names no recording. Give one on each line.")
    remarks = []
    if silent:
        remarks.append(f"{path.name}: {named(silent, 'recording')}, without a transcript.")
    if unknown:
        remarks.append(
            f"{path.name}: {named(list(unknown), 'member')}, passed by; known are {', '.join(_KNOWN)}."
        )
    return gathered(items, remarks)


def _unusable(path: Path, wrong: list[str]) -> ListingError:
    more = f" So are {len(wrong) - _SHOWN:,} more." if len(wrong) > _SHOWN else ""
    lines = in_words(len(wrong), "line that cannot be used", "lines that cannot be used")
    return ListingError(f"{path} has {lines}. {' '.join(wrong[:_SHOWN])}{more} Mend them, or take them out.")

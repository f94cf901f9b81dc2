"""PDF files (ISO 32000), read with pypdf of the extra "documents".

A PDF knows no paragraphs, only lines where they stand on the page. A line goes on in the next one if the
first word of that would not have fitted behind it; where all lines are short, as on slides, none goes on. A
word that is parted by a hyphen at the end of a line is joined, with the hyphen only where the file has it so
within a line. Left out are page numbers and running headers and footers, where it is certain that they are:
see `without_running_lines`.
"""

import io
import logging
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from alignment.formats.decoding import mend_surrogates
from alignment.formats.documents import needs_extra, segments, unreadable
from alignment.formats.format import Format
from alignment.formats.language_codes import language_code
from alignment.transcript import Transcript
from alignment.words import is_blank, split_words

if TYPE_CHECKING:
    from pypdf import PdfReader

__all__ = ["FORMAT", "paragraphs", "read", "recognises", "without_running_lines"]

_KIND = "PDF"
_LIMIT_S = 60.0
"""How long reading may take. A book takes some 10 s; files can be made that take for ever."""

_FULL = 0.85
"""The share of the usual width from which on a line counts as full: letters differ in width."""

_RUNNING_LINES = 3
"""Lines at either end of a page that may be its header or footer."""

_SHORT = 40
"""Columns of the usual line in a file where no line goes on in the next one."""

_PROGRAM_TITLE = re.compile(
    r"Microsoft \w+ - |untitled$|.*\.(?:docx?|odt|rtf|indd|tex|dvi|pages|pdf)$", re.IGNORECASE
)
_LIGATURES = {ord(letter): unicodedata.normalize("NFKC", letter) for letter in "ﬀﬁﬂﬃﬄﬅﬆ"}
_SOFT_HYPHEN = "\u00ad"
_HYPHENATED = re.compile(r"(?<![^\W\d_])[^\W\d_]++(?:-[^\W\d_]++)++")
_PARTED = re.compile(r"([^\W\d_]{1,60})-$")
_FIRST_LETTERS = re.compile(r"[^\W\d_]+")


class _TooSlow(Exception):
    """Reading has taken longer than it may."""


def recognises(content: bytes) -> bool:
    """Whether `content` begins as a PDF does, perhaps below white space."""
    return content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\0").startswith(b"%PDF-")


def read(content: bytes) -> Transcript:
    """A turn for every paragraph, heading, ... of the text.

    Raises TranscriptError for files that are damaged, encrypted, mere pictures of pages or take more than a
    minute to read, and where pypdf is not installed.
    """
    try:
        import pypdf
    except ImportError as error:
        raise needs_extra("a PDF file") from error
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        unlocked = not reader.is_encrypted or bool(reader.decrypt(""))
        pages = _pages(reader) if unlocked else []
        title = " ".join((reader.metadata.title or "").split()) if unlocked and reader.metadata else ""
        language = str(reader.root_object.get("/Lang", "")) if unlocked else ""
    except _TooSlow as error:
        raise unreadable(_KIND, f"it takes more than {_LIMIT_S:.0f} s") from error
    except pypdf.errors.DependencyError:
        unlocked = False
    except Exception as error:  # Of whatever kind, where a file is not what pypdf expects.
        why = " ".join(str(error).split())[:200] or type(error).__name__
        raise unreadable(_KIND, f"it is damaged ({why})") from error
    if not unlocked:
        raise unreadable(_KIND, "it is encrypted with a password")
    if not any(pages):
        raise unreadable(_KIND, "it has no text, only pictures of pages; run text recognition (OCR) on it")
    return Transcript(
        segments=segments(paragraphs(line for page in without_running_lines(pages) for line in page)),
        title=None if _PROGRAM_TITLE.match(title) else title or None,
        language=language_code(language),
    )


def _pages(reader: "PdfReader") -> list[list[str]]:
    """The lines of each page that are not blank."""
    end = time.monotonic() + _LIMIT_S

    def check_time(*_: object) -> None:
        if time.monotonic() > end:
            raise _TooSlow

    pages = []
    for page in reader.pages:
        check_time()
        text = page.extract_text(visitor_operand_before=check_time).replace("\0", "").translate(_LIGATURES)
        lines = (" ".join(line.split()) for line in mend_surrogates(text).splitlines())
        pages.append([line for line in lines if not is_blank(line)])
    return pages


def without_running_lines(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """The pages without their headers, footers and numbers.

    That is a first or last line which, but for its numbers, is the same on three pages and on half of all at
    the least, so that those of left and right pages are found; one that is a number alone must count up. Up
    to three of them at either end.
    """
    left = [list(page) for page in pages]
    for place in (0, -1):
        for _ in range(_RUNNING_LINES):
            running = _running([page[place] for page in left if page])
            if not running:
                break
            for page in left:
                if page and _pattern(page[place]) in running:
                    del page[place]
    return left


def _running(lines: Sequence[str]) -> set[str]:
    """The patterns of lines, one of each page, that are of running headers or footers."""
    counts = Counter(map(_pattern, lines))
    often = {pattern for pattern, count in counts.items() if count >= 3 and count >= len(lines) / 2}
    numbers = [int(line) for line in lines if line.isdecimal() and len(line) < 10]
    if numbers != sorted(set(numbers)):
        often.discard("#")
    return often


def _pattern(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def paragraphs(given: Iterable[str]) -> Iterator[str]:
    """The lines joined into paragraphs."""
    lines = list(given)
    if not lines:
        return
    widths = sorted(map(_columns, lines))
    usual = widths[len(widths) * 9 // 10]
    hyphenated = {word for line in lines for word in _HYPHENATED.findall(line)}
    parts = [lines[0]]
    for before, line in pairwise(lines):
        word = split_words(line)[0].text
        is_full = usual >= _SHORT and _columns(before) + 1 + _columns(word) > _FULL * usual
        if is_full or before.endswith(_SOFT_HYPHEN):
            parts[-1], between = _seam(parts[-1], line, hyphenated)
            parts += [between, line]
        else:
            yield "".join(parts).replace(_SOFT_HYPHEN, "")
            parts = [line]
    yield "".join(parts).replace(_SOFT_HYPHEN, "")


def _columns(text: str) -> int:
    return len(text) + sum(map(_is_wide, text))


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def _seam(before: str, line: str, hyphenated: Collection[str]) -> tuple[str, str]:
    """The line before, perhaps without its hyphen, and what stands between it and the line that follows."""
    if before.endswith(_SOFT_HYPHEN):
        return before, ""
    if before.endswith("-") and before[-2:-1].isalnum():
        parted, rest = _PARTED.search(before[-61:]), _FIRST_LETTERS.match(line)
        if parted and rest and rest[0][0].islower() and f"{parted[1]}-{rest[0]}" not in hyphenated:
            return before[:-1], ""
        return before, ""
    return before, "" if _is_wide(before[-1]) and _is_wide(line[0]) else " "


FORMAT = Format("pdf", "PDF file", recognises, read=read)

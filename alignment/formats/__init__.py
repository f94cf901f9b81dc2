"""Transcripts in and out of the formats that people have them in.

A new format is one new file here, with a `FORMAT`, and one line in FORMATS, or in BINARY_FORMATS.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from alignment.errors import TranscriptError
from alignment.formats import (
    ass,
    assemblyai,
    audacity,
    aws_transcribe,
    deepgram,
    docx,
    edl,
    epub,
    fcpxml,
    json3,
    lrc,
    markdown,
    marked_text,
    native,
    pdf,
    plain,
    podcast_json,
    rev,
    sami,
    sbv,
    srt,
    srv,
    table,
    textgrid,
    ttml,
    video_page,
    vtt,
    web_page,
    whisper,
)
from alignment.formats.archive import MAX_ARCHIVE_BYTES, is_archive
from alignment.formats.decoding import MAX_BYTES, decode, mend_surrogates, normalise, too_long
from alignment.formats.format import Format, not_a_transcript
from alignment.formats.sniff import sniff
from alignment.heap import without_collector
from alignment.transcript import Segment, Transcript
from alignment.words import is_blank, split_words

__all__ = [
    "BINARY_FORMATS",
    "FORMATS",
    "Format",
    "format_named",
    "format_table",
    "read_content",
    "read_transcript",
    "untimed",
    "writable",
    "write",
    "write_bytes",
]

FORMATS: Mapping[str, Format[str]] = {
    format.name: format
    for format in (
        native.FORMAT,
        podcast_json.FORMAT,
        aws_transcribe.FORMAT,
        deepgram.FORMAT,
        assemblyai.FORMAT,
        rev.FORMAT,
        whisper.FORMAT,
        json3.FORMAT,
        srv.FORMAT,
        ttml.FORMAT,
        vtt.FORMAT,
        ass.FORMAT,
        sami.FORMAT,
        video_page.FORMAT,
        web_page.FORMAT,
        textgrid.FORMAT,
        lrc.FORMAT,
        sbv.FORMAT,
        srt.FORMAT,
        audacity.FORMAT,
        table.FORMAT,
        markdown.FORMAT,
        marked_text.FORMAT,
        edl.FORMAT,
        fcpxml.FORMAT,
        plain.FORMAT,
    )
}
"""Every format of text by its name, in the order in which they are tried; plain text takes what no other
knows."""

BINARY_FORMATS: Mapping[str, Format[bytes]] = {
    format.name: format for format in (epub.FORMAT, docx.FORMAT, pdf.FORMAT)
}
"""Every format of files that are no text, by its name; tried before a file is taken for text."""

_LONGEST_PATH = 1024
_START = 16


@without_collector()
def read_transcript(text_or_path: str | bytes | Path) -> Transcript:
    """A transcript from its text, or from a file of it, in whichever of FORMATS or BINARY_FORMATS it is.

    A Path is a file, bytes are a file's content. A str is the text itself, unless it is a single line of at
    most 1024 characters that names an existing file. A single word that ends like a file's name, or begins
    like an address, is refused, for nobody means it as a transcript.

    Every segment comes with its words, with times only where the text has them. Raises TranscriptError, which
    says what was found and what was expected, for everything that is no transcript and for files that cannot
    be read.
    """
    content = _content_of(text_or_path)
    if isinstance(content, bytes):
        for binary in BINARY_FORMATS.values():
            if binary.read and binary.recognises(content):
                return _checked(binary.read(content), binary.description)
        content = decode(content)
    text = normalise(content)
    if is_blank(text):
        raise not_a_transcript("There is no text in it, only white space" if text else "It is empty")
    format = sniff(text, tuple(FORMATS.values()))
    assert format.read  # `sniff` chooses among those that can be read.
    return _checked(format.read(text), format.description)


def read_content(path: Path) -> bytes:
    """What is in the file of a transcript, or comes out of a pipe, which can be read but once.

    Raises TranscriptError where it cannot be read, or is longer than a transcript may be.
    """
    try:
        with path.open("rb") as file:
            start = file.peek(_START)
            _check_size(path.stat().st_size, start)
            content = file.read(_longest(start) + 1)
    except OSError as error:
        raise TranscriptError(
            f"Cannot read the transcript {path}: {error.strerror or error}. Expected a file that holds one."
        ) from error
    _check_size(len(content), start)
    return content


def write(transcript: Transcript, format: str) -> str:
    """The transcript in the format of that name in FORMATS, fit to be encoded as UTF-8.

    Raises TranscriptError if there is no such format to write, if the format cannot hold the transcript (see
    its module) or if the times break the promises of `Transcript.check`.
    """
    writer = FORMATS[format].write if format in FORMATS else None
    if writer is None:
        raise _not_writable(format, (name for name in writable() if name in FORMATS))
    transcript.check()
    return mend_surrogates(writer(transcript))


def write_bytes(transcript: Transcript, format: str) -> bytes:
    """The content of a file in the format of that name, in FORMATS (as UTF-8) or BINARY_FORMATS.

    Raises TranscriptError as `write` does.
    """
    if format not in BINARY_FORMATS:
        return write(transcript, format).encode()
    writer = BINARY_FORMATS[format].write
    if writer is None:
        raise _not_writable(format, writable())
    transcript.check()
    return writer(transcript)


def format_named(name: str) -> Format[str] | Format[bytes]:
    """The format of that name. Raises KeyError."""
    return FORMATS[name] if name in FORMATS else BINARY_FORMATS[name]


def writable() -> tuple[str, ...]:
    """The names of the formats that can be written."""
    return tuple(format.name for format in _all() if format.write)


def format_table() -> str:
    """What is known of every format, as a table in Markdown."""
    rows: list[tuple[str, ...]] = [("Name", "Format", "Read", "Written", "Words", "Speakers")]
    for format in _all():
        held = (bool(format.read), bool(format.write), format.words, format.speakers)
        rows.append((f"`{format.name}`", format.description, *("yes" if known else "" for known in held)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in rows]
    rule = "| " + " | ".join("-" * width for width in widths) + " |"
    return "\n".join([lines[0], rule, *lines[1:], ""])


def untimed(transcript: Transcript) -> tuple[Segment, ...]:
    """The lines without times: most formats leave them out, so say how many (`Format.untimed`)."""
    return tuple(segment for segment in transcript.segments if segment.start is None)


def _suffixes() -> frozenset[str]:
    """How names of files end that somebody may mean to give."""
    return frozenset(format.suffix.lower() for format in _all())


def _all() -> tuple[Format[str] | Format[bytes], ...]:
    return (*FORMATS.values(), *BINARY_FORMATS.values())


def _not_writable(format: str, known: Iterable[str]) -> TranscriptError:
    return TranscriptError(f"Cannot write the format {format!r}; expected one of {', '.join(known)}.")


def _checked(transcript: Transcript, description: str) -> Transcript:
    """The transcript with all of its words; one without any line is refused."""
    if not transcript.segments:
        raise not_a_transcript(f"This has the form of {description}, but no text in it")
    return transcript.with_segments(tuple(map(_with_words, transcript.segments)))


def _content_of(given: str | bytes | Path) -> str | bytes:
    """The text that was given, or the bytes of the file."""
    if isinstance(given, bytes):
        _check_size(len(given), given)
        return given
    if isinstance(given, Path):
        return read_content(given)
    if len(given) > _LONGEST_PATH or len(given.splitlines()) > 1 or "\0" in given:
        return given
    path = Path(given)
    try:
        if path.is_file():
            return read_content(path)
    except OSError:  # Too long for a name on this file system: no path, then.
        return given
    word = given.strip()
    if " " not in word and ("://" in word or path.suffix.lower() in _suffixes()):
        raise TranscriptError(
            f"{word} is not a file here. Expected the text of a transcript or a file that holds it; give the "
            "path of an existing file, or paste the text."
        )
    return given


def _check_size(size: int, start: bytes) -> None:
    """Raise TranscriptError for what is too long. start: how it begins."""
    if size > (most := _longest(start)):
        raise too_long(most)


def _longest(start: bytes) -> int:
    """How many bytes may be in what begins like this."""
    return MAX_ARCHIVE_BYTES if is_archive(start) else MAX_BYTES


def _with_words(segment: Segment) -> Segment:
    if segment.words:
        return segment
    return segment.at(segment.id, segment.start, segment.end, segment.turn, split_words(segment.text))

"""Transcripts in and out of the formats that people have them in.

A new format is one new file here, with a `FORMAT`, and one line in FORMATS.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from alignment.errors import TranscriptError
from alignment.formats import native, plain, srt, video_page, vtt
from alignment.formats.decoding import MAX_BYTES, decode, mend_surrogates, normalise, too_long
from alignment.formats.format import Format, not_a_transcript
from alignment.formats.sniff import sniff
from alignment.transcript import Segment, Transcript
from alignment.words import is_blank, split_words

__all__ = ["FORMATS", "Format", "read_transcript", "untimed", "write"]

FORMATS: Mapping[str, Format] = {
    format.name: format
    for format in (
        native.FORMAT,
        vtt.FORMAT,
        video_page.FORMAT,
        srt.FORMAT,
        plain.FORMAT,
    )
}
"""Every format by its name, in the order in which they are tried; plain text takes what no other knows."""

_LONGEST_PATH = 1024
_SUFFIXES = frozenset({".txt", ".md", ".srt", ".vtt", ".json", ".html", ".pdf", ".docx"})


def read_transcript(text_or_path: str | bytes | Path) -> Transcript:
    """A transcript from its text, or from a file of it, in whichever of FORMATS it is.

    A Path is a file, bytes are a file's content. A str is the text itself, unless it is a single line of at
    most 1024 characters that names an existing file. A single word that ends like a file's name, or begins
    like an address, is refused, for nobody means it as a transcript.

    Every segment comes with its words, with times only where the text has them. Raises TranscriptError, which
    says what was found and what was expected, for everything that is no transcript and for files that cannot
    be read.
    """
    text = normalise(_text_of(text_or_path))
    if is_blank(text):
        raise not_a_transcript("There is no text in it, only white space" if text else "It is empty")
    format = sniff(text, tuple(FORMATS.values()))
    assert format.read  # `sniff` chooses among those that can be read.
    transcript = format.read(text)
    if not transcript.segments:
        raise not_a_transcript(f"This has the form of {format.description}, but no text in it")
    return transcript.with_segments(tuple(map(_with_words, transcript.segments)))


def write(transcript: Transcript, format: str) -> str:
    """The transcript in the format of that name, fit to be encoded as UTF-8.

    Raises TranscriptError if there is no such format to write, if the format cannot hold the transcript (see
    its module) or if the times break the promises of `Transcript.check`.
    """
    writer = FORMATS[format].write if format in FORMATS else None
    if writer is None:
        names = ", ".join(name for name, known in FORMATS.items() if known.write)
        raise TranscriptError(f"Cannot write the format {format!r}; expected one of {names}.")
    transcript.check()
    return mend_surrogates(writer(transcript))


def untimed(transcript: Transcript) -> tuple[Segment, ...]:
    """The lines without times: SRT leaves them out and WebVTT shows them in notes only, so say how many."""
    return tuple(segment for segment in transcript.segments if segment.start is None)


def _text_of(given: str | bytes | Path) -> str:
    if isinstance(given, bytes):
        return decode(given)
    if isinstance(given, Path):
        return _content(given)
    if len(given) > _LONGEST_PATH or len(given.splitlines()) > 1 or "\0" in given:
        return given
    path = Path(given)
    try:
        if path.is_file():
            return _content(path)
    except OSError:  # Too long for a name on this file system: no path, then.
        return given
    word = given.strip()
    if " " not in word and ("://" in word or path.suffix.lower() in _SUFFIXES):
        raise TranscriptError(
            f"{word} is not a file here. Expected the text of a transcript or a file that holds it; give the "
            "path of an existing file, or paste the text."
        )
    return given


def _content(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise too_long(size)
        return decode(path.read_bytes())
    except OSError as error:
        raise TranscriptError(
            f"Cannot read the transcript {path}: {error.strerror or error}. Expected a text file."
        ) from error


def _with_words(segment: Segment) -> Segment:
    return segment if segment.words else replace(segment, words=split_words(segment.text))

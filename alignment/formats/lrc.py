"""Lyrics with times (LRC), the words' times as well in the enhanced form.

A line is `[mm:ss.xx]text`, with several times where it comes again, or an ID tag: `[ti:title]`. In a line,
`<mm:ss.xx>` is the start of the word behind it (https://en.wikipedia.org/wiki/LRC_(file_format)). A time with
nothing behind it ends the word or line before it. Lines without times have no place in it, line breaks in a
text become spaces, and what looks like a time in a text gets a word joiner, which this reader drops.
"""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from alignment.formats.cues import milliseconds, one_block, seconds, timestamp
from alignment.formats.format import Format, damaged
from alignment.formats.hundredths import Line, lines
from alignment.formats.joining import Piece, timed_words
from alignment.formats.language_codes import language_code
from alignment.formats.open_ends import LAST_MS, Starts
from alignment.formats.ordering import arranged
from alignment.transcript import Segment, Source, Transcript, Word
from alignment.words import is_blank

__all__ = ["FORMAT", "read", "recognises", "write"]

_MINUTES = r"\d{1,4}:\d{1,2}"
_TIME = rf"{_MINUTES}(?:[.:]\d{{1,3}})?|\d{{1,2}}:\d{{1,2}}:\d{{1,2}}\.\d{{1,3}}"
_LEADING = re.compile(rf"\s{{0,9}}\[({_TIME})\]")
_WITH_FRACTION = re.compile(rf"\s{{0,9}}\[{_MINUTES}\.\d{{1,3}}\]")
# Square brackets inside a line are times of words in some files, and references in others: "see [12:30]".
_INLINE = re.compile(rf"(<(?:{_TIME})>|\[{_MINUTES}\.\d{{1,3}}\])")
_BROKEN = re.compile(r"\[\d{1,4}:")
_NAMES = "ti|ar|al|au|by|re|ve|la|length|offset|tool|#"
_TAG = re.compile(rf"\[({_NAMES})[ \t]{{0,9}}:([^\n]*)\]", re.IGNORECASE)
_ANY_TAG = re.compile(r"\[[a-z_]{1,16}:[^\n]*\]", re.IGNORECASE)
_GAP = re.compile(r"[ \t]{2,}")
_OFFSET = re.compile(r"[+-]?\d{1,9}")

_JOINER = "\u2060"
_HARMLESS = re.compile(rf"(?<=[<\[]){_JOINER}(?={_JOINER}*+\d{{1,4}}:\d)")
_HARMFUL = re.compile(rf"(?<=[<\[])(?={_JOINER}*+\d{{1,4}}:\d)")


@dataclass(frozen=True, slots=True)
class _Timed:
    """A line with its start in milliseconds, and its text in pieces with theirs; the last may be blank."""

    start: int
    text: str
    pieces: Sequence[str]
    times: Sequence[int]


def recognises(text: str) -> bool:
    """Whether `text` has ID tags and a line with a time, or nearly all lines begin with a time.

    Without tags, the times need a fraction, and no hours: `[00:12:03]` on every line is found in transcripts.
    """
    given = [line for line in map(str.strip, text.split("\n")) if line]
    bracketed = [line for line in given if line.startswith("[")]
    if any(_TAG.fullmatch(line) for line in bracketed):
        return any(_LEADING.match(line) for line in bracketed)
    timed = sum(_WITH_FRACTION.match(line) is not None for line in bracketed)
    return timed > 0 and timed >= 0.8 * len(given)


def read(text: str) -> Transcript:
    """A segment for every line that has text, at each of its times, by start time.

    It ends where the next one starts, or before that where an empty line or its last inline time says so; the
    last one of all at the length that the tags give, or after 4 s. The artist becomes the channel. Raises
    TranscriptError, with the line, for a time that is none, and where lines come again so often that a small
    file would become a huge transcript.
    """
    tags: dict[str, str] = {}
    found: list[_Timed | str] = []
    room = 4 * len(text) + 10_000
    for number, line in enumerate(map(str.strip, text.split("\n")), 1):
        if tag := _TAG.fullmatch(line):
            tags.setdefault(tag[1].lower(), tag[2].strip())
        elif _LEADING.match(line):
            starts, rest = _leading(line)
            room -= len(starts) * len(line)
            if room < 0:
                raise damaged("LRC file", number, "its lines come again too often")
            pieces, times = _pieces(rest, starts[0])
            shown = "".join(pieces)
            found += [_Timed(start, shown, pieces, _moved(times, start - starts[0])) for start in starts]
        elif _BROKEN.match(line):
            raise damaged("LRC file", number, f"{line[:20]!r} begins with no time")
        elif line and (found or not _ANY_TAG.fullmatch(line)):
            found.append(line)
    return Transcript(
        segments=arranged(_segments(found, _shift(tags), _length(tags))),
        title=tags.get("ti") or None,
        language=language_code(tags.get("la")),
        source=Source(channel=tags.get("ar") or None, length=_length(tags)),
    )


def _leading(line: str) -> tuple[Sequence[int], str]:
    """The times of a line, and what follows them."""
    starts: list[int] = []
    place = 0
    while leading := _LEADING.match(line, place):
        starts.append(_milliseconds(leading[1]))
        place = leading.end()
    return starts, line[place:].strip()


def _pieces(line: str, start: int) -> tuple[Sequence[str], Sequence[int]]:
    """The text of a line that begins at `start`, cut at its inline times, and when each piece begins."""
    parts = _INLINE.split(line)
    pieces, marks = tuple(parts[::2]), parts[1::2]
    if _JOINER in line:
        pieces = tuple(_HARMLESS.sub("", piece) for piece in pieces)
    return pieces, (start, *[_milliseconds(mark[1:-1]) for mark in marks])


def _moved(times: Sequence[int], shift: int) -> Sequence[int]:
    return tuple(time + shift for time in times) if shift else times


def _segments(found: Sequence[_Timed | str], shift: int, length: float | None) -> Iterator[Segment]:
    timed = [line for line in found if isinstance(line, _Timed)]
    starts = Starts(line.start for line in timed)
    stops = {line.start for line in timed if is_blank(line.text)}
    for line in found:
        if isinstance(line, str):
            yield Segment(0, _shown(line))
        elif not is_blank(line.text):
            yield _segment(line, _end(line, starts.after(line.start), stops, length), shift)


def _end(line: _Timed, following: int | None, stops: Set[int], length: float | None) -> int:
    if following is not None and following in stops:
        return following
    if len(line.pieces) > 1 and is_blank(line.pieces[-1]):
        return max(line.start, line.times[-1])
    if following is not None:
        return following
    length_ms = milliseconds(length)
    return length_ms if length_ms > line.start else line.start + LAST_MS


def _segment(line: _Timed, end: int, shift: int) -> Segment:
    words: tuple[Word, ...] = ()
    if len(line.pieces) > 1:
        times = [(min(max(line.start, time), end) + shift) / 1000 for time in (*line.times, end)]
        pieces = [
            Piece(text, begin, max(begin, behind))
            for text, (begin, behind) in zip(line.pieces, pairwise(times), strict=True)
            if text
        ]
        timed = timed_words(line.text, pieces)
        words = tuple(Word(word.text) if word.start == word.end else word for word in timed)
    return Segment(0, _shown(line.text), (line.start + shift) / 1000, (end + shift) / 1000, words=words)


def _shown(text: str) -> str:
    """The text without the gaps that its inline times leave."""
    return _GAP.sub(" ", text).strip()


def _milliseconds(time: str) -> int:
    """`mm:ss`, `mm:ss.xx`, `mm:ss:xx` or `hh:mm:ss.xx` in milliseconds."""
    whole, _, fraction = time.partition(".")
    parts = whole.split(":")
    if not fraction and len(parts) > 2:
        fraction = parts.pop()
    total = 0
    for part in parts:
        total = total * 60 + int(part)
    return total * 1000 + int(fraction.ljust(3, "0"))


def _shift(tags: Mapping[str, str]) -> int:
    """Milliseconds that the lines come later than their times say; a positive offset makes them earlier."""
    offset = tags.get("offset", "")
    return -int(offset) if _OFFSET.fullmatch(offset) else 0


def _length(tags: Mapping[str, str]) -> float | None:
    return seconds(tags.get("length", ""))


def write(transcript: Transcript) -> str:
    """A line for every segment with times, its words with theirs; an empty one where a pause follows."""
    length = transcript.duration or transcript.source.length
    tags = {
        "ti": transcript.title,
        "ar": transcript.source.channel,
        "la": transcript.language,
        "length": timestamp(milliseconds(length), ".") if length else None,
    }
    written = [f"[{name}:{' '.join(value.split())}]" for name, value in tags.items() if value]
    shown = lines(transcript)
    for line, following in zip(shown, [*shown[1:], None], strict=True):
        written.append(f"[{_stamp(line.start)}]{_payload(line)}")
        ends_with_word = not line.stretches or line.stretches[-1].end == line.end
        if following is None or following.start > line.end or not ends_with_word:
            written.append(f"[{_stamp(line.end)}]")
    return "\n".join([*written, ""])


def _payload(line: Line) -> str:
    if not line.stretches:
        return _escaped(one_block(line.segment.text))
    parts: list[str] = []
    for stretch, following in zip(line.stretches, [*line.stretches[1:], None], strict=True):
        parts.append(f"<{_stamp(stretch.start)}>{_escaped(stretch.text)}")
        if following is None or following.start > stretch.end:
            parts.append(f"<{_stamp(stretch.end)}>")
    return "".join(parts)


def _escaped(text: str) -> str:
    return _HARMFUL.sub(_JOINER, text.replace("\n", " "))


def _stamp(time: int) -> str:
    minutes, hundredths = divmod(time, 6000)
    return f"{minutes:02}:{hundredths // 100:02}.{hundredths % 100:02}"


FORMAT = Format("lrc", "LRC lyrics", recognises, read=read, write=write, words=True)

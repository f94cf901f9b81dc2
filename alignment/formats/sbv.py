"""YouTube's SBV captions: `0:00:01.000,0:00:02.500`, the text below, a blank line.

SubViewer, its model, has hundredths, lines of tags such as `[TITLE]` above the captions, and `[br]` in a text
for a line break (https://wiki.videolan.org/SubViewer/). A text that looks like a timing line is written with
a word joiner in front, which this reader drops.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from alignment.formats.cues import cues, one_block, timestamp
from alignment.formats.format import Format, damaged
from alignment.formats.ordering import arranged
from alignment.transcript import Segment, Transcript
from alignment.words import is_blank

__all__ = ["FORMAT", "read", "recognises", "write"]

_TIME = r"(\d{1,4}):(\d{1,2}):(\d{1,2})\.(\d{1,3})"
_TIMING = re.compile(rf"\s{{0,9}}{_TIME}\s{{0,9}},\s{{0,9}}{_TIME}\s{{0,9}}")
_BROKEN = re.compile(rf"\s{{0,9}}{_TIME}\s{{0,9}},[\d:.\s]{{0,20}}")
_INFORMATION = re.compile(r"\s*+\[INFORMATION\]", re.IGNORECASE)
_TITLE = re.compile(r"^\[TITLE\]([^\n]*)", re.IGNORECASE | re.MULTILINE)
_JOINER = "\u2060"


def recognises(text: str) -> bool:
    """Whether some line of `text` is a timing line, or its first one begins as one."""
    first = text.lstrip().partition("\n")[0]
    return _BROKEN.fullmatch(first) is not None or any(
        "," in line and _TIMING.fullmatch(line) for line in text.split("\n")
    )


def read(text: str) -> Transcript:
    """A segment for every caption that has text, by start time; its lines stay lines.

    Text above the first caption becomes a segment without times, but for the tags of SubViewer. Raises
    TranscriptError, with the line, for a timing line that is cut off.
    """
    blocks: list[tuple[tuple[float, float] | None, list[str]]] = [(None, [])]
    for number, line in enumerate(text.split("\n"), 1):
        if timing := _TIMING.fullmatch(line):
            blocks.append(((_seconds(timing.groups()[:4]), _seconds(timing.groups()[4:])), []))
        elif _BROKEN.fullmatch(line):
            raise damaged("SBV file", number, f"{line.strip()!r} is no start and end")
        else:
            blocks[-1][1].append(line.removeprefix(_JOINER))
    title = None
    if _INFORMATION.match(text):
        title = _TITLE.search("\n".join(blocks[0][1]))
        blocks = [(times, [line.replace("[br]", "\n") for line in lines]) for times, lines in blocks[1:]]
    return Transcript(segments=arranged(_segments(blocks)), title=title[1].strip() or None if title else None)


def _segments(blocks: Iterable[tuple[tuple[float, float] | None, list[str]]]) -> Iterator[Segment]:
    for times, lines in blocks:
        words = one_block("\n".join(lines))
        if not is_blank(words):
            start, end = times or (None, None)
            yield Segment(0, words, start, end)


def _seconds(parts: Sequence[str]) -> float:
    hours, minutes, seconds = map(int, parts[:3])
    return ((hours * 60 + minutes) * 60_000 + seconds * 1000 + int(parts[3].ljust(3, "0"))) / 1000


def write(transcript: Transcript) -> str:
    """A caption for every segment with times; the format has no place for the others."""
    blocks = []
    for cue in cues(transcript):
        lines = one_block(cue.segment.text).split("\n")
        words = "\n".join(_JOINER + line if _is_treacherous(line) else line for line in lines)
        blocks.append(f"{_timestamp(cue.start_ms)},{_timestamp(cue.end_ms)}\n{words}\n")
    return "\n".join(blocks)


def _is_treacherous(line: str) -> bool:
    """Whether the line would be read as a time, or without the joiner that it begins with."""
    return line.startswith(_JOINER) or _BROKEN.fullmatch(line) is not None


def _timestamp(time_ms: int) -> str:
    """With as few digits of the hours as they have: YouTube writes one."""
    return timestamp(time_ms, ".").removeprefix("0")


FORMAT = Format("sbv", "YouTube SBV captions", recognises, read=read, write=write)

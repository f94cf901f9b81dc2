"""SubRip subtitles (SRT): a number, a timing line, text, a blank line.

Read by own code, because the kept libraries lose words here: they take a last line of digits for the number
of the next cue and everything between "<" and ">" for markup.
"""

import re

from alignment.formats.cues import cues, one_block, timestamp, timing
from alignment.formats.format import Format
from alignment.formats.ordering import arranged
from alignment.formats.rolling import Display, repeated_lines
from alignment.transcript import Segment, Transcript
from alignment.words import is_blank

__all__ = ["FORMAT", "read", "recognises", "write"]

_MARKUP = re.compile(r"</?[ibus]>|</?font(?:\s[^<>]*)?>|\{\\[^{}]*\}", re.IGNORECASE)


def recognises(text: str) -> bool:
    """Whether some line of `text` is a cue's timing line."""
    return any("-->" in line and timing(line) for line in text.split("\n"))


def read(text: str) -> Transcript:
    """A segment for every cue that has text, by start time; its lines stay lines, its markup is dropped.

    Text above the first cue becomes a segment without times. Of captions that roll up, each line is read once
    (see `rolling`).
    """
    blocks: list[tuple[tuple[float, float] | None, list[str]]] = [(None, [])]
    for line in text.split("\n"):
        if times := timing(line):
            blocks.append((times, []))
        else:
            blocks[-1][1].append(line)
    numbered = len(blocks) > 1 and _ends_with_number(blocks[0][1])
    shown: list[tuple[tuple[float, float] | None, list[str]]] = []
    for place, (times, lines) in enumerate(blocks):
        if numbered and place < len(blocks) - 1 and _ends_with_number(lines):
            lines.pop()
        shown.append((times, one_block(_MARKUP.sub("", "\n".join(lines))).split("\n")))
    repeated = iter(repeated_lines([Display(*times, lines) for times, lines in shown if times]))
    segments: list[Segment] = []
    for times, lines in shown:
        words = "\n".join(lines[next(repeated) :] if times else lines)
        if not is_blank(words):
            start, end = times or (None, None)
            segments.append(Segment(id=0, text=words, start=start, end=end))
    return Transcript(segments=arranged(segments))


def _ends_with_number(lines: list[str]) -> bool:
    """Whether the line above a timing line holds digits alone: in a numbered file, the number of the cue."""
    return bool(lines) and lines[-1].strip().isdecimal()


def write(transcript: Transcript) -> str:
    """A cue for every segment with times.

    The format has no place for lines without times (`formats.untimed` counts them), nor for a way to write
    "-->" in a text: it gets a zero-width space where it would make the line a timing line.
    """
    blocks = []
    for number, cue in enumerate(cues(transcript), 1):
        lines = one_block(cue.segment.text).split("\n")
        words = "\n".join(line.replace(">", "\u200b>") if timing(line) else line for line in lines)
        times = f"{timestamp(cue.start_ms, ',')} --> {timestamp(cue.end_ms, ',')}"
        blocks.append(f"{number}\n{times}\n{words}\n")
    return "\n".join(blocks)


FORMAT = Format(
    "srt", "SubRip subtitles", recognises, read=read, write=write, media_type="application/x-subrip"
)

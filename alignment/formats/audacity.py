"""Labels of the sound editor Audacity (https://manual.audacityteam.org/man/importing_and_exporting_labels.html):
start, end and text between tabs, a label to a line, the times in seconds.

A line that begins with a backslash tells the frequencies of the label above it. In some languages Audacity
wrote a comma for the decimal point. No library that we could keep reads them.
"""

import re

from alignment.formats.cues import cues, one_block
from alignment.formats.format import Format, damaged
from alignment.formats.ordering import arranged
from alignment.transcript import Segment, Transcript
from alignment.words import is_blank

__all__ = ["FORMAT", "read", "recognises", "write"]

_SECONDS = r"-?[0-9]{1,9}(?:[.,][0-9]{0,15})?"
_LABEL = re.compile(rf"({_SECONDS})\t({_SECONDS})(?:\t(.*))?")
_POINT = re.compile(rf"({_SECONDS})()\t(.*)")


def recognises(text: str) -> bool:
    """Whether the first line of `text` is a label, one of its times with a fraction."""
    label = _LABEL.fullmatch(text.lstrip().split("\n", 1)[0])
    return label is not None and bool(re.search("[.,]", label[1] + label[2]))


def read(text: str) -> Transcript:
    """A segment for every label that has text. Raises TranscriptError, with the line, for any other line."""
    segments = []
    for number, line in enumerate(text.split("\n"), 1):
        if is_blank(line) or line.startswith("\\"):
            continue
        label = _LABEL.fullmatch(line) or _POINT.fullmatch(line)
        if not label:
            raise damaged("label file", number, "expected start, end and text between tabs")
        if not is_blank(label[3] or ""):
            start, end = _seconds(label[1]), _seconds(label[2] or label[1])
            segments.append(Segment(0, label[3].strip(), start, end))
    return Transcript(segments=arranged(segments))


def _seconds(number: str) -> float:
    return float(number.replace(",", "."))


def write(transcript: Transcript) -> str:
    """A label for every segment with times, in one line; labels may overlap and be points, as segments may.

    Raises TranscriptError if no segment has a time.
    """
    timed = (cue.segment for cue in cues(transcript))
    return "".join(
        f"{segment.start:.6f}\t{segment.end:.6f}\t{_line(segment.text)}\n"
        for segment in timed
        if not is_blank(segment.text)
    )


def _line(text: str) -> str:
    return one_block(text).replace("\n", " ").replace("\t", " ")


FORMAT = Format("audacity", "Audacity labels", recognises, read=read, write=write, suffix=".labels.txt")

"""The JSON transcripts of podcasts, `{"version": "1.0.0", "segments": [{"startTime": 1, "body": "Ahoy"}]}`
(https://github.com/Podcastindex-org/podcast-namespace/blob/main/transcripts/transcripts.md).

A segment may be a line or, as many hosts write, a single word. A file is taken for one of words if nine of
ten of its segments are one word each (`recognised.are_words`); then they are joined into lines. We write a
segment for every line, since players show each segment as it is, and a word alone would flash by.
"""

import json

from pydantic import BaseModel

from alignment.formats.cues import cues, one_block
from alignment.formats.format import Format
from alignment.formats.joining import Piece, lines_of
from alignment.formats.json_text import has_key, validated
from alignment.formats.ordering import arranged
from alignment.formats.recognised import Seconds, Speaker, are_words, as_line, spaced, with_ends
from alignment.transcript import Transcript
from alignment.words import is_blank

__all__ = ["FORMAT", "read", "recognises", "write"]

_VERSION = "1.0.0"


class _Segment(BaseModel):
    speaker: Speaker = None
    startTime: Seconds = None  # noqa: N815 - the format's own names
    endTime: Seconds = None  # noqa: N815
    body: str | None = None


class _Podcast(BaseModel):
    segments: list[_Segment]


def recognises(text: str) -> bool:
    """Whether `text` is an object with segments that have a `startTime` and a `body`."""
    return text.lstrip().startswith("{") and has_key(text, "segments", "startTime", "body")


def read(text: str) -> Transcript:
    """A line for every segment that has text, or lines of words with times where each segment is a word.

    Where a segment has no end, it lasts until the next one.
    """
    podcast = validated(_Podcast, text, "the transcript of a podcast")
    given = (
        Piece(segment.body or "", segment.startTime, segment.endTime, segment.speaker)
        for segment in podcast.segments
    )
    spoken = with_ends([piece for piece in given if not is_blank(piece.text)])
    if are_words(piece.text for piece in spoken):
        return Transcript(arranged(lines_of(spaced(spoken))))
    return Transcript(arranged(map(as_line, spoken)))


def write(transcript: Transcript) -> str:
    """A segment for every line with times, on a line of the file; without a speaker where none is known."""
    segments = [
        {
            **({"speaker": " ".join(cue.segment.speaker.split())} if cue.segment.speaker else {}),
            "startTime": cue.start_ms / 1000,
            "endTime": cue.end_ms / 1000,
            "body": one_block(cue.segment.text),
        }
        for cue in cues(transcript)
    ]
    lines = ",\n".join(json.dumps(segment, ensure_ascii=False) for segment in segments)
    return f'{{"version": "{_VERSION}",\n"segments": [\n{lines}\n]}}\n'


FORMAT = Format(
    "podcast",
    "Podcast transcript",
    recognises,
    read=read,
    write=write,
    speakers=True,
    suffix=".json",
    media_type="application/json",
)

"""json3, the captions of YouTube as JSON; there is no specification.

An event is a caption line: `tStartMs`, `dDurationMs` and `segs`, pieces of text (`utf8`) that in automatic
captions are words with `tOffsetMs`, counted from the event's start, and `acAsrConf`, how sure the recogniser
was, of 255. Events without `segs` set up windows; `aAppend` goes on in the line that stands in the window.
"""

import json
from collections.abc import Iterator
from itertools import pairwise, zip_longest

from pydantic import BaseModel, Field

from alignment.formats.cues import Cue, cues, milliseconds, one_block
from alignment.formats.format import Format
from alignment.formats.joining import Piece
from alignment.formats.json_text import has_key, validated
from alignment.formats.youtube import RUBY, Event, lines
from alignment.transcript import Transcript

__all__ = ["FORMAT", "read", "recognises", "write"]

_KEYS = ("wireMagic", "tStartMs")


class _Seg(BaseModel):
    utf8: str = ""
    offset_ms: float | None = Field(None, alias="tOffsetMs")
    confidence: float | None = Field(None, alias="acAsrConf")
    pen: int | None = Field(None, alias="pPenId")


class _Event(BaseModel):
    start_ms: float = Field(0.0, alias="tStartMs")
    duration_ms: float | None = Field(None, alias="dDurationMs")
    segs: list[_Seg] | None = None
    window: int | None = Field(None, alias="wWinId")
    append: bool = Field(False, alias="aAppend")


class _Pen(BaseModel):
    ruby: int = Field(0, alias="rbRuby")


class _Captions(BaseModel):
    events: list[_Event]
    pens: list[_Pen] = []


def recognises(text: str) -> bool:
    """Whether `text` is an object, whole or damaged, with the names that only these captions have."""
    return text.lstrip().startswith("{") and any(has_key(text, key) for key in _KEYS)


def read(text: str) -> Transcript:
    """A segment for every event that has text, its words timed and rated where the captions are automatic."""
    captions = validated(_Captions, text, "YouTube's captions (json3)")
    silent = {number for number, pen in enumerate(captions.pens) if pen.ruby in RUBY}
    return Transcript(lines(_event(event, silent) for event in captions.events))


def _event(event: _Event, silent: set[int]) -> Event:
    pieces = tuple(
        Piece(
            seg.utf8,
            None if seg.offset_ms is None else (event.start_ms + seg.offset_ms) / 1000,
            None,
            confidence=min(seg.confidence / 255, 1.0) if seg.confidence and seg.confidence > 0 else None,
        )
        for seg in event.segs or ()
        if seg.pen not in silent
    )
    end = None if event.duration_ms is None else (event.start_ms + event.duration_ms) / 1000
    return Event(event.start_ms / 1000, end, pieces, str(event.window or ""), event.append)


def write(transcript: Transcript) -> str:
    """An event for every segment with times, on a line of its own; those without are left out.

    Words with times are pieces of their own. As a piece has no end, the white space behind a word becomes a
    piece too where a pause follows.
    """
    events = [
        {
            "tStartMs": cue.start_ms,
            "dDurationMs": cue.end_ms - cue.start_ms,
            "segs": [
                {"utf8": text, **({"tOffsetMs": offset_ms} if offset_ms else {})}
                for text, offset_ms in _segs(cue)
            ],
        }
        for cue in cues(transcript)
    ]
    listed = ",\n".join(json.dumps(event, ensure_ascii=False) for event in events)
    return f'{{"wireMagic": "pb3", "pens": [{{}}], "events": [\n{listed}\n]}}\n'


def _segs(cue: Cue) -> Iterator[tuple[str, int]]:
    """The text of a cue in pieces, with their milliseconds from its start, which never go back."""
    text = one_block(cue.segment.text)
    cuts = [(0, 0), *_cuts(cue, text)]
    for (place, offset_ms), (behind, _) in pairwise([*cuts, (len(text), 0)]):
        if behind > place or offset_ms:
            yield text[place:behind], offset_ms


def _cuts(cue: Cue, text: str) -> Iterator[tuple[int, int]]:
    """Places in the text at which a time is told: where words start, and where they end before a pause."""
    place = latest_ms = 0
    timed = [word for word in cue.segment.words if word.start is not None]
    for word, following in zip_longest(timed, timed[1:]):
        begin = text.find(word.text, place)
        if begin < 0:
            return
        place = begin + len(word.text)
        limit_ms = cue.end_ms if following is None else min(cue.end_ms, milliseconds(following.start))
        for cut, time in ((begin, word.start), (place, min(milliseconds(word.end), limit_ms) / 1000)):
            time_ms = min(milliseconds(time), cue.end_ms) - cue.start_ms
            if time_ms > latest_ms:
                latest_ms = time_ms
                yield cut, time_ms


FORMAT = Format(
    "json3",
    "YouTube captions (json3)",
    recognises,
    read=read,
    write=write,
    words=True,
    media_type="application/json",
)

"""What Whisper and the programs around it write as JSON, each in a shape of its own.

- OpenAI's command and API (https://platform.openai.com/docs/api-reference/audio/verbose-json-object),
  faster-whisper, WhisperX, whisper-timestamped and stable-ts:
  `{"segments": [{"start", "end", "text", "words"}]}`
  or that list alone; the API may have the words beside the segments, or words and no segments.
- faster-whisper's tuples: `[[id, seek, start, end, text, ...]]`.
- whisper.cpp: `{"transcription": [{"offsets": {"from", "to"}, "text", "tokens"}]}`, in milliseconds.
- Hugging Face pipelines: `{"chunks": [{"timestamp": [start, end], "text"}]}`, and `speakers` like them.

A segment is a line. Where each is one word, as some programs write on demand, they are joined into lines.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from pydantic import AliasChoices, BaseModel, Field, FiniteFloat, field_validator, model_validator

from alignment.formats.format import Format
from alignment.formats.joining import Piece, lines_of
from alignment.formats.json_text import has_key, validated
from alignment.formats.language_codes import language_code
from alignment.formats.ordering import arranged
from alignment.formats.recognised import (
    Seconds,
    Speaker,
    are_words,
    as_line,
    as_lines,
    shared_out,
    spaced,
    with_ends,
)
from alignment.transcript import Segment, Source, Transcript
from alignment.words import is_blank

__all__ = ["FORMAT", "read", "recognises"]

_OBJECTS = (
    ("segments", "start", "text"),
    ("transcription", "offsets", "text"),
    ("chunks", "timestamp", "text"),
    ("words", "word", "start", "text"),
)
_LISTS = (("start", "end", "text"), ("start", "duration", "text"), ("timestamp", "text"))
_NUMBER = r"\s*+-?[\d.]++\s*+,"
_TUPLES = re.compile(rf"\[\s*+\[{_NUMBER * 4}\s*+\"")
_LIST = re.compile(r"\[\s*+\{")

# Times ("[_TT_150]", "<|0.00|>") and orders to the recogniser ("[_SOT_]", "<|en|>") among the tokens.
_MARK = re.compile(r"\[_[A-Z0-9_]++\]|<\|[^|<>]*+\|>")
_TURN = "[SPEAKER_TURN]"


class _Word(BaseModel):
    text: str = Field(default="", validation_alias=AliasChoices("word", "text"))
    start: Seconds = None
    end: Seconds = None

    @model_validator(mode="before")
    @classmethod
    def _of_tuple(cls, value: Any) -> Any:
        if isinstance(value, list):
            return dict(zip(("start", "end", "word"), value, strict=False))
        return value

    def piece(self) -> Piece:
        return Piece(self.text, self.start, self.end)


class _Segment(BaseModel):
    text: str | None = None
    start: Seconds = None
    end: Seconds = None
    duration: Seconds = None
    speaker: Speaker = None
    words: list[_Word] | None = None

    @model_validator(mode="before")
    @classmethod
    def _of_tuple(cls, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        words = (part for part in value[5:] if isinstance(part, list) and part and isinstance(part[0], list))
        return {
            **dict(zip(("start", "end", "text"), value[2:5], strict=False)),
            "words": next(words, None),
        }

    def spoken(self) -> tuple[Piece, Sequence[Piece]]:
        end = self.end
        if end is None and self.start is not None and self.duration is not None:
            end = self.start + self.duration
        words = [word.piece() for word in self.words or ()]
        return Piece(self.text or "", self.start, end, self.speaker), words


class _Offsets(BaseModel):
    start: FiniteFloat | None = Field(default=None, validation_alias="from")
    end: FiniteFloat | None = Field(default=None, validation_alias="to")


class _Token(BaseModel):
    text: str = ""
    offsets: _Offsets = _Offsets()

    def piece(self) -> Piece:
        return Piece(self.text, _seconds(self.offsets.start), _seconds(self.offsets.end))


class _CppSegment(_Token):
    speaker: str | None = None
    speaker_turn_next: bool = False
    tokens: list[_Token] | None = None

    def spoken(self, turn: int) -> tuple[Piece, Sequence[Piece]]:
        speaker = f"Speaker {self.speaker}" if self.speaker and self.speaker != "?" else None
        words = [token.piece() for token in self.tokens or () if not _MARK.fullmatch(token.text.strip())]
        piece = replace(self.piece(), text=self.text.replace(_TURN, ""), speaker=speaker, turn=turn)
        return piece, words


class _Chunk(BaseModel):
    text: str | None = None
    timestamp: list[Seconds] | None = None
    speaker: Speaker = None

    def spoken(self) -> tuple[Piece, Sequence[Piece]]:
        start, end = [*(self.timestamp or ()), None, None][:2]
        return Piece(self.text or "", start, end, self.speaker), ()


class _About(BaseModel):
    language: str | None = None
    duration: Seconds = None


class _Whisper(_About):
    text: str | None = None
    segments: list[_Segment] | None = None
    words: list[_Word] | None = Field(default=None, validation_alias=AliasChoices("words", "word_segments"))
    transcription: list[_CppSegment] | None = None
    chunks: list[_Chunk] | None = None
    speakers: list[_Chunk] | None = None
    result: _About | None = None
    info: _About | None = None

    @model_validator(mode="before")
    @classmethod
    def _of_list(cls, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        is_chunks = bool(value) and isinstance(value[0], dict) and "timestamp" in value[0]
        return {"chunks": value} if is_chunks else {"segments": value}

    @field_validator("speakers", mode="before")
    @classmethod
    def _unless_names(cls, value: Any) -> Any:
        """Some list the names of the speakers there; those stand at the segments, too."""
        return value if isinstance(value, list) and all(isinstance(item, dict) for item in value) else None

    def spoken(self) -> list[tuple[Piece, Sequence[Piece]]]:
        """The segments, each with its words where it has some."""
        if self.segments:
            return [segment.spoken() for segment in self.segments]
        turn, spoken = 0, []
        for segment in self.transcription or ():
            spoken.append(segment.spoken(turn))
            turn += segment.speaker_turn_next
        return spoken or [chunk.spoken() for chunk in self.speakers or self.chunks or ()]


def recognises(text: str) -> bool:
    """Whether `text` is an object or a list with the keys of one of the shapes."""
    start = text.lstrip()[:200]
    if start.startswith("{"):
        return any(has_key(text, *keys) for keys in _OBJECTS)
    if _LIST.match(start):
        return any(has_key(text, *keys) for keys in _LISTS)
    return _TUPLES.match(start) is not None


def read(text: str) -> Transcript:
    """A line for every segment, its words with times where it has them.

    Where a segment has no end, it lasts until the next one.
    """
    whisper = validated(_Whisper, text, "what Whisper writes")
    said = [
        (piece, words)
        for piece, words in whisper.spoken()
        if not is_blank(piece.text) or not all(is_blank(word.text) for word in words)
    ]
    about = [about for about in (whisper, whisper.result, whisper.info) if about]
    words = [word.piece() for word in whisper.words or ()]
    return Transcript(
        segments=arranged(_lines(said, words) if said else as_lines(_whole(whisper.text), words)),
        language=language_code(next((each.language for each in about if each.language), None)),
        source=Source(length=next((each.duration for each in about if each.duration), None)),
    )


def _lines(said: Sequence[tuple[Piece, Sequence[Piece]]], beside: Sequence[Piece]) -> Iterable[Segment]:
    """beside: the words of all segments, where they do not stand in them."""
    pieces = with_ends([piece for piece, _ in said])
    if are_words(piece.text for piece in pieces):
        return lines_of(spaced(pieces))
    if beside and not any(words for _, words in said):
        return shared_out(pieces, beside)
    return [as_line(piece, words) for piece, (_, words) in zip(pieces, said, strict=True)]


def _whole(text: str | None) -> Piece:
    return Piece(text or "", None, None)


def _seconds(time_ms: float | None) -> float | None:
    return None if time_ms is None else time_ms / 1000


FORMAT = Format("whisper", "Whisper transcript", recognises, read=read, words=True, speakers=True)

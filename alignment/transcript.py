"""What a transcript is: segments (caption lines) of words, each with a time or without.

Values only. Readers and writers are in `formats`, the aligner that fills in the times in `engine`.
Every time is in seconds from the start of the audio, as a float; None where it is not known.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from alignment.errors import TranscriptError

__all__ = [
    "About",
    "Chapter",
    "Comment",
    "Corrected",
    "Origin",
    "Passage",
    "Provenance",
    "Segment",
    "Source",
    "Status",
    "Transcript",
    "Word",
]

Status = Literal["aligned", "interpolated", "not_in_audio"]
"""How a segment got its times: found in the audio, estimated from its neighbours, or not at all."""

Origin = Literal["captions", "automatic captions", "recognised"]
"""Where a text is from that nobody gave: captions of the recording's source, written by people or by a
machine, or what the recogniser heard."""

Corrected = Literal["text", "lines", "time", "absent"]
"""What people have corrected of a line: its words, its ends in the text, its time, or that it is not in the
audio."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as written, its punctuation included.

    The words of a segment stand in its text in order, and only white space stands outside them.
    """

    text: str
    start: float | None = None
    end: float | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A caption line.

    text: as given, byte for byte, without the line's separators.
    turn: number of the speaker's turn that the line belongs to, from 0.
    status: None until the line has been through the aligner.
    confidence: 0 to 1, how sure the aligner is that the start is within 200 ms of the truth.
    corrected: what people have corrected of it.
    """

    id: int
    text: str
    start: float | None = None
    end: float | None = None
    speaker: str | None = None
    turn: int = 0
    status: Status | None = None
    confidence: float | None = None
    words: tuple[Word, ...] = ()
    corrected: tuple[Corrected, ...] = ()

    def at(
        self, id: int, start: float | None, end: float | None, turn: int, words: tuple[Word, ...]
    ) -> "Segment":
        """The same line elsewhere, in a quarter of the time of `replace`: readers do it with every line."""
        return Segment(
            id,
            self.text,
            start,
            end,
            self.speaker,
            turn,
            self.status,
            self.confidence,
            words,
            self.corrected,
        )


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of audio with speech that the transcript lacks. heard: what the recogniser made of it."""

    start: float
    end: float
    heard: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A named part of the audio, from `start` until the next chapter."""

    start: float
    title: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where the recording is from, as far as is known.

    id: the site's own id of the recording (for YouTube its 11 characters).
    url: the address that it can be fetched from.
    length: its duration in seconds as the source states it; the audio at hand may be another cut.
    published: ISO 8601 date.
    """

    id: str | None = None
    url: str | None = None
    channel: str | None = None
    length: float | None = None
    published: str | None = None
    description: str | None = None
    thumbnail: str | None = None
    chapters: tuple[Chapter, ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    """A listener's comment. date: ISO 8601, or as given where it could not be understood."""

    text: str
    author: str | None = None
    date: str | None = None
    votes: int | None = None
    replies: int | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What a transcript page says around its captions.

    info: every `Name: value` line of the page's Info section, as given; None where the page says `undefined`.
    """

    views: int | None = None
    info: dict[str, str | None] = field(default_factory=dict)
    comments: tuple[Comment, ...] = ()
    related: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made the times. The hashes are SHA-256, hexadecimal."""

    engine: str
    model: str
    model_sha256: str
    audio_sha256: str
    transcript_sha256: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """A transcript, aligned or not yet.

    language: ISO 639-1 code, None where it is not known.
    duration: seconds of the audio that it was aligned with.
    provenance: None until it has been aligned.
    origin: where the text is from, None where a person gave it.
    untranscribed: what is said in the audio and not in the text.
    """

    segments: tuple[Segment, ...]
    title: str | None = None
    language: str | None = None
    duration: float | None = None
    source: Source = Source()
    about: About | None = None
    provenance: Provenance | None = None
    untranscribed: tuple[Passage, ...] = ()
    origin: Origin | None = None

    def words(self) -> Iterator[Word]:
        """Every word of every segment, in order."""
        for segment in self.segments:
            yield from segment.words

    def check(self) -> None:
        """Raise TranscriptError unless the times keep their promises.

        Starts never go back, 0 <= start <= end <= duration, a line that is not in the audio has no times
        and every other line of an aligned transcript has both.
        """
        limit = float("inf") if self.duration is None else self.duration
        for items in (self.segments, tuple(self.words())):
            _check_times(items, limit)
        for segment in self.segments:
            if segment.status is not None and (segment.status == "not_in_audio") != (segment.start is None):
                raise TranscriptError(f"{segment.text!r} is {segment.status} but starts at {segment.start}.")

    def with_segments(self, segments: tuple[Segment, ...]) -> "Transcript":
        """The same transcript with other segments."""
        return replace(self, segments=segments)


def _check_times(items: Sequence[Segment] | Sequence[Word], limit: float) -> None:
    latest = 0.0
    for item in items:
        if item.start is None and item.end is None:
            continue
        if item.start is None or item.end is None:
            raise TranscriptError(f"{item.text!r} has one of start and end; it needs both or none.")
        if not 0 <= item.start <= item.end <= limit:
            raise TranscriptError(
                f"{item.text!r} is timed {item.start} to {item.end} s in audio of {limit} s."
            )
        if item.start < latest:
            raise TranscriptError(
                f"{item.text!r} starts at {item.start} s, before the line or word that it follows."
            )
        latest = item.start

"""A part of a recording, from here to there, with its part of the transcript.

The sound is cut in the quietest moment near each end, between two words, and fades in and out.
"""

import io
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
from numpy.typing import NDArray

from alignment.audio import Span, as_segment, why_undecodable
from alignment.errors import AudioError
from alignment.retiming import later
from alignment.transcript import Chapter, Segment, Transcript, Word
from alignment.wording import clock, length

if TYPE_CHECKING:
    from pydub import AudioSegment

__all__ = [
    "CLIP_KINDS",
    "LONGEST_CLIP_S",
    "Sound",
    "clip_sound",
    "encode_clip",
    "faded",
    "part_of",
    "read_sound",
    "tags_of",
]

LONGEST_CLIP_S = 3600.0
CLIP_KINDS: dict[str, dict[str, Any]] = {
    "m4a": {"format": "ipod", "codec": "aac", "parameters": ["-movflags", "+faststart"]},
    "mp3": {"format": "mp3", "codec": "libmp3lame"},
}
"""How pydub is to write a clip, by the suffix of its file."""

_REACH_S = 0.25
"""How far from where it was asked for a cut may be."""

_FADE_IN_MS, _FADE_OUT_MS = 20, 60
_BITRATE = "160k"
_FRAME_S = 0.01


@dataclass(frozen=True, eq=False)
class Sound:
    """Decoded sound. samples: int16, shape (n, channels). start: seconds in the recording of the first."""

    samples: NDArray[np.int16]
    rate: int
    start: float

    @property
    def span(self) -> Span:
        """When it sounds in the recording."""
        return Span(self.start, self.start + len(self.samples) / self.rate)

    def part(self, span: Span) -> "Sound":
        """What lies in the span, as far as it is here."""
        first, last = (
            min(max(0, round((time - self.start) * self.rate)), len(self.samples))
            for time in (span.start, span.end)
        )
        return Sound(self.samples[first:last], self.rate, self.start + first / self.rate)


def read_sound(path: Path, span: Span) -> Sound:
    """The sound of the file from span.start to span.end and half a second around it, as it is in the file.

    Raises AudioError where the span has no length, is longer than an hour or lies outside of the recording,
    and for a file that cannot be decoded.
    """
    if not 0 <= span.start < span.end:
        ends = f"{clock(span.start)} to {clock(span.end)}"
        raise AudioError(f"A clip from {ends} has no length. Give an end after the start.")
    if span.length > LONGEST_CLIP_S:
        raise AudioError(f"A clip of {length(span.length)} is too long; it may have an hour at most.")
    first, last = max(0.0, span.start - 2 * _REACH_S), span.end + 2 * _REACH_S
    try:
        with av.open(str(path), metadata_errors="ignore") as container:
            pieces, rate, begin = _decoded(container, first, last)
    except (av.FFmpegError, OSError, IndexError) as error:
        raise AudioError(
            f"{path.name} cannot be decoded ({why_undecodable(error)}). Give another file."
        ) from error
    sound = Sound(np.concatenate(pieces) if pieces else np.empty((0, 1), np.int16), rate, begin)
    if sound.start + len(sound.samples) / max(1, rate) <= span.start:
        raise AudioError(f"{path.name} ends before {clock(span.start)}; give a time in the recording.")
    return sound


def part_of(transcript: Transcript, span: Span) -> Transcript:
    """What is said in the span: its lines and words, its chapters, moved so that it begins at 0.

    A line that is cut keeps the words of which more than half is inside.
    """
    parts = [_inside(segment, span) for segment in transcript.segments if segment.start is not None]
    segments = [_limited(later(part, -span.start), span.length) for part in parts if part]
    source = transcript.source
    title = f"{transcript.title or 'Clip'}, {clock(span.start)} – {clock(span.end)}"
    return replace(
        transcript,
        segments=tuple(replace(segment, id=number) for number, segment in enumerate(segments)),
        title=title,
        duration=round(span.length, 3),
        source=replace(source, length=None, chapters=tuple(_chapters(source.chapters, span))),
        untranscribed=(),
        provenance=None,
    )


def clip_sound(sound: Sound, transcript: Transcript, span: Span) -> Sound:
    """The span's sound, cut in the quietest moment within a quarter of a second, and never in a word."""
    words = [word for word in transcript.words() if word.start is not None and word.end is not None]
    starts = [(word.start or 0.0, word.end or 0.0) for word in words]
    middles = [(start + end) / 2 for start, end in starts]
    first, last = bisect_left(middles, span.start), bisect_left(middles, span.end)
    before = starts[first - 1][1] if first else 0.0
    after = starts[last][0] if last < len(starts) else float("inf")
    inside = (starts[first][0], starts[last - 1][1]) if first < last else (span.start, span.end)
    begin = _quietest(sound, *_room(span.start, before, inside[0]))
    end = _quietest(sound, *_room(span.end, inside[1], after))
    return sound.part(Span(begin, max(end, begin)))


def encode_clip(sound: Sound, kind: str, **tags: str) -> bytes:
    """The content of a file of that kind in CLIP_KINDS, its ends faded. Raises AudioError."""
    segment = faded(sound)
    from pydub.exceptions import CouldntEncodeError  # after pydub itself, which `as_segment` quiets

    out = io.BytesIO()
    named = {name: text for name, text in tags.items() if text}
    try:
        segment.export(out, bitrate=_BITRATE, tags=named, **CLIP_KINDS[kind])
    except (CouldntEncodeError, OSError) as error:
        raise AudioError(f"The clip cannot be written as {kind}: {str(error).splitlines()[-1]}") from error
    return out.getvalue()


def tags_of(part: Transcript) -> dict[str, str]:
    """What a clip's file says of itself: its title, the channel as the artist, the address as a comment."""
    source = part.source
    return {"title": part.title or "", "artist": source.channel or "", "comment": source.url or ""}


def faded(sound: Sound) -> "AudioSegment":
    """The sound for pydub, its ends faded."""
    return as_segment(sound.samples, sound.rate).fade_in(_FADE_IN_MS).fade_out(_FADE_OUT_MS)


def _decoded(container: Any, first: float, last: float) -> tuple[list[NDArray[np.int16]], int, float]:
    """Samples between two times, their rate, and when the first of them is."""
    stream = container.streams.audio[0]
    rate, layout = stream.codec_context.sample_rate, stream.codec_context.layout
    resampler = av.AudioResampler(format="s16", layout=layout, rate=rate)
    channels = layout.nb_channels
    # The aligner counts samples, whatever the file's own clock says of the first one: it may come late.
    zero = next((float(frame.time or 0.0) for frame in container.decode(stream)), 0.0)
    container.seek(int(max(0.0, first - 1 + zero) * av.time_base))
    pieces: list[NDArray[np.int16]] = []
    begin = 0.0
    for frame in container.decode(stream):
        time = float(frame.time or 0.0) - zero
        if time >= last:
            break
        if time + frame.samples / rate <= first:
            continue
        if not pieces:
            begin = time
        for part in resampler.resample(frame):
            pieces.append(part.to_ndarray().astype(np.int16, copy=False).reshape(-1, channels))
    return pieces, rate, begin


def _inside(segment: Segment, span: Span) -> Segment | None:
    """The line with only the words that are in the span; None where it has none there."""
    if not any(word.start is not None for word in segment.words):
        return segment if span.start <= ((segment.start or 0) + (segment.end or 0)) / 2 < span.end else None
    kept = [number for number, word in enumerate(segment.words) if _is_in(word, span)]
    if not kept:
        return None
    words = segment.words[kept[0] : kept[-1] + 1]
    if len(words) == len(segment.words):
        return segment
    places = list(_places(segment))
    text = segment.text[places[kept[0]][0] : places[kept[-1]][1]]
    return replace(segment, text=text, start=words[0].start, end=words[-1].end, words=words)


def _is_in(word: Word, span: Span) -> bool:
    if word.start is None or word.end is None:
        return False
    return span.start <= (word.start + word.end) / 2 < span.end


def _places(segment: Segment) -> Iterator[tuple[int, int]]:
    """Where each word stands in the text."""
    after = 0
    for word in segment.words:
        at = segment.text.index(word.text, after)
        after = at + len(word.text)
        yield at, after


def _limited(segment: Segment, limit: float) -> Segment:
    """The line with times from 0 to `limit`."""

    def clamped(time: float | None) -> float | None:
        return None if time is None else round(min(max(0.0, time), limit), 3)

    words = (replace(word, start=clamped(word.start), end=clamped(word.end)) for word in segment.words)
    return replace(segment, start=clamped(segment.start), end=clamped(segment.end), words=tuple(words))


def _chapters(chapters: Sequence[Chapter], span: Span) -> Iterator[Chapter]:
    """Those that begin in the span, and the one that it begins in."""
    for number, chapter in enumerate(chapters):
        following = chapters[number + 1].start if number + 1 < len(chapters) else float("inf")
        if chapter.start < span.end and following > span.start:
            yield replace(chapter, start=max(0.0, chapter.start - span.start))


def _room(wanted: float, earliest: float, latest: float) -> tuple[float, float]:
    """Where a cut may be: between two words, near where it is wanted."""
    low, high = max(earliest, wanted - _REACH_S), min(latest, wanted + _REACH_S)
    if low <= high:
        return low, high
    # It is wanted inside a word: the nearer side of that word.
    return (latest, latest) if wanted > latest else (earliest, earliest)


def _quietest(sound: Sound, low: float, high: float) -> float:
    """The middle of the quietest hundredth of a second between two times."""
    part = sound.part(Span(low, high))
    frame = max(1, round(_FRAME_S * sound.rate))
    count = len(part.samples) // frame
    if count < 1:
        return low
    loud = np.abs(part.samples[: count * frame].astype(np.int32)).reshape(count, -1).sum(axis=1)
    return part.start + (int(np.argmin(loud)) + 0.5) * frame / sound.rate

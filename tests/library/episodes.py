"""Small episodes that the tests make themselves, and a job's tools that need no network and no weights."""

import io
import math
import struct
import wave
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path

from alignment.corrections import Found, Realign
from alignment.formats import read_transcript
from alignment.library import Tools
from alignment.progress import Progress, ProgressCallback, ignore_progress
from alignment.transcript import Provenance, Segment, Source, Transcript, Word

LINES = ("The kettle is on.", "Who left the gate open?", "Nobody, it was the wind.")
NOWHERE = Source()
GIVEN = "\n".join(LINES).encode()


def tone(seconds: float = 1.0, pitch_hz: float = 330.0, rate: int = 8000) -> bytes:
    """A WAV file of a steady tone."""
    frames = b"".join(
        struct.pack("<h", round(9000 * math.sin(2 * math.pi * pitch_hz * n / rate)))
        for n in range(round(seconds * rate))
    )
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(frames)
    return file.getvalue()


def audio_file(folder: Path, name: str = "tone.wav", **how: float) -> Path:
    """A file with a tone."""
    path = folder / name
    path.write_bytes(tone(**how))
    return path


def aligned(
    title: str = "At the gate",
    model: str = "base",
    shift: float = 0.0,
    placed: int = len(LINES),
    source: Source = NOWHERE,
) -> Transcript:
    """The transcript GIVEN with a quarter of a second for each line; lines from `placed` on have no times."""
    segments = tuple(
        _line(number, text, shift + number / 4 if number < placed else None)
        for number, text in enumerate(LINES)
    )
    return Transcript(
        segments=segments,
        title=title,
        language="en",
        duration=1.0,
        provenance=Provenance("test", model, "0" * 64, "1" * 64, "2" * 64),
        source=source,
    )


def opening(title: str = "At the gate", model: str = "base") -> Transcript:
    """The same while only its first line is placed."""
    first, *later = aligned(title, model).segments
    given = [Segment(line.id, line.text, words=tuple(Word(w.text) for w in line.words)) for line in later]
    return replace(aligned(title, model), segments=(first, *given))


def _line(id: int, text: str, start: float | None) -> Segment:
    if start is None:
        words = tuple(Word(word) for word in text.split())
        return Segment(id, text, status="not_in_audio", words=words)
    words = tuple(Word(word, start, start + 0.2, 0.9) for word in text.split())
    return Segment(id, text, start, start + 0.2, status="aligned", confidence=0.9, words=words)


@dataclass(frozen=True)
class Brought:
    """Like `alignment.sources.captions.Captions`."""

    path: Path
    language: str | None = "en"
    automatic: bool = True


@dataclass(frozen=True)
class Fetched:
    """Like `alignment.sources.FetchedAudio`, without the second that it takes to load yt-dlp."""

    path: Path
    title: str
    source: Source = NOWHERE
    thumbnail: Path | None = None
    duration: float = 1.0
    captions: Brought | None = None


def copy_as_fetch(
    source: str | Path,
    directory: Path,
    *,
    captions: str | None = None,
    progress: ProgressCallback = ignore_progress,
) -> Fetched:
    """Take a local file as it is."""
    progress(Progress("Fetching audio"))
    source = Path(source)
    directory.mkdir(exist_ok=True)
    target = directory / f"audio{source.suffix}"
    target.write_bytes(source.read_bytes())
    beside = source.with_suffix(".vtt")
    has_captions = captions is not None and beside.is_file()
    return Fetched(target, source.stem, captions=Brought(beside) if has_captions else None)


def write_down(audio: Path, **how: object) -> Transcript:
    """What is heard at the gate."""
    return Transcript(opening().segments, language="en", origin="recognised")


def spread_evenly(
    audio: Path,
    transcript: Transcript,
    *,
    model: str = "base",
    language: str | None = None,
    progress: ProgressCallback = ignore_progress,
    show_opening: Callable[[Transcript], None] | None = None,
    checkpoints: Path | None = None,
) -> Transcript:
    """Times that need no listening."""
    progress(Progress("Listening", 0.5))
    return aligned(transcript.title or "", model, source=transcript.source)


def find_again(
    audio: Path, transcript: Transcript, first: int, last: int, *, fixed: Collection[int] = (), **how: object
) -> Realign:
    """A twentieth of a second after where they were at first."""
    found = (
        Found(line.start, line.end, "aligned", 0.9, tuple((w.start, w.end, w.confidence) for w in line.words))
        for line in aligned(shift=0.05).segments[first : last + 1]
    )
    lines = zip(transcript.segments[first : last + 1], found, strict=True)
    return Realign(
        transcript.segments[first].id, tuple(None if line.id in fixed else place for line, place in lines)
    )


def quick_tools() -> Tools:
    """A job's tools that take no time."""
    return Tools(read_transcript, copy_as_fetch, write_down, spread_evenly, find_again)

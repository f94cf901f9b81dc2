"""The sound itself: decoded once to 16 kHz mono, then asked for excerpts, loudness and silences."""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import av
import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray

from alignment.disk import digest
from alignment.errors import AudioError
from alignment.samples import Samples, StoredSamples

if TYPE_CHECKING:
    from pydub import AudioSegment

__all__ = [
    "LEVELS_PER_SECOND",
    "SAMPLE_RATE",
    "Audio",
    "Span",
    "as_floats",
    "as_segment",
    "decode",
    "excerpt",
    "read_audio",
    "stated_duration",
    "why_undecodable",
]

SAMPLE_RATE = 16_000
"""Samples a second: what Whisper and the acoustic model both take."""

LEVELS_PER_SECOND = 200
"""Values of `Audio.loudness` a second: one per 5 ms."""

_SAMPLES_PER_LEVEL = SAMPLE_RATE // LEVELS_PER_SECOND
_EMPHASIS = 0.7
_FLOOR_DB = -90.0


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, in seconds."""

    start: float
    end: float

    @property
    def length(self) -> float:
        """Seconds from start to end."""
        return self.end - self.start

    @property
    def middle(self) -> float:
        """The moment half way."""
        return (self.start + self.end) / 2

    def divided(self, lengths: Sequence[int]) -> "Iterator[Span]":
        """The span cut into parts in proportion to the lengths."""
        whole = max(1, sum(lengths))
        passed = 0
        for length in lengths:
            start = self.start + self.length * passed / whole
            passed += length
            yield Span(start, self.start + self.length * passed / whole)


@dataclass(frozen=True, eq=False)
class Audio:
    """Decoded audio. samples: int16, shape (n,), mono, 16 kHz. sha256: of the file it came from."""

    samples: Samples
    sha256: str

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return len(self.samples) / SAMPLE_RATE

    def excerpt(self, span: Span) -> NDArray[np.int16]:
        """The samples from span.start to span.end, cut at the ends of the audio."""
        return self.samples[max(0, round(span.start * SAMPLE_RATE)) : max(0, round(span.end * SAMPLE_RATE))]

    def loudness(self) -> NDArray[np.float32]:
        """RMS level in dB of full scale over 10 ms, one value per 5 ms, shape (n,), from -90 up.

        High tones count for more (pre-emphasis), so that an f or s stands out as a vowel does. The value at
        index i belongs to the moment i / LEVELS_PER_SECOND.
        """
        count = len(self.samples) // _SAMPLES_PER_LEVEL
        power = np.empty(count, np.float32)
        minute = 60 * LEVELS_PER_SECOND
        for first in range(0, count, minute):  # in parts, so that float copies stay small
            last = min(count, first + minute)
            before = max(0, first * _SAMPLES_PER_LEVEL - 1)
            part = self.samples[before : last * _SAMPLES_PER_LEVEL].astype(np.float32)
            part[1:] -= np.float32(_EMPHASIS) * part[:-1]
            part = part[first * _SAMPLES_PER_LEVEL - before :]
            power[first:last] = np.square(part.reshape(-1, _SAMPLES_PER_LEVEL)).mean(axis=1)
        power[1:] = (power[1:] + power[:-1]) / 2
        return np.asarray(10 * np.log10(power / 32768.0**2 + 10 ** (_FLOOR_DB / 10)), np.float32)


def read_audio(path: str | Path) -> Audio:
    """Decode the first audio stream of a file that FFmpeg reads, block by block onto the disk.

    Raises AudioError where the file is missing, holds no audio stream, or cannot be decoded, and where the
    disk has no room for 115 MB an hour.
    Damaged packets in the middle of a file are passed over, as players do.
    """
    path = Path(path)
    if not path.is_file():
        raise AudioError(f"There is no audio file at {path}. Give the path of an audio or video file.")
    samples = StoredSamples(decode(path))
    if not len(samples):
        raise AudioError(f"{path.name} holds no sound that can be decoded. Is the file complete?")
    return Audio(samples, digest(path))


def stated_duration(path: Path) -> float | None:
    """Seconds that the file says it lasts, without decoding it; None where it does not say, or is none."""
    try:
        with av.open(str(path), metadata_errors="ignore") as container:
            return container.duration / av.time_base if container.duration else None
    except (av.FFmpegError, OSError):
        return None


def why_undecodable(error: Exception) -> str:
    """In a few words what kept FFmpeg from the sound of a file: its own, or that there is none."""
    return getattr(error, "strerror", None) or "it has no sound"


def as_floats(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    """The samples from -1 to 1, as the neural models take them."""
    return samples.astype(np.float32) / np.float32(32768)


def as_segment(samples: NDArray[np.int16], rate: int) -> "AudioSegment":
    """Samples of shape (n,) or (n, channels), so many a second, for pydub to work on and to write."""
    with warnings.catch_warnings():  # it looks for an ffmpeg on the PATH; this project carries its own
        warnings.simplefilter("ignore", RuntimeWarning)
        from pydub import AudioSegment
    AudioSegment.converter = imageio_ffmpeg.get_ffmpeg_exe()
    channels = samples.shape[1] if samples.ndim > 1 else 1
    return AudioSegment(samples.tobytes(), sample_width=2, frame_rate=rate, channels=channels)


def excerpt(audio: Audio, span: Span, fade: float = 0.0) -> "AudioSegment":
    """The stretch as a pydub segment, to listen to or to export, faded in and out over `fade` seconds."""
    segment = as_segment(audio.excerpt(span), SAMPLE_RATE)
    fade_ms = round(fade * 1000)
    return segment.fade_in(fade_ms).fade_out(fade_ms) if fade_ms else segment


def decode(path: Path) -> Iterator[bytes]:
    """PCM of the file, 16-bit mono at SAMPLE_RATE, packet by packet. Raises AudioError."""
    try:
        container = av.open(str(path), metadata_errors="ignore")
    except (av.FFmpegError, OSError) as error:
        raise AudioError(
            f"{path.name} is not audio or video that can be read ({error.strerror}). Give another file."
        ) from error
    with container:
        if not container.streams.audio:
            raise AudioError(f"{path.name} has no audio track. Give a file with sound.")
        stream = container.streams.audio[0]
        stream.codec_context.thread_type = "AUTO"
        resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
        for packet in container.demux(stream):
            try:
                frames = packet.decode()
            except av.InvalidDataError:
                continue
            for frame in frames:
                for resampled in resampler.resample(frame):
                    yield resampled.to_ndarray().tobytes()
        for resampled in resampler.resample(None):
            yield resampled.to_ndarray().tobytes()

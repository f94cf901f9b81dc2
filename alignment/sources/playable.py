"""Make a recording playable in every browser, seeking exactly, with one time zero for all who decode it.

AAC goes into an .m4a with its index in front and Opus into a .webm, packet by packet as they are; anything
else is encoded once to AAC. Two containers, because no single one is taken by every browser for both.

Time is counted in samples. Each packet is stamped with the number of samples before it, so that a gap or
a late start in the source's own clock (video files, transport streams, broken-off recordings) cannot pull
the player's clock away from a decoder that, like the aligner's, simply counts. What an encoder puts before
the sound (its run-in, 1024 samples or so for AAC, 312 for Opus) gets negative time, which the MP4 muxer
writes as an edit list and the WebM muxer as CodecDelay, and every decoder drops it.
"""

from __future__ import annotations  # PyAV's Packet takes its type argument in annotations only

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet

from alignment.errors import AudioError
from alignment.progress import Progress, ProgressCallback, ignore_progress
from alignment.sources.limits import NO_LIMITS, Limits
from alignment.sources.media import audio_stream, local_trouble, open_media, unreadable
from alignment.sources.mp4 import plays_as_it_is
from alignment.wording import clock

__all__ = ["Playable", "make_playable"]

_COPIED_AAC = ("LC", "HE-AAC", "HE-AACv2")  # the profiles that every browser plays
_AAC_RATES = (16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
_BITS_A_CHANNEL = 80_000
_EXACT_LENGTH = ("mov", "matroska", "flac")  # containers that state their length rather than have it guessed
_REPORT_EVERY = 256  # packets


@dataclass(frozen=True, slots=True)
class Playable:
    """A file that browsers play and seek exactly. duration: seconds, as a player shows it."""

    path: Path
    duration: float


@dataclass(frozen=True, slots=True)
class _Survey:
    """What decoding a whole recording shows about its packets, counted in samples.

    rate: samples a second. lead: dropped at the start as run-in. lengths: of each packet.
    whole: every packet decoded, and to just the samples that its length promises.
    """

    rate: int
    lead: int
    lengths: tuple[int, ...]
    whole: bool


def make_playable(
    recording: Path,
    directory: Path,
    *,
    called: str | None = None,
    limits: Limits = NO_LIMITS,
    progress: ProgressCallback = ignore_progress,
) -> Playable:
    """Put a playable form of `recording` into `directory` as `audio.m4a` or `audio.webm`.

    called: what to call the recording in errors; its file name where nothing is given.
    limits: how long its sound may be, whatever its file says: decoding ends there.
    Memory does not grow with length. Killed at any moment, it leaves no file or the finished one.
    Raises AudioError where the recording is no audio, damaged or cut off, FetchError where the disk is full.
    """
    called = called or recording.name
    try:
        with open_media(recording, called) as container:
            codec = audio_stream(container, called).codec_context
            name, profile = codec.name, codec.profile
        if (name == "aac" and profile in _COPIED_AAC) or name == "opus":
            survey = _survey(recording, called, limits, progress)
            if survey.whole:
                return _copy(recording, directory, survey, codec=name, called=called, progress=progress)
        return _encode(recording, directory, called, limits, progress)
    except OSError as error:
        raise local_trouble(error, directory) or unreadable(recording, called) from error
    except (av.FFmpegError, ValueError) as error:
        raise unreadable(recording, called) from error


def _survey(recording: Path, called: str, limits: Limits, progress: ProgressCallback) -> _Survey:
    """Decode everything once: it takes a second an hour and finds what the packets alone don't tell."""
    lengths: list[int] = []
    decoded = damaged = lead = 0
    shapes: set[tuple[int, int]] = set()
    with open_media(recording, called) as container:
        stream = audio_stream(container, called)
        report = _Report("Checking audio", _stated_seconds(container, stream), progress)
        opus = stream.codec_context.name == "opus"
        tail = None
        for packet in _packets(container, stream):
            if not lengths:
                lead = _run_in(packet)
            try:
                frames = packet.decode()
            except av.error.InvalidDataError:
                damaged += 1
                frames = []
            decoded += sum(frame.samples for frame in frames)
            shapes |= {(frame.samples, frame.sample_rate) for frame in frames if frame.samples}
            lengths.append(_opus_samples(bytes(packet)) if opus else 0)
            tail = packet
            limits.check_length(decoded / stream.codec_context.sample_rate, called)
            report(decoded, stream)
        if not decoded:
            raise AudioError(f"{called} holds no sound that can be decoded; give another copy of it.")
        length, rate = max(shapes)
        _refuse_cut_off(container, stream, decoded / rate, called)
        if not opus:
            lengths = [length] * len(lengths)
    missing = sum(lengths) - lead - decoded
    lengths[-1] = _last_length(tail, lengths[-1], rate, missing)
    steady = not damaged and 0 <= missing <= max(lengths) and len({rate for _, rate in shapes}) == 1
    return _Survey(rate, lead, tuple(lengths), steady and lengths[-1] > 0)


def _packets(container: InputContainer, stream: AudioStream) -> Iterator[Packet[AudioStream]]:
    """The stream's packets; a file that breaks off ends there, and its length tells."""
    try:
        yield from (packet for packet in container.demux(stream) if packet.size)
    except av.error.InvalidDataError:
        return


def _run_in(packet: Packet[AudioStream]) -> int:
    """Samples to drop from the start, as the container says (FFmpeg's AV_PKT_DATA_SKIP_SAMPLES)."""
    if not packet.has_sidedata("skip_samples"):
        return 0
    return int.from_bytes(bytes(packet.get_sidedata("skip_samples"))[:4], "little")


def _last_length(packet: Packet[AudioStream] | None, length: int, rate: int, missing: int) -> int:
    """Samples of the last packet that are sound; the rest is padding, as the decoder or the index says."""
    stated = length
    if packet is not None and packet.duration and packet.time_base == Fraction(1, rate):
        stated = packet.duration
    return min(length - missing, stated)


def _opus_samples(packet: bytes) -> int:
    """Length of an Opus packet in samples at 48 kHz, from its first bytes (RFC 6716, section 3.1)."""
    config, count_code = packet[0] >> 3, packet[0] & 3
    if config < 12:
        frame = (480, 960, 1920, 2880)[config & 3]
    elif config < 16:
        frame = (480, 960)[config & 1]
    else:
        frame = (120, 240, 480, 960)[config & 3]
    frames = (1, 2, 2, packet[1] & 63 if len(packet) > 1 else 0)[count_code]
    return frame * frames


def _copy(
    recording: Path,
    directory: Path,
    survey: _Survey,
    *,
    codec: str,
    called: str,
    progress: ProgressCallback,
) -> Playable:
    """Take the packets as they are into the container that suits them."""
    if codec == "opus":
        target, container_format, options = directory / "audio.webm", "webm", {"cues_to_front": "1"}
    else:
        target, container_format, options = directory / "audio.m4a", "ipod", {"movflags": "+faststart"}
        if plays_as_it_is(recording, survey.lead, survey.rate):
            return _take(recording, target, called)

    def write(made: OutputContainer) -> None:
        with open_media(recording, called) as given:
            stream = audio_stream(given, called)
            out = made.add_stream_from_template(stream)
            report = _Report("Preparing audio", sum(survey.lengths) / survey.rate, progress)
            position = -survey.lead
            for packet, length in zip(_packets(given, stream), survey.lengths, strict=True):
                packet.stream = out
                packet.time_base = Fraction(1, survey.rate)
                packet.pts = packet.dts = position
                packet.duration = length
                position += length
                made.mux(packet)
                report(position, stream)

    return _make(target, container_format, options, write)


def _take(recording: Path, target: Path, called: str) -> Playable:
    """A file that needs nothing done, copied: its owner may change it later. A download is just linked."""
    with open_media(recording, called) as container:
        duration = (container.duration or 0) / av.time_base
    if target.exists() and target.samefile(recording):
        return Playable(target, duration)
    part = _part(target)
    part.unlink(missing_ok=True)
    try:
        _duplicate(recording, part)
        _commit(part, target)
    finally:
        part.unlink(missing_ok=True)
    return Playable(target, duration)


def _duplicate(recording: Path, part: Path) -> None:
    if recording.parent.resolve() == part.parent.resolve():
        with contextlib.suppress(OSError):  # not every file system has links
            os.link(recording, part)
            return
    shutil.copyfile(recording, part)


def _encode(
    recording: Path, directory: Path, called: str, limits: Limits, progress: ProgressCallback
) -> Playable:
    """Decode and encode to AAC, once, a frame at a time."""

    def write(made: OutputContainer) -> None:
        with open_media(recording, called) as given:
            stream = audio_stream(given, called)
            codec = stream.codec_context
            rate = next((rate for rate in _AAC_RATES if rate >= codec.sample_rate), _AAC_RATES[-1])
            channels = min(codec.channels, 2)
            out = made.add_stream(
                "aac", rate=rate, layout=("mono", "stereo")[channels - 1], bit_rate=channels * _BITS_A_CHANNEL
            )
            position = 0
            for frame in _resampled(_frames(given, stream, called, progress), out):
                frame.pts, frame.time_base = position, Fraction(1, rate)
                position += frame.samples
                limits.check_length(position / rate, called)
                made.mux(out.encode(frame))
            made.mux(out.encode(None))

    return _make(directory / "audio.m4a", "ipod", {"movflags": "+faststart"}, write)


def _frames(
    container: InputContainer, stream: AudioStream, called: str, progress: ProgressCallback
) -> Iterator[AudioFrame]:
    """The decoded frames. A damaged packet here and there is left out, as players do."""
    report = _Report("Preparing audio", _stated_seconds(container, stream), progress)
    good = damaged = samples = 0
    rate = stream.codec_context.sample_rate
    for packet in _packets(container, stream):
        try:
            frames = packet.decode()
            good += 1
        except av.error.InvalidDataError:
            frames = []
            damaged += 1
        for frame in frames:
            samples += frame.samples
            rate = frame.sample_rate
            yield frame
        report(samples, stream)
    for frame in stream.codec_context.decode(None):
        samples += frame.samples
        yield frame
    if not samples or damaged > good:
        raise AudioError(f"{called} holds no sound that can be decoded; give another copy of it.")
    _refuse_cut_off(container, stream, samples / rate, called)


def _resampled(frames: Iterator[AudioFrame], out: AudioStream) -> Iterator[AudioFrame]:
    """The frames in the encoder's format; the format of the source may change on the way."""
    encoder = out.codec_context
    resampler, shape = None, None
    for frame in frames:
        frame.pts = None
        if resampler is None or shape != (frame.format.name, frame.layout.name, frame.sample_rate):
            if resampler is not None:
                yield from resampler.resample(None)
            shape = (frame.format.name, frame.layout.name, frame.sample_rate)
            resampler = AudioResampler("fltp", encoder.layout.name, encoder.sample_rate)
        yield from resampler.resample(frame)
    if resampler is not None:
        yield from resampler.resample(None)


def _stated_seconds(container: InputContainer, stream: AudioStream) -> float | None:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration else None


def _refuse_cut_off(container: InputContainer, stream: AudioStream, found: float, called: str) -> None:
    """Raise AudioError where the file states a length and ends well before it.

    A film's length is its pictures', so without a length of the audio's own it says nothing about the sound.
    """
    stated = _stated_seconds(container, stream)
    guessed = container.format.name.split(",")[0] not in _EXACT_LENGTH
    if stated is None or guessed or (stream.duration is None and container.streams.video):
        return
    if found < stated - max(1.0, 0.005 * stated):
        raise AudioError(
            f"{called} breaks off after {clock(round(found))} of {clock(round(stated))}: it is not whole. "
            "Copy or download it again and give it anew."
        )


def _make(
    target: Path, container_format: str, options: dict[str, str], write: Callable[[OutputContainer], None]
) -> Playable:
    """Write a media file beside `target`, then put it in its place in one step.

    The muxer works without dates and random ids, so that the same recording always gives the same bytes.
    """
    part = _part(target)
    try:
        with av.open(
            str(part), "w", format=container_format, options={"fflags": "+bitexact", **options}
        ) as made:
            write(made)
        with av.open(str(part)) as container:
            duration = (container.duration or 0) / av.time_base
        _commit(part, target)
    finally:
        part.unlink(missing_ok=True)
    return Playable(target, duration)


def _part(target: Path) -> Path:
    return target.with_name(target.name + ".tmp")


def _commit(part: Path, target: Path) -> None:
    """Make the finished file safe on disk and give it its name, both or neither."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(target)
    if hasattr(os, "O_DIRECTORY"):  # elsewhere a directory can't be opened, nor needs it
        folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


class _Report:
    """Turns samples done into progress events, now and then."""

    def __init__(self, stage: str, seconds: float | None, progress: ProgressCallback) -> None:
        self._stage, self._seconds, self._progress = stage, seconds, progress
        self._began = time.monotonic()
        self._calls = 0

    def __call__(self, samples: int, stream: AudioStream) -> None:
        self._calls += 1
        if self._calls % _REPORT_EVERY != 1:
            return
        fraction = eta = None
        if self._seconds:
            fraction = min(max(samples, 0) / (stream.codec_context.sample_rate * self._seconds), 1.0)
            eta = (time.monotonic() - self._began) * (1 - fraction) / fraction if fraction else None
        self._progress(Progress(self._stage, fraction, eta))

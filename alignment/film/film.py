"""A clip as a film: its words in large letters as they are spoken, over its sound's waveform."""

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import imageio_ffmpeg
import numpy as np

from alignment.clips import Sound, faded
from alignment.errors import FilmError
from alignment.film.drawing import FRAMES_PER_SECOND, Head, Pixels, backdrop, frames, read_picture
from alignment.film.lettering import lettering_for, plain
from alignment.film.pages import pages_of
from alignment.film.shapes import SHAPES, Shape
from alignment.progress import Progress, ProgressCallback, ignore_progress
from alignment.transcript import Transcript
from alignment.wording import clock, length

__all__ = ["LONGEST_FILM_S", "film_of"]

LONGEST_FILM_S = 600.0

_STAGE = "Drawing"
_REPORT_EVERY = FRAMES_PER_SECOND
_LAST_WORDS = 4096
_LOUD_SHARE = 98.0
_BEND = 0.7
"""Exponent of the amplitude of a bar: below 1 it lifts what is quiet."""

_H264 = (
    *("-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"),
    *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
    *("-c:v", "libx264", "-preset", "veryfast", "-tune", "stillimage", "-crf", "20"),
)
_AAC = ("-c:a", "aac", "-b:a", "160k")


def film_of(
    sound: Sound,
    transcript: Transcript,
    *,
    shape: str = "16:9",
    title: str = "",
    picture: Path | None = None,
    font: Path | None = None,
    tags: dict[str, str] | None = None,
    progress: ProgressCallback = ignore_progress,
) -> bytes:
    """The film of a clip as MP4: H.264 and AAC, with what belongs in front in front.

    sound, transcript: of the clip, the transcript from 0. shape: one of SHAPES. title: of the recording.
    picture: for the background and beside the title; None for neither. font: to write with; None for any
    that has every letter. tags: what the file says of itself.
    Raises FilmError for a clip of more than ten minutes, for a picture or a font that cannot be used, for
    letters that no font has, where the disk is full and where ffmpeg fails.
    """
    if shape not in SHAPES:
        raise FilmError(f"{shape!r} is no shape of a film. Give one of: {', '.join(SHAPES)}.")
    span = sound.span
    if span.length > LONGEST_FILM_S:
        raise FilmError(f"A film of {length(span.length)} is too long; it may have ten minutes at most.")
    form = SHAPES[shape]
    channel = transcript.source.channel or ""
    texts = (title, channel, *(segment.text for segment in transcript.segments))
    lettering = lettering_for("".join(map(plain, texts)), font)
    title, channel = (lettering.writable(plain(text)) for text in (title, channel))
    head = Head(title, channel, clock(span.start), clock(span.end))
    ground = backdrop(form, head, lettering, read_picture(picture) if picture else None)
    pages = pages_of(transcript, form, lettering)
    pictures = frames(form, ground, pages, lettering, _bars(sound, form), span.length)
    count = max(1, round(span.length * FRAMES_PER_SECOND))
    with _work_folder() as folder:
        faded(sound).export(str(folder / "sound.wav"), format="wav").close()
        return _encoded(folder, form, _reported(pictures, count, progress), tags or {})


def _bars(sound: Sound, shape: Shape) -> list[float]:
    """The loudness of each bar of the waveform, 0 to 1."""
    bar, gap = shape.bar
    count = min((shape.room + gap) // (bar + gap), len(sound.samples))
    starts = np.arange(count) * len(sound.samples) // count
    power = np.square(sound.samples.astype(np.float32) / 32768).mean(axis=1)
    lengths = np.diff(starts, append=len(power))
    amplitude = np.sqrt(np.add.reduceat(power, starts) / lengths)
    loud = max(1e-3, float(np.percentile(amplitude, _LOUD_SHARE)))
    return [float(height) for height in np.minimum(1.0, amplitude / loud) ** _BEND]


def _reported(pictures: Iterable[Pixels], count: int, progress: ProgressCallback) -> Iterator[Pixels]:
    for number, picture in enumerate(pictures):
        if number % _REPORT_EVERY == 0:
            progress(Progress(_STAGE, min(1.0, number / count)))
        yield picture


@contextmanager
def _work_folder() -> Iterator[Path]:
    """A folder for what ffmpeg reads and writes, gone afterwards."""
    try:
        with tempfile.TemporaryDirectory(prefix="film-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)
    except OSError as error:
        raise FilmError(
            f"The film cannot be made in the folder for temporary files ({error.strerror or error}). "
            "Free some space there, or name another one in the environment variable TMPDIR."
        ) from error


def _encoded(folder: Path, shape: Shape, pictures: Iterable[Pixels], tags: dict[str, str]) -> bytes:
    """What ffmpeg makes of the pictures and of sound.wav in the folder."""
    command = [_ffmpeg(), "-hide_banner", "-nostats", "-loglevel", "error", "-y"]
    command += ["-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", f"{shape.width}x{shape.height}"]
    command += ["-framerate", str(FRAMES_PER_SECOND), "-i", "pipe:0", "-i", "sound.wav"]
    command += ["-map", "0:v", "-map", "1:a", *_H264, *_AAC, "-movflags", "+faststart"]
    for name, value in tags.items():
        command += ["-metadata", f"{name}={plain(value)}"]
    with (folder / "said.txt").open("w+b") as said:
        with subprocess.Popen(
            [*command, "film.mp4"],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
        ) as process:
            try:
                _feed(process, pictures)
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            raise FilmError(f"The film could not be encoded; ffmpeg said: {_last_line(said)}")
    return (folder / "film.mp4").read_bytes()


def _feed(process: subprocess.Popen[bytes], pictures: Iterable[Pixels]) -> None:
    """Write the pictures until they or the program have ended; why the program has, its exit status says."""
    assert process.stdin
    with suppress(BrokenPipeError):
        for picture in pictures:
            process.stdin.write(picture.data)
        process.stdin.close()


def _last_line(said: BinaryIO) -> str:
    said.seek(0, os.SEEK_END)
    said.seek(max(0, said.tell() - _LAST_WORDS))
    lines = said.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "nothing"


def _ffmpeg() -> str:
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise FilmError(
            "The ffmpeg that imageio-ffmpeg brings is missing on this computer. Install imageio-ffmpeg anew, "
            "or name an ffmpeg in the environment variable IMAGEIO_FFMPEG_EXE."
        ) from error

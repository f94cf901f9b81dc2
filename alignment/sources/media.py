"""What every source works with: media files opened safely, and the errors that reading them can give."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import InputContainer

from alignment.errors import AlignmentError, AudioError, FetchError
from alignment.sources.captions import Captions
from alignment.transcript import Source

__all__ = ["Found", "audio_stream", "local_trouble", "open_media", "plain", "unreadable"]

_SMALLEST_FILE = 128  # bytes; FFmpeg looks for tags that far from the end, come what may
_LONGEST_LINE = 300
_LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Found:
    """A recording as its source gave it: on this disk, but not yet fit for every browser.

    path: the media file. title: what the source calls it. thumbnail: a picture on this disk.
    captions: where they were asked for and the source has some.
    """

    path: Path
    title: str
    source: Source
    thumbnail: Path | None = None
    captions: Captions | None = None


@contextmanager
def open_media(path: Path, called: str) -> Iterator[InputContainer]:
    """Open a media file for reading; `called` names it in the AudioError raised where that fails.

    FFmpeg gets the open file and no protocol at all: a playlist given as media (HLS, concat) would
    otherwise open whatever files and addresses it lists.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise AudioError(f"{called} cannot be opened: {error.strerror or error}.") from error
    with file:
        if path.stat().st_size < _SMALLEST_FILE:
            raise unreadable(path, called)
        try:
            container = av.open(file, "r", options={"protocol_whitelist": "none"}, metadata_errors="replace")
        except (av.FFmpegError, OSError, ValueError) as error:
            raise unreadable(path, called) from error
        with container:
            yield container


def audio_stream(container: InputContainer, called: str) -> AudioStream:
    """The audio stream that a player would choose. Raises AudioError where there is none."""
    stream = container.streams.best("audio")
    if not isinstance(stream, AudioStream) or stream.codec_context is None:
        holds = "pictures only" if container.streams.video else "no sound"
        raise AudioError(f"{called} holds {holds}; give a recording with an audio track.")
    return stream


def unreadable(path: Path, called: str) -> AudioError:
    """The error for a file that FFmpeg cannot make sense of."""
    if path.stat().st_size == 0:
        return AudioError(f"{called} is empty; give the recording itself.")
    return AudioError(
        f"{called} is not an audio or video file, or it is damaged; "
        "give a recording such as MP3, M4A, WAV, FLAC, Ogg, MP4 or MKV."
    )


def local_trouble(error: OSError, directory: Path) -> AlignmentError | None:
    """The error to show where the disk under `directory` is full or closed to us; None if it is another."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FetchError(
            f"The disk is full: no room left in {directory}. Make room, then try again; "
            "what has been fetched so far is kept."
        )
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return FetchError(f"{directory} cannot be written to; choose another folder or allow writing there.")
    return None


def plain(text: object, *, longest: int = _LONGEST_LINE) -> str | None:
    """One line of printable text out of whatever a site or a tag gave; None where nothing is left.

    A title is shown in headings and becomes file names, so line breaks, NUL and other controls go.
    """
    if not isinstance(text, str):
        return None
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.split())[:longest].rstrip() or None


def plain_lines(text: object) -> str | None:
    """Text of several lines with the controls taken out of each, its line breaks kept."""
    if not isinstance(text, str):
        return None
    lines = (plain(line, longest=_LONGEST_TEXT) or "" for line in text.splitlines())
    return "\n".join(lines).strip()[:_LONGEST_TEXT] or None

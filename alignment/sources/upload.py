"""Take in a recording that is a file: any audio or video that FFmpeg reads."""

from pathlib import Path

from av.container import InputContainer
from av.stream import Disposition

from alignment.errors import AudioError
from alignment.sources.limits import NO_LIMITS, Limits
from alignment.sources.media import Found, audio_stream, open_media, plain, plain_lines
from alignment.sources.pictures import keep_picture
from alignment.transcript import Chapter, Source

__all__ = ["take_in"]

_LARGEST_PICTURE = 8 << 20


def take_in(path: Path, directory: Path, limits: Limits = NO_LIMITS) -> Found:
    """What a local recording says about itself. Its cover picture goes to `directory`, the file stays.

    Raises AudioError where there is no such file, or it is empty, damaged or without sound, and FetchError
    where it is too large.
    """
    called = plain(path.name) or "The file"
    if not path.exists():
        raise AudioError(f"There is no file {path}; give the path of an audio or video file.")
    if not path.is_file():
        raise AudioError(f"{path} is not a file; give the path of an audio or video file.")
    limits.check_size(path.stat().st_size, called)
    with open_media(path, called) as container:
        audio_stream(container, called)
        tags = {name.lower(): value for name, value in container.metadata.items()}
        chapters = _chapters(container)
        thumbnail = _cover(container, directory)
    source = Source(
        channel=plain(tags.get("artist") or tags.get("album_artist") or tags.get("show")),
        published=plain(tags.get("date"), longest=10),
        description=plain_lines(tags.get("description") or tags.get("comment")),
        chapters=chapters,
    )
    return Found(path, plain(tags.get("title")) or plain(path.stem) or "Untitled", source, thumbnail)


def _chapters(container: InputContainer) -> tuple[Chapter, ...]:
    named = ((chapter, plain(chapter["metadata"].get("title"))) for chapter in container.chapters())
    return tuple(
        Chapter(max(0.0, float(chapter["start"] * chapter["time_base"])), title)
        for chapter, title in named
        if title and chapter["time_base"]
    )


def _cover(container: InputContainer, directory: Path) -> Path | None:
    """The picture embedded in the file, if it has one."""
    for stream in container.streams.video:
        if stream.disposition & Disposition.attached_pic:
            packet = next(iter(container.demux(stream)), None)
            if packet is not None and 0 < packet.size <= _LARGEST_PICTURE:
                return keep_picture(bytes(packet), directory)
    return None

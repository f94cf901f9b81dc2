"""Media overlays of EPUB 3 (https://www.w3.org/TR/epub-33/#sec-media-overlays): which piece of a document's
text is read aloud when. They are written in SMIL:

    <par><text src="ch1.xhtml#s1"/><audio src="ch1.mp3" clipBegin="0:00:01.5" clipEnd="4.2s"/></par>
"""

import posixpath
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from lxml import etree

from alignment.formats.xml_text import local_name

__all__ = ["Clip", "Overlay", "clips", "clock", "placed", "resolved"]

_CLOCK = re.compile(r"(?:npt=)?(?:(?:(\d{1,6}):)?(\d{1,2}):)?(\d{1,9}(?:\.\d{1,9})?)(h|min|s|ms)?")
_UNIT_S = {"h": 3600.0, "min": 60.0, "s": 1.0, "ms": 0.001, None: 1.0}


@dataclass(frozen=True, slots=True)
class Clip:
    """The piece of a document that has an id, and from when to when it is heard in an audio file.

    document, audio: paths in the book. fragment: "" for the whole document.
    """

    document: str
    fragment: str
    audio: str
    start: float
    end: float | None


@dataclass(frozen=True, slots=True)
class Overlay:
    """The clips of one SMIL file. duration: that of their audio, as the book states it."""

    clips: tuple[Clip, ...]
    duration: float | None


def clock(value: str | None) -> float | None:
    """A clock value of SMIL in seconds: "0:00:01.5", "00:01.5", "1.5s", "12ms", "2min", "0.5h", "1.5"."""
    found = _CLOCK.fullmatch((value or "").strip())
    if not found:
        return None
    hours, minutes, number, unit = found.groups()
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(number) * _UNIT_S[unit]


def resolved(path: str, reference: str) -> tuple[str, str]:
    """The path in the book and the id that a `reference` in the file at `path` leads to."""
    there, _, fragment = reference.partition("#")
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(there))), unquote(fragment)


def clips(root: etree._Element, path: str) -> tuple[Clip, ...]:
    """The clips of the SMIL file at `path`, in order, without pieces that a voice of the device shall read.

    A clip without an end lasts until the next one of its audio file begins.
    """
    found = [clip for par in root.iter("{*}par") if (clip := _clip(par, path))]
    return tuple(_until(clip, after) for clip, after in zip(found, [*found[1:], None], strict=True))


def placed(overlays: Sequence[Overlay]) -> list[Clip]:
    """The clips of a book in the time of its audio files one after another.

    How long a file is follows from the overlay that plays it and nothing else, by the duration that the book
    states or the end of its last clip, if that is later. Where this is not known of each file but the last,
    only the clips of the first file are kept, whose times are right whatever follows.
    """
    everything = [clip for overlay in overlays for clip in overlay.clips]
    files = list(dict.fromkeys(clip.audio for clip in everything))
    offsets = _offsets(overlays, files)
    return [_moved(clip, offsets[clip.audio]) for clip in everything if clip.audio in offsets]


def _clip(par: etree._Element, path: str) -> Clip | None:
    children = {local_name(child): child for child in par}
    if "text" not in children or "audio" not in children:
        return None
    document, fragment = resolved(path, children["text"].get("src", ""))
    audio = children["audio"]
    start = clock(audio.get("clipBegin") or audio.get("clip-begin") or "0")
    end = clock(audio.get("clipEnd") or audio.get("clip-end"))
    if start is None:
        return None
    return Clip(document, fragment, resolved(path, audio.get("src", ""))[0], start, end)


def _until(clip: Clip, after: Clip | None) -> Clip:
    if clip.end is None and after and after.audio == clip.audio:
        return replace(clip, end=after.start)
    return clip


def _offsets(overlays: Sequence[Overlay], files: Sequence[str]) -> dict[str, float]:
    """When each audio file begins; only the first one where that is not known of all."""
    played = [{clip.audio for clip in overlay.clips} for overlay in overlays]
    times_played = Counter(file for some in played for file in some)
    lengths: dict[str, float] = {}
    for overlay, some in zip(overlays, played, strict=True):
        if len(some) == 1 and overlay.duration is not None:
            ends = [clip.end for clip in overlay.clips if clip.end is not None]
            lengths[min(some)] = max([overlay.duration, *ends])
    offsets, now = {}, 0.0
    for file in files:
        offsets[file] = now
        if file != files[-1] and (file not in lengths or times_played[file] > 1):
            return {files[0]: 0.0}
        now += lengths.get(file, 0.0)
    return offsets


def _moved(clip: Clip, by: float) -> Clip:
    return replace(clip, start=clip.start + by, end=None if clip.end is None else clip.end + by)

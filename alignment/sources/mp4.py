"""Look into an MP4 file: can a browser play it at once, seek in it exactly, and start it at the right zero?

The boxes are those of ISO/IEC 14496-12; an edit list (`elst`) is how a file says which of its samples are
the encoder's run-in and not sound.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

__all__ = ["plays_as_it_is"]

_LARGEST_MOOV = 64 << 20
_QUICKTIME = b"qt  "


def plays_as_it_is(path: Path, lead: int, rate: int) -> bool:
    """Whether the file is an MP4 with one track, index in front, whose edit list drops just the run-in.

    lead: samples of run-in that the decoder drops at the start; rate: samples a second.
    Files in fragments are refused: their index is spread over the file, which makes seeking slow. So are
    files that name their run-in elsewhere (iTunes' own tag), which only some browsers heed.
    """
    with path.open("rb") as file:
        moov = _moov_in_front(file)
    if moov is None:
        return False
    try:
        return _one_plain_track(moov, lead, rate)
    except (struct.error, KeyError):  # a box is cut short or missing
        return False


def _moov_in_front(file: BinaryIO) -> bytes | None:
    moov = None
    for number, (kind, start, size) in enumerate(_top_boxes(file)):
        if number == 0:
            file.seek(start)
            if kind != b"ftyp" or file.read(4) == _QUICKTIME:
                return None
        if kind == b"moov" and size <= _LARGEST_MOOV:
            file.seek(start)
            moov = file.read(size)
        if kind == b"moof" or (kind == b"mdat" and moov is None):
            return None
    return moov


def _top_boxes(file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """Kind, start and size in bytes of the content of each box of the file."""
    end = file.seek(0, 2)
    position = 0
    while position + 8 <= end:
        file.seek(position)
        size, kind = struct.unpack(">I4s", file.read(8))
        header = 8
        if size == 1:
            size, header = int.from_bytes(file.read(8), "big"), 16
        elif size == 0:
            size = end - position
        if size < header:
            return
        yield kind, position + header, size - header
        position += size


def _boxes(content: bytes) -> list[tuple[bytes, bytes]]:
    found = []
    position = 0
    while position + 8 <= len(content):
        size, kind = struct.unpack_from(">I4s", content, position)
        if size < 8:
            break
        found.append((kind, content[position + 8 : position + size]))
        position += size
    return found


def _one_plain_track(moov: bytes, lead: int, rate: int) -> bool:
    inside = _boxes(moov)
    tracks = [content for kind, content in inside if kind == b"trak"]
    if len(tracks) != 1 or any(kind == b"mvex" for kind, _ in inside):
        return False
    track = dict(_boxes(tracks[0]))
    header = dict(_boxes(track[b"mdia"]))[b"mdhd"]
    (timescale,) = struct.unpack_from(">I", header, 20 if header[0] == 1 else 12)
    edits = _edits(dict(_boxes(track[b"edts"]))[b"elst"]) if b"edts" in track else [(0, 1.0)]
    return len(edits) == 1 and edits[0][1] == 1.0 and edits[0][0] * rate == lead * timescale


def _edits(elst: bytes) -> list[tuple[int, float]]:
    """Media time (in the track's time scale, -1 for silence) and speed of each edit."""
    layout = ">QqhH" if elst[0] == 1 else ">IihH"
    (count,) = struct.unpack_from(">I", elst, 4)
    if count > 1:
        return [(-1, 0.0)] * 2  # more than one is all that matters, however many it claims
    rows = (struct.unpack_from(layout, elst, 8 + number * struct.calcsize(layout)) for number in range(count))
    return [(media_time, whole + part / 65536) for _, media_time, whole, part in rows]

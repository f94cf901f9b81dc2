"""Files made to hurt whoever opens them: each is refused in plain words, in bounded time and memory.

They are taken in by a process of its own, as the app does; one that died or swelled would be seen.
"""

import json
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from alignment.errors import FilmError
from alignment.film.drawing import read_picture
from alignment.sources.pictures import keep_picture
from tests.sources.recordings import murmur, write_recording

MOST_MB = 400
"""Of growth in memory: the libraries that decode take some for themselves."""

_WORKER = """
import json, resource, sys, time
from dataclasses import replace
from pathlib import Path
from alignment.errors import AlignmentError
from alignment.sources import fetch
from alignment.sources.rules import PUBLIC

RULES = replace(PUBLIC, limits=replace(PUBLIC.limits, seconds=120.0))

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

folder = Path(sys.argv[1])
for path in sorted((folder / "files").iterdir()):
    before, began = peak(), time.process_time()
    try:
        said = f"taken: {fetch(path, folder / 'work' / path.name, rules=RULES).duration}"
    except AlignmentError as error:
        said = str(error)
    told = {"name": path.name, "said": said, "mb": peak() - before, "s": time.process_time() - began}
    print(json.dumps(told), flush=True)
"""


def _box(kind: bytes, content: bytes = b"", size: int | None = None) -> bytes:
    return struct.pack(">I4s", len(content) + 8 if size is None else size, kind) + content


def _mp4(talk: bytes, change: Callable[[bytes], bytes]) -> bytes:
    changed = change(talk)
    assert changed != talk
    return changed


def _with_count(table: bytes, count: int) -> Callable[[bytes], bytes]:
    """Say that a table of the index has so many rows."""

    def change(talk: bytes) -> bytes:
        at = talk.index(table) + (12 if table == b"stsz" else 8)
        return talk[:at] + struct.pack(">I", count) + talk[at + 4 :]

    return change


def _flac_header(samples: int) -> bytes:
    rate, channels, bits = 44_100, 1, 16
    packed = rate << 44 | (channels - 1) << 41 | (bits - 1) << 36 | samples
    info = struct.pack(">HH", 4096, 4096) + bytes(6) + packed.to_bytes(8, "big") + bytes(16)
    return b"fLaC" + b"\x80" + len(info).to_bytes(3, "big") + info


def _wav(stated: int, rate: int = 8000) -> bytes:
    form = struct.pack("<HHIIHH", 1, 1, rate, 2 * rate, 2, 16)
    return (
        b"RIFF"
        + struct.pack("<I", stated)
        + b"WAVEfmt "
        + struct.pack("<I", 16)
        + form
        + (b"data" + struct.pack("<I", stated) + bytes(4000))
    )


def _files(folder: Path) -> dict[str, bytes]:
    """By name, what is given."""
    recording = folder / "talk.m4a"
    write_recording(recording, murmur(16_000, 3), 16_000, "aac", options={"movflags": "+faststart"})
    talk = recording.read_bytes()
    silence = folder / "silence.flac"
    write_recording(silence, np.zeros(8000 * 600, np.int16), 8000, "flac")
    nested = b""
    for _ in range(5000):
        nested = _box(b"moov", nested)
    head = _box(b"ftyp", b"M4A \0\0\0\0M4A mp42isom")
    return {
        "a-million-hours.flac": _flac_header((1 << 36) - 1) + bytes(4000),
        "atom-of-4-gigabytes.m4a": head + _box(b"moov", bytes(4000), size=0xFFFFFFFF),
        "atom-of-8-exabytes.m4a": head + struct.pack(">I4sQ", 1, b"moov", 1 << 63) + bytes(4000),
        "atom-smaller-than-its-head.m4a": head + _box(b"moov", bytes(4000), size=4),
        "atoms-in-atoms.m4a": head + nested,
        "billions-of-samples.m4a": _mp4(talk, _with_count(b"stsz", 0xFFFFFFFF)),
        "billions-of-chunks.m4a": _mp4(talk, _with_count(b"stco", 0x3FFFFFFF)),
        "billions-of-times.m4a": _mp4(talk, _with_count(b"stts", 0x1FFFFFFF)),
        "cut.m4a": talk[: len(talk) // 2],
        "ebml.mkv": b"\x1aE\xdf\xa3\x01\xff\xff\xff\xff\xff\xff\xfe" + b"\xff" * 4000,
        "empty.mp3": b"",
        "id3-of-256-megabytes.mp3": b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(4000),
        "letter.txt": b"Dear all, here is no recording at all.\n" * 100,
        "list.m3u8": b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n/etc/passwd\n#EXT-X-ENDLIST\n" * 9,
        "ogg.ogg": b"OggS\0\2" + bytes(20) + b"\xff" * 4000,
        "page.html": b"<!doctype html><script>alert(1)</script>" * 100,
        "rest-of-4-gigabytes.wav": _wav(0xFFFFFFF0),
        "silence.flac": silence.read_bytes(),
        "zip.mp4": b"PK\3\4" + bytes(4000),
        "zlib.mp3": zlib.compress(bytes(1 << 20)),
    }


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """What came of each file."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "files").mkdir()
    for name, content in _files(folder).items():
        (folder / "files" / name).write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", _WORKER, str(folder)], capture_output=True, text=True, check=False
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, (lines[-1:], done.stderr[-2000:])
    return {line["name"]: line for line in lines}


def test_each_is_refused_in_plain_words(told: dict[str, dict[str, object]]):
    said = {name: str(line["said"]) for name, line in told.items()}
    for name in (
        "rest-of-4-gigabytes.wav",
        "billions-of-chunks.m4a",
    ):  # what is there is whole, so it is taken
        taken = said.pop(name)
        assert taken.startswith(("taken: ", name))
        assert float(taken.partition("taken: ")[2] or 0) < 4
    for name, sentence in said.items():
        assert sentence.startswith(name), said
        assert sentence.endswith("."), said
        assert "Error" not in sentence and "Traceback" not in sentence, said


def test_silence_that_packs_well_is_refused_for_its_length(told: dict[str, dict[str, object]]):
    assert "is longer than 2:00" in str(told["silence.flac"]["said"])


def test_none_takes_memory_or_time_out_of_proportion(told: dict[str, dict[str, object]]):
    assert {name: line["mb"] for name, line in told.items() if float(str(line["mb"])) > MOST_MB} == {}
    assert {name: line["s"] for name, line in told.items() if float(str(line["s"])) > 20} == {}


def _png(width: int, height: int) -> bytes:
    """A PNG that states a size and has nothing of it."""

    def part(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", zlib.compress(bytes(1000)))


@pytest.mark.parametrize("size", [(50_000, 50_000), (10_000, 10_000), (2_000_000_000, 2)])
def test_a_picture_that_unpacks_to_gigabytes_is_not_kept(tmp_path: Path, size: tuple[int, int]):
    assert keep_picture(_png(*size), tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_a_picture_of_a_usual_size_is_kept(tmp_path: Path):
    Image.new("RGB", (3000, 3000)).save(tmp_path / "cover.png")

    assert keep_picture((tmp_path / "cover.png").read_bytes(), tmp_path) == tmp_path / "thumbnail.png"


@pytest.mark.parametrize("size", [(50_000, 50_000), (10_000, 10_000)])
def test_a_film_is_not_drawn_over_such_a_picture(tmp_path: Path, size: tuple[int, int]):
    path = tmp_path / "bomb.png"
    path.write_bytes(_png(*size))

    with pytest.raises(FilmError, match="is no picture that can be read"):
        read_picture(path)

"""Decoded sound on the disk: the same samples, little memory, nothing left behind."""

import os
import resource
import tempfile
import threading
import tracemalloc
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.audio import SAMPLE_RATE, read_audio
from alignment.errors import AudioError
from alignment.samples import StoredSamples

NOISE = np.random.default_rng(3).integers(-32768, 32767, 5_000).astype(np.int16)
BOUNDS = st.none() | st.integers(-6_000, 6_000)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, empty at first."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def small_disk() -> Iterator[None]:
    """No file may grow beyond 100 kB, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def stored() -> StoredSamples:
    return StoredSamples(block.tobytes() for block in np.array_split(NOISE, 7))


STORED = stored()


@given(BOUNDS, BOUNDS)
def test_slices_are_those_of_an_array(first, last):
    taken = STORED[first:last]

    assert taken.dtype == np.int16
    np.testing.assert_array_equal(taken, NOISE[first:last])


def test_other_orders_are_refused():
    with pytest.raises(ValueError, match="one after another"):
        STORED[::-1]


def test_threads_read_side_by_side():
    wrong: list[int] = []

    def read(number: int) -> None:
        for at in range(number, 4_000, 7):
            if not np.array_equal(STORED[at : at + 900], NOISE[at : at + 900]):
                wrong.append(at)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not wrong


@pytest.mark.skipif(os.name == "nt", reason="Windows removes the file when it is closed")
def test_the_file_has_no_name_so_that_a_killed_process_leaves_none(temporary):
    samples = stored()

    assert len(samples) == len(NOISE)
    assert not list(temporary.iterdir())


def test_a_full_disk_is_said_with_what_to_do(temporary, tmp_path, small_disk):
    path = tmp_path / "long.wav"
    path.write_bytes(_wav(4)[:90_000])

    with pytest.raises(AudioError, match=rf"cannot be kept in {temporary} .* TMPDIR"):
        StoredSamples([bytes(60_000), bytes(60_000)])
    assert read_audio(path).duration == pytest.approx(90_000 / 2 / SAMPLE_RATE, abs=0.1)


def test_no_folder_for_temporary_files_is_said_with_what_to_do(temporary):
    temporary.rmdir()

    with pytest.raises(AudioError, match=r"No such file or directory.* TMPDIR"):
        stored()


def test_memory_does_not_grow_with_length(tmp_path):
    """A quarter of an hour is 29 MB of samples; the level of it is taken a minute at a time."""
    path = tmp_path / "long.wav"
    path.write_bytes(_wav(900))

    tracemalloc.start()
    audio = read_audio(path)
    decoding = tracemalloc.get_traced_memory()[1]
    loudness = audio.loudness()
    measuring = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert audio.duration == pytest.approx(900)
    assert len(loudness) == 900 * 200
    assert decoding < 5e6
    assert measuring < 20e6


def _wav(seconds: int) -> bytes:
    """A second of noise, over and over."""
    noise = np.resize(NOISE, SAMPLE_RATE).tobytes()
    with tempfile.SpooledTemporaryFile() as stream:
        with wave.open(stream, "wb") as sound:  # type: ignore[arg-type]
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(SAMPLE_RATE)
            for _ in range(seconds):
                sound.writeframesraw(noise)
        stream.seek(0)
        return stream.read()

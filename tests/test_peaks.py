"""Peaks: loud where it is loud, in at most 1,800 numbers, however the decoder cuts its blocks."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from alignment.audio import SAMPLE_RATE
from alignment.errors import AudioError
from alignment.peaks import MOST_PEAKS, find_peaks, read_peaks
from tests.browser.recordings import make_tones


def tone(seconds: float, amplitude: float) -> NDArray[np.int16]:
    moments = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return np.rint(32767 * amplitude * np.sin(2 * np.pi * 440 * moments)).astype(np.int16)


def in_blocks(samples: NDArray[np.int16], size: int = 1021) -> Iterator[bytes]:
    data = samples.tobytes()
    return (data[at : at + size] for at in range(0, len(data), size))


def test_tones_stand_where_they_sound(tmp_path: Path) -> None:
    clip = make_tones(tmp_path / "tones.m4a", duration_s=120.0, every_s=10.0)

    peaks = np.array(read_peaks(clip.path))

    assert len(peaks) == MOST_PEAKS
    loud = {round(place * clip.duration_s / MOST_PEAKS, 1) for place in np.flatnonzero(peaks > 60)}
    assert len(loud) <= 2 * len(clip.onsets_s)
    for onset in clip.onsets_s:
        assert min(abs(place - onset) for place in loud) <= 0.11
    assert np.median(peaks) == 0


def test_the_louder_the_higher_and_the_loudest_are_full() -> None:
    parts = [tone(20, amplitude) for amplitude in (0.02, 0.1, 0.5)]

    peaks = find_peaks(in_blocks(np.concatenate(parts)))

    quiet, middle, loud = (np.mean(peaks[first : first + 500]) for first in (50, 650, 1250))
    assert 10 < quiet < middle / 2 < loud / 4
    assert loud > 250


def test_a_slammed_door_leaves_the_speech_its_height() -> None:
    samples = tone(60, 0.1)
    samples[:8000] *= 9

    assert find_peaks(in_blocks(samples))[900] > 200


def test_how_the_blocks_are_cut_makes_no_difference() -> None:
    samples = tone(3.3337, 0.3) * np.linspace(0, 1, round(3.3337 * SAMPLE_RATE))
    samples = samples.astype(np.int16)

    whole = find_peaks([samples.tobytes()])

    for size in (1, 3, 319, 4096):
        assert find_peaks(in_blocks(samples, size)) == whole


def test_silence_is_flat_and_so_is_its_noise() -> None:
    noise = np.random.default_rng(1).integers(-3, 4, 5 * SAMPLE_RATE).astype(np.int16)

    assert set(find_peaks(in_blocks(np.zeros(SAMPLE_RATE, np.int16)))) == {0}
    assert max(find_peaks(in_blocks(noise))) < 40


@pytest.mark.parametrize(("samples", "count"), [(1, 1), (159, 1), (160, 1), (161, 2), (16_000, 100)])
def test_very_short_audio_has_a_peak_for_each_hundredth(samples: int, count: int) -> None:
    assert find_peaks([np.full(samples, 9000, np.int16).tobytes()]) == [255] * count


def test_no_sound_at_all_is_an_error() -> None:
    with pytest.raises(AudioError, match="no sound"):
        find_peaks([])


def test_what_is_no_audio_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "page.m4a"
    path.write_text("<html>")

    with pytest.raises(AudioError, match=r"page\.m4a"):
        read_peaks(path)

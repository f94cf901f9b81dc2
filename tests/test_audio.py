"""Audio: decoded once, with time zero where it was, and its level on a grid of 5 ms."""

import hashlib
import wave
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.audio import LEVELS_PER_SECOND, SAMPLE_RATE, Audio, Span, excerpt, read_audio
from alignment.demo import DEMO
from alignment.errors import AudioError
from tests.sources.recordings import CLICKS, SECONDS, click_track, write_recording

FORMATS = {
    "wav": ("pcm_s16le", 44_100),
    "flac": ("flac", 48_000),
    "m4a": ("aac", 44_100),
    "opus": ("libopus", 48_000),
    "mp3": ("libmp3lame", 44_100),
}


@pytest.fixture(params=FORMATS)
def clicks(request: pytest.FixtureRequest, tmp_path: Path) -> Audio:
    codec, rate = FORMATS[request.param]
    return read_audio(write_recording(tmp_path / f"clicks.{request.param}", click_track(rate), rate, codec))


def test_clicks_are_heard_where_they_were_made_in_every_format(clicks):
    assert clicks.samples[:].dtype == np.int16 and clicks.samples[:].ndim == 1
    assert clicks.duration == pytest.approx(SECONDS, abs=0.06)
    for moment in CLICKS:
        around = np.abs(clicks.excerpt(Span(moment - 0.1, moment + 0.1)).astype(float))
        loudest = moment - 0.1 + np.average(np.arange(len(around)), weights=around**2) / SAMPLE_RATE
        assert loudest == pytest.approx(moment, abs=0.003)


def test_the_level_stands_out_at_the_very_moment_of_a_click(clicks):
    loudness = clicks.loudness()

    assert len(loudness) == int(clicks.duration * LEVELS_PER_SECOND)
    for moment in CLICKS:
        around = loudness[
            round((moment - 0.1) * LEVELS_PER_SECOND) : round((moment + 0.1) * LEVELS_PER_SECOND)
        ]
        assert moment - 0.1 + np.argmax(around) / LEVELS_PER_SECOND == pytest.approx(moment, abs=0.0101)
        assert around.max() > -20
        assert np.percentile(around, 20) < -60


def test_the_hash_is_of_the_file(tmp_path):
    path = write_recording(tmp_path / "a.wav", click_track(16_000), 16_000, "pcm_s16le")

    assert read_audio(str(path)).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_stereo_is_mixed_and_a_film_gives_its_sound(tmp_path):
    film = write_recording(tmp_path / "film.mp4", click_track(44_100), 44_100, "aac", film=True)

    assert read_audio(film).duration == pytest.approx(SECONDS, abs=0.06)


def test_a_file_cut_off_in_the_middle_gives_what_it_holds(tmp_path):
    whole = write_recording(tmp_path / "whole.mp3", click_track(44_100), 44_100, "libmp3lame").read_bytes()
    half = tmp_path / "half.mp3"
    half.write_bytes(whole[: len(whole) // 2])

    assert read_audio(half).duration == pytest.approx(SECONDS / 2, abs=0.3)


def test_damage_in_the_middle_is_passed_over(tmp_path):
    whole = bytearray(
        write_recording(tmp_path / "w.mp3", click_track(44_100), 44_100, "libmp3lame").read_bytes()
    )
    whole[len(whole) // 2 : len(whole) // 2 + 400] = bytes(400)
    (tmp_path / "damaged.mp3").write_bytes(whole)

    assert read_audio(tmp_path / "damaged.mp3").duration == pytest.approx(SECONDS, abs=0.3)


def test_what_is_no_audio_is_refused_with_its_name(tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("This is a shopping list: lemons, rope.")
    empty = tmp_path / "empty.wav"
    empty.touch()
    silent_film = tmp_path / "silent.mp4"
    _film_without_sound(silent_film)

    with pytest.raises(AudioError, match=r"no audio file at .*missing\.wav"):
        read_audio(tmp_path / "missing.wav")
    with pytest.raises(AudioError, match=r"notes\.txt is not audio"):
        read_audio(text)
    with pytest.raises(AudioError, match=r"empty\.wav"):
        read_audio(empty)
    with pytest.raises(AudioError, match=r"silent\.mp4 has no audio track"):
        read_audio(silent_film)
    with pytest.raises(AudioError, match="no audio file"):
        read_audio(tmp_path)


def test_a_recording_of_no_length_holds_no_sound(tmp_path):
    path = tmp_path / "nothing.wav"
    with wave.open(str(path), "wb") as nothing:
        nothing.setnchannels(1)
        nothing.setsampwidth(2)
        nothing.setframerate(16_000)

    with pytest.raises(AudioError, match="holds no sound"):
        read_audio(path)


def _film_without_sound(path: Path) -> None:
    with av.open(str(path), "w") as film:
        stream = film.add_stream("mpeg4", rate=5)
        stream.width = stream.height = 64
        for _ in range(5):
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))


def test_the_level_is_the_same_however_long_the_recording_is():
    """It is computed a minute at a time: no seam may show."""
    noise = np.random.default_rng(1).normal(0, 3000, 130 * SAMPLE_RATE).astype(np.int16)

    whole = Audio(noise, "").loudness()
    from_59_s = Audio(noise[59 * SAMPLE_RATE :], "").loudness()

    np.testing.assert_allclose(whole[59 * LEVELS_PER_SECOND + 2 :], from_59_s[2:], atol=1e-3)
    assert whole.std() < 1.5


def test_digital_silence_has_the_lowest_level():
    assert np.all(Audio(np.zeros(SAMPLE_RATE, np.int16), "").loudness() == -90)
    assert len(Audio(np.zeros(10, np.int16), "").loudness()) == 0


seconds = st.floats(-5, 15, allow_nan=False)


@given(seconds, seconds)
def test_an_excerpt_never_leaves_the_recording(start, end):
    audio = Audio(np.arange(10 * SAMPLE_RATE, dtype=np.int32).astype(np.int16), "")

    taken = audio.excerpt(Span(start, end))

    inside = max(0.0, min(end, 10.0) - max(start, 0.0))
    assert len(taken) == pytest.approx(inside * SAMPLE_RATE, abs=2)
    if len(taken):
        assert taken[0] == audio.samples[max(0, round(start * SAMPLE_RATE))]


def test_an_excerpt_can_be_faded_and_exported(tmp_path):
    audio = read_audio(DEMO.audio)

    clip = excerpt(audio, Span(3.6, 5.8), fade=0.1)
    clip.export(tmp_path / "clip.mp3", format="mp3")

    samples = np.array(clip.get_array_of_samples())
    assert len(clip) == 2200
    assert np.abs(samples[:80]).max() < np.abs(audio.excerpt(Span(3.6, 5.8))).max() / 10
    assert read_audio(tmp_path / "clip.mp3").duration == pytest.approx(2.2, abs=0.1)


def test_a_span_knows_its_length_and_its_middle():
    assert Span(2.0, 5.0).length == 3.0
    assert Span(2.0, 5.0).middle == 3.5

"""Windows: all the speech, in pieces that the recogniser can take, cut where it is quiet."""

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.audio import LEVELS_PER_SECOND, SAMPLE_RATE, Audio
from alignment.engine.windows import WINDOW, Speech, find_speech, find_windows
from tests.engine.sounds import digital_silence, recording, room

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def speech(demo_audio) -> Speech:
    return find_speech(demo_audio)


def test_speech_is_found_where_the_demo_speaks_and_not_in_its_pauses(speech, known, demo_audio):
    moments = np.arange(len(speech.probability)) * speech.step
    inside = np.zeros(len(moments), bool)
    for line in known.lines:
        inside |= (moments >= line["start"] + 0.1) & (moments <= line["end"] - 0.1)
    outside = np.ones(len(moments), bool)
    for line in known.lines:
        outside &= (moments < line["start"] - 0.3) | (moments > line["end"] + 0.3)

    assert (speech.probability[inside] > 0.5).mean() > 0.85
    assert (speech.probability[outside] < 0.5).mean() > 0.9
    assert len(moments) * speech.step == pytest.approx(demo_audio.duration, abs=speech.step)


def test_looking_for_speech_tells_nobody_and_leaves_nothing(tmp_path: Path):
    """Once ONNX Runtime has named the machine, in a file in the cache, it sends what it did to its makers."""
    code = """if True:
        import numpy as np
        from alignment.audio import Audio
        from alignment.engine.windows import find_speech
        find_speech(Audio(np.zeros(16_000, np.int16), ""))
    """
    asked_for = {"CI", "GITHUB_ACTIONS", "TF_BUILD", "ORT_DISABLE_TELEMETRY"}  # in these it is silent anyway
    homes = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "TMPDIR"), str(tmp_path))
    environment = {name: text for name, text in os.environ.items() if name not in asked_for} | homes

    subprocess.run([sys.executable, "-B", "-c", code], check=True, env=environment, cwd=ROOT)

    assert list(tmp_path.rglob("*")) == []


def test_windows_hold_every_line_of_the_demo_and_cut_none_of_its_words(windows, known):
    assert all(window.length <= WINDOW for window in windows)
    assert all(one.end <= other.start for one, other in pairwise(windows))
    for word in known.words:
        holding = [w for w in windows if w.start <= word["start"] + 0.1 and word["end"] - 0.1 <= w.end]
        assert len(holding) == 1, word


def test_one_window_in_four_is_brief_to_begin_with():
    steps = round(400 / 0.032)
    audio = Audio(np.zeros(400 * SAMPLE_RATE, np.int16), "")
    loudness = np.full(400 * LEVELS_PER_SECOND, -40, np.float32)

    windows = find_windows(audio, Speech(np.ones(steps, np.float32)), loudness)

    short = [window.length < 10 for window in windows[:-1]]
    assert short == [n % 4 == 0 for n in range(len(short))]


def test_a_long_pause_lies_in_no_window(demo_audio):
    """Forty seconds of nothing between two halves of a talk are not listened to."""
    pause = recording(room(40)).samples
    half = 20 * SAMPLE_RATE
    audio = Audio(np.concatenate((demo_audio.samples[:half], pause, demo_audio.samples[half : 2 * half])), "")

    windows = find_windows(audio, find_speech(audio), audio.loudness())

    assert sum(window.length for window in windows) < 62
    assert any(other.start - one.end > 8 for one, other in pairwise(windows))


@pytest.mark.parametrize("sound", [digital_silence(5), room(5), digital_silence(0.01)])
def test_where_nobody_speaks_there_is_no_window(sound):
    audio = recording(sound)

    assert find_windows(audio, find_speech(audio), audio.loudness()) == []


def test_speech_longer_than_a_block_of_the_detector_is_seen_as_one(demo_audio, monkeypatch, speech):
    """The detector runs a block at a time, to bound its memory."""
    monkeypatch.setattr("alignment.engine.windows._BLOCK", 40 * SAMPLE_RATE // 512 * 512)
    in_blocks = find_speech(demo_audio)

    assert len(in_blocks.probability) == len(speech.probability)
    agree = (in_blocks.probability > 0.5) == (speech.probability > 0.5)
    assert agree.mean() > 0.98


@given(st.lists(st.tuples(st.floats(0.2, 50), st.booleans()), min_size=1, max_size=8))
def test_windows_are_short_and_in_order_and_miss_no_speech(stretches):
    """Any alternation of speech and pauses: the likelihood of speech given, no sound needed."""
    talk = np.concatenate([np.full(max(1, round(s / 0.032)), float(spoken)) for s, spoken in stretches])
    seconds = len(talk) * 0.032
    audio = Audio(np.zeros(round(seconds * SAMPLE_RATE), np.int16), "")
    loudness = np.full(int(seconds * LEVELS_PER_SECOND), -40, np.float32)

    windows = find_windows(audio, Speech(talk.astype(np.float32)), loudness)

    assert all(0 < window.length <= WINDOW for window in windows)
    assert all(window.start >= 0 and window.end <= audio.duration for window in windows)
    assert all(one.end <= other.start for one, other in pairwise(windows))
    moments = np.flatnonzero(talk[:-1] > 0.5) * 0.032
    assert all(any(w.start <= m + 1e-9 and m <= w.end + 0.01 for w in windows) for m in moments)

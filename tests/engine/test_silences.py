"""Silences: where it is quiet, whatever the level of the recording."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.audio import LEVELS_PER_SECOND, Span
from alignment.engine.silences import find_silences, quiet_runs, threshold
from tests.engine.sounds import digital_silence, recording, room, with_hiss, with_tones

SOUNDS = [Span(1.0, 1.6), Span(2.2, 4.0), Span(4.15, 6.5), Span(8.0, 9.0)]
PAUSES = [Span(0.0, 1.0), Span(1.6, 2.2), Span(4.0, 4.15), Span(6.5, 8.0), Span(9.0, 10.0)]


@pytest.mark.parametrize("gain", [1.0, 0.03], ids=["loud", "quiet"])
@pytest.mark.parametrize("background", [room(10), digital_silence(10)], ids=["a room", "digital silence"])
@pytest.mark.parametrize("sound", [with_tones, with_hiss])
def test_silences_are_the_stretches_between_the_sounds_to_ten_milliseconds(sound, background, gain):
    audio = recording(gain * sound(background, SOUNDS))

    found = find_silences(audio.loudness())

    assert len(found) == len(PAUSES)
    for silence, pause in zip(found, PAUSES, strict=True):
        assert silence.start == pytest.approx(pause.start, abs=0.0101)
        assert silence.end == pytest.approx(pause.end, abs=0.0101)


def test_a_pause_shorter_than_asked_for_is_no_silence():
    audio = recording(with_tones(room(10), SOUNDS))

    assert Span(4.0, 4.15) not in [
        Span(round(s.start, 1), round(s.end, 2)) for s in find_silences(audio.loudness(), shortest=0.3)
    ]
    assert len(find_silences(audio.loudness(), shortest=0.3)) == len(PAUSES) - 1


def test_the_level_of_quiet_follows_the_recording():
    """Half way through, the speaker moves away from the microphone and a fan begins to hum."""
    near = with_tones(room(20), [Span(n, n + 0.6) for n in range(20)])
    far = 0.1 * with_tones(room(20, -34), [Span(n, n + 0.6) for n in range(20)])
    audio = recording(np.concatenate((near, far)))

    found = find_silences(audio.loudness())

    assert len(found) == 40
    assert all(silence.length == pytest.approx(0.4, abs=0.02) for silence in found)


def test_a_faint_murmur_in_digital_silence_is_no_sound():
    """A cut recording has no noise floor; what lies far below the speech is background all the same."""
    murmur = with_hiss(digital_silence(10), [Span(6.9, 7.4)], level=0.001)
    loudness = recording(with_tones(murmur, SOUNDS)).loudness()
    assert -70 < loudness[7 * LEVELS_PER_SECOND] < -50

    silence = next(silence for silence in find_silences(loudness) if silence.start > 6)

    assert (silence.start, silence.end) == (pytest.approx(6.5, abs=0.0101), pytest.approx(8.0, abs=0.0101))


def test_nothing_but_silence_is_one_silence_or_none():
    assert find_silences(np.empty(0, np.float32)) == []
    for samples in (digital_silence(3), room(3)):
        loudness = recording(samples).loudness()
        assert all(0 <= silence.start <= silence.end <= 3 for silence in find_silences(loudness))


def test_the_threshold_lies_between_background_and_sound():
    loudness = recording(with_tones(room(10), SOUNDS)).loudness()
    quiet, loud = np.percentile(loudness, (10, 90))

    low, high = threshold(loudness, 0.2), threshold(loudness, 0.8)

    assert low.shape == high.shape == loudness.shape
    assert np.all((quiet < low) & (low < high) & (high < loud))


@given(st.lists(st.booleans(), max_size=60), st.sampled_from([0.0, 0.01, 0.03]))
def test_runs_are_the_stretches_of_true_that_are_long_enough(quiet, shortest):
    found = quiet_runs(np.array(quiet, bool), shortest, offset=2.0)

    inside = np.zeros(len(quiet), bool)
    for run in found:
        first, last = (round((t - 2.0) * LEVELS_PER_SECOND) for t in (run.start, run.end))
        assert all(quiet[first:last]) and last > first
        assert (last - first) / LEVELS_PER_SECOND >= shortest - 1e-9
        inside[first:last] = True
    if shortest <= 1 / LEVELS_PER_SECOND:
        assert inside.tolist() == quiet

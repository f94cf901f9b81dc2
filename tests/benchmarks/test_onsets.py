import wave

import numpy as np
import pytest

from tests.benchmarks.onsets import distances_to_onsets, find_onsets, row

RATE = 16_000


def voice(seconds):
    """A buzz as of a voice: harmonics of 120 Hz, falling by 6 dB an octave."""
    moments = np.arange(round(seconds * RATE)) / RATE
    return sum(np.sin(2 * np.pi * 120 * n * moments) / n for n in range(1, 30)) * 6_000


def hiss(seconds, level):
    """Noise above 2 kHz: loud as an s, soft as an intake of breath."""
    noise = np.random.default_rng(1).normal(size=round(seconds * RATE))
    spectrum = np.fft.rfft(noise)
    spectrum[np.fft.rfftfreq(len(noise), 1 / RATE) < 2_000] = 0
    return np.fft.irfft(spectrum, len(noise)) * level


def quiet(seconds):
    return np.random.default_rng(2).normal(size=round(seconds * RATE)) * 3


def recording(folder, *sounds):
    samples = np.concatenate(sounds)
    samples = samples + quiet(len(samples) / RATE)
    path = folder / "sound.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())
    return path


def test_speech_sets_in_with_its_first_sound_and_breath_is_none(tmp_path):
    s, breath = hiss(0.1, 4_000), hiss(0.3, 200)
    sound = recording(
        tmp_path,
        quiet(0.5), voice(1.0),  # at 0.5
        quiet(0.1), voice(1.0),  # no pause
        quiet(0.4), s, voice(1.0),  # at 3.0: the s is speech
        quiet(0.3), breath, quiet(0.1), voice(1.0),  # at 4.8: the breath is not
        quiet(0.5),
    )  # fmt: skip

    assert find_onsets(sound) == pytest.approx([0.5, 3.0, 4.8], abs=0.015)


def test_a_start_is_held_against_the_nearest_onset():
    assert distances_to_onsets([0.9, 1.2, 2.0, 9.0], [1.0, 2.0]) == pytest.approx([-0.1, 0.2, 0.0, 7.0])


def test_errors_are_summed_up_in_milliseconds():
    figures = row([-0.010, 0.030, 0.040, 0.600])

    assert figures["mae_ms"] == pytest.approx(170)
    assert figures["bias_ms"] == pytest.approx(165)
    assert (figures["within_20"], figures["within_50"], figures["over_500"]) == (0.25, 0.75, 0.25)

"""The features, beside those of the acoustic model's own decoder."""

import numpy as np
import pocketsphinx
import pytest

from alignment.audio import Span
from alignment.engine.cepstra import CENTRE, FRAME, features, mel_cepstra


def decoders_mean(samples):
    """Mean cepstra of an utterance as pocketsphinx finds them."""
    decoder = pocketsphinx.Decoder(lm=None, bestpath=False, loglevel="FATAL")
    decoder.add_fsg("any", decoder.create_fsg("any", 0, 1, [(0, 1, 1.0, "any")]))
    decoder.activate_search("any")
    decoder.start_utt()
    decoder.process_raw(samples.tobytes(), full_utt=True)
    decoder.end_utt()
    return np.array([float(value) for value in decoder.get_cmn(False).split(",")])


@pytest.mark.parametrize("span", [Span(0, 4), Span(10, 31), Span(3.33, 3.9)])
def test_the_cepstra_are_those_that_the_model_was_made_for(demo_audio, span):
    samples = demo_audio.excerpt(span)

    ours = mel_cepstra(samples).mean(axis=0)

    assert ours == pytest.approx(decoders_mean(samples), abs=1e-4)


def test_the_mean_of_a_chunk_does_not_matter(demo_audio):
    samples = demo_audio.excerpt(Span(0, 4))

    soft, loud = features(samples // 4 * 2), features(samples // 4 * 4)

    assert soft[0].mean(axis=0) == pytest.approx(0, abs=1e-3)
    assert np.abs(soft - loud).mean() < 0.15


def test_a_frame_looks_at_the_sound_around_its_time():
    samples = np.zeros(16_000, np.int16)
    at = 0.503
    samples[round(at * 16_000)] = 20_000

    loudest = int(features(samples)[0, :, 0].argmax())

    assert loudest * FRAME + FRAME / 2 + CENTRE == pytest.approx(at, abs=0.015)


def test_slopes_look_two_and_three_frames_ahead_and_back(demo_audio):
    still, slope, bend = features(demo_audio.excerpt(Span(0, 2)))

    assert slope[10] == pytest.approx(still[12] - still[8], abs=1e-4)
    assert bend[10] == pytest.approx(still[13] - still[9] - still[11] + still[7], abs=1e-4)
    assert slope[0] == pytest.approx(still[2] - still[0], abs=1e-4)


@pytest.mark.parametrize(("count", "frames"), [(0, 0), (1, 1), (410, 1), (411, 2), (570, 2), (16_000, 99)])
def test_every_sample_is_in_a_frame(count, frames):
    shape = features(np.ones(count, np.int16)).shape

    assert shape == (3, frames, 13)


def test_silence_has_features_without_warnings():
    assert np.isfinite(features(np.zeros(8_000, np.int16))).all()

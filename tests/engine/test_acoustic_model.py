"""The acoustic model as read from its files."""

import numpy as np
import pytest

from alignment.audio import Span
from alignment.engine.acoustic_model import Position, acoustic_model
from alignment.engine.cepstra import features


@pytest.fixture(scope="module")
def model():
    return acoustic_model()


def states(model, phone, before, after, position):
    number = model.phones
    return model.states(number[phone], number[before], number[after], position)


def test_a_phone_sounds_otherwise_between_others_and_elsewhere_in_the_word(model):
    inside = states(model, "AH", "K", "T", Position.INSIDE)

    assert inside != states(model, "AH", "N", "T", Position.INSIDE)
    assert inside != states(model, "AH", "K", "NG", Position.INSIDE)
    assert inside != states(model, "AH", "SIL", "T", Position.FIRST)


def test_a_phone_between_others_that_the_model_does_not_know_together_is_like_one_that_it_knows(model):
    """No English word begins with NG; the model has no such phone and takes it as it is."""
    alone = states(model, "NG", "ZH", "ZH", Position.FIRST)

    assert alone == states(model, "NG", "SIL", "ZH", Position.FIRST)
    assert len({states(model, p, "ZH", "ZH", Position.FIRST) for p in ("NG", "ZH", "OY")}) == 3


def test_staying_and_going_on_are_all_that_a_state_does(model):
    assert np.exp(model.stay) + np.exp(model.go) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    ("word", "phone", "other"), [("see,", "IY", "AA"), ("Yes.", "S", "N"), ("keeps", "K", "M")]
)
def test_a_sound_fits_its_own_phone_better_than_another(model, demo_audio, known, word, phone, other):
    """At the best of its frames, by more than chance would have it."""
    said = next(w for w in known.words if w["text"] == word)
    heard = features(demo_audio.excerpt(Span(said["start"] - 0.5, said["end"] + 0.5)))[:, 50:-50]
    middle = np.sort([states(model, p, "SIL", "SIL", Position.INSIDE)[1] for p in (phone, other)])

    scores = model.scores(heard, middle)

    mine = int(states(model, phone, "SIL", "SIL", Position.INSIDE)[1] == middle[1])
    assert (scores[:, mine] - scores[:, 1 - mine]).max() > 5


def test_scores_are_held_against_the_best_of_the_frame_and_do_not_hang_on_what_is_asked_with_them(
    model, demo_audio
):
    heard = features(demo_audio.excerpt(Span(1, 2)))
    every = np.arange(0, 5126, 7)

    all_scores = model.scores(heard, every)
    few = model.scores(heard, every[100:140])

    assert all_scores.shape == (heard.shape[1], len(every))
    assert all_scores.max(axis=1) == pytest.approx(0, abs=1e-6)
    again = all_scores[:, 100:140] - all_scores[:, 100:140].max(axis=1, keepdims=True)
    assert np.median(np.abs(few - again)) < 1e-3

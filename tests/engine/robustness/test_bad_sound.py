"""Noise, music, a telephone, another voice, haste, pauses: the lines are still where they are said."""

import numpy as np
import pytest

from alignment.audio import Span
from tests.mutations import noise, pauses
from tests.mutations.cuts import begin_at_first_word
from tests.mutations.music import with_music_bed, with_music_tail
from tests.mutations.speed import at_speed
from tests.mutations.telephone import over_telephone
from tests.shared_data import requires_shared_data


def in_noise(recording):
    return noise.with_noise(recording, 5)


def test_noise_at_five_decibels(hold, opening):
    hold(in_noise(opening)).assert_rest_is_exact()


@requires_shared_data("interview")
@pytest.mark.parametrize("mutate", [in_noise, over_telephone, with_music_bed])
def test_the_interview_in_noise_over_a_telephone_and_over_music(hold, answer, mutate):
    hold(mutate(answer)).assert_rest_is_exact()


@requires_shared_data("talking-book")
@pytest.mark.parametrize("mutate", [in_noise, over_telephone, with_music_bed])
def test_a_human_narrator_in_noise_over_a_telephone_and_over_music(hold, narrator, mutate):
    """His breath before a line, and his own additions, leave less to hold on to."""
    outcome = hold(mutate(narrator)).outcome

    assert outcome.far == ()
    assert outcome.share_within(0.2) >= 0.8
    assert outcome.share_within(0.5) >= 0.9


@pytest.mark.parametrize("mutate", [over_telephone, with_music_bed])
def test_the_demo_over_a_telephone_and_over_music(hold, opening, mutate):
    outcome = hold(mutate(opening)).outcome

    assert outcome.far == ()
    assert outcome.share_within(0.2) >= 0.9
    assert np.abs(outcome.errors).max() <= 0.6


@requires_shared_data("talking-book")
def test_two_voices_at_once(hold, opening, narrator):
    """Another voice, softer by 10 dB, over half a minute: there lines may be off, but not far."""
    voice = narrator.sound(Span(narrator.said(1).start, narrator.said(4).end))
    both = Span(10.0, 10.0 + len(voice) / 16000)
    held = hold(noise.with_voice(opening, voice, both.start, 10))

    clear = [not both.start - 1 < line.start < both.end for line in held.outcome.said]
    assert np.abs(held.outcome.errors[clear]).max() <= 0.2
    assert held.outcome.far == ()
    assert held.outcome.share_within(0.2) >= 0.8


@pytest.mark.parametrize("factor", [1.5, 0.8])
def test_faster_and_slower_speech(hold, opening, factor):
    hold(at_speed(opening, factor)).assert_rest_is_exact()


def test_very_short_lines_after_long_pauses(hold, opening):
    """Among them "Yes." """
    assert opening.lines[5].text == "Yes."

    hold(pauses.with_pauses(opening, [2, 5, 6, 14], 10)).assert_rest_is_exact()


def test_the_first_word_at_zero(hold, opening):
    held = hold(begin_at_first_word(opening))

    assert held.result.segments[0].start <= 0.05
    held.assert_rest_is_exact()


def test_a_music_tail(hold, opening):
    held = hold(with_music_tail(opening))

    held.assert_rest_is_exact()
    held.assert_told()
    assert held.result.segments[-1].end <= opening.duration + 0.2
    assert held.result.untranscribed == ()

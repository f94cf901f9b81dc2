"""The edges of words at pauses: moved to where their sound is, and left alone everywhere else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.audio import Span
from alignment.engine.edges import EdgeFinder
from alignment.engine.windows import Speech
from tests.engine.sounds import digital_silence, recording, room, with_hiss, with_tones

WITHIN = 0.0101
"""Seconds: two steps of the loudness."""


def refined(samples, said, voice=np.ones_like):
    """voice: how likely somebody speaks at some moments, in seconds."""
    moments = np.arange(0, len(samples) / 16_000, 0.032)
    speech = Speech(voice(moments).astype(np.float32))
    return EdgeFinder(recording(samples).loudness(), speech).refine(said)


def near(span: Span):
    return (pytest.approx(span.start, abs=WITHIN), pytest.approx(span.end, abs=WITHIN))


@pytest.mark.parametrize("background", [room(6), digital_silence(6)], ids=["a room", "digital silence"])
@pytest.mark.parametrize("sound", [with_tones, with_hiss], ids=["voice", "hiss"])
def test_a_word_placed_in_the_pause_around_it_is_moved_to_its_sound(background, sound):
    words = [Span(1.0, 1.5), Span(3.0, 3.6)]
    early_and_late = [Span(0.75, 1.7), Span(2.6, 3.75)]

    one, other = refined(sound(background, words), early_and_late)

    assert (one.start, one.end) == near(words[0])
    assert (other.start, other.end) == near(words[1])


def test_a_word_that_was_cut_short_grows_to_its_sound():
    words = [Span(1.0, 1.5), Span(3.0, 3.6)]

    one, other = refined(with_tones(room(6), words), [Span(1.03, 1.4), Span(3.04, 3.5)])

    assert (one.start, one.end) == near(words[0])
    assert (other.start, other.end) == near(words[1])


def test_music_after_the_last_word_is_not_the_words():
    """Nothing is quiet there, but nobody speaks."""
    sounding = with_tones(room(6), [Span(1.0, 6.0)])

    (found,) = refined(sounding, [Span(1.0, 3.5)], voice=lambda seconds: seconds < 1.6)
    (alone,) = refined(sounding, [Span(1.0, 3.5)])

    assert (found.start, found.end) == (pytest.approx(1.0, abs=0.02), pytest.approx(1.6, abs=0.05))
    assert alone.end == 3.5


def test_a_word_whose_voice_was_missed_stays():
    """As over a telephone."""
    sounding = with_tones(room(6), [Span(1.0, 1.4), Span(3.0, 3.5)])

    first, other = refined(sounding, [Span(1.0, 1.4), Span(3.0, 3.5)], voice=lambda seconds: seconds > 2.9)

    assert (first.start, first.end) == near(Span(1.0, 1.4))
    assert (other.start, other.end) == near(Span(3.0, 3.5))


def test_a_moment_without_voice_is_no_pause():
    """As a stop or an s is."""
    sounding = with_tones(room(6), [Span(1.0, 3.0)])

    def voice(seconds):
        return (seconds < 1.5) | (seconds > 1.8)

    first, other = refined(sounding, [Span(1.0, 1.7), Span(1.7, 3.0)], voice=voice)

    assert first.end == other.start == 1.7


def test_words_that_run_into_each_other_stay_where_they_are():
    speech = with_tones(room(6), [Span(1.0, 3.0)])

    first, middle, last = refined(speech, [Span(1.0, 1.4), Span(1.4, 2.1), Span(2.1, 3.0)])

    assert first.end == middle.start == 1.4
    assert middle.end == last.start == 2.1


def test_the_closure_of_a_consonant_inside_a_word_is_not_its_edge():
    word = [Span(1.0, 1.3), Span(1.36, 1.6)]

    (found,) = refined(with_tones(room(4), word), [Span(0.9, 1.7)])

    assert (found.start, found.end) == near(Span(1.0, 1.6))


def test_a_click_before_a_word_is_not_its_start():
    click, word = Span(1.0, 1.02), Span(1.2, 1.7)

    (found,) = refined(with_hiss(with_tones(room(4), [word]), [click]), [Span(0.95, 1.7)])

    assert (found.start, found.end) == near(word)


def test_a_click_after_a_word_is_not_its_end():
    word, click = Span(1.2, 1.7), Span(1.9, 1.92)

    (found,) = refined(with_hiss(with_tones(room(4), [word]), [click]), [Span(1.2, 1.95)])

    assert (found.start, found.end) == near(word)


def test_a_hiss_that_touches_its_word_belongs_to_it():
    """An s or f at a word's edge is softer than its vowel, and no less a part of it."""
    s, vowel, f = Span(1.0, 1.12), Span(1.12, 1.5), Span(1.5, 1.65)
    speech = with_hiss(with_tones(room(4), [vowel]), [s, f])

    (found,) = refined(speech, [Span(0.9, 1.72)])

    assert (found.start, found.end) == near(Span(1.0, 1.65))


def faint(background, span):
    """A sound louder than the room and softer than a voice: an n or h, or somebody breathing."""
    return with_hiss(background, [span], level=0.0022)


def test_a_faint_sound_beside_a_short_pause_belongs_to_its_word():
    words = [Span(0.5, 1.0), Span(1.2, 1.6)]
    speech = faint(with_tones(room(4), [words[0], Span(1.26, 1.6)]), Span(1.2, 1.26))

    _, other = refined(speech, [Span(0.5, 1.02), Span(1.15, 1.6)])

    assert (other.start, other.end) == near(words[1])


def test_a_word_that_fades_into_noise_keeps_what_is_above_the_noise():
    loud, fading = Span(1.0, 1.4), Span(1.4, 1.6)
    speech = with_tones(with_tones(room(4, level_db=-42), [loud]), [fading], level=0.06)

    (found,) = refined(speech, [Span(0.9, 1.7)])

    assert (found.start, found.end) == near(Span(1.0, 1.6))


def test_a_breath_in_a_long_pause_belongs_to_no_word():
    words = [Span(0.5, 1.0), Span(2.0, 2.5)]
    speech = faint(with_tones(room(4), words), Span(1.7, 2.0))

    _, other = refined(speech, [Span(0.5, 1.0), Span(1.72, 2.5)])

    assert (other.start, other.end) == near(words[1])


def test_the_last_of_a_word_that_the_model_gave_to_the_word_after_the_pause_is_given_back():
    words = [Span(0.5, 1.0), Span(1.5, 2.0)]

    one, other = refined(with_tones(room(4), words), [Span(0.5, 0.97), Span(0.97, 2.0)])

    assert (one.start, one.end) == near(words[0])
    assert (other.start, other.end) == near(words[1])


def test_a_short_word_with_a_long_pause_before_it_is_found_at_its_end():
    word = Span(2.5, 2.58)

    _, found = refined(with_tones(room(4), [Span(0.5, 1.0), word]), [Span(0.5, 1.0), Span(1.0, 2.58)])

    assert (found.start, found.end) == near(word)


def test_a_word_does_not_grow_over_its_neighbour():
    words = [Span(1.0, 1.5), Span(1.6, 2.0)]

    one, other = refined(with_tones(room(4), words), [Span(1.0, 1.45), Span(1.55, 2.0)])

    assert one.end == pytest.approx(1.5, abs=WITHIN)
    assert other.start == pytest.approx(1.6, abs=WITHIN)
    assert one.end <= other.start


def test_words_that_were_not_said_stay_that_way():
    words = [Span(1.0, 1.5)]

    assert refined(with_tones(room(4), words), [None, Span(0.9, 1.6), None])[::2] == [None, None]
    assert refined(room(4), []) == []
    assert refined(room(4), [None]) == [None]


@pytest.mark.parametrize("background", [digital_silence(4), room(4)])
def test_a_word_in_silence_keeps_a_part_of_its_time(background):
    """Where there is no sound there is no better place; the word is still a word."""
    (found,) = refined(background, [Span(1.0, 2.0)])

    assert found.start < found.end
    assert (found.start, found.end) == (pytest.approx(1.0, abs=0.75), pytest.approx(2.0, abs=0.75))


def test_the_first_word_may_begin_and_the_last_end_with_the_recording():
    speech = with_tones(room(2), [Span(0.0, 0.5), Span(1.5, 2.0)])

    first, last = refined(speech, [Span(0.0, 0.6), Span(1.3, 2.0)])

    assert first.start == 0.0
    assert last.end == 2.0


moments = st.integers(0, 400).map(lambda n: n / 100)


@given(st.lists(moments, max_size=12).map(sorted), st.integers(0, 2))
def test_words_keep_their_order_and_a_length(edges, gaps):
    """Any words at all, some of them missing, over a recording of sounds and pauses."""
    speech = with_tones(room(4), [Span(0.3, 0.9), Span(1.2, 1.25), Span(1.5, 3.0)])
    words = [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    said = [item for word in words for item in (word, *[None] * gaps)]

    found = refined(speech, said)

    assert [span is None for span in found] == [span is None for span in said]
    kept = [span for span in found if span]
    assert all(span.start <= span.end for span in kept)
    assert np.all(np.diff([span.start for span in kept]) >= 0)
    assert all(span.start >= 0 and span.end <= 4.0 + 1e-9 for span in kept)

"""The speaker says what the text lacks: it is told, and the rest is exact."""

import pytest

from alignment.audio import Span
from tests.mutations import cuts, fillers, repeats, sources, text
from tests.shared_data import requires_shared_data


@pytest.mark.parametrize("before", [0, 9, 18], ids=["intro", "advertisement", "outro"])
def test_an_intro_or_an_advertisement_that_the_text_lacks(hold, opening, advertisement, before):
    held = hold(cuts.insert_speech(opening, before, advertisement))

    held.assert_rest_is_exact()
    held.assert_told()


@requires_shared_data("talking-book", "interview")
def test_an_advertisement_by_another_voice(hold, answer, narrator):
    advertisement = narrator.sound(Span(narrator.said(1).start, narrator.said(5).end))

    held = hold(cuts.insert_speech(answer, 5, advertisement))

    held.assert_rest_is_exact()
    held.assert_told()


@requires_shared_data("german-ode")
def test_speech_in_another_language(hold, opening):
    held = hold(cuts.insert_speech(opening, 9, sources.foreign_speech("german-ode", Span(20, 50))))

    held.assert_rest_is_exact()
    held.assert_told()


def test_a_paragraph_that_the_text_lacks(hold, talk):
    held = hold(text.delete_lines(talk, range(9, 15)))

    held.assert_rest_is_exact()
    held.assert_told()
    (passage,) = held.result.untranscribed
    assert "Osgood" in passage.heard or "hives" in passage.heard or "imagine" in passage.heard


def test_audio_that_goes_on_after_the_text(hold, talk):
    held = hold(text.delete_lines(talk, range(18, 24)))

    held.assert_rest_is_exact()
    held.assert_told()


def test_audio_that_begins_before_the_text(hold, talk):
    held = hold(text.delete_lines(talk, range(6)))

    held.assert_rest_is_exact()
    held.assert_told()


@pytest.mark.parametrize(("number", "times"), [(12, 10), (5, 10), (16, 10), (13, 25)])
def test_a_phrase_repeated_many_times_and_written_as_often(hold, opening, number, times):
    """Recognisers pass over some, write others twice, and give up: which, differs from machine to machine."""
    held = hold(repeats.repeat_line(opening, number, times))

    held.assert_rest_is_exact()
    held.assert_told()


def test_a_phrase_repeated_ten_times_and_written_once(hold, opening):
    """Which of the ten is meant nobody can tell: the line is at one of them, and the others are told."""
    repeated = repeats.repeat_line(opening, 12)
    held = hold(text.delete_lines(repeated, range(13, 22)))

    line = held.result.segments[12]
    places = [known.start for known in repeated.lines[12:22]]
    assert min(abs(line.start - place) for place in places) <= 0.2
    assert [missed for missed in held.outcome.missed() if missed[0] != line.text] == []
    assert held.outcome.reported >= 0.85


def test_fillers_that_were_edited_away(hold, talk):
    held = hold(fillers.drop_words(talk, fillers.FILLERS | {"too", "you", "see", "very", "once", "now"}))

    held.assert_rest_is_exact()
    held.assert_told()


def test_false_starts_that_were_edited_away(hold, opening):
    """A line whose first words were said twice may start with either; every other line is exact."""
    begun_twice = range(1, 18, 3)
    held = hold(fillers.with_false_starts(opening, begun_twice))

    errors = held.outcome.errors
    assert [error for n, error in enumerate(errors) if n not in begun_twice and not abs(error) <= 0.2] == []
    assert [error for n, error in enumerate(errors) if n in begun_twice and not abs(error) <= 1.0] == []

"""The text has what nobody says: it is told to be missing, and the rest is exact."""

from tests.engine.robustness.conftest import NEVER_SAID
from tests.mutations import cuts, text
from tests.shared_data import requires_shared_data


def test_a_paragraph_that_is_never_spoken(hold, talk):
    held = hold(text.insert_lines(talk, 12, NEVER_SAID))

    assert held.status(12, 16) == {"not_in_audio"}
    held.assert_rest_is_exact()
    held.assert_told()


def test_a_chapter_that_was_skipped(hold, talk):
    held = hold(cuts.cut_lines(talk, 8, 16))

    assert held.status(8, 16) == {"not_in_audio"}
    held.assert_rest_is_exact()
    held.assert_told()


def test_audio_that_ends_before_the_text(hold, talk):
    held = hold(cuts.end_after(talk, 18))

    assert held.status(18, 24) == {"not_in_audio"}
    held.assert_rest_is_exact()
    held.assert_told()


def test_of_two_swapped_paragraphs_one_is_placed_and_the_other_told(hold, talk):
    held = hold(text.swap_lines(talk, 6, 10, 15))

    placed = held.status(6, 11), held.status(11, 15)
    assert sorted(placed, key=str) == [{"aligned"}, {"not_in_audio"}]
    assert held.result.untranscribed
    held.assert_rest_is_exact()


def test_lines_in_whose_place_others_are_said(hold, talk):
    """Whatever was heard there is not the line."""
    held = hold(text.insert_lines(text.delete_lines(talk, [10, 16]), 15, [NEVER_SAID[1]]))
    also = hold(text.insert_lines(text.delete_lines(talk, [10, 16]), 10, [NEVER_SAID[3]]))

    for one in (held, also):
        one.assert_rest_is_exact()
        one.assert_told()


@requires_shared_data("interview")
def test_a_tenth_of_the_sentences_deleted_and_a_tenth_inserted(hold, interview):
    edited = text.insert_share(text.delete_share(interview, 0.1), NEVER_SAID, 0.1, seed=1)

    held = hold(edited)

    held.assert_rest_is_exact()
    held.assert_told()

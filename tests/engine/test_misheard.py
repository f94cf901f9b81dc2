"""Words that were said and heard as others, and sentences in whose place another one was said."""

import pytest

from alignment.audio import Span
from alignment.engine.misheard import misheard_words
from tests.engine.texts import merged


def put_in_place(written, said):
    """The written words that are taken for what was heard where they were not found, with their places."""
    text = merged(written, said)
    found = [
        None if slot.heard is None else Span(text.heard[slot.heard].start, text.heard[slot.heard].end)
        for slot in text.slots
    ]
    return {text.words[index]: span for index, span in misheard_words(text, found)}


def test_a_name_heard_as_two_words_takes_their_time():
    placed = put_in_place("I asked Osgood about the bees", "I asked as good about the bees")

    assert placed == {"Osgood": Span(1.0, 2.0)}


def test_a_run_of_words_that_sounds_like_what_was_heard_is_placed():
    placed = put_in_place(
        "they came across Weissenburg and Niesen then and went home",
        "they came across white and burg a niece and then and went home",
    )

    assert "Weissenburg" in placed


@pytest.mark.parametrize(
    "said",
    ["the night train stops in every village here", "quite another thing was told about them all that day"],
)
def test_a_sentence_in_whose_place_another_was_said_is_not(said):
    around = "this line was there before", "and this line comes after it"
    written = "Nobody ever saw him outside when it rained."

    assert put_in_place(f"{around[0]}\n{written}\n{around[1]}", f"{around[0]} {said} {around[1]}") == {}


def test_a_page_number_is_not_the_remark_that_was_made_instead():
    placed = put_in_place("that was all 9 so he went", "that was all turn over to the next page so he went")

    assert "9" not in placed

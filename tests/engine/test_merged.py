"""The grammar: what must be said, what may be, and in which ways."""

import pytest

from alignment.engine.anchors import HeardWord
from alignment.engine.merged import MergedText
from alignment.errors import TranscriptError
from tests.engine.texts import heard, merged, transcript


def option(text, word):
    (found,) = (o for o in text.options if o.text == word)
    return found


def test_what_is_written_and_heard_must_be_said():
    text = merged("the ferry left early", "the ferry left early")

    assert [o.text for o in text.options] == ["the", "ferry", "left", "early"]
    assert all(o.skip == 0 for o in text.options)


def test_a_number_may_be_said_in_each_of_its_ways():
    text = merged("it sank in 1905 they say", "it sank in 1905 they say")

    assert ("nineteen", "oh", "five") in option(text, "1905").readings
    assert ("one", "thousand", "nine", "hundred", "five") in option(text, "1905").readings


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("see 3.9.2 below", "see 392 below"),
        ("St. Ovid", "Saint Ovid"),
        ("about 1785 people", "about 1,785 people"),
    ],
)
def test_a_word_that_was_heard_in_another_spelling_is_the_same_word(written, said):
    assert all(slot.certain for slot in merged(written, said).slots)


def test_a_spelling_that_is_itself_written_stands_for_no_other():
    """Of "3.9.2" and "392" in one text each is heard as itself."""
    slots = merged("first 392 then 3.9.2 again", "first 392 then 3.9.2 again").slots

    assert [slot.certain for slot in slots] == [True] * 5


def test_what_was_heard_only_stands_in_its_place_and_may_be_passed_over():
    text = merged("the ferry left early", "the ferry hardly left early")

    assert [o.text for o in text.options] == ["the", "ferry", "hardly", "left", "early"]
    assert 0 < option(text, "hardly").skip < 1


def test_what_nothing_was_heard_of_is_passed_over_reluctantly():
    text = merged("the ferry left quite early", "the ferry left early")

    assert 0 < option(text, "quite").skip < option(merged("a b", "a um b"), "um").skip


def test_where_something_else_was_heard_both_are_on_offer():
    text = merged("then Osgood keeps the bees", "then as good keeps the bees")

    assert {"Osgood", "as", "good"} <= {o.text for o in text.options}
    assert 0 < option(text, "Osgood").skip < option(text, "good").skip < 1


def test_words_without_time_to_be_said_in_have_no_sound():
    """Eight long words between two that follow each other at once: they were never spoken."""
    unspoken = (
        "commemorating constitutional responsibilities notwithstanding extraordinary circumstances " * 3
    )

    text = merged(f"the ferry {unspoken}left early", "the ferry left early")

    assert option(text, "ferry").readings
    assert all(not o.readings for o in text.options[2:-2])


def test_words_with_time_to_be_said_in_have_one():
    """The recogniser missed them, but there is a pause of five seconds where they belong."""
    text = merged("the ferry that nobody had seen left early", "the ferry ... left early")

    assert option(text, "nobody").readings == (("nobody",),)


@pytest.mark.parametrize("pause", range(3))
def test_a_repeated_phrase_that_was_passed_over_may_have_been_said_elsewhere(pause):
    """The recogniser missed it in the pause, wherever the words alone would put it."""
    phrase = "every single morning before the sun comes up over the hills "
    said = ["so ", phrase, phrase, "she sang"]
    said.insert(pause + 1, "... ")

    text = merged(f"so {phrase * 3}she sang", "".join(said))

    assert [slot.ambiguous for slot in text.slots] == [False, *[True] * 33, False, False]
    assert all(o.readings for o in text.options)


def test_each_slot_has_one_option():
    text = merged("one two three four — five six", "zero one too three four five nine nine six seven")

    assert len(text.options) == len(text.slots)


def test_a_text_of_the_talk_is_accepted_and_another_refused():
    talk = (
        "the ferry left the harbour before anyone had counted the passengers and nobody asked who they were"
    )
    merged(talk, talk).refuse_another_talk()
    merged(talk[:40], talk).refuse_another_talk()

    other = merged("flour water salt and patience make a loaf that lasts until the end of the week", talk)
    with pytest.raises(TranscriptError, match=r"not of this audio: only 0%.*\"the ferry left .*heard as en"):
        other.refuse_another_talk()


def test_a_text_without_a_word_that_is_said_is_refused():
    with pytest.raises(TranscriptError, match="not of this audio"):
        MergedText.of(transcript("— …"), heard("the ferry left"), "en").refuse_another_talk()


def test_nothing_heard_is_no_talk():
    with pytest.raises(TranscriptError, match="not of this audio"):
        MergedText.of(transcript("the ferry left"), [], "en").refuse_another_talk()


def test_in_another_language_numbers_are_read_in_it():
    text = MergedText.of(transcript("um 21 Uhr"), [HeardWord("um", 0, 1, 1.0)], "de")

    assert option(text, "21").readings == (("einundzwanzig",), ("einundzwanzigste",))


def test_who_speaks_may_be_passed_over_whether_or_not_anybody_listened():
    """A name that nobody says would take the sound before the line for its own."""
    listened = merged("ANNA BERG: the ferry left early", "the ferry left early")
    passed_over = MergedText.of(transcript("Anna Berg: The ferry left early."), [], "en", [0])

    assert [option(listened, word).skip for word in ("ANNA", "BERG:", "the")] == [0.5, 0.5, 0]
    assert [option(passed_over, word).skip for word in ("Anna", "Berg:", "The")] == [0.5, 0.5, 0]


def test_a_colon_amid_a_sentence_names_nobody():
    text = MergedText.of(transcript("they had one rule: never sail"), [], "en", [0])

    assert all(o.skip == 0 for o in text.options)

"""The known words laid beside the heard words."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.engine.matching import Slot, agreement, merge

BOAT = str.split(
    """
    the ferry left the harbour before anyone had counted the passengers and by the time we reached the
    second buoy three people were sitting on the roof with a crate of lemons between them nobody asked who
    had brought it because the wind was already tearing hats from heads and the captain a short woman with
    a long whistle told us to hold the rail and to keep our opinions about the weather for the shore
    """
)
BREAD = str.split(
    """
    flour water salt and a little patience make a loaf that will last until sunday so begin in the evening
    stir everything in a bowl cover it with a plate and forget about it overnight when the dough has doubled
    fold its edges towards the middle warm a heavy pot in the oven and bake under the lid until the crust
    sings when you tap it
    """
)


def spoken(words):
    return [(word,) for word in (words.split() if isinstance(words, str) else words)]


def merged(written, heard):
    """The slots as pairs of words, with a mark of certainty."""
    ours, theirs = spoken(written), spoken(heard)
    return [
        (
            None if slot.written is None else ours[slot.written][0],
            None if slot.heard is None else theirs[slot.heard][0],
            slot.certain,
        )
        for slot in merge(ours, theirs)
    ]


def shown(slots, ours, theirs):
    """The words in order; + is before those that were only heard, - before those that are only written."""
    return " ".join(
        f"+{theirs[slot.heard][0]}"
        if slot.written is None
        else ("-" if slot.heard is None else "") + ours[slot.written][0]
        for slot in slots
    )


def matched(slots):
    return [slot for slot in slots if slot.written is not None and slot.heard is not None]


def test_equal_texts_match_word_for_word_with_certainty():
    slots = merge(spoken(BOAT), spoken(BOAT))

    assert slots == [Slot(n, n, True) for n in range(len(BOAT))]
    assert agreement(slots) == 1


def test_a_word_heard_wrongly_stands_beside_the_written_one_but_not_certainly():
    assert merged("we met Osgood today", "we met Oswood today") == [
        ("we", "we", True),
        ("met", "met", True),
        ("Osgood", "Oswood", False),
        ("today", "today", True),
    ]


def test_words_that_are_nothing_alike_stand_one_after_the_other():
    assert merged("we met Osgood today", "we met nobody today") == [
        ("we", "we", True),
        ("met", "met", True),
        ("Osgood", None, False),
        (None, "nobody", False),
        ("today", "today", True),
    ]


def test_a_short_word_alone_among_others_is_no_match():
    """Both sides say "in" there, about different things."""
    written = "the ferry left before apples ripen slowly in northern gardens and nobody asked"
    heard = "the ferry left before somebody painted doors in yellow chalk and nobody asked"

    assert ("in", "in", True) not in merged(written, heard)
    assert ("nobody", "nobody", True) in merged(written, heard)


def test_a_paragraph_that_is_not_said_is_written_only():
    written = BOAT[:30] + BREAD[:25] + BOAT[30:]

    slots = merge(spoken(written), spoken(BOAT))

    assert [slot.written for slot in slots if slot.heard is None] == list(range(30, 55))
    assert all(slot.certain for slot in matched(slots)) and len(matched(slots)) == len(BOAT)


def test_a_paragraph_that_is_not_written_is_heard_only():
    heard = BREAD[:25] + BOAT

    slots = merge(spoken(BOAT), spoken(heard))

    assert [slot.heard for slot in slots if slot.written is None] == list(range(25))
    assert agreement(slots) == 1


def test_of_two_swapped_paragraphs_the_longer_is_matched_and_the_other_is_not():
    long, short = BOAT[:50], BREAD[:25]

    slots = merge(spoken(long + short), spoken(short + long))

    assert [slot.written for slot in matched(slots)] == list(range(50))
    assert [slot.heard for slot in matched(slots)] == list(range(25, 75))


def test_a_phrase_said_ten_times_is_matched_ten_times():
    phrase = ["ring", "the", "bell", "again"]

    slots = merge(spoken(BREAD[:20] + phrase * 10 + BOAT[:20]), spoken(BREAD[:20] + phrase * 10 + BOAT[:20]))

    assert slots == [Slot(n, n, True) for n in range(80)]


def test_a_repeated_phrase_that_was_missed_once_is_missing_once():
    phrase = ["ring", "the", "bell", "again"]

    slots = merge(spoken(BREAD[:20] + phrase * 4 + BOAT[:20]), spoken(BREAD[:20] + phrase * 3 + BOAT[:20]))

    assert len(matched(slots)) == 52
    assert sum(slot.heard is None for slot in slots) == 4


def test_a_written_number_matches_the_words_that_it_is_read_as():
    written = [("in",), ("seventeen", "eighty", "five"), ("there",)]
    heard = [("in",), ("seventeen",), ("eighty",), ("five",), ("there",)]

    slots = merge(written, heard)

    assert slots == [Slot(0, 0, True), Slot(1, 1, True), Slot(2, 4, True)]


def test_written_words_that_were_heard_as_one_share_it():
    written = spoken("in seventeen eighty five there was")
    heard = [("in",), ("seventeen", "eighty", "five"), ("there",), ("was",)]

    slots = merge(written, heard)

    assert [(slot.written, slot.heard) for slot in slots] == [(0, 0), (1, 1), (2, 1), (3, 1), (4, 2), (5, 3)]
    assert all(slot.certain for slot in slots)
    assert agreement(slots) == 1


def test_a_word_that_is_not_said_keeps_its_place():
    assert merge([("we",), (), ("met",)], spoken(["we", "met"])) == [
        Slot(0, 0, True),
        Slot(1, None),
        Slot(2, 1, True),
    ]


def test_nothing_heard_and_nothing_written_are_no_match():
    assert merge([], []) == [] and agreement([]) == 0
    assert merge(spoken(["a"]), []) == [Slot(0, None)]
    assert merge([], spoken(["a"])) == [Slot(None, 0)]
    assert agreement(merge(spoken(["a"]), spoken(["a"]))) == 1


def test_two_texts_of_different_things_do_not_agree():
    assert agreement(merge(spoken(BOAT), spoken(BREAD))) < 0.05
    assert agreement(merge(spoken(BREAD), spoken(BOAT))) < 0.05


@pytest.mark.parametrize("seed", range(3))
def test_a_copy_with_every_sixth_word_changed_still_agrees(seed):
    chance = random.Random(seed)
    text = BOAT + BREAD
    copy = []
    for word in text:
        match chance.randrange(18):
            case 0:
                continue
            case 1:
                copy += [word, "um"]
            case 2:
                copy.append("something")
            case _:
                copy.append(word)

    assert agreement(merge(spoken(text), spoken(copy))) > 0.5


def test_a_short_excerpt_agrees_with_the_whole():
    assert agreement(merge(spoken(BOAT + BREAD), spoken(BREAD[10:30]))) == 1
    assert agreement(merge(spoken(BREAD[10:30]), spoken(BOAT + BREAD))) == 1


few_words = st.sampled_from(["a", "the", "bell", "bells", "ring", "again", "harbour"])
some_readings = st.lists(st.lists(few_words, max_size=3).map(tuple), max_size=25)
some_words = st.lists(few_words.map(lambda word: (word,)), max_size=40)


@given(some_readings, some_readings)
def test_the_sequence_keeps_the_order_of_both_sides(written, heard):
    slots = merge(written, heard)

    ours = [slot.written for slot in slots if slot.written is not None]
    theirs = [slot.heard for slot in slots if slot.heard is not None]
    assert ours == list(range(len(written)))
    assert theirs == sorted(theirs)
    assert all(slot.written is not None or slot.heard is not None for slot in slots)
    assert 0 <= agreement(slots) <= 1


@given(some_words, some_words)
def test_every_word_of_both_sides_stands_in_the_sequence_once(written, heard):
    slots = merge(written, heard)

    assert [slot.written for slot in slots if slot.written is not None] == list(range(len(written)))
    assert [slot.heard for slot in slots if slot.heard is not None] == list(range(len(heard)))
    assert all(written[s.written] == heard[s.heard] for s in slots if s.certain)


@given(some_readings, some_readings)
def test_a_heard_word_that_has_no_slot_is_part_of_a_longer_written_one(written, heard):
    slots = merge(written, heard)

    standing = {slot.heard for slot in slots}
    for lost in set(range(len(heard))) - standing:
        before = max(h for h in standing if h is not None and h < lost)
        (written_as, *_) = (s.written for s in reversed(slots) if s.heard == before)
        assert written_as is not None and len(written[written_as]) > 1


@given(some_readings)
def test_a_text_is_certain_of_itself(text):
    slots = merge(text, text)

    said = [slot for slot in slots if slot.written is not None and text[slot.written]]
    assert all(slot.certain and slot.heard == slot.written for slot in said)


@pytest.mark.parametrize("breaks", [(), (40, 200)])
def test_a_long_text_that_is_said_several_times_over_is_matched_in_order(breaks):
    """No run of words in it is the only one of its kind."""
    rng = random.Random(4)
    talk = [rng.choice(BOAT + BREAD) for _ in range(900)]

    slots = merge(spoken(talk * 3), spoken(talk * 3), breaks)

    assert slots == [Slot(n, n, True) for n in range(2700)]


# ---- where nobody listened ----------------------------------------------------------------------------


def test_written_words_between_two_heard_stretches_are_not_taken_for_unheard():
    heard = BOAT[:12] + BOAT[-12:]

    slots = merge(spoken(BOAT), spoken(heard), breaks=[12])

    assert slots[:12] == [Slot(n, n, True) for n in range(12)]
    assert slots[12:-12] == [Slot(n, None, listened=False) for n in range(12, len(BOAT) - 12)]
    assert slots[-12:] == [Slot(len(BOAT) - 12 + n, 12 + n, True) for n in range(12)]


def test_words_after_the_last_break_may_be_anywhere_too():
    slots = merge(spoken(BOAT), spoken(BOAT[:12]), breaks=[12])

    assert [slot.listened for slot in slots] == [True] * 12 + [False] * (len(BOAT) - 12)


def test_a_short_run_far_from_where_somebody_listened_is_chance():
    """ "tearing hats" was heard at the end of the first stretch, and is written once, far on."""
    far = BOAT.index("tearing")
    assert far > 30
    heard = [*BOAT[:10], "tearing", "hats", *BOAT[-10:]]

    slots = merge(spoken(BOAT), spoken(heard), breaks=[12])

    assert Slot(far, None, listened=False) in slots
    assert [slot.heard for slot in slots if slot.written is None] == [10, 11]


def test_a_word_heard_wrongly_beside_a_break_is_paired_with_the_written_one():
    heard = [*BOAT[:11], BOAT[11] + "s", *BOAT[-12:]]

    slots = merge(spoken(BOAT), spoken(heard), breaks=[12])

    assert slots[11] == Slot(11, 11, False)


def test_what_was_heard_between_two_breaks_and_is_not_written_stays_in_order():
    slots = merge(spoken(BOAT), spoken(BOAT[:12] + BREAD[:12] + BOAT[-12:]), breaks=[12, 24])

    assert [slot.heard for slot in slots if slot.heard is not None] == list(range(36))
    assert [slot.written for slot in slots if slot.written is not None] == list(range(len(BOAT)))
    assert sum(slot.written is None for slot in slots) == 12


@given(st.data())
def test_with_breaks_both_sequences_keep_their_order_and_lose_nothing(data):
    words = st.lists(st.sampled_from("a b c d e ab bc".split()), max_size=30)
    written, heard = data.draw(words), data.draw(words)
    breaks = sorted(data.draw(st.sets(st.integers(0, len(heard)), max_size=4)))

    slots = merge(spoken(written), spoken(heard), breaks)

    assert [slot.written for slot in slots if slot.written is not None] == list(range(len(written)))
    assert [slot.heard for slot in slots if slot.heard is not None] == list(range(len(heard)))


@pytest.mark.parametrize(
    ("written", "starts", "order"),
    [
        ("he rested there or as an example", {3}, "he rested there +at +what +point -or as an example"),
        ("he rested there or as an example", {}, "he rested there -or +at +what +point as an example"),
        ("he rested there too as an example", {4}, "he rested there -too +at +what +point as an example"),
        (
            "he rested there too yes or as an example",
            {4, 5},
            "he rested there -too -yes +at +what +point -or as an example",
        ),
    ],
)
def test_what_was_not_heard_stands_beside_the_rest_of_its_sentence(written, starts, order):
    ours, theirs = spoken(written), spoken("he rested there at what point as an example")
    slots = merge(ours, theirs, (), starts)

    assert shown(slots, ours, theirs) == order


def test_the_last_sentence_stands_before_what_was_heard_after_it():
    slots = merge(spoken("we met and so we left"), spoken("we met thank you for listening"), (), {2})

    assert slots[2:] == [*(Slot(n, None) for n in range(2, 6)), *(Slot(None, n) for n in range(2, 6))]


@pytest.mark.parametrize(
    ("pause", "order"),
    [
        (6, "he rested there +at +what +point -some -are -lost as an example"),
        (4, "he rested there +at -some -are -lost +what +point as an example"),
        (3, "he rested there -some -are -lost +at +what +point as an example"),
        (8, "he rested there -some -are -lost +at +what +point as an example"),
    ],
)
def test_what_was_not_heard_stands_where_there_is_time_for_it(pause, order):
    """The pause comes before that heard word; + and - as above."""
    ours = spoken("he rested there some are lost as an example")
    theirs = spoken("he rested there at what point as an example")
    slots = merge(ours, theirs, (), {3, 6}, [5.0 if n == pause else 0.1 for n in range(len(theirs) + 1)])

    assert shown(slots, ours, theirs) == order


def test_what_ends_a_sentence_stays_with_it_whatever_pause_there_is():
    ours = spoken("he rested there too some are lost as an example")
    theirs = spoken("he rested there at what point as an example")
    slots = merge(ours, theirs, (), {4, 7}, [5.0 if n == 6 else 0.1 for n in range(len(theirs) + 1)])

    assert shown(slots, ours, theirs) == (
        "he rested there -too +at +what +point -some -are -lost as an example"
    )

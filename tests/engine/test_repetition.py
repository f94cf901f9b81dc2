"""A phrase that is repeated, and was written or heard once more than the other way."""

import pytest

from alignment.engine.matching import Slot, merge
from alignment.engine.repetition import with_ambiguity
from tests.engine.test_matching import BREAD, spoken

ROW = "row row row your boat gently down the stream"


def doubtful(written, heard, breaks=()):
    """The words in order, doubtful ones in capitals; + before one that was only heard, - only written."""
    ours, theirs = spoken(written), spoken(heard)
    slots = with_ambiguity(merge(ours, theirs, breaks), ours, theirs)
    assert not any(slot.certain for slot in slots if slot.ambiguous)
    return " ".join(_shown(slot, ours, theirs) for slot in slots)


def _shown(slot, ours, theirs):
    (word,) = theirs[slot.heard] if slot.written is None else ours[slot.written]
    side = "+" if slot.written is None else "-" if slot.heard is None else ""
    return side + (word.upper() if slot.ambiguous else word)


def test_which_of_several_equal_words_was_passed_over_is_open():
    shown = doubtful(ROW, "row row your boat gently down the stream")

    assert shown.replace("-", "") == "ROW ROW ROW your boat gently down the stream"
    assert shown.count("-") == 1


def test_which_of_several_equal_words_is_not_written_is_open():
    shown = doubtful("I think we should", "I I think we should")

    assert shown.replace("+", "") == "I I think we should"
    assert shown.count("+") == 1


def test_which_of_several_equal_sentences_was_passed_over_is_open():
    shown = doubtful(f"once more {'we go on ' * 5} until then", f"once more {'we go on ' * 3} until then")

    assert shown.replace("-", "") == f"once more {'WE GO ON ' * 5}until then"
    assert shown.count("-") == 6


def test_what_else_was_heard_beside_them_is_another_matter():
    """Here "and I" was heard as "and that", right after a sentence that was passed over."""
    ours, theirs = spoken("there he is there he is and I could"), spoken("there he is and that could")
    both, alone = [Slot(n, n) for n in range(3)], [Slot(n, None) for n in range(3, 8)]
    others = [Slot(None, 3), Slot(None, 4), Slot(8, 5)]

    found = with_ambiguity([*both, *alone, *others], ours, theirs)

    assert [slot.ambiguous for slot in found] == [True] * 6 + [False] * 5


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        (" ".join(BREAD), " ".join(BREAD)),
        (ROW, ROW),
        (" ".join(BREAD), " ".join(BREAD[:20] + BREAD[40:])),
        (" ".join(BREAD[:20] + BREAD[40:]), " ".join(BREAD)),
        ("the boat sank by the tree", "the tree"),
    ],
    ids=["the same", "repeated alike", "left out", "added", "a word alone is no phrase"],
)
def test_elsewhere_nothing_is_open(written, heard):
    assert doubtful(written, heard).upper() != doubtful(written, heard) == doubtful(written, heard).lower()


def test_a_phrase_is_not_followed_over_what_nobody_listened_to():
    ours, theirs = spoken("we go on we go on we go on we go on"), spoken("we go on")
    slots = with_ambiguity(merge(ours, theirs, [0]), ours, theirs)

    assert [slot for slot in slots if slot.ambiguous] == []


def test_a_slot_keeps_its_words():
    ours, theirs = spoken(ROW), spoken("row your boat gently down the stream")
    slots = merge(ours, theirs)

    found = with_ambiguity(slots, ours, theirs)

    assert [(slot.written, slot.heard) for slot in found] == [(slot.written, slot.heard) for slot in slots]
    assert found[0] in (Slot(0, 0, ambiguous=True), Slot(0, None, ambiguous=True))

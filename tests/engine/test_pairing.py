"""Which of two runs of words belong together where they differ."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.engine.pairing import information, pair


def paired(written: str, heard: str, talk: str = ""):
    """The pairs as (written, heard) words, each with its place; "|" stands before what starts a sentence."""
    words, starts = [], []
    for token in written.split():
        if token == "|":
            starts.append(len(words))
        else:
            words.append(token)
    sounds = heard.split()
    mask = np.isin(np.arange(len(words) + 1), [0, *starts, len(words)])
    found = pair(words, sounds, mask, information(words + talk.split(), sounds + talk.split()))
    assert found == sorted(set(found))
    return [(f"{words[w]} {w}", f"{sounds[s]} {s}") for w, s in found]


def places(written: str, heard: str, talk: str = ""):
    return [tuple(int(word.split()[1]) for word in both) for both in paired(written, heard, talk)]


def test_what_is_equal_is_paired():
    assert places("we met Osgood there", "we met Osgood there") == [(n, n) for n in range(4)]


def test_a_word_heard_wrongly_is_paired_and_one_that_is_nothing_alike_is_not():
    assert places("we met Osgood there", "we met Oswood there") == [(n, n) for n in range(4)]
    assert places("we met Osgood there", "we met nobody there") == [(0, 0), (1, 1), (3, 3)]


def test_the_first_word_of_a_sentence_stays_with_it():
    """The recogniser dropped the second "you", but the first belongs to a sentence that is not written."""
    written = "that is so | you want a machine that learns"
    heard = "that is so you might think of a world where humans teach all the rest want a machine that learns"

    assert places(written, heard) == [(0, 0), (1, 1), (2, 2), *((n, n + 11) for n in range(4, 9))]


def test_of_two_equal_words_the_one_beside_its_sentence_is_taken():
    written = "it will cost more | in the end we bet on it"
    heard = "it will cost more in fairness that is what we expected in the end we bet on it"

    assert ("in 4", "in 11") in paired(written, heard)


def test_the_last_word_of_a_sentence_stays_with_it():
    written = "nobody thinks so now | the end"
    heard = "nobody thinks so now is when it all begins now the end"

    assert ("now 3", "now 3") in paired(written, heard)


def test_a_sentence_that_nobody_says_takes_no_word_of_the_next_one():
    written = "we met | and I think that apples ripen slowly | and I think that he knows"
    heard = "we met and I think that he knows"

    assert places(written, heard) == [(0, 0), (1, 1), *((n, n - 7) for n in range(9, 15))]


def test_a_common_word_between_others_is_chance_and_a_rare_phrase_is_not():
    talk = "in the house and in the garden in the morning " * 30
    written = "it left before apples ripen in northern gardens so early"

    assert places(written, "it left somebody painted doors in yellow chalk so early", talk) == [
        (0, 0), (1, 1), (8, 8), (9, 9),
    ]  # fmt: skip
    assert places(written, "it left painted doors ripen in northern chalk here so early", talk) == [
        (0, 0), (1, 1), (4, 4), (5, 5), (6, 6), (8, 9), (9, 10),
    ]  # fmt: skip


def test_a_filler_costs_little():
    assert places("so we met again there", "so we um met uh again there") == [
        (0, 0), (1, 1), (2, 3), (3, 5), (4, 6),
    ]  # fmt: skip


def test_where_nobody_listened_beyond_the_words_there_cost_nothing():
    words, sounds = "he said it with the second it".split(), "he said it".split()
    starts = np.array([True, *[False] * 5, True, False])
    bits = information(words, sounds)

    assert pair(words, sounds, starts, bits, open_after=True) == [(0, 0), (1, 1), (2, 2)]
    assert pair(words, sounds, starts, bits) == [(0, 0), (1, 1), (6, 2)]


def test_where_nobody_listened_before_the_words_there_cost_nothing():
    words, sounds = "it yes that is what he it ends well".split(), "it ends well".split()
    starts = np.array([False, True, *[False] * 7, True])
    bits = information(words, sounds)

    assert pair(words, sounds, starts, bits, open_before=True) == [(6, 0), (7, 1), (8, 2)]
    assert pair(words, sounds, starts, bits) == [(0, 0), (7, 1), (8, 2)]


def test_one_side_may_be_empty():
    assert places("", "um well") == [] and places("never said", "") == [] and places("", "") == []


@pytest.mark.parametrize("common", ["the", "and"])
def test_a_word_said_often_tells_less(common):
    bits = information([common] * 50 + ["umbrella"], [common] * 50)

    assert 0 < bits[common] < bits["umbrella"] / 2


few = st.lists(st.sampled_from(["a", "bell", "bells", "ring", "again", "harbour", "harbor"]), max_size=12)


@given(few, few, st.booleans(), st.booleans(), st.data())
def test_pairs_rise_on_both_sides_and_are_alike(words, sounds, before, after, data):
    starts = np.array(data.draw(st.lists(st.booleans(), min_size=len(words) + 1, max_size=len(words) + 1)))

    bits = information(words, sounds)
    found = pair(words, sounds, starts, bits, open_before=before, open_after=after)

    assert [w for w, _ in found] == sorted({w for w, _ in found})
    assert [s for _, s in found] == sorted({s for _, s in found})
    assert all(words[w][0] == sounds[s][0] for w, s in found)


@given(few)
def test_a_run_is_paired_with_itself(words):
    starts = np.ones(len(words) + 1, bool)

    assert pair(words, words, starts, information(words, words)) == [(n, n) for n in range(len(words))]

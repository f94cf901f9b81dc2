"""Confidence: it falls with everything that speaks against a place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.engine.confidence import (
    WordEvidence,
    interpolated_confidence,
    line_confidence,
    word_confidence,
)
from alignment.report.findings import DOUBTFUL

SURE = word_confidence(WordEvidence())

evidence = st.builds(WordEvidence, *[st.floats(0, 1)] * len(WordEvidence._fields))
chances = st.floats(0, 1)


def test_a_word_against_which_nothing_speaks_is_sure():
    assert SURE >= 0.99
    assert line_confidence([SURE] * 8) >= 0.97


@pytest.mark.parametrize("reason", WordEvidence._fields)
@given(evidence)
def test_whatever_speaks_against_a_word_makes_it_less_sure(reason, other):
    with_it, without = other._replace(**{reason: 1.0}), other._replace(**{reason: 0.0})

    assert 0 <= word_confidence(with_it) < word_confidence(without) <= 1


def test_a_word_found_a_second_from_where_it_was_heard_is_doubtful():
    assert word_confidence(WordEvidence(apart=1.0, doubt_near=0.2)) < 0.9
    assert word_confidence(WordEvidence(apart=1.5, doubt_near=0.5, doubt_wide=0.3)) < 0.25


def test_a_word_nobody_heard_among_words_that_were_is_likelier_there_than_one_among_others_like_it():
    assert word_confidence(WordEvidence(unheard=1.0, doubt_near=0.15)) > 0.9
    assert word_confidence(WordEvidence(unheard=1.0, doubt_near=1.0, doubt_wide=0.6)) < DOUBTFUL


def test_a_guess_is_less_sure_than_the_words_that_it_rests_on():
    assert 0 < interpolated_confidence([0.9, 0.4]) < 0.4


def test_a_line_stands_on_its_first_word():
    assert line_confidence([0.3, 0.9, 0.9]) < line_confidence([0.9, 0.9, 0.3])


def test_a_line_that_begins_with_words_that_were_not_found_starts_too_late():
    begins = line_confidence([0.9, 0.9, None])
    falling = [line_confidence([*[None] * count, 0.9, 0.9]) for count in (1, 2, 3)]

    assert begins > falling[0] > falling[1] > falling[2]


@given(st.lists(chances, min_size=1, max_size=20), st.integers(0, 20))
def test_a_line_is_less_sure_for_each_word_that_is_missing(words, place):
    with_a_gap = [*words[:place], None, *words[place:]]

    assert 0 <= line_confidence(with_a_gap) < line_confidence(words) <= 1

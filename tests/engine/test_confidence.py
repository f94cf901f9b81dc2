"""Confidence: it falls with everything that speaks against a place."""

from hypothesis import given
from hypothesis import strategies as st

from alignment.audio import Span
from alignment.engine.anchors import HeardWord
from alignment.engine.confidence import INTERPOLATED, MISHEARD, line_confidence, word_confidence
from alignment.engine.matching import Slot

CERTAIN, ALIKE, UNHEARD = Slot(0, 0, True), Slot(0, 0), Slot(0, None)
HEARD = HeardWord("ferry", 4.0, 4.5, 0.9)
THERE, FAR = Span(4.1, 4.6), Span(9.0, 9.5)


def test_each_thing_less_makes_a_word_less_sure():
    falling = [
        word_confidence(CERTAIN, HEARD, THERE),
        word_confidence(ALIKE, HEARD, THERE),
        word_confidence(UNHEARD, None, THERE),
        MISHEARD,
        INTERPOLATED,
    ]

    assert falling == sorted(falling, reverse=True)
    assert len(set(falling)) == len(falling)
    assert falling[-1] > 0 and falling[0] <= 1


def test_a_word_found_far_from_where_it_was_heard_is_doubtful():
    before, after = Span(0.0, 0.3), FAR

    assert word_confidence(CERTAIN, HEARD, after) < 0.2
    assert word_confidence(CERTAIN, HEARD, before) < 0.2
    assert word_confidence(CERTAIN, HEARD, Span(4.7, 5.0)) == word_confidence(CERTAIN, HEARD, THERE)


def test_a_line_leans_on_its_first_word():
    assert line_confidence([0.3, 0.9, 0.9]) < line_confidence([0.9, 0.9, 0.3])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_a_line_is_never_surer_than_its_surest_word_nor_less_than_its_least_sure(words):
    assert min(words) - 0.001 <= line_confidence(words) <= max(words) + 0.001

"""Which windows are listened to, and where the words of those that were leave gaps."""

import pytest

from alignment.audio import Span
from alignment.engine.hearing import Hearing, first_windows, sample
from tests.engine.texts import heard

WINDOWS = [Span(n * 30.0, n * 30.0 + 29) for n in range(8)]


def hearing(*numbers: int) -> Hearing:
    return Hearing(WINDOWS, {WINDOWS[n]: heard("one two three", WINDOWS[n].start) for n in numbers})


@pytest.mark.parametrize(("count", "numbers"), [
    (0, []), (1, [0]), (2, [0, 1]), (4, [0, 3]), (5, [0, 4]), (6, [0, 4, 5]), (8, [0, 4, 7]),
])  # fmt: skip
def test_a_sample_holds_the_first_the_last_and_some_in_between(count, numbers):
    assert sample(WINDOWS[:count]) == [WINDOWS[n] for n in numbers]


def test_a_short_recording_is_listened_to_throughout():
    assert first_windows(WINDOWS[:6]) == WINDOWS[:6]
    assert first_windows(WINDOWS[:7]) == sample(WINDOWS[:7])


def test_words_come_in_the_order_of_the_windows():
    assert [word.start for word in hearing(5, 0).words] == [0, 0.5, 1, 150, 150.5, 151]


def test_breaks_stand_before_the_words_that_follow_windows_passed_over():
    assert hearing(0, 1, 2, 3, 4, 5, 6, 7).breaks == []
    assert hearing(0, 5, 7).breaks == [3, 6]
    assert hearing(2, 3).breaks == [0, 6]
    assert hearing().breaks == [0]


def test_missed_windows_are_those_that_touch_a_span_and_were_not_listened_to():
    some = hearing(0, 5, 7)

    assert some.missed([Span(10, 40), Span(95, 95.5)]) == [WINDOWS[1], WINDOWS[3]]
    assert some.missed([Span(29, 30), Span(150, 179)]) == []
    assert some.missed(WINDOWS) == [WINDOWS[n] for n in (1, 2, 3, 4, 6)]

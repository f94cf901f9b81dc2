"""Speech that a first hearing passes over."""

import numpy as np
import pytest

from alignment.audio import Span
from alignment.engine.anchors import HeardWord
from alignment.engine.unheard import hear_out
from alignment.engine.windows import Speech
from tests.engine.texts import heard

STEP = 0.032


def speech(*voiced):
    """Half a minute in which somebody speaks from and to those seconds."""
    moments = np.arange(0, 30, STEP)
    return Speech(np.sum([(start <= moments) & (moments < end) for start, end in voiced], axis=0) * 0.9)


class Recognizer:
    """Hears the words it is given for the second that a stretch starts in, and remembers the stretches."""

    def __init__(self, words):
        self.words = words
        self.asked = []

    def hear(self, spans):
        self.asked += spans
        return {span: list(self.words.get(round(span.start), [])) for span in spans}


WINDOW = Span(0.0, 28.0)


def test_what_is_said_after_a_pause_and_passed_over_is_heard_by_itself():
    recognizer = Recognizer({0: heard("the end of it", 1.0), 10: heard("another part begins", 10.4)})

    found = hear_out([WINDOW], recognizer.hear, speech((1.0, 3.0), (10.3, 12.0)))

    assert [word.text for word in found[WINDOW]] == "the end of it another part begins".split()
    (gap,) = recognizer.asked[1:]
    assert gap.start == pytest.approx(10.0, abs=0.05)
    assert gap.end == pytest.approx(12.3, abs=0.05)


def test_a_year_at_the_end_of_a_sentence_is_not_too_short_to_be_heard_by_itself():
    recognizer = Recognizer(
        {0: [*heard("the end of it", 1.0), *heard("then more", 5.0)], 3: heard("nineteen ten", 3.6)}
    )

    found = hear_out([WINDOW], recognizer.hear, speech((1.0, 2.9), (3.6, 4.7), (5.0, 6.0)))

    assert [word.text for word in found[WINDOW]] == "the end of it nineteen ten then more".split()


def test_an_article_drawn_out_over_a_pause_stays_with_its_noun():
    """The end of one poem, "Le Guignon", and between the two what a first hearing passes over."""
    le, guignon = HeardWord("Le", 6.0, 13.0, 0.4), HeardWord("Guignon", 13.0, 13.5, 0.9)
    recognizer = Recognizer({0: [*heard("et se fortifie", 1.0), le, guignon], 6: heard("fin", 6.5)})

    found = hear_out([WINDOW], recognizer.hear, speech((1.0, 2.4), (6.2, 7.6), (12.6, 13.5)))

    assert [word.text for word in found[WINDOW]] == "et se fortifie fin Le Guignon".split()


def test_a_word_drawn_out_after_others_stays_with_them():
    drawn_out = HeardWord("end", 1.5, 12.0, 0.9)
    recognizer = Recognizer({0: [*heard("the", 1.0), drawn_out, *heard("now", 12.0)], 6: heard("fin", 6.5)})

    found = hear_out([WINDOW], recognizer.hear, speech((1.0, 2.3), (6.2, 7.6), (12.0, 12.5)))

    assert [word.text for word in found[WINDOW]] == "the end fin now".split()


def test_what_the_second_hearing_passes_over_is_heard_too():
    recognizer = Recognizer({0: heard("one", 0.5), 8: heard("two", 8.0), 12: heard("three four", 12.2)})

    found = hear_out([WINDOW], recognizer.hear, speech((0.5, 0.9), (8.0, 8.4), (12.2, 14.0)))

    assert [word.text for word in found[WINDOW]] == ["one", "two", "three", "four"]


@pytest.mark.parametrize(
    "voiced",
    [
        [(1.0, 3.0)],
        [(1.0, 3.0), (10.0, 11.0)],
        [(1.0, 4.0)],
    ],
    ids=["silence", "a short noise", "a sound that fades"],
)
def test_little_is_not_listened_to_again(voiced):
    recognizer = Recognizer({0: heard("the end of it", 1.0)})

    hear_out([WINDOW], recognizer.hear, speech(*voiced))

    assert recognizer.asked == [WINDOW]


def test_where_nothing_can_be_made_out_listening_comes_to_an_end():
    recognizer = Recognizer({})

    found = hear_out([WINDOW], recognizer.hear, speech((2.0, 26.0)))

    assert found == {WINDOW: []}
    assert len(recognizer.asked) <= 3


def test_windows_stay_apart():
    other = Span(28.0, 30.0)
    recognizer = Recognizer({0: heard("one", 0.5), 28: heard("two", 28.5), 8: heard("three", 8.3)})

    found = hear_out([WINDOW, other], recognizer.hear, speech((0.5, 0.9), (8.3, 9.8), (28.5, 29.0)))

    assert [word.text for word in found[WINDOW]] == ["one", "three"]
    assert [word.text for word in found[other]] == ["two"]

"""Words that nobody can have said, as they come too fast."""

import pytest

from alignment.engine.anchors import HeardWord
from alignment.engine.invented import without_invented
from tests.engine.texts import heard


def hurried(words, start, each_s):
    return [
        HeardWord(word, start + n * each_s, start + (n + 1) * each_s, 0.9)
        for n, word in enumerate(words.split())
    ]


def texts(words):
    return " ".join(word.text for word in words)


def test_a_phrase_that_has_no_time_left_is_dropped():
    words = [*heard("with a time on every word", 10.0), *hurried("with a time on every word", 14.0, 0.01)]

    assert texts(without_invented([*words, *heard("you search", 14.1)])) == (
        "with a time on every word you search"
    )


def test_a_word_before_it_that_has_a_time_stays():
    words = [*heard("with", 13.0), *hurried("a time on every word", 14.0, 0.0), *heard("you", 14.0)]

    assert texts(without_invented(words)) == "with you"


@pytest.mark.parametrize("words", ["", "c' est vous", "a few words that are said one after the other"])
def test_few_hurried_words_stay_and_so_does_fast_speech(words):
    spoken = hurried(words, 3.0, 0.02 if len(words.split()) < 4 else 0.08)

    assert without_invented(spoken) == spoken

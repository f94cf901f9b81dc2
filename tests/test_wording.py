"""Numbers, lengths and times in words."""

import pytest

from alignment.wording import clock, in_words, length


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (38.4, "38 s"),
        (60, "1 min"),
        (149.6, "2 min 30 s"),
        (599.9, "10 min"),
        (2654.27, "44 min"),
        (3599, "1 h"),
        (7500, "2 h 5 min"),
    ],
)
def test_a_length_in_words(seconds: float, words: str) -> None:
    assert length(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(-1, "0:00"), (7.99, "0:07"), (754.5, "12:34"), (3600, "1:00:00"), (3754.9999999, "1:02:35")],
)
def test_a_moment_as_a_player_shows_it(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown


def test_a_number_with_its_noun() -> None:
    assert in_words(1, "line") == "1 line"
    assert in_words(1204, "line") == "1,204 lines"
    assert in_words(0, "entry", "entries") == "0 entries"

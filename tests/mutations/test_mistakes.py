from dataclasses import replace

import pytest

from tests.mutations import sources
from tests.mutations.mistakes import with_mistakes


@pytest.fixture(scope="module")
def talk():
    return sources.demo()


def known(recording):
    """Each word and its start, where that is known."""
    words = [word for line in recording.lines for word in line.text.split()]
    starts = [start for line in recording.lines for start in line.word_starts]
    return {pair for pair in zip(words, starts, strict=True) if pair[1] is not None}


def test_a_share_of_the_words_is_wrong_and_the_others_keep_their_times(talk):
    careless = with_mistakes(talk, 0.3, ["copper", "harbour"])

    kept = known(talk) & known(careless)
    assert 0.65 < len(kept) / len(known(talk)) < 0.9  # before a third of the mistakes a word is put in
    assert {word for word, _ in known(careless) - kept} == {"copper", "harbour"}
    assert [line.start for line in with_mistakes(talk, 0, ["copper"]).lines] == [
        line.start for line in talk.lines
    ]


def test_a_line_that_lost_its_first_word_starts_with_the_next(talk):
    careless = with_mistakes(talk, 0.3, ["copper"], seed=1)

    lost = 0
    for before, after in zip(talk.lines, careless.lines, strict=True):
        if after.start != before.start:
            lost += 1
            assert after.start == before.word_starts[1 + before.word_starts[1:].index(after.start)]
    assert lost > 0


def test_where_nobody_knows_when_the_next_word_is_said_the_line_is_not_verbatim(talk):
    unknown = talk.with_lines([replace(line, word_starts=()) for line in talk.lines])

    careless = with_mistakes(unknown, 0.3, ["copper"], seed=1)

    moved = [not line.verbatim for line in careless.lines]
    assert any(moved) and not all(moved)


def test_the_same_seed_makes_the_same_mistakes(talk):
    assert with_mistakes(talk, 0.2, ["copper"], 5).lines == with_mistakes(talk, 0.2, ["copper"], 5).lines
    assert with_mistakes(talk, 0.2, ["copper"], 5).lines != with_mistakes(talk, 0.2, ["copper"], 6).lines

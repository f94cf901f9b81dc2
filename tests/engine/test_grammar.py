"""The grammar of a chunk, by the ways that lead through it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.engine.grammar import Option, Pause, grammar


def ways(rules, at=0):
    """What is said on each way from a state to the end, leaps aside: (word, option) after (word, option)."""
    if at == rules.end:
        yield ()
    for arc in rules.arcs:
        if arc.start == at:
            said = () if arc.word is None else ((arc.word, arc.option),)
            yield from (said + rest for rest in ways(rules, arc.end))


parts = st.sampled_from("abc")
some_options = st.lists(
    st.builds(
        lambda said, skip: Option("word", tuple(map(tuple, said)), skip),
        st.lists(st.lists(parts, min_size=1, max_size=3), max_size=2, unique_by=tuple),
        st.sampled_from([0.0, 0.5]),
    ),
    max_size=5,
)


@given(some_options)
def test_the_ways_through_are_the_readings_of_all_options_less_some_that_may_be_missing(options):
    expected = [()]
    for number, option in enumerate(options):
        said = [tuple((part, number) for part in reading) for reading in option.readings]
        said += [()] if option.skip or not said else []
        expected = [way + one for way in expected for one in said]

    assert sorted(ways(grammar(options))) == sorted(expected)


@given(some_options)
def test_every_leap_is_as_likely_as_the_steps_that_it_takes_together(options):
    rules = grammar(options)
    silent = {arc.start: arc for arc in rules.arcs if arc.word is None}

    for start, end, probability in rules.leaps:
        likely, at = 1.0, start
        while at != end:
            likely *= silent[at].probability
            at = silent[at].end
        assert probability == pytest.approx(likely)


@pytest.mark.parametrize("count", [2, 5, 50])
def test_a_run_that_may_be_missing_can_be_passed_over_at_once(count):
    options = [Option("a", (("a",),)), *[Option("x", (("x",),), 1e-3)] * count, Option("b", (("b",),))]

    rules = grammar(options)

    reached = {(start, end) for start, end, _ in rules.leaps}
    assert (1, 1 + count) in reached
    assert len(rules.leaps) < 6 * count
    assert all(probability >= 1e-60 for *_, probability in rules.leaps)


def test_nothing_to_say_has_no_arcs():
    assert grammar([]).arcs == grammar([Option("—", ()), Option("!", ())]).arcs == ()


def test_the_text_tells_where_pauses_are():
    words = ["Well,", "(she", "said)", "“no.”", "—", "Then:", "no", "—", "but", "dots…", "終わり。", "end"]
    options = [Option(word, ((word,),) if word != "—" else ()) for word in words]

    rules = grammar(options)

    told = "".join(pause.name[0] for pause in rules.pauses)
    assert told == "SCNNSCCNSSS"  # sentence, clause, none
    assert rules.end == len(rules.pauses) - 1


def test_within_a_reading_nothing_tells_of_a_pause():
    rules = grammar([Option("1999.", (("nineteen", "ninety", "nine"),))])

    assert [rules.pauses[state] for state in (0, rules.end)] == [Pause.SENTENCE] * 2
    assert rules.pauses.count(Pause.NONE) == 2

"""Forcing, on the demo's voices, whose words have known times."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.audio import Span
from alignment.engine.forcing import Option, _Arc, _grammar, _parse, forcing_processes
from alignment.engine.spoken import readings

INTERVIEW = "Last winter I needed one sentence from an old interview."
LENGTH = "The recording was 2 hours and 37 minutes long."
EDISON = "In 1877, Thomas Edison read a nursery rhyme aloud,"


def written(text):
    return [Option(word, readings(word, "en")) for word in text.split()]


@pytest.fixture
def force(forcer, demo_audio, known):
    """Force options in the sound of a line of the demo; times count from the start of the recording."""

    def force(line, options):
        span = known.line(line)
        span = Span(span.start - 0.2, span.end + 0.2)
        found = forcer.force(demo_audio.excerpt(span), options)
        return found and [w and Span(span.start + w.start, span.start + w.end) for w in found]

    return force


def check(found, truth):
    starts = np.array([a.start - b["start"] for a, b in zip(found, truth, strict=True)])
    assert np.abs(starts).max() <= 0.12
    assert np.abs(starts).mean() <= 0.05


@pytest.mark.parametrize("line", [INTERVIEW, LENGTH, "Now scroll away. Look around, read ahead. I'll wait."])
def test_the_words_of_a_line_are_found_where_they_are_said(force, known, line):
    found = force(line, written(line))

    check(found, known.words_within(known.line(line)))
    assert all(a.end <= b.start + 1e-9 for a, b in pairwise(found))


@pytest.mark.parametrize("count", [2, 6, 20, 120])
@pytest.mark.parametrize("skip", [0.5, 1e-3, 1e-8])
def test_words_that_may_be_missing_and_are_not_said_are_passed_over(force, known, count, skip):
    unsaid = [Option(word, readings(word, "en"), skip) for word in ("banana", "republic")] * (count // 2)
    options = written(INTERVIEW)

    found = force(INTERVIEW, options[:4] + unsaid + options[4:])

    assert found[4 : 4 + count] == [None] * count
    check(found[:4] + found[4 + count :], known.words_within(known.line(INTERVIEW)))


def test_words_that_may_be_missing_and_are_said_are_found(force, known):
    options = [Option(o.text, o.readings, 1e-3) for o in written(INTERVIEW)]

    check(force(INTERVIEW, options), known.words_within(known.line(INTERVIEW)))


def test_words_that_the_text_lacks_take_their_own_time(force, known):
    """The text has "Last winter I needed ... interview", the recogniser heard what is between."""
    options = written(INTERVIEW)
    for n in range(4, 9):
        options[n] = Option(options[n].text, options[n].readings, 0.5)

    check(force(INTERVIEW, options), known.words_within(known.line(INTERVIEW)))


@pytest.mark.parametrize(("line", "word"), [(EDISON, "1877,"), (LENGTH, "37")])
def test_the_audio_chooses_the_reading(force, forcer, known, line, word):
    """Wrong readings beside the right one do no harm; without the right one they do."""
    options = written(line)
    place = [o.text for o in options].index(word)
    right = options[place].readings[0]
    wrong = [("one", "thousand", "and", "seventy", "seven", "point", "four"), ("zero",)]

    def with_readings(*offered):
        return force(line, [*options[:place], Option(word, tuple(offered)), *options[place + 1 :]])

    offered_all = with_readings(*wrong, right)
    assert offered_all == with_readings(right)
    assert offered_all != with_readings(*wrong)
    check(offered_all, known.words_within(known.line(line)))


def test_a_word_without_sound_is_not_found_and_harms_no_other(force, known):
    options = written(INTERVIEW)
    options[2:2] = [Option("—", ((),)), Option("水", (("水",),)), Option("!", ())]

    found = force(INTERVIEW, options)

    assert found[2:5] == [None] * 3
    check(found[:2] + found[5:], known.words_within(known.line(INTERVIEW)))


def test_a_reading_that_cannot_be_said_leaves_the_others(force, known):
    options = written(INTERVIEW)
    options[1] = Option("winter", (("水",), ("winter",)))

    check(force(INTERVIEW, options), known.words_within(known.line(INTERVIEW)))


def test_a_word_that_no_dictionary_knows_is_found_by_its_letters(force, known):
    line = "I listened to all of it. Dr. Osgood keeps bees, you see,"

    found = force(line, written(line.replace("Osgood", "Ozgudd")))

    check(found, known.words_within(known.line(line)))


def test_nothing_to_find_and_no_sound_to_find_it_in(forcer):
    silence = np.zeros(16_000, np.int16)

    assert forcer.force(silence, []) == []
    assert forcer.force(silence, [Option("—", ((),))]) == [None]
    assert forcer.force(np.zeros(0, np.int16), written("word")) is None


def test_too_many_words_for_the_sound_find_no_way(forcer, demo_audio, known):
    span = known.line("Yes.")

    assert forcer.force(demo_audio.excerpt(span), written("constitutional commemoration " * 20)) is None


def test_what_was_forced_before_does_not_matter(force):
    first = force(LENGTH, written(LENGTH))

    force(INTERVIEW, written(INTERVIEW))

    assert force(LENGTH, written(LENGTH)) == first


def test_processes_give_what_one_forcer_gives_in_the_order_of_the_tasks(forcer, demo_audio, known):
    tasks = [
        (demo_audio.excerpt(Span(line["start"] - 0.2, line["end"] + 0.2)), written(line["text"]))
        for line in known.lines[:6]
    ]

    with forcing_processes(2) as force_all:
        together = list(force_all(tasks))

    assert together == [forcer.force(*task) for task in tasks]


def test_the_grammar_is_read_back_where_several_ways_spell_the_same():
    """ "a b" is one word of two parts, or two words, or the second of them alone after a skipped one."""
    options = [
        Option("x", (("a", "b"), ("a",)), 0.5),
        Option("y", (("b",), ("a", "b")), 0.5),
        Option("z", (("c",),)),
    ]
    arcs, states = _grammar(options)

    path = _parse(arcs, ["a", "b", "c"], states - 1)

    assert path is not None
    assert [arc.word for arc in path] == ["a", "b", "c"]
    assert [arc.option for arc in path] in ([0, 0, 2], [0, 1, 2], [1, 1, 2])


def test_words_that_the_grammar_does_not_allow_have_no_path():
    arcs, states = _grammar([Option("x", (("a", "b"),)), Option("y", (("c",),), 0.5)])

    assert _parse(arcs, ["a", "b"], states - 1) is not None
    assert _parse(arcs, ["a"], states - 1) is None
    assert _parse(arcs, ["a", "b", "c", "c"], states - 1) is None
    assert _parse(arcs, [], states - 1) is None
    assert _parse([], [], 0) == []


parts = st.sampled_from("abc")
some_options = st.lists(
    st.builds(
        lambda said, skip: Option("word", tuple(map(tuple, said)), skip),
        st.lists(st.lists(parts, min_size=1, max_size=3), max_size=3),
        st.sampled_from([0.0, 0.5]),
    ),
    max_size=8,
)


@given(some_options, st.data())
def test_every_way_through_the_grammar_is_read_back_as_one_that_spells_it(options, data):
    arcs, states = _grammar(options)
    said = []
    for option in options:
        if option.readings and not (option.skip and data.draw(st.booleans())):
            said += data.draw(st.sampled_from(option.readings))

    path = _parse(arcs, said, states - 1)

    assert path is not None
    assert [arc.word for arc in path] == said
    indices = [arc.option for arc in path]
    assert indices == sorted(indices)
    assert {n for n, o in enumerate(options) if o.readings and not o.skip} <= set(indices)
    for n in set(indices):
        assert tuple(arc.word for arc in path if arc.option == n) in options[n].readings


def test_the_end_of_the_grammar_is_its_last_state():
    arcs, states = _grammar([Option("x", (("a", "b"),)), Option("y", ()), Option("z", (("c",), ("d", "e")))])

    assert {arc.end for arc in arcs} | {arc.start for arc in arcs} <= set(range(states))
    assert not [arc for arc in arcs if arc.start == states - 1]
    assert isinstance(arcs[0], _Arc) and arcs[0].start == 0

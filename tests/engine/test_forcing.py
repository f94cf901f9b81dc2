"""Forcing, on the demo's voices, whose words have known times."""

import multiprocessing
from itertools import pairwise

import numpy as np
import pytest

from alignment.audio import Span
from alignment.engine import forcing
from alignment.engine.forcing import forcing_processes
from alignment.engine.grammar import Option
from alignment.engine.spoken import readings

INTERVIEW = "Last winter I needed one sentence from an old interview."
LENGTH = "The recording was 2 hours and 37 minutes long."
EDISON = "In 1877, Thomas Edison read a nursery rhyme aloud,"


def written(text):
    return [Option(word, readings(word, "en")) for word in text.split()]


@pytest.fixture
def force(demo_audio, known):
    """Force options in the sound of a line of the demo; times count from the start of the recording."""

    def force(line, options):
        span = known.line(line)
        span = Span(span.start - 0.2, span.end + 0.2)
        found = forcing.force(demo_audio.excerpt(span), options)
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
def test_the_audio_chooses_the_reading(force, known, line, word):
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


def test_nothing_to_find_and_no_sound_to_find_it_in():
    silence = np.zeros(16_000, np.int16)

    assert forcing.force(silence, []) == []
    assert forcing.force(silence, [Option("—", ((),))]) == [None]
    assert forcing.force(np.zeros(0, np.int16), written("word")) is None


def test_too_many_words_for_the_sound_find_no_way(demo_audio, known):
    span = known.line("Yes.")

    assert forcing.force(demo_audio.excerpt(span), written("constitutional commemoration " * 20)) is None


def test_what_was_forced_before_does_not_matter(force):
    first = force(LENGTH, written(LENGTH))

    force(INTERVIEW, written(INTERVIEW))

    assert force(LENGTH, written(LENGTH)) == first


@pytest.mark.parametrize("workers, worth_processes, processes", [(2, 0.0, 2), (2, 1000.0, 0), (1, 0.0, 0)])
def test_processes_give_what_one_gives_in_the_order_of_the_tasks(
    demo_audio, known, monkeypatch, workers, worth_processes, processes
):
    """And a little work, or a single worker, starts none."""
    monkeypatch.setattr(forcing, "_WORTH_PROCESSES", worth_processes)
    tasks = [
        (demo_audio.excerpt(Span(line["start"] - 0.2, line["end"] + 0.2)), written(line["text"]))
        for line in known.lines[:6]
    ]

    with forcing_processes(workers) as force_all:
        together = list(force_all(tasks))
        started = len(multiprocessing.active_children())

    assert together == [forcing.force(*task) for task in tasks]
    assert started == processes
    assert multiprocessing.active_children() == []

"""The figures of a report: counted by hand on a small transcript, and kept whole on any."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.report.figures import (
    CLASSES,
    Summary,
    classes,
    duration,
    joined,
    pauses,
    stretches,
    written,
)
from alignment.transcript import Passage, Segment, Transcript
from tests.report.transcripts import eventful, line


def test_lines_and_words_and_speech_are_counted():
    summary = Summary.of(eventful())

    assert (summary.lines, summary.placed) == (5, 4)
    assert summary.lines_by_status == {"aligned": 3, "interpolated": 1, "not_in_audio": 1}
    assert (summary.words, summary.words_placed) == (23, 20)
    assert (summary.spoken, summary.unwritten) == (10.0, 6.0)
    assert summary.covered == pytest.approx(10 / 16)


def test_a_passage_that_overlaps_the_text_counts_for_the_rest_only():
    overlapping = replace(eventful(), untranscribed=(Passage(22.0, 24.0, "than the hills yes"),))

    assert Summary.of(overlapping).unwritten == pytest.approx(1.0)


def test_nothing_said_is_no_speech_with_text():
    assert Summary.of(Transcript((line(0, "Hello?"),), duration=5.0)).covered == 0.0


def test_pauses_are_where_neither_text_nor_anything_else_is_said():
    assert pauses(eventful()) == [(0.0, 4.0), (9.0, 12.0), (18.0, 20.0), (23.0, 40.0), (42.5, 90.0)]


def test_the_text_is_where_its_words_are():
    assert written(eventful()) == [(4.0, 6.0), (6.5, 9.0), (20.0, 23.0), (40.0, 42.5)]
    without_words = Transcript((replace(line(0, "So it is.", 3.0), words=()),), duration=9.0)
    assert written(without_words) == [(3.0, 4.5)]


def test_classes_take_their_lower_bound_and_the_last_takes_one():
    lines = [line(n, "So.", n, confidence=c) for n, c in enumerate((0.0, 0.09, 0.1, 0.3, 0.95, 1.0))]

    assert classes([*lines, line(9, "Unsaid.")]) == [2, 1, 0, 1, 0, 0, 0, 0, 0, 2]
    assert len(classes([])) == CLASSES


def test_stretches_tell_how_sure_and_how_fast():
    parts = stretches(eventful())

    assert [(part.start, part.end) for part in parts][:2] == [(0.0, 5.0), (5.0, 10.0)]
    assert [part.words for part in parts][:5] == [2, 7, 0, 0, 6]
    assert parts[1].confidences == (0.62,) and parts[1].mean_confidence == 0.62
    assert parts[2].mean_confidence is None
    assert parts[1].words_per_minute == pytest.approx(7 * 12)


@pytest.mark.parametrize(
    "seconds, length, count", [(90, 5, 18), (2654.27, 60, 44), (10_800, 300, 36), (400_000, 400_000 / 60, 60)]
)
def test_stretches_are_few_and_of_a_round_length(seconds: float, length: float, count: int):
    parts = stretches(Transcript((line(0, "So.", 0.0),), duration=seconds))

    assert len(parts) == count
    assert parts[0].end == pytest.approx(length)
    assert parts[-1].end == seconds


def test_a_file_without_a_duration_ends_with_its_text():
    assert duration(replace(eventful(), duration=None)) == 42.5
    assert stretches(Transcript((line(0, "Unsaid."),))) == []


intervals = st.lists(
    st.tuples(st.floats(0, 100), st.floats(0, 100)).map(lambda pair: (min(pair), max(pair))), max_size=12
)


@given(intervals, st.floats(0, 5))
def test_joined_intervals_are_apart_and_hold_the_same(given_, gap):
    found = joined(given_, gap)

    assert all(later[0] > earlier[1] + gap for earlier, later in pairwise(found))
    assert all(any(start <= a and b <= end for start, end in found) for a, b in given_)
    assert {bound for pair in found for bound in pair} <= {bound for pair in given_ for bound in pair}


timed = st.lists(
    st.tuples(st.floats(0, 300), st.floats(0, 20), st.none() | st.floats(0, 1)), min_size=1, max_size=20
)


@given(timed, st.floats(0.1, 400))
def test_every_line_and_every_word_is_in_one_stretch(lines, seconds):
    segments = tuple(
        Segment(n, "So.", min(s, seconds), min(s + d, seconds), status="aligned", confidence=c)
        for n, (s, d, c) in enumerate(sorted(lines, key=lambda entry: entry[0]))
    )
    parts = stretches(Transcript(segments, duration=seconds))

    assert 1 <= len(parts) <= 60
    assert [part.end for part in parts[:-1]] == [part.start for part in parts[1:]]
    assert (parts[0].start, parts[-1].end) == (0.0, seconds)
    assert all(part.end > part.start for part in parts)
    assert sum(len(part.confidences) for part in parts) == sum(s.confidence is not None for s in segments)
    assert sum(classes(segments)) == sum(s.confidence is not None for s in segments)

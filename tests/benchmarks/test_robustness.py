"""The benchmark of robustness on the demo, which is small, with results that are made up."""

from dataclasses import replace

import pytest

from tests.benchmarks import robustness
from tests.benchmarks.benchmark import Selection
from tests.mutations import sources
from tests.mutations.judging import judge

FOREIGN = ["Never said at all.", "Nor was this.", "This neither.", "Nothing of it.", "Not a word.", "No."]


@pytest.fixture
def edited():
    return robustness.edited(sources.demo(), FOREIGN)


def result_of(recording, shift):
    """A result that is late by so many seconds and places what nobody says at the last time before."""
    at, segments = 0.0, []
    for line, segment in zip(recording.lines, recording.transcript().segments, strict=True):
        at = at if line.start is None else line.start + shift
        segments.append(replace(segment, start=at, end=at, status="aligned"))
    return replace(recording.transcript(), segments=tuple(segments))


def test_a_tenth_of_the_lines_is_deleted_and_as_many_are_put_in(edited):
    said = {line.text for line in sources.demo().lines}

    assert sum(line.text in FOREIGN for line in edited.lines) == 5
    assert sum(line.text in said for line in edited.lines) == 46
    assert len(edited.unwritten) == 5


def test_what_a_mutation_leaves_exact_is_a_row_of_the_table(edited):
    exact, late = (judge(edited, result_of(edited, shift)) for shift in (0.0, 0.3))

    header, _, first, second = robustness.table([("edited", exact), ("late", late)]).splitlines()

    assert [cell.strip() for cell in first.strip("|").split("|")] == [
        "edited", "46", "100.0%", "100.0%", "0", "5", "0.0%", "100.0%", "0.0%",
    ]  # fmt: skip
    assert [cell.strip() for cell in second.strip("|").split("|")][2:4] == ["0.0%", "100.0%"]
    assert len(header.split("|")) == len(first.split("|"))


def test_a_run_of_other_systems_or_data_is_none_of_its_business():
    assert robustness.BENCHMARK.absence(Selection(("interview",), ("whisper",)))
    assert robustness.BENCHMARK.absence(Selection(("french-poems",), ("ours",)))

"""What is listed to be checked, where, and in which order."""

from dataclasses import replace

import pytest

from alignment.demo import DEMO
from alignment.errors import TranscriptError
from alignment.formats import read_transcript
from alignment.report import DOUBTFUL, find, listed
from alignment.transcript import Transcript
from tests.report.transcripts import eventful, line


def test_each_kind_is_found_in_order_of_time():
    found = find(eventful())

    assert [(finding.kind, finding.at, finding.end) for finding in found] == [
        ("uncertain", 6.5, 9.0),
        ("not_in_audio", 9.0, 9.0),
        ("not_in_text", 12.0, 18.0),
        ("interpolated", 20.0, 23.0),
    ]
    assert [finding.text for finding in found][:3] == [
        "Tonight we speak of rivers.",
        "Slide seven, please.",
        "is this thing on no it is not",
    ]


def test_a_line_is_in_doubt_below_the_bound_and_not_at_it():
    at, below = (line(n, "So it is.", 2.0 * n, confidence=DOUBTFUL - n / 1000) for n in range(2))

    assert [finding.segment for finding in find(Transcript((at, below), duration=9.0))] == [below]


def test_a_line_without_a_confidence_is_not_in_doubt():
    said = replace(line(0, "So it is.", 0.0), confidence=None)

    assert find(Transcript((said,), duration=9.0)) == []


def test_a_transcript_whose_first_lines_are_not_said_lists_them_at_the_start():
    lines = (line(0, "Chapter one"), line(1, "It rained.", 3.0))

    assert [(finding.kind, finding.at) for finding in find(Transcript(lines))] == [("not_in_audio", 0.0)]


def test_what_has_not_been_aligned_has_no_report():
    with pytest.raises(TranscriptError, match=r"not been aligned yet.* Align it with its audio first"):
        find(read_transcript("Seeds first, then water.\nThen wait."))


def test_the_demo_needs_no_check():
    assert find(read_transcript(DEMO.aligned)) == []


def test_the_list_says_where_what_and_how_sure():
    assert listed(find(eventful())) == [
        "    0:06  uncertain         0.62  Tonight we speak of rivers.",
        "    0:09  not in the audio        Slide seven, please.",
        "    0:12  not in the text         is this thing on no it is not",
        "    0:20  estimated         0.30  They are older than the hills.",
    ]


def test_the_list_gives_a_terminal_no_orders():
    told = eventful()
    orders = replace(told.segments[1], text="\x1b[2J\x1b]0;gone\x07Tonight\nwe\tspeak\x9b1m")

    (first, *_) = listed(find(replace(told, segments=(orders, *told.segments[2:]))))

    assert first.isprintable()
    assert first.endswith(" Tonight we speak 1m")

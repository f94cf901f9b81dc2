"""Audacity labels: what we write keeps to the form that Audacity reads, and comes back."""

import csv

import pytest
from hypothesis import given

from alignment.errors import TranscriptError
from alignment.formats import audacity, plain, read_transcript, write
from alignment.formats.sniff import sniff
from alignment.transcript import Segment, Transcript
from tests.formats.strategies import timed


def lines(transcript):
    return [(segment.text, segment.start, segment.end) for segment in transcript.segments]


def rows(text):
    return list(csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


@given(timed())
def test_texts_and_times_come_back(transcript):
    assert lines(read_transcript(write(transcript, "audacity"))) == lines(transcript)


def test_a_label_is_start_end_and_text_on_one_line():
    spoken = Transcript(
        (
            Segment(0, 'The "lamp"\nis\tlit.', 0.5, 4.0),
            Segment(1, "Overlaps", 2.0, 3.1234567),
            Segment(2, "Not said."),
            Segment(3, "\\ bell", 4.0, 4.0),
        )
    )

    assert rows(write(spoken, "audacity")) == [
        ["0.500000", "4.000000", 'The "lamp" is lit.'],
        ["2.000000", "3.123457", "Overlaps"],
        ["4.000000", "4.000000", "\\ bell"],
    ]


def test_a_transcript_without_times_is_refused():
    with pytest.raises(TranscriptError, match="No line of this transcript has a time"):
        write(Transcript((Segment(0, "The lamp."),)), "audacity")


@pytest.mark.parametrize(
    "text", ["1\t2\tthree", "1.5 2.5 three", "1.5\tonce", "Ada\t1.5\t2.5", "12.5.1\t2\tx"]
)
def test_other_text_with_tabs_and_numbers_stays_text(text):
    assert sniff(text, (audacity.FORMAT, plain.FORMAT)) is plain.FORMAT

"""Markers for video editors: every line at its frame, in a file of the shape that the editors expect."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from alignment.errors import TranscriptError
from alignment.formats import read_transcript, write
from alignment.transcript import Segment, Transcript
from tests.formats.strategies import timed

SPOKEN = Transcript(
    (
        Segment(0, 'The "lamp"\nis <lit> | |D:9 & burns.', 0.5, 2.0, "Ada"),
        Segment(1, "Who is there?", 2.0, 3.5),
        Segment(2, "Not said."),
        Segment(3, "Aye.", 2.0, 3661.25),
    ),
    title="The Keeper\nspeaks",
    duration=4000.0,
)

EVENT = re.compile(r"(\d{3,})  001      V     C        (\S{11}) (\S{11}) (\S{11}) (\S{11})")
MARKER = re.compile(r" \|C:ResolveColorBlue \|M:([^|]*) \|D:(\d+)")

# The part of FCPXML that a project of markers needs, told anew. A time is a number of seconds, or a fraction.
SCHEMA = etree.RelaxNG(
    etree.XML(
        """
        <grammar xmlns="http://relaxng.org/ns/structure/1.0"
            datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
          <define name="time">
            <data type="string"><param name="pattern">[0-9]+(/[1-9][0-9]*)?s</param></data>
          </define>
          <define name="marker">
            <element name="marker">
              <attribute name="start"><ref name="time"/></attribute>
              <attribute name="duration"><ref name="time"/></attribute>
              <attribute name="value"/>
              <optional><attribute name="note"/></optional>
            </element>
          </define>
          <define name="sequence">
            <element name="sequence">
              <attribute name="format"><data type="IDREF"/></attribute>
              <attribute name="duration"><ref name="time"/></attribute>
              <attribute name="tcStart"><ref name="time"/></attribute>
              <element name="spine"><element name="gap">
                <attribute name="name"/>
                <attribute name="offset"><ref name="time"/></attribute>
                <attribute name="start"><ref name="time"/></attribute>
                <attribute name="duration"><ref name="time"/></attribute>
                <oneOrMore><ref name="marker"/></oneOrMore>
              </element></element>
            </element>
          </define>
          <start><element name="fcpxml">
            <attribute name="version"><value>1.9</value></attribute>
            <element name="resources"><element name="format">
              <attribute name="id"><data type="ID"/></attribute>
              <attribute name="name"/>
              <attribute name="frameDuration"><ref name="time"/></attribute>
              <attribute name="width"><data type="positiveInteger"/></attribute>
              <attribute name="height"><data type="positiveInteger"/></attribute>
            </element></element>
            <element name="library"><element name="event">
              <attribute name="name"/>
              <element name="project"><attribute name="name"/><ref name="sequence"/></element>
            </element></element>
          </element></start>
        </grammar>
        """
    )
)


def events(text):
    """Frame and length of every marker of an EDL at 24 frames a second from one hour, and its name."""
    head, *blocks = text.rstrip("\n").split("\n\n")
    assert re.fullmatch(r"TITLE: [^\n]+\nFCM: NON-DROP FRAME", head)
    found = []
    for number, block in enumerate(blocks, 1):
        event, marker = (
            pattern.fullmatch(line) for pattern, line in zip((EVENT, MARKER), block.split("\n"), strict=True)
        )
        assert int(event[1]) == number
        assert event[2] == event[4] and event[3] == event[5]
        first, last = (frame(timecode) for timecode in event.groups()[1:3])
        assert last == first + 1
        found.append((first, int(marker[2]), marker[1]))
    return found


def frame(timecode):
    hours, minutes, seconds, frames = map(int, timecode.split(":"))
    assert minutes < 60 and seconds < 60 and frames < 24
    return (((hours - 1) * 60 + minutes) * 60 + seconds) * 24 + frames


def project(text):
    root = etree.fromstring(text.encode())
    SCHEMA.assertValid(root)
    return root


def fcp_markers(text):
    return [
        (
            seconds(marker.get("start")),
            seconds(marker.get("duration")),
            marker.get("value"),
            marker.get("note"),
        )
        for marker in project(text).iter("marker")
    ]


def seconds(time):
    return float(Fraction(time.removesuffix("s")))


def test_an_edl_has_an_event_with_a_marker_for_each_line_with_times():
    assert write(SPOKEN, "edl") == (
        "TITLE: The Keeper speaks\nFCM: NON-DROP FRAME\n\n"
        "001  001      V     C        01:00:00:12 01:00:00:13 01:00:00:12 01:00:00:13\n"
        ' |C:ResolveColorBlue |M:Ada: The "lamp" is <lit> ¦ ¦D:9 & burns. |D:36\n\n'
        "002  001      V     C        01:00:02:00 01:00:02:01 01:00:02:00 01:00:02:01\n"
        " |C:ResolveColorBlue |M:Who is there? |D:1\n\n"
        "003  001      V     C        01:00:02:01 01:00:02:02 01:00:02:01 01:00:02:02\n"
        " |C:ResolveColorBlue |M:Aye. |D:87821\n"
    )


def test_final_cut_finds_the_lines_where_they_are_said_and_the_speaker_in_the_note():
    written = write(SPOKEN, "fcpxml")

    assert written.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n<fcpxml')
    assert fcp_markers(written) == [
        (0.48, 1.52, 'The "lamp" is <lit> | |D:9 & burns.', "Ada"),
        (2.0, 0.04, "Who is there?", None),
        (2.04, 3659.2, "Aye.", None),
    ]
    assert {element.get("name") for element in project(written).iter("event", "project")} == {
        "The Keeper speaks"
    }
    assert {element.get("duration") for element in project(written).iter("sequence", "gap")} == {"4000s"}


@given(timed().filter(lambda transcript: transcript.segments[-1].end < 80_000))
def test_each_line_has_a_frame_of_its_own_no_further_off_than_it_must_be(transcript):
    starts = [segment.start for segment in transcript.segments]
    lengths = [segment.end - segment.start for segment in transcript.segments]
    latest = -1

    in_edl = events(write(transcript, "edl"))
    in_fcp = fcp_markers(write(transcript, "fcpxml"))

    assert [name for _, _, name in in_edl] == [segment.text for segment in transcript.segments]
    assert [name for _, _, name, _ in in_fcp] == [segment.text for segment in transcript.segments]
    for (first, length, _), start, lasts in zip(in_edl, starts, lengths, strict=True):
        assert first > latest
        assert first == latest + 1 or abs(first / 24 - start) <= 0.5 / 24 + 1e-6
        assert length == 1 or (length - 1) / 24 <= lasts + 1e-6
        latest = first
    assert sorted({start for start, _, _, _ in in_fcp}) == [start for start, _, _, _ in in_fcp]


@given(
    st.text(alphabet="|M:D C\x01\x0b\ufffe\ud800\n\té<&>\"'1", min_size=1).filter(lambda text: text.strip())
)
def test_nothing_in_a_text_breaks_the_list(text):
    spoken = Transcript((Segment(0, text, 1.0, 2.0, text),), title=text)

    assert [(first, length) for first, length, _ in events(write(spoken, "edl"))] == [(24, 24)]
    assert [(start, length) for start, length, _, _ in fcp_markers(write(spoken, "fcpxml"))] == [(1.0, 1.0)]


def test_the_project_is_at_least_as_long_as_its_last_marker():
    written = write(Transcript((Segment(0, "The lamp.", 1.0, 9.6),)), "fcpxml")

    assert project(written).find(".//gap").get("duration") == "48/5s"


@pytest.mark.parametrize("name", ["edl", "fcpxml"])
def test_a_transcript_without_times_is_refused(name):
    with pytest.raises(TranscriptError, match="No line of this transcript has a time"):
        write(Transcript((Segment(0, "The lamp."),)), name)


def test_an_edl_ends_at_24_hours():
    with pytest.raises(TranscriptError, match="more than 23 hours"):
        write(Transcript((Segment(0, "The lamp.", 23 * 3600.0, 23 * 3600.5),)), "edl")


def test_markers_are_no_transcript_to_read():
    with pytest.raises(TranscriptError, match="This is XML"):
        read_transcript(write(SPOKEN, "fcpxml"))

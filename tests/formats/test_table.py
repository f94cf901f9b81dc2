"""Tables: every usual spelling of a time is read, what we write is safe in a spreadsheet and comes back."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.errors import TranscriptError
from alignment.formats import plain, read_transcript, table, write, write_bytes
from alignment.formats.sniff import sniff
from alignment.transcript import Segment, Transcript
from tests.formats.strategies import NAME, timed


def lines(transcript):
    return [(segment.text, segment.start, segment.end) for segment in transcript.segments]


def rows(transcript):
    """The rows as a program finds them that opens the file as it should be opened."""
    return list(csv.DictReader(io.StringIO(write_bytes(transcript, "csv").decode("utf-8-sig"), newline="")))


@given(timed(untimed=True), st.none() | NAME)
def test_texts_times_and_speakers_come_back(transcript, speaker):
    name = speaker and " ".join(speaker.split())
    spoken = Transcript(
        tuple(Segment(s.id, s.text, s.start, s.end, name if s.id % 2 else None) for s in transcript.segments)
    )

    again = read_transcript(write(spoken, "csv"))

    assert lines(again) == lines(spoken)
    assert [segment.speaker for segment in again.segments] == [s.speaker for s in spoken.segments]


@given(
    st.lists(
        st.text(alphabet="'=+-@\"a,;\t1 é\n＝", min_size=1).map(str.strip).filter(bool),
        min_size=1,
        max_size=5,
    )
)
def test_no_cell_begins_like_a_formula_and_every_text_comes_back(texts):
    texts = ["\n".join(part.strip() for part in text.split("\n") if part.strip()) for text in texts]
    spoken = Transcript(tuple(Segment(n, text, n, n + 1.0, "=Ada") for n, text in enumerate(texts)))

    assert not any(row[name][0] in "=+-@＝" for row in rows(spoken) for name in ("text", "speaker"))
    assert [segment.text for segment in read_transcript(write(spoken, "csv")).segments] == texts
    assert all(segment.speaker == "=Ada" for segment in read_transcript(write(spoken, "csv")).segments)


def test_csv_finds_the_cells_that_were_written():
    spoken = Transcript(
        (
            Segment(0, 'The "lamp",\nis lit.', 0.5, 4.0, "Ada", status="aligned"),
            Segment(1, "Not said.", status="not_in_audio"),
            Segment(2, "中文。", 4.0, 5.0),
        )
    )

    assert rows(spoken) == [
        {
            "start": "0.500",
            "end": "4.000",
            "speaker": "Ada",
            "text": 'The "lamp",\nis lit.',
            "status": "aligned",
        },
        {"start": "", "end": "", "speaker": "", "text": "Not said.", "status": "not_in_audio"},
        {"start": "4.000", "end": "5.000", "speaker": "", "text": "中文。", "status": ""},
    ]
    assert write(spoken, "csv").count("\r\n") == 4


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("90", 90.0),
        ("90.5", 90.5),
        ('"90,5"', 90.5),
        ("90.5 s", 90.5),
        ("90500ms", 90.5),
        ("1:30", 90.0),
        ("01:30.5", 90.5),
        ("0:01:30.500", 90.5),
        ('"00:01:30,500"', 90.5),
        ("00:01:30:12", 90.5),
        ("00:01:30;12", 90.5),
        ("-1", 0.0),
    ],
)
def test_a_time_may_be_spelt_in_many_ways(cell, seconds):
    (segment,) = read_transcript(f"start,end,text\n{cell},100,The lamp\n").segments

    assert (segment.start, segment.end) == (seconds, 100.0)


@pytest.mark.parametrize("largest, rate", [(23, 24), (24, 25), (29, 30), (49, 50), (59, 60), (99, 100)])
def test_the_frame_rate_is_the_least_usual_one_above_the_largest_frame(largest, rate):
    text = f"In,Out,Text\n00:00:01:00,00:00:02:{largest},The lamp\n"

    assert read_transcript(text).segments[0].end == 2 + largest / rate


@pytest.mark.parametrize(
    "header",
    [
        "start,end,text",
        "Start Time,End Time,Transcript",
        "start_time,end_time,caption",
        "startTime,endTime,Subtitle",
        "IN,OUT,Dialogue",
        "TC In,TC Out,text",
        "Start (hh:mm:ss),End (hh:mm:ss),text",
        "begin [s],end [s],utterance",
        "onset,offset,label",
    ],
)
def test_columns_are_known_by_many_names(header):
    assert lines(read_transcript(f"{header}\n0:01,0:02,The lamp\n")) == [("The lamp", 1.0, 2.0)]


@pytest.mark.parametrize("header", ["start_ms,end_ms,text", "startMs,endMs,text", "Start (ms),End (ms),Text"])
def test_a_name_may_say_that_times_are_milliseconds(header):
    assert lines(read_transcript(f"{header}\n10,20,The lamp burns\n")) == [("The lamp burns", 0.01, 0.02)]


def test_whole_numbers_are_seconds_where_one_can_speak_like_that():
    said = "The lamp has been lit, and it burns all night."

    assert lines(read_transcript(f"start,end,text\n0,100,{said}\n")) == [(said, 0.0, 100.0)]
    assert lines(read_transcript(f"start,end,text\n0,2000,{said}\n")) == [(said, 0.0, 2.0)]


@pytest.mark.parametrize(
    "text",
    [
        "Start, then stop.\nThat is all.",
        "Text",
        "text, start to finish\nand more",
        "The text, the speaker",
        "a,b,c\n1,2,3",
        "start,end\n1,2",
        "start;" * 200 + "text",
    ],
)
def test_prose_and_other_tables_stay_text(text):
    assert sniff(text, (table.FORMAT, plain.FORMAT)) is plain.FORMAT


def test_a_table_without_rows_is_refused():
    with pytest.raises(TranscriptError, match="no text in it"):
        read_transcript("start,end,text\n1,2,\n")


@given(st.text(alphabet='0123456789:;,.\t\n"- >ms', max_size=80), st.sampled_from(",;\t"))
def test_anything_below_a_header_is_read_or_refused(text, mark):
    try:
        transcript = read_transcript(mark.join(["start", "end", "text"]) + f"\n1{mark}2{mark}x\n{text}")
    except TranscriptError:
        return
    transcript.check()

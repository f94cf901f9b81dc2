"""SBV captions: our own read back by ourselves and by ffmpeg, which takes them for SubViewer."""

import subprocess

import imageio_ffmpeg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.errors import TranscriptError
from alignment.formats import read_transcript, sbv, write
from alignment.transcript import Segment, Transcript
from tests.formats.strategies import LINE, timed


def lines(transcript):
    return [(segment.text, segment.start, segment.end) for segment in transcript.segments]


TALK = Transcript(
    (
        Segment(0, "The lamp\nis lit.", 1.0, 2.5),
        Segment(1, "Not said."),
        Segment(2, "R&D, <5> {a}", 2.5, 36_000.001),
    )
)


def test_hours_have_one_digit_as_on_youtube_and_lines_without_times_are_left_out():
    assert write(TALK, "sbv") == (
        "0:00:01.000,0:00:02.500\nThe lamp\nis lit.\n\n0:00:02.500,10:00:00.001\nR&D, <5> {a}\n"
    )


@given(timed(texts=LINE | st.sampled_from(["0:00:01.000,0:00:02.000", "0:00:01.000,", "\u2060", "one\ntwo"])))
def test_texts_and_times_come_back(transcript):
    assert lines(sbv.read(write(transcript, "sbv"))) == lines(transcript)


def test_ffmpeg_shows_the_same_lines_at_the_same_times():
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", "-", "-f", "srt", "-"]
    done = subprocess.run(command, input=write(TALK, "sbv").encode(), capture_output=True, check=True)

    assert not done.stderr
    assert lines(read_transcript(done.stdout)) == [line for line in lines(TALK) if line[1] is not None]


@pytest.mark.parametrize("text", ["0:00:01.000, and then the lamp", "At 0:00:01.000,0:00:02.000 on", "1,2"])
def test_prose_is_not_taken_for_captions(text):
    assert not sbv.recognises(text)


def test_a_transcript_without_any_time_is_refused():
    with pytest.raises(TranscriptError, match=r"No line of this transcript has a time.*Align it"):
        write(Transcript((Segment(0, "One"),)), "sbv")

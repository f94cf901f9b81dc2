"""Podcast transcripts: what we write is what players expect, and comes back the same."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.errors import TranscriptError
from alignment.formats import podcast_json, read_transcript, write
from alignment.transcript import Segment, Transcript
from tests.formats.strategies import NAME, timed


def lines(transcript):
    return [(segment.text, segment.start, segment.end, segment.speaker) for segment in transcript.segments]


def test_a_segment_is_written_for_every_line_with_a_time():
    transcript = Transcript(
        (
            Segment(0, 'Say "aye",\nBo.', 0.5, 2.25, "Ada  Marsh"),
            Segment(1, "Nobody says this.", status="not_in_audio"),
            Segment(2, "Où ça ?", 3.0, 4.0),
        )
    )

    assert json.loads(write(transcript, "podcast")) == {
        "version": "1.0.0",
        "segments": [
            {"speaker": "Ada Marsh", "startTime": 0.5, "endTime": 2.25, "body": 'Say "aye",\nBo.'},
            {"startTime": 3.0, "endTime": 4.0, "body": "Où ça ?"},
        ],
    }


def test_without_any_time_nothing_is_written():
    with pytest.raises(TranscriptError, match="No line of this transcript has a time"):
        write(Transcript((Segment(0, "One"),)), "podcast")


@given(timed(), st.lists(st.none() | NAME, min_size=6, max_size=6))
def test_texts_times_and_speakers_come_back(transcript, names):
    spoken = Transcript(
        tuple(
            replace(segment, speaker=name and " ".join(name.split()))
            for segment, name in zip(transcript.segments, names, strict=False)
        )
    )

    again = read_transcript(write(spoken, "podcast"))

    assert lines(again) == lines(spoken)


@pytest.mark.parametrize("gap", ["", " ", "\n"])
def test_words_one_by_one_are_lines_and_lines_of_one_word_each_stay_lines_while_they_are_few(gap):
    words = "The keeper lights the lamp at dusk and sleeps.".split()

    def podcast(bodies):
        segments = [
            {"startTime": number, "endTime": number + 0.5, "body": body + gap}
            for number, body in enumerate(bodies)
        ]
        return json.dumps({"version": "1.0.0", "segments": segments})

    joined = read_transcript(podcast(words))
    apart = read_transcript(podcast(words[:3]))

    assert [segment.text for segment in joined.segments] == [" ".join(words)]
    assert [word.start for word in joined.words()] == list(range(len(words)))
    assert [segment.text for segment in apart.segments] == words[:3]


@given(st.text(alphabet='{}[]",:0123456789.eE-nul \\/ud8') | st.text())
def test_anything_behind_the_first_key_is_read_or_refused(text):
    try:
        transcript = podcast_json.read('{"segments": [{"startTime": 1, "body": "a"}, ' + text)
    except TranscriptError:
        return
    transcript.check()

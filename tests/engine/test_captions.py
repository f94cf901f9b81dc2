"""Times that a transcript brings with it, on the demo: trusted where they are right, found out where not."""

import random
from dataclasses import replace

import numpy as np
import pytest

from alignment.audio import Span
from alignment.engine.captions import told_words
from alignment.engine.pipeline import align
from alignment.errors import TranscriptError
from tests.engine.texts import transcript

WINDOWS = [Span(0, 9), Span(12, 20)]


def timed(lines, *times):
    """A transcript of lines with starts and ends."""
    text = transcript(*lines)
    segments = zip(text.segments, times, strict=True)
    return replace(text, segments=tuple(replace(s, start=a, end=b) for s, (a, b) in segments))


def test_words_share_their_cue_by_length():
    told = told_words(timed(["a bcd", "efgh"], (2.0, 4.0), (13.0, 15.0)), WINDOWS)

    assert [(w.text, w.start, w.end) for w in told[WINDOWS[0]]] == [("a", 2.0, 2.5), ("bcd", 2.5, 4.0)]
    assert [(w.text, w.start, w.end) for w in told[WINDOWS[1]]] == [("efgh", 13.0, 15.0)]


def test_a_cue_ends_where_the_next_begins_and_one_outside_speech_goes_to_the_next_window():
    told = told_words(timed(["one", "two", "three"], (2.0, 9.0), (4.0, 5.0), (30.0, 31.0)), WINDOWS)

    assert [(w.text, w.end) for w in told[WINDOWS[0]]] == [("one", 4.0), ("two", 5.0)]
    assert [w.text for w in told[WINDOWS[1]]] == ["three"]


def test_lines_without_times_are_no_anchors():
    with pytest.raises(TranscriptError, match=r"1 of 2 lines have no times.*SRT"):
        told_words(timed(["one", "two"], (1.0, 2.0), (None, None)), WINDOWS)


@pytest.fixture
def captioned(known, demo_audio, weights, tmp_path):
    """The demo aligned with its lines' times moved; how many windows were listened to, and the errors."""

    def run(move):
        lines = known.lines
        times = [(max(0.0, line["start"] + move()), line["end"] + move()) for line in lines]
        stages = []
        result = align(
            demo_audio,
            timed([line["text"] for line in lines], *times),
            language="en",
            anchors="captions",
            progress=stages.append,
        )
        listened = [p for p in stages if p.stage == "Listening"]
        errors = [abs(s.start - line["start"]) for s, line in zip(result.segments, lines, strict=True)]
        return listened, np.array(errors)

    return run


def test_captions_that_are_roughly_right_spare_listening(captioned):
    rng = random.Random(3)

    listened, errors = captioned(lambda: rng.uniform(-0.4, 0.4))

    assert listened == []
    assert np.mean(errors <= 0.05) >= 0.95 and errors.max() <= 0.2


def test_captions_of_another_cut_are_found_out(captioned):
    listened, errors = captioned(lambda: 20.0)

    assert listened
    assert np.mean(errors <= 0.05) >= 0.95 and errors.max() <= 0.2

"""The files of the demo agree with each other, and the recording says what they say, when they say it."""

import json
from functools import cache
from itertools import pairwise
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from alignment.demo import DEMO
from alignment.formats import read_transcript

MOST_BYTES = 1_600_000


@cache
def truth() -> dict[str, Any]:
    return json.loads(DEMO.truth.read_text(encoding="utf-8"))


@cache
def levels_db() -> NDArray[np.float64]:
    """For each millisecond of the decoded file, the louder of the whole band and of its hiss."""
    with av.open(str(DEMO.audio)) as container:
        rate = container.streams.audio[0].rate
        samples = np.concatenate([frame.to_ndarray().ravel() for frame in container.decode(audio=0)])
    hiss = np.diff(samples, n=2, prepend=[0, 0])
    return np.maximum(_level_db(samples, rate), _level_db(hiss, rate))


def _level_db(samples: NDArray[np.floating], rate: int) -> NDArray[np.float64]:
    size = rate // 1000
    power = np.mean(samples[: len(samples) // size * size].reshape(-1, size) ** 2, axis=1)
    return 10 * np.log10(np.convolve(power, np.ones(5) / 5, "same") + 1e-12)


def test_the_transcript_is_the_one_whose_times_are_known():
    transcript = read_transcript(DEMO.transcript)

    assert [segment.text for segment in transcript.segments] == [line["text"] for line in truth()["lines"]]
    assert [word.text for word in transcript.words()] == [word["text"] for word in truth()["words"]]


def test_the_turns_of_the_transcript_are_those_of_the_script():
    script = (DEMO.transcript.parent / "script.txt").read_text(encoding="utf-8")
    turns = [
        [line for line in turn.splitlines()[1:] if line and not line.startswith("[")]
        for turn in script.replace("[Tom]", "[Miriam]").split("[Miriam]")[1:]
    ]

    segments = read_transcript(DEMO.transcript).segments

    assert [(segment.turn, segment.text) for segment in segments] == [
        (number, line) for number, turn in enumerate(turns) for line in turn
    ]


def test_known_times_go_forward_and_words_lie_in_their_lines():
    words = iter(truth()["words"])
    latest = 0.0
    for line in truth()["lines"]:
        mine = [next(words) for _ in line["text"].split()]
        assert (mine[0]["start"], mine[-1]["end"]) == (line["start"], line["end"])
        for word in mine:
            assert latest <= word["start"] < word["end"]
            latest = word["end"]
    assert not list(words)


def test_the_recording_is_small_streams_at_once_and_ends_after_the_last_word():
    content = DEMO.audio.read_bytes()

    assert len(content) <= MOST_BYTES
    assert content.index(b"moov") < content.index(b"mdat"), (
        "a browser must read it to the end before it plays"
    )
    with av.open(str(DEMO.audio)) as container:
        stream = container.streams.audio[0]
        assert (stream.codec_context.name, stream.channels) == ("aac", 1)
        duration = float(stream.duration * stream.time_base)
    assert 120 <= duration <= 180
    assert 0.5 <= duration - truth()["lines"][-1]["end"] <= 3


@pytest.mark.parametrize("line", truth()["lines"], ids=lambda line: line["text"])
def test_each_line_is_heard_from_its_start(line):
    speaking = np.percentile(levels_db(), 90) - 36
    start_ms = round(line["start"] * 1000)

    around = levels_db()[start_ms - 150 : start_ms + 150] > speaking
    onset_ms = int(np.argmax(around)) - 150

    assert around.any()
    assert abs(onset_ms) <= 30


def test_the_pause_for_scrolling_away_is_long_and_has_the_sound_of_a_room():
    lines = truth()["lines"]
    (before, after) = next(pair for pair in pairwise(lines) if pair[0]["text"].endswith("I'll wait."))

    pause = levels_db()[round(before["end"] * 1000) + 300 : round(after["start"] * 1000) - 100]

    assert after["start"] - before["end"] >= 4
    assert -80 < np.median(pause) < -50
    assert pause.max() < -45


def test_what_tries_an_aligner_is_in_the_text():
    texts = [line["text"] for line in truth()["lines"]]
    text = " ".join(texts)

    assert "1877" in text and "37 minutes" in text and "Dr. Osgood" in text
    assert texts.count("Yes.") == 2
    assert sum("Click this line." in line for line in texts) == 2
    assert all(30 <= len(line) <= 70 for line in texts if len(line.split()) > 8)

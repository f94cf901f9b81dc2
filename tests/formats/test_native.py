"""The aligned transcript as JSON: out and in again without a difference, and no damage taken for data."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.errors import TranscriptError
from alignment.formats import native, read_transcript, write
from alignment.transcript import Provenance, Segment, Source, Transcript, Word
from tests.formats.strategies import anything

ALIGNED = Transcript(
    segments=(
        Segment(
            id=0,
            text="“Light” it,\u00a0 she said.",
            start=2.53,
            end=4.0,
            speaker="Ada",
            status="aligned",
            confidence=0.94,
            words=(Word("“Light”", 2.53, 2.91, 0.98), Word("it,", 3.0, 3.1)),
        ),
        Segment(id=1, text="Nobody spoke this.", turn=1, status="not_in_audio", words=(Word("Nobody"),)),
    ),
    title="The lamp",
    language="en",
    duration=60.0,
    source=Source(id="x", url="https://example.org/x"),
    provenance=Provenance("verbatime 0.1", "base", "aa", "bb", "cc"),
)


def changed(path, value):
    """The JSON of ALIGNED with the field at `path` set to `value`."""
    content = json.loads(write(ALIGNED, "json"))
    *way, last = path
    target = content
    for step in way:
        target = target[step]
    target[last] = value
    return json.dumps(content)


@given(anything())
def test_reading_what_was_written_gives_the_same_transcript(transcript):
    assert native.read(write(transcript, "json")) == transcript


def test_the_fields_stand_in_a_fixed_order_and_every_segment_on_a_line():
    written = write(ALIGNED, "json")

    assert list(json.loads(written)) == [
        "version",
        "language",
        "duration",
        "title",
        "source",
        "provenance",
        "segments",
        "untranscribed",
        "about",
    ]
    assert list(json.loads(written)["segments"][0]) == [
        "id",
        "text",
        "start",
        "end",
        "speaker",
        "turn",
        "status",
        "confidence",
        "words",
    ]
    assert "“Light” it,\u00a0 she said." in written
    assert [line[:8] for line in written.splitlines() if line.startswith('{"id"')] == ['{"id": 0', '{"id": 1']


def test_words_without_times_are_added_only_where_there_are_none():
    bare = Transcript((Segment(0, "Two words"), ALIGNED.segments[0]))

    transcript = read_transcript(write(bare, "json"))

    assert transcript.segments[0].words == (Word("Two"), Word("words"))
    assert transcript.segments[1] == ALIGNED.segments[0]


def test_fields_of_later_writers_are_ignored():
    assert native.read(changed(["segments", 0, "mood"], "bright")) == ALIGNED
    assert native.read(changed(["weather"], {"wind": 7})) == ALIGNED


def test_a_transcript_of_the_documented_fields_alone_is_enough():
    short = '{"version": 1, "segments": [{"id": 0, "text": "Hello.", "start": 1, "end": 2}]}'

    assert native.read(short).segments == (Segment(0, "Hello.", 1.0, 2.0),)


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        (["segments", 0, "text"], 5, r"segments\.0\.text"),
        (["segments", 0, "start"], "2.53", r"segments\.0\.start"),
        (["segments", 0, "status"], "guessed", r"segments\.0\.status.*interpolated"),
        (["segments", 0, "words", 1, "end"], [], r"segments\.0\.words\.1\.end"),
        (["segments", 1], None, r"segments\.1"),
        (["segments"], {}, "segments"),
        (["source"], "example.org", "source"),
        (["duration"], True, "duration"),
        (["version"], 2, "version 2.*version 1"),
        (["version"], True, "version true"),
        (["version"], None, "version null"),
        (["segments", 0, "start"], 5.0, "timed 5.0 to 4.0"),
        (["segments", 0, "start"], None, "one of start and end"),
        (["segments", 1, "status"], "aligned", "is aligned but starts at None"),
        (["duration"], 3.0, "in audio of 3.0 s"),
    ],
)
def test_a_wrong_field_is_named(path, value, complaint):
    with pytest.raises(TranscriptError, match=complaint):
        read_transcript(changed(path, value))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (write(ALIGNED, "json")[:-40], "damaged at line"),
        ('{"version": 1, "segments": [{"id": 0, "text": "a", "start": NaN}]}', "holds NaN"),
        ('{"version": 1, "segments": [], "duration": 1e999}', "holds 1e999"),
        ('{"version": 1, "segments": [], "duration": ' + "9" * 5000 + "}", "number that cannot be read"),
        ('{"version": 1, "segments": ' + "[" * 200_000, "nested too deep"),
        ('{"version": 1, "segments": ' + "[" * 500 + "]" * 500 + "}", "damaged"),
        ('{"version": 1, "segments": []}', "no text in it"),
        ('{"version": 1, "segments": [{"text": "a"}]}', r"segments\.0\.id"),
    ],
)
def test_damaged_json_is_refused(text, complaint):
    with pytest.raises(TranscriptError, match=complaint):
        read_transcript(text)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_numbers_that_json_lacks_are_not_written(number):
    endless = Transcript((Segment(0, "a", confidence=number),))

    with pytest.raises(TranscriptError, match="not finite"):
        write(endless, "json")


def test_halves_of_surrogate_pairs_are_mended_both_ways():
    written = write(Transcript((Segment(0, "lamp \ud83d\ude80 and \ud83d"),)), "json")
    escaped = '{"version": 1, "segments": [{"id": 0, "text": "lamp \\ud83d\\ude80 and \\ud83d"}]}'

    assert written.encode("utf-8")
    assert native.read(written).segments[0].text == "lamp \U0001f680 and \ufffd"
    assert native.read(escaped).segments[0].text == "lamp \U0001f680 and \ufffd"


def test_words_that_are_called_version_or_segments_make_no_aligned_transcript():
    spoken = '{"segments": [{"text": "version", "words": [{"word": "version"}, {"word": "startTime"}]}]}'

    assert not native.recognises(spoken)
    ours = Transcript((Segment(0, "startTime", words=(Word("startTime"),)),))
    assert native.recognises(write(ours, "json"))


@given(st.integers(0, 700), st.text(max_size=3), st.integers(0, 20))
def test_mutated_json_is_read_or_refused(place, put_in, length):
    written = write(ALIGNED, "json")

    try:
        transcript = read_transcript(written[:place] + put_in + written[place + length :] + "\n")
    except TranscriptError:
        return
    transcript.check()

"""YouTube's captions: json3 written and read, and the same captions read from every shape of them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.errors import TranscriptError
from alignment.formats import read_transcript, write
from alignment.transcript import Segment, Transcript, Word
from tests.formats.strategies import ANY_TEXT, timed


def json3(*events):
    return json.dumps({"wireMagic": "pb3", "events": events})


def event(start_ms, duration_ms, *segs, **more):
    listed = [{"utf8": text} | ({"tOffsetMs": offset} if offset is not None else {}) for text, offset in segs]
    return {"tStartMs": start_ms, "dDurationMs": duration_ms, "segs": listed} | more


def lines(transcript):
    return [(segment.text, segment.start, segment.end) for segment in transcript.segments]


def word_times(transcript):
    return [(word.text, word.start, word.end) for word in transcript.words()]


def test_how_sure_the_recogniser_was_is_kept_and_zero_says_nothing():
    segs = [{"utf8": "the", "acAsrConf": 255}, {"utf8": " old", "tOffsetMs": 200, "acAsrConf": 51}]
    segs.append({"utf8": " lamp", "tOffsetMs": 400, "acAsrConf": 0})
    in_json = json3({"tStartMs": 0, "dDurationMs": 900, "segs": segs})
    in_xml = (
        '<timedtext format="3"><body><p t="0" d="900"><s ac="255">the</s><s t="200" ac="51"> old</s>'
        '<s t="400" ac="0"> lamp</s></p></body></timedtext>'
    )

    for given_ in (in_json, in_xml):
        rated = [(word.text, word.confidence) for word in read_transcript(given_).words()]
        assert rated == [("the", 1.0), ("old", 0.2), ("lamp", None)]


def test_a_line_of_automatic_captions_ends_where_the_next_starts_and_one_by_hand_where_it_says():
    automatic = json3(
        event(0, 5000, ("one", None), (" two", 500)), event(1000, 5000, ("three", None), (" four", 200))
    )
    by_hand = json3(event(0, 5000, ("one two", None)), event(1000, 5000, ("three four", None)))

    assert lines(read_transcript(automatic)) == [("one two", 0.0, 1.0), ("three four", 1.0, 6.0)]
    assert lines(read_transcript(by_hand)) == [("one two", 0.0, 5.0), ("three four", 1.0, 6.0)]


def test_a_word_ends_with_its_event_if_no_other_starts_before():
    transcript = read_transcript(
        json3(event(0, 800, ("one", None), (" two", 500)), event(5000, 100, ("x", 0)))
    )

    assert word_times(transcript)[:2] == [("one", 0.0, 0.5), ("two", 0.5, 0.8)]


def test_pieces_without_offsets_are_styles_and_time_no_word():
    transcript = read_transcript(json3(event(1000, 2000, ("The ", None), ("lamp", None), (" is lit", None))))

    assert lines(transcript) == [("The lamp is lit", 1.0, 3.0)]
    assert {word.start for word in transcript.words()} == {None}


def test_appended_text_goes_on_in_the_line_of_its_own_window():
    transcript = read_transcript(
        json3(
            event(0, 9000, ("one", None), wWinId=1),
            event(100, 9000, ("eins", None), wWinId=2),
            event(500, 8000, (" two", None), wWinId=1, aAppend=1),
            event(900, 8000, ("\nthree", None), wWinId=1, aAppend=1),
        )
    )

    assert [segment.text for segment in transcript.segments] == ["one two", "eins", "three"]


def test_half_of_a_character_does_no_harm():
    transcript = read_transcript('{"wireMagic": "pb3", "events": [{"segs": [{"utf8": "a\\ud83d b"}]}]}')

    assert transcript.segments[0].text == "a\ufffd b"


def test_a_character_number_without_end_is_text():
    entity = "&#" + "9" * 5000 + ";"

    transcript = read_transcript(
        f'<transcript><text start="1" dur="1">{entity.replace("&", "&amp;")}</text></transcript>'
    )

    assert [segment.text for segment in transcript.segments] == [entity]


@given(timed())
def test_json3_keeps_texts_times_and_words(transcript):
    again = read_transcript(write(transcript, "json3"))

    assert lines(again) == lines(transcript)
    assert word_times(again) == word_times(transcript)


@given(timed())
def test_the_pieces_of_an_event_are_its_text_with_offsets_that_never_go_back(transcript):
    events = json.loads(write(transcript, "json3"))["events"]

    assert ["".join(seg["utf8"] for seg in event["segs"]) for event in events] == [
        segment.text for segment in transcript.segments
    ]
    for event_ in events:
        offsets = [seg.get("tOffsetMs", 0) for seg in event_["segs"]]
        assert offsets == sorted(offsets)
        assert offsets[-1] <= event_["dDurationMs"]


@given(timed())
def test_a_plain_reader_of_json3_finds_every_word_at_its_start(transcript):
    events = json.loads(write(transcript, "json3"))["events"]

    starts = {
        (seg["utf8"].strip(), event["tStartMs"] + seg.get("tOffsetMs", 0))
        for event in events
        for seg in event["segs"]
    }
    assert {(word.text, round(word.start * 1000)) for word in transcript.words()} <= starts


def test_words_without_times_and_words_beyond_their_line():
    transcript = Transcript(
        (
            Segment(0, "Not said."),
            Segment(1, "The lamp is", 1.0, 4.0, words=(Word("The"), Word("lamp", 1.5, 1.75), Word("is"))),
            Segment(2, "lit.", 2.0, 3.0, words=(Word("lit.", 2.5, 9.0),)),
        )
    )

    again = read_transcript(write(transcript, "json3"))

    assert lines(again) == [("The lamp is", 1.0, 2.0), ("lit.", 2.0, 3.0)]
    assert word_times(again) == [
        ("The", 1.0, 1.5),
        ("lamp", 1.5, 1.75),
        ("is", 1.75, 2.0),
        ("lit.", 2.5, 3.0),
    ]


@given(ANY_TEXT)
def test_no_text_breaks_json3(text):
    (written,) = json.loads(write(Transcript((Segment(0, text, 1.0, 2.0),)), "json3"))["events"]

    assert (written["tStartMs"], written["dDurationMs"]) == (1000, 1000)


def test_a_transcript_without_any_time_is_refused():
    with pytest.raises(TranscriptError, match="No line of this transcript has a time"):
        write(Transcript((Segment(0, "One"),)), "json3")


@pytest.mark.parametrize(
    "text", ["<transcript>Hello</transcript>", "<transcript_list><track/></transcript_list>"]
)
def test_other_xml_of_transcripts_is_not_taken(text):
    with pytest.raises(TranscriptError, match="This is XML"):
        read_transcript(f'<?xml version="1.0"?>{text}')


times = st.integers(-5, 5000) | st.sampled_from(["", "x", "nan", "1e999", "-0"])


@given(st.lists(st.tuples(times, times, ANY_TEXT, st.booleans(), times), max_size=6))
def test_any_times_in_events_are_read_or_refused(events):
    listed = [
        event(start, end, (text, offset), aAppend=append) for start, end, text, append, offset in events
    ]
    marked = [
        f'<p t="{start}" d="{end}" a="{int(append)}"><s t="{offset}">lamp</s></p>'
        for start, end, _, append, offset in events
    ]
    for given_ in (json3(*listed), f'<timedtext format="3"><body>{"".join(marked)}</body></timedtext>'):
        try:
            transcript = read_transcript(given_)
        except TranscriptError:
            continue
        transcript.check()

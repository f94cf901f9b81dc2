"""Plain text: what people type, paste and export, line by line."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alignment.errors import TranscriptError
from alignment.formats import read_transcript, write
from alignment.transcript import Segment, Transcript
from alignment.words import WHITE_SPACE, is_blank

PROSE = (
    "Mr. J. Finch kept the lamp for thirty years, and in all that time he never once came ashore! "
    "“Why should I?” he said, when anybody asked. The sea had everything: fish, weather, news. "
    "When the last keeper left the rock he took the clock with him and the cat and a box of letters that "
    "nobody had read and the brass key of a door that had been walled up since before anyone could remember."
)


def visible(text):
    return "".join(character for character in text if character not in WHITE_SPACE)


def test_a_line_is_a_segment_and_a_blank_line_ends_a_turn():
    transcript = read_transcript("\n\n  First line. \nSecond\u00a0 line\n \n\u200b\n\tThird: “e\u0301”\n")

    assert [(segment.text, segment.turn) for segment in transcript.segments] == [
        ("First line.", 0),
        ("Second\u00a0 line", 0),
        ("Third: “e\u0301”", 1),
    ]
    assert [word.text for word in transcript.words()][2:4] == ["Second", "line"]


def test_running_text_is_cut_at_sentences_then_phrases_then_words():
    transcript = read_transcript(PROSE)

    assert [segment.text for segment in transcript.segments] == [
        "Mr. J. Finch kept the lamp for thirty years, and in all that time he never once came ashore!",
        "“Why should I?” he said, when anybody asked. The sea had everything: fish, weather, news.",
        "When the last keeper left the rock he took the clock with him and the cat and a box of letters that",
        "nobody had read and the brass key of a door that had been walled up since before anyone could",
        "remember.",
    ]


def test_running_text_of_a_script_without_spaces_is_cut_as_well():
    sentence = "灯塔上的人每天晚上都要点灯，看着大海。"

    transcript = read_transcript(sentence * 12)

    assert "".join(segment.text for segment in transcript.segments) == sentence * 12
    assert {segment.text for segment in transcript.segments} == {sentence * 2}


def test_a_word_longer_than_any_line_stays_whole():
    address = "https://example.org/" + "lamp" * 90

    assert address in [segment.text for segment in read_transcript(f"see {address} there").segments]


pieces = st.text(alphabet="ab.,!?…。中က—\u00a0 \u200b\"'J\u0301", max_size=120)


@given(st.lists(pieces | st.text(), max_size=8).map("\n".join))
@example(PROSE * 3)
@example("." * 500)
def test_no_visible_character_is_lost_and_every_line_has_words(text):
    text = text.replace("\0", "").replace("\ufeff", "") + "\nend of the text"
    try:
        transcript = read_transcript(text)
    except TranscriptError as error:
        assert "binary" in str(error) or "HTML" in str(error) or "XML" in str(error) or "JSON" in str(error)
        return

    texts = [segment.text for segment in transcript.segments]
    assert visible("".join(texts)) == visible(text)
    assert not any(is_blank(line) for line in texts)
    assert all(line.strip(WHITE_SPACE) == line for line in texts)
    assert visible("".join(word.text for word in transcript.words())) == visible(text)


@given(
    st.lists(st.text(alphabet="abc .,é", min_size=1, max_size=80).map(str.strip).filter(bool), min_size=1),
    st.data(),
)
def test_what_is_written_reads_as_the_same_lines_and_turns(lines, data):
    turn, segments = 0, []
    for number, line in enumerate(lines):
        turn += number > 0 and data.draw(st.booleans())
        segments.append(Segment(number, line, turn=turn))

    again = read_transcript(write(Transcript(tuple(segments)), "txt"))

    assert [(segment.text, segment.turn) for segment in again.segments] == [
        (segment.text, segment.turn) for segment in segments
    ]


def test_a_segment_of_two_lines_is_written_as_one():
    assert write(Transcript((Segment(0, "Hold\nthe line"),)), "txt") == "Hold the line\n"


@pytest.mark.parametrize(
    "text",
    [
        "." * 1_000_000,
        " " * 1_000_000 + "a",
        "\u00a0" * 500_000 + "a",
        "中" + "…" * 500_000,
        "a\n\n" * 50_000,
        "<!-- -->" * 100_000,
        "<" + "a" * 1_000_000,
    ],
    ids=["dots", "spaces", "no-break spaces", "symbols", "turns", "comments", "tag"],
)
def test_a_megabyte_of_the_same_is_read_without_hanging(text):
    assert read_transcript(text).segments

"""Text with times or names between its lines: what is a mark and what is prose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.formats import FORMATS, read_transcript
from alignment.formats.line_marks import Mark, label_of, mark_of
from alignment.formats.sniff import sniff
from alignment.words import split_words

WORDS = st.lists(
    st.sampled_from("the lamp is lit né 12 中文。 ok. 3:2 a:b (so) - Ada".split()), min_size=1, max_size=8
)
NAMES = st.sampled_from(["Ada", "BO", "Ada Finch", "Dr. van der Meer", "Speaker 1", "守塔人"])


def known_as(text):
    return sniff(text, tuple(FORMATS.values())).name


@pytest.mark.parametrize(
    ("line", "start", "end", "name", "text"),
    [
        ("0:12", 12.0, None, None, ""),
        ("[00:12:03.500] The lamp.", 723.5, None, None, "The lamp."),
        ("(1:02) The lamp.", 62.0, None, None, "The lamp."),
        ("[00:00.000 --> 00:04.200]  The lamp.", 0.0, 4.2, None, "The lamp."),
        ("00:12 - 00:15  The lamp.", 12.0, 15.0, None, "The lamp."),
        ("00:12 – The lamp.", 12.0, None, None, "The lamp."),
        ("Ada Finch  0:12", 12.0, None, "Ada Finch", ""),
        ("Ada, 1:02:03", 3723.0, None, "Ada", ""),
        ("ADA (00:12:03): The lamp.", 723.0, None, "ADA", "The lamp."),
        ("Speaker 1 | 00:12", 12.0, None, "Speaker 1", ""),
        ("Dr. von Bo: [00:01,5] The lamp.", 1.5, None, "Dr. von Bo", "The lamp."),
    ],
)
def test_a_mark_says_when_and_who(line, start, end, name, text):
    assert mark_of(line) == Mark(start, end, name, text)


@pytest.mark.parametrize(
    "line",
    [
        "Arrived 10:30 at the pier",
        "We met at 10:30",
        "10:30pm we left",
        "12:5",
        "1:2:03:04 of what",
        "The score was 3:2",
        "",
    ],
)
def test_prose_with_a_clock_time_has_no_mark(line):
    assert mark_of(line) is None


@pytest.mark.parametrize(
    "line", ["he said: go", "https://example.org", "3: the lamp", "Note: go", "a b c d e f: go", "Who?: me"]
)
def test_words_with_a_colon_are_no_name(line):
    assert label_of(line) is None


@pytest.mark.parametrize(
    "text",
    [
        "Monday: calm.\nTuesday: wind.\nWednesday: storm.",
        "The keeper said: no.\nThe keeper said: yes.",
        "10:30 The ferry leaves.\nOne more line.",
        "22:00 it was dark.\n10:00 it was light.\n01:00 dark again.",
        "Key words:\nlamp, gulls\n" + "A line of the text.\n" * 80 + "Key words:\nnone",
    ],
)
def test_text_that_only_looks_like_it_stays_plain(text):
    assert known_as(text) == "txt"


@given(st.lists(st.tuples(NAMES, WORDS), min_size=2, max_size=8), st.booleans(), st.booleans())
def test_no_word_of_a_dialogue_is_lost(turns, timed, blank):
    """Each turn as `Name 0:12` above it, or `Name:` in front of it."""
    between = "\n\n" if blank else "\n"
    lines = [
        f"{name}  {place}:07\n{' '.join(words)}" if timed else f"{name}: {' '.join(words)}"
        for place, (name, words) in enumerate(turns)
    ]
    names = [name for name, _ in turns]
    if not timed and len(set(names)) == len(names):
        return  # Nobody speaks twice, so nothing says that these are names.

    transcript = read_transcript(between.join(lines))

    transcript.check()
    assert [word.text for word in transcript.words()] == [
        word.text for _, words in turns for word in split_words(" ".join(words))
    ]
    assert [segment.speaker for segment in transcript.segments] == names
    if timed:
        assert [segment.start for segment in transcript.segments] == [
            60.0 * place + 7 for place in range(len(turns))
        ]


def test_a_blank_line_between_all_lines_says_nothing_of_turns():
    apart = read_transcript("0:01\n\nOne\n\n0:02\n\nTwo\n\n0:03\n\nThree")
    some = read_transcript("0:01\nOne\n0:02\nTwo\n\n0:03\nThree")

    assert [segment.turn for segment in apart.segments] == [0, 0, 0]
    assert [segment.turn for segment in some.segments] == [0, 0, 1]


def test_lines_that_share_a_time_are_said_to_be_estimated():
    transcript = read_transcript("[0:10] One.\nTwo.\n[0:20] Three.")

    assert [segment.status for segment in transcript.segments] == [None, "interpolated", None]

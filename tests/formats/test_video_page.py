"""The video-transcript page: every caption line in order, whatever happened to the page on its way."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.errors import TranscriptError
from alignment.formats import read_transcript
from alignment.transcript import About, Comment, Source
from tests.formats.pages import (
    CAPTIONS,
    COMMENTS,
    INFO,
    LINES,
    NOTE,
    RELATED,
    SEPARATORS,
    STATISTICS,
    TITLE,
    TURNS,
    page,
)
from tests.shared_data import requires_shared_data, shared_recording


def texts(transcript):
    return [segment.text for segment in transcript.segments]


def turns(transcript):
    return [segment.turn for segment in transcript.segments]


def test_every_caption_line_is_a_segment_in_order_with_its_turn():
    transcript = read_transcript(page())

    assert texts(transcript) == LINES
    assert turns(transcript) == TURNS
    assert [segment.id for segment in transcript.segments] == list(range(len(LINES)))
    assert [word.text for word in transcript.words()] == " ".join(LINES).split()
    assert all(segment.start is None and segment.status is None for segment in transcript.segments)


def test_the_page_around_the_captions_is_kept():
    transcript = read_transcript(page())

    assert transcript.title == TITLE
    assert transcript.source == Source(
        id="aB3_-dE5fG7",
        url="https://www.youtube.com/watch?v=aB3_-dE5fG7",
        channel="Salt & Light: the show",
        length=3723.0,
        published="2024-02-03",
    )
    assert transcript.about == About(
        views=73008,
        info={
            "Channel": "Salt & Light: the show",
            "Views": "73,008",
            "Rating": None,
            "Keywords": "",
            "Id": "aB3_-dE5fG7",
            "Channel Id": None,
            "Length": "1h 2min 3sec (3723 seconds)",
            "Published": "Sat Feb 03 2024",
        },
        comments=(
            Comment("I never knew that gulls could be counted.", "quiet_harbour", "2024-02-03", 1204, 3),
            Comment("Info", "[deleted]", "2024-02-29", -5, None),
            Comment(
                "Three questions:\n\n  • 1, why is the lamp green?\n  • 2, who is the dog?\n\nNote",
                "Brine-77",
                "Feb 30 2024",
                0,
                1,
            ),
        ),
        related=("The Baker at Dawn", "The Ferryman"),
        note="Please note that these pages are a draft.",
    )


@pytest.mark.parametrize(
    "damaged",
    [
        page().replace("\n", "\r\n"),
        page().replace("\n", "\r"),
        "\ufeff" + page(),
        page().encode("utf-8-sig"),
        page().encode("utf-16"),
        page().replace("\n", "\n\n"),
        page().replace("\n", "  \n\u00a0"),
    ],
    ids=["crlf", "cr", "mark", "utf-8 mark", "utf-16", "blank lines", "spaces at line ends"],
)
def test_encodings_and_line_ends_change_nothing(damaged):
    transcript = read_transcript(damaged)

    assert texts(transcript) == LINES
    assert turns(transcript) == TURNS
    assert transcript.title == TITLE
    assert len(transcript.about.comments) == 3


def test_windows_1252_loses_the_emoji_and_nothing_else():
    composed = unicodedata.normalize("NFC", page())

    transcript = read_transcript(composed.encode("cp1252", "replace"))

    assert texts(transcript) == [unicodedata.normalize("NFC", line) for line in LINES]
    assert [comment.votes for comment in transcript.about.comments] == [1204, -5, 0]


@pytest.mark.parametrize("mark", ["", "?", "\ufffd\ufffd", "ðŸ‘ï¸Ž", "👍"])
def test_comments_are_told_apart_whatever_became_of_their_marks(mark):
    damaged = page()
    for emoji in ("👍︎︎", "👤︎︎", "📅︎︎", "🗫︎"):
        damaged = damaged.replace(emoji, mark)

    assert read_transcript(damaged).about.comments == read_transcript(page()).about.comments


def test_plain_spaces_in_place_of_no_break_spaces_still_end_the_lines():
    transcript = read_transcript(page().replace("\u00a0", " "))

    assert texts(transcript) == LINES
    assert set(turns(transcript)) == {0}


@pytest.mark.parametrize("between", [" ", "\u00a0"])
def test_without_any_separator_lines_are_sentences_of_caption_size(between):
    captions = between.join(LINES * 3)

    transcript = read_transcript(page(TITLE, STATISTICS, f"Captions\n{captions}", INFO))

    assert [word.text for word in transcript.words()] == " ".join(LINES * 3).split()
    assert max(map(len, texts(transcript))) <= 100
    assert "Now I count gulls." in " ".join(texts(transcript))
    assert len(transcript.segments) >= 9


def test_captions_that_were_broken_into_lines_and_paragraphs():
    captions = "\n".join(LINES[:3]) + "\n\n" + "\n".join(LINES[3:])

    transcript = read_transcript(page(TITLE, "Captions", captions, INFO))

    assert texts(transcript) == LINES
    assert turns(transcript) == [0, 0, 0, 1, 1, 1, 1, 1]


@given(st.permutations([STATISTICS, COMMENTS, f"Captions\n{CAPTIONS}", INFO, RELATED, NOTE]))
def test_sections_in_any_order(sections):
    transcript = read_transcript(page(TITLE, *sections))

    expected = read_transcript(page())
    assert transcript.segments == expected.segments
    assert transcript.source == expected.source
    assert transcript.about == expected.about
    assert transcript.title == TITLE


@given(st.sets(st.sampled_from([STATISTICS, COMMENTS, INFO, RELATED, NOTE])))
def test_any_other_section_may_be_missing(present):
    transcript = read_transcript(page(f"Captions\n{CAPTIONS}", *sorted(present)))

    assert texts(transcript) == LINES
    assert transcript.title is None
    assert (transcript.source.id is None) == (INFO not in present)
    assert len(transcript.about.comments) == (3 if COMMENTS in present else 0)


def test_a_page_pasted_twice_counts_once():
    transcript = read_transcript(page() + "\n" + page())

    assert texts(transcript) == LINES
    assert transcript.source.id == "aB3_-dE5fG7"


def test_captions_in_two_sections_are_both_kept():
    first = "Captions\nOne, two.\u00a0 Three"
    second = "Captions\nFour.\u00a0 Five."

    transcript = read_transcript(page(TITLE, STATISTICS, first, RELATED, second))

    assert texts(transcript) == ["One, two.", "Three", "Four.", "Five."]


def test_a_lost_captions_heading_is_put_back():
    transcript = read_transcript(page().replace("\nCaptions\n", "\n"))

    assert texts(transcript) == LINES
    assert len(transcript.about.comments) == 3


def test_the_captions_alone_are_read_as_captions():
    long = "\u00a0\u00a0 ".join([CAPTIONS, CAPTIONS])

    assert texts(read_transcript(long)) == LINES + LINES


def test_headings_that_are_somebodys_words_stay_words():
    captions = "\n".join(["So what does it say?", "Info", "Note", "Captions", "and a lamp."])

    transcript = read_transcript(page(TITLE, STATISTICS, "Captions", captions, INFO, NOTE))

    assert texts(transcript) == captions.split("\n")
    assert transcript.source.channel == "Salt & Light: the show"
    assert transcript.about.note == "Please note that these pages are a draft."


def test_a_title_may_look_like_a_heading():
    transcript = read_transcript(page("Captions", "", STATISTICS, f"Captions\n{CAPTIONS}", INFO))

    assert transcript.title == "Captions"
    assert texts(transcript) == LINES


def test_a_comment_that_lost_its_footer_keeps_its_words():
    comments = COMMENTS + "\n\nWhat a voice!"

    transcript = read_transcript(page(TITLE, comments, f"Captions\n{CAPTIONS}", INFO))

    assert transcript.about.comments[-1] == Comment("What a voice!")
    assert texts(transcript) == LINES


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("Length: 47min 9sec", "length", 2829.0),
        ("Length: 1h", "length", 3600.0),
        ("Length: 1:02:03", "length", 3723.0),
        ("Length: undefined", "length", None),
        ("Length: quite long", "length", None),
        ("Published: 2021-12-24", "published", "2021-12-24"),
        ("Published: December 24, 2021", "published", "2021-12-24"),
        ("Published: undefined", "published", None),
        ("Published: Feb 30 2021", "published", None),
        ("Id: not a video id", "url", None),
        ("Id: undefined", "id", None),
        ("Channel: undefined behaviour", "channel", "undefined behaviour"),
    ],
)
def test_info_that_is_written_otherwise_or_unknown(line, field, value):
    transcript = read_transcript(page(f"Captions\n{CAPTIONS}", f"Info\n{line}"))

    assert getattr(transcript.source, field) == value


@pytest.mark.parametrize(
    ("views", "number"),
    [("12", 12), ("1.234.567", 1234567), ("1.2k", 1200), ("3M", 3_000_000), ("many", None), ("", None)],
)
def test_views_as_people_write_them(views, number):
    transcript = read_transcript(page(f"Captions\n{CAPTIONS}", f"Info\nViews: {views}"))

    assert transcript.about.views == number


@pytest.mark.parametrize(
    "sections", [(STATISTICS, COMMENTS, INFO, NOTE), (STATISTICS, "Captions", "", INFO), (COMMENTS, INFO)]
)
def test_a_page_without_captions_says_so(sections):
    with pytest.raises(TranscriptError, match=r"video page without captions.*Info.*copy the whole page"):
        read_transcript(page(TITLE, *sections))


@given(st.text(), st.integers(0, 2000), st.integers(0, 300))
def test_a_page_with_anything_cut_out_and_put_in_is_read_or_refused(put_in, place, length):
    damaged = page()[:place] + put_in + page()[place + length :]

    try:
        transcript = read_transcript(damaged + "\n")
    except TranscriptError:
        return
    assert all(segment.text.strip() == segment.text for segment in transcript.segments)
    assert all(segment.words for segment in transcript.segments)


words = st.text(alphabet="abcdefgé中。.,!?\u0301", min_size=1, max_size=30)


@given(st.lists(words, min_size=1, max_size=40), st.data())
def test_no_word_of_the_captions_is_lost(spoken, data):
    gap = st.sampled_from([" ", " ", " ", "  ", "\n", *SEPARATORS])
    captions = spoken[0] + "".join(data.draw(gap) + word for word in spoken[1:])

    transcript = read_transcript(page(TITLE, STATISTICS, f"Captions\n{captions}", INFO))

    assert "".join(word.text for word in transcript.words()) == "".join(spoken)
    assert turns(transcript) == sorted(turns(transcript))


@requires_shared_data("interview")
def test_the_page_that_the_project_came_with():
    given_page = shared_recording("interview").transcript
    captions = next(
        line for line in Path(given_page).read_text("utf-8").split("\n") if line.count("\u00a0") > 9
    )

    transcript = read_transcript(given_page)

    assert len(transcript.segments) == 920
    assert sum(1 for _ in transcript.words()) == 7782
    assert turns(transcript)[-1] == 93
    assert texts(transcript) == captions.replace(" \u00a0 ", "\n").replace("\u00a0\u00a0 ", "\n").replace(
        "\u00a0 ", "\n"
    ).split("\n")
    assert len(transcript.about.comments) == 4
    assert transcript.about.views == 419795
    assert transcript.source.length == 2861.0
    assert transcript.source.published == "2023-03-27"
    assert transcript.source.url == "https://www.youtube.com/watch?v=Yf1o0TQzry8"
    assert transcript.about.info["Channel Id"] is None
    assert transcript.about.note.startswith("Please note")

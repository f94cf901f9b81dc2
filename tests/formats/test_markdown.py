"""Markdown: written with names and links, read back; nothing in a text is taken for a mark."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from alignment.formats import read_transcript, write
from alignment.transcript import Segment, Source, Transcript

TEXT = st.lists(
    st.sampled_from(
        "the *lamp* is_lit [so] (x) `a` 3 # 12. - + = > <b> \\* né 中文。 ~~ http://x.org/a_b_".split()
    ),
    min_size=1,
    max_size=8,
).map(" ".join)


def rendered(text):
    """The visible text of every block, as an independent program makes it of the Markdown."""
    return [
        "".join(" " if part.type == "softbreak" else part.content for part in token.children)
        for token in MarkdownIt("commonmark").parse(text)
        if token.type == "inline"
    ]


def test_a_turn_has_its_speaker_and_a_link_to_its_second():
    transcript = Transcript(
        (
            Segment(0, "Who is there?", 3.9, 5.0, speaker="Ada"),
            Segment(1, "Tell me.", 5.0, 6.0, speaker="Ada"),
            Segment(2, "Only the wind.", 3725.0, 3727.0, speaker="Bo", turn=1),
            Segment(3, "Not said.", turn=2, status="not_in_audio"),
        ),
        title="The Keeper",
        source=Source(url="https://example.org/watch?v=abc"),
    )

    assert write(transcript, "md") == (
        "# The Keeper\n\n"
        "**Ada** [0:03](https://example.org/watch?v=abc&t=3)\n\n"
        "Who is there?\nTell me.\n\n"
        "**Bo** [1:02:05](https://example.org/watch?v=abc&t=3725)\n\n"
        "Only the wind.\n\n"
        "Not said.\n"
    )


@pytest.mark.parametrize("url", [None, "file:///talk.m4a", "javascript:alert(1)"])
def test_without_an_address_the_time_stands_alone(url):
    transcript = Transcript((Segment(0, "Who?", 3.0, 5.0),), source=Source(url=url))

    assert write(transcript, "md") == "[0:03]\n\nWho?\n"


@given(st.lists(TEXT, min_size=1, max_size=4))
def test_an_independent_program_shows_the_words_as_they_are(texts):
    transcript = Transcript(tuple(Segment(number, text, turn=number) for number, text in enumerate(texts)))

    assert rendered(write(transcript, "md")) == texts


@given(st.lists(TEXT, min_size=1, max_size=4), st.booleans())
def test_what_is_written_reads_as_the_same_lines(texts, named):
    segments = tuple(
        Segment(
            number,
            text,
            10.0 * number,
            10.0 * number + 5,
            speaker="AB"[number % 2] if named else None,
            turn=number,
        )
        for number, text in enumerate(texts)
    )

    again = read_transcript(write(Transcript(segments, title="The Keeper"), "md"))

    assert [(segment.text, segment.speaker) for segment in again.segments] == [
        (segment.text, segment.speaker) for segment in segments
    ]

"""SAMI captions: what fixtures are too short to show."""

import pytest

from alignment.formats import read_transcript, sami


def test_a_thousand_syncs_that_nobody_closes_are_read():
    body = "".join(f"<SYNC Start={n * 1000}><P Class=ENCC>line {n}\n" for n in range(1000))

    transcript = read_transcript(f"<SAMI><BODY>{body}")

    assert [segment.text for segment in transcript.segments] == [f"line {n}" for n in range(1000)]
    assert all(segment.end == segment.start + 1 for segment in transcript.segments[:-1])


def test_of_two_languages_without_names_the_one_with_more_text_is_read():
    transcript = read_transcript(
        "<SAMI><SYNC Start=1><P Class=a>Aye<P Class=b>Jawohl<SYNC Start=2><P Class=a>So long"
    )

    assert [segment.text for segment in transcript.segments] == ["Aye", "So long"]
    assert transcript.language is None


def test_a_missing_end_of_a_comment_hides_nothing():
    transcript = read_transcript(
        "<SAMI><!-- made by hand <SYNC Start=1><P>The lamp<!-- <SYNC Start=9><P>is lit."
    )

    assert [segment.text for segment in transcript.segments] == ["The lamp", "is lit."]


@pytest.mark.parametrize("text", ["<sync up> the clocks", "A <SYNC Start=1> in prose", "<samizdat>"])
def test_other_text_is_not_taken_for_captions(text):
    assert not sami.recognises(text)


@pytest.mark.parametrize("filler", ["<", "<!--", "<p", "<SYNC Start=1>", "&nbsp", ".a{", "<P Class=a>", "a "])
def test_a_megabyte_of_anything_is_read(filler):
    text = filler * (1_000_000 // len(filler))

    transcript = sami.read(f"<SAMI><SYNC Start=1><P>lamp {text}")

    assert transcript.segments[0].text.startswith("lamp")

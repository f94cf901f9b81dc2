"""TextGrid: what Praat's own rules ask of the grids that we write, read back by praatio and by ourselves."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from praatio import textgrid as praat

from alignment.errors import TranscriptError
from alignment.formats import read_transcript, write
from alignment.transcript import Segment, Transcript, Word
from tests.formats.strategies import NAME, timed

SPOKEN = Transcript(
    (
        Segment(
            0, 'The "lamp"\nis lit.', 0.5, 2.0, "Ada", words=(Word("The", 0.5, 0.7), Word('"lamp"', 0.7, 1.2))
        ),
        Segment(1, "Who is there?", 1.5, 3.0, "Bo"),
        Segment(2, "Not said."),
        Segment(3, "A gull.", 3.0, 3.0, "Ada"),
    ),
    duration=10.0,
)


def grid(text, folder):
    """The grid as praatio reads it, with its empty intervals."""
    path = folder / "written.TextGrid"
    path.write_text(text, "utf-8")
    return praat.openTextgrid(str(path), includeEmptyIntervals=True, reportingMode="error")


def lines(transcript):
    return [(segment.text, segment.start, segment.end, segment.speaker) for segment in transcript.segments]


def word_times(transcript):
    return [(word.text, word.start, word.end) for word in transcript.words()]


def test_praatio_reads_a_tier_of_lines_and_one_of_words_for_each_speaker(tmp_path):
    read = grid(write(SPOKEN, "textgrid"), tmp_path)

    assert read.tierNames == ("Ada - lines", "Ada - words", "Bo - lines", "Bo - words")
    assert [tuple(entry) for entry in read.getTier("Ada - lines").entries] == [
        (0.0, 0.5, ""),
        (0.5, 2.0, 'The "lamp" is lit.'),
        (2.0, 3.0, ""),
        (3.0, 3.001, "A gull."),
        (3.001, 10.0, ""),
    ]
    assert [tuple(entry) for entry in read.getTier("Ada - words").entries] == [
        (0.0, 0.5, ""),
        (0.5, 0.7, "The"),
        (0.7, 1.2, '"lamp"'),
        (1.2, 10.0, ""),
    ]
    assert [tuple(entry) for entry in read.getTier("Bo - words").entries] == [(0.0, 10.0, "")]


@given(timed(), st.none() | st.floats(0, 3e7))
def test_every_tier_is_full_of_intervals_that_have_a_length(tmp_path_factory, transcript, duration):
    if duration is not None:
        ends = [segment.end for segment in transcript.segments]
        transcript = replace(transcript, duration=max(duration, *ends))

    read = grid(write(transcript, "textgrid"), tmp_path_factory.mktemp("grid"))

    for tier in read.tiers:
        assert tier.entries[0].start == 0
        assert tier.entries[-1].end == read.maxTimestamp
        assert all(entry.start < entry.end for entry in tier.entries)
        assert all(left.end == right.start for left, right in pairwise(tier.entries))


@given(timed(), st.lists(st.none() | NAME, min_size=2, max_size=2))
def test_lines_words_and_speakers_come_back(transcript, speakers):
    spoken = transcript.with_segments(
        tuple(
            replace(segment, speaker=name and " ".join(name.split()))
            for segment, name in zip(transcript.segments, speakers * 3, strict=False)
        )
    )

    again = read_transcript(write(spoken, "textgrid"))

    assert lines(again) == lines(spoken)
    assert word_times(again) == word_times(spoken)


@pytest.mark.parametrize("name", ["words", "phones", "Ada - words", "lines", "- lines", "Anna-Lena"])
def test_a_speaker_may_have_the_name_of_a_tier(name):
    spoken = Transcript((Segment(0, "The lamp.", 1.0, 2.0, name), Segment(1, "Aye.", 2.0, 3.0, "Bo")))

    assert lines(read_transcript(write(spoken, "textgrid"))) == lines(spoken)


@given(st.text(alphabet="\"\\aeo'`^~,sb! é<>", min_size=1).filter(lambda text: "a" in text))
def test_quotes_and_backslashes_come_back(text):
    text = " ".join(text.split())

    (segment,) = read_transcript(write(Transcript((Segment(0, text, 1.0, 2.0),)), "textgrid")).segments

    assert segment.text == text


def test_lines_that_overlap_keep_their_times_in_the_tiers_of_their_speakers():
    assert lines(read_transcript(write(SPOKEN, "textgrid"))) == [
        ('The "lamp" is lit.', 0.5, 2.0, "Ada"),
        ("Who is there?", 1.5, 3.0, "Bo"),
        ("A gull.", 3.0, 3.001, "Ada"),
    ]


def test_words_at_the_same_time_get_an_interval_each_and_those_beyond_the_line_none(tmp_path):
    words = (Word("a", 1.0, 1.0), Word("b", 1.0, 1.5), Word("c", 1.2, 2.5), Word("d", 2.5, 3.0))

    read = grid(write(Transcript((Segment(0, "a b c d", 1.0, 2.0, words=words),)), "textgrid"), tmp_path)

    assert [tuple(entry) for entry in read.getTier("words").entries] == [
        (0.0, 1.0, ""),
        (1.0, 1.001, "a"),
        (1.001, 1.2, "b"),
        (1.2, 2.0, "c"),
    ]


def test_what_praatio_writes_is_read(tmp_path):
    given_ = praat.Textgrid()
    given_.addTier(praat.IntervalTier("Ada", [(1, 2, 'The "lamp"'), (2.5, 3, "is lit.")], 0, 4))
    given_.addTier(praat.IntervalTier("Bo", [(2, 2.5, "Aye.")], 0, 4))
    path = tmp_path / "given.TextGrid"

    for form in ("long_textgrid", "short_textgrid"):
        given_.save(str(path), form, includeBlankSpaces=True)
        assert lines(read_transcript(path)) == [
            ('The "lamp"', 1.0, 2.0, "Ada"),
            ("Aye.", 2.0, 2.5, "Bo"),
            ("is lit.", 2.5, 3.0, "Ada"),
        ]


def test_a_transcript_without_times_is_refused():
    with pytest.raises(TranscriptError, match="No line of this transcript has a time"):
        write(Transcript((Segment(0, "The lamp."),)), "textgrid")


@pytest.mark.parametrize("tiers", ["<absent>\n", "<exists>\n0\n", '<exists>\n1\n"TextTier" "phones" 0 1 0\n'])
def test_a_grid_without_text_is_refused(tiers):
    with pytest.raises(TranscriptError, match="form of Praat TextGrid, but no text"):
        read_transcript(f'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0\n1\n{tiers}')

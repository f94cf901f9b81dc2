"""LRC lyrics: told from transcripts that look alike, our own read back by ourselves and by others."""

import re
import subprocess

import imageio_ffmpeg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.errors import TranscriptError
from alignment.formats import lrc, read_transcript, write
from alignment.transcript import Segment, Source, Transcript, Word
from tests.formats.strategies import timed

SONG = Transcript(
    (
        Segment(
            0,
            "The lamp\nis lit.",
            1.0,
            3.0,
            words=(Word("The", 1.0, 1.2), Word("lamp", 1.5, 1.9), Word("is"), Word("lit.", 2.25, 2.75)),
        ),
        Segment(1, "Lost at sea."),
        Segment(2, "Aye, aye.", 3.0, 4.5),
        Segment(3, "Aye, [00:01.00] is a time, <00:02.00> too.", 6000.0, 6001.0),
    ),
    title="The Keeper",
    language="en",
    source=Source(channel="Ada & Bo", length=6125.5),
)


def test_words_get_times_and_pauses_are_marked():
    assert write(SONG, "lrc").split("\n") == [
        "[ti:The Keeper]",
        "[ar:Ada & Bo]",
        "[la:en]",
        "[length:01:42:05.500]",
        "[00:01.00]<00:01.00>The <00:01.20><00:01.50>lamp <00:01.90>is <00:01.90><00:02.25>lit.<00:02.75>",
        "[00:03.00]",
        "[00:03.00]Aye, aye.",
        "[00:04.50]",
        "[100:00.00]Aye, [\u206000:01.00] is a time, <\u206000:02.00> too.",
        "[100:01.00]",
        "",
    ]


def test_what_was_written_comes_back():
    again = read_transcript(write(SONG, "lrc"))

    assert (again.title, again.language, again.source) == (SONG.title, SONG.language, SONG.source)
    assert [(segment.text, segment.start, segment.end) for segment in again.segments] == [
        ("The lamp is lit.", 1.0, 3.0),
        ("Aye, aye.", 3.0, 4.5),
        ("Aye, [00:01.00] is a time, <00:02.00> too.", 6000.0, 6001.0),
    ]
    assert again.segments[0].words == SONG.segments[0].words


@given(timed())
def test_texts_times_and_words_come_back(transcript):
    again = read_transcript(write(transcript, "lrc"))

    for written, read in zip(
        (*transcript.segments, *transcript.words()), (*again.segments, *again.words()), strict=True
    ):
        assert written.text == read.text
        assert read.start == pytest.approx(written.start, abs=0.00501)
        assert read.end == pytest.approx(written.end, abs=0.00501)


@given(st.lists(st.text(alphabet="<>[]0123:.\u2060 aé", min_size=1), min_size=1, max_size=4))
def test_nothing_in_a_text_is_taken_for_a_time(texts):
    spoken = [" ".join(text.split()) or "a" for text in texts]
    segments = tuple(Segment(n, text, n, n + 1.0) for n, text in enumerate(spoken))

    again = lrc.read(write(Transcript(segments), "lrc"))

    assert [segment.text for segment in again.segments] == spoken


def lines_of_ffmpeg(text):
    """SubRip subtitles as ffmpeg makes them from LRC; it shows inline times as they stand."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lrc", "-i", "-", "-f", "srt", "-"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    assert not done.stderr
    return re.sub(r"<[\d:.]+>", "", done.stdout.decode())


def test_ffmpeg_shows_the_same_lines():
    shown = read_transcript(lines_of_ffmpeg(write(SONG, "lrc"))).segments

    assert [(segment.text.replace("\u2060", ""), segment.start, segment.end) for segment in shown] == [
        ("The lamp is lit.", 1.0, 3.0),
        ("Aye, aye.", 3.0, 4.5),
        ("Aye, [00:01.00] is a time, <00:02.00> too.", 6000.0, 6001.0),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[00:12:03] The lamp is lit.\n[00:12:07] At last.",
        "[00:12] The lamp is lit.\n[00:17] At last.",
        "[00:12:03.50] The lamp is lit.\n[00:12:07.00] At last.",
        "The lamp [00:12.50] is lit.\n[00:17.20] At last.",
        "[00:12.50] Ada\nThe lamp is lit.\n[00:17.20] Bo\nAt last.",
        "[by: the keeper]\nThe lamp is lit.",
        "[1] A note.\n[2] Another.",
        "[00:01.000 --> 00:02.000]  The lamp is lit.",
    ],
)
def test_other_text_with_times_in_brackets_is_not_taken_for_lyrics(text):
    assert not lrc.recognises(text)


def test_a_small_file_cannot_become_a_huge_transcript():
    with pytest.raises(TranscriptError, match="line 1: its lines come again too often"):
        lrc.read("[00:01.00]" * 10_000 + "lamp " * 10_000)


def test_a_transcript_without_any_time_is_refused():
    with pytest.raises(TranscriptError, match=r"No line of this transcript has a time.*Align it"):
        write(Transcript((Segment(0, "One"),)), "lrc")

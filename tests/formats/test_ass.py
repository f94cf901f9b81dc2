"""ASS subtitles: our own read back by ourselves and by others, whatever stands in their texts."""

import re
import subprocess

import imageio_ffmpeg
import pysubs2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.errors import TranscriptError
from alignment.formats import ass, read_transcript, write
from alignment.transcript import Segment, Transcript, Word
from tests.formats.strategies import LINE, NAME, timed

TREACHEROUS = st.text(alphabet="\\{}Nnhk20,:\u2060é中a ", min_size=1).map(lambda text: " ".join(text.split()))

SONG = Transcript(
    (
        Segment(
            0,
            "The lamp\nis lit.",
            1.0,
            3.0,
            "Ada",
            words=(
                Word("The", 1.0, 1.2),
                Word("lamp", 1.5, 1.9),
                Word("is"),
                Word("lit.", 2.25, 3.0),
            ),
        ),
        Segment(1, "Lost at sea."),
        Segment(2, "Aye, aye.", 3.0, 4.5, "Finch, J."),
    ),
    title="The Keeper",
    language="en",
)


def near(written, read):
    """Whether a time has come back, to the grain of the format."""
    return read == pytest.approx(written, abs=0.00501)


def dialogues(text):
    return [line for line in text.split("\n") if line.startswith("Dialogue:")]


def test_words_become_karaoke_with_the_pauses_between_them():
    first, second = dialogues(write(SONG, "ass"))

    assert first == (
        "Dialogue: 0,0:00:01.00,0:00:03.00,Default,Ada,0,0,0,,"
        r"{\kf20}The {\k30}{\kf40}lamp\N{\k0}is {\k35}{\kf75}lit."
    )
    assert second == "Dialogue: 0,0:00:03.00,0:00:04.50,Default,Finch; J.,0,0,0,,Aye, aye."


def test_title_language_speakers_and_words_come_back():
    again = read_transcript(write(SONG, "ass"))

    assert (again.title, again.language) == ("The Keeper", "en")
    assert [segment.speaker for segment in again.segments] == ["Ada", "Finch; J."]
    assert again.segments[0].words == SONG.segments[0].words


@given(timed(), NAME)
def test_texts_times_words_and_speakers_come_back(transcript, speaker):
    spoken = Transcript(
        tuple(
            Segment(s.id, s.text, s.start, s.end, speaker if s.id % 2 else None, words=s.words)
            for s in transcript.segments
        )
    )

    again = read_transcript(write(spoken, "ass"))

    assert [(s.text, s.speaker) for s in again.segments] == [
        (s.text, s.speaker and " ".join(s.speaker.split())) for s in spoken.segments
    ]
    for written, read in zip(
        (*spoken.segments, *spoken.words()), (*again.segments, *again.words()), strict=True
    ):
        assert written.text == read.text
        assert near(written.start, read.start)
        assert near(written.end, read.end)


@given(st.lists(TREACHEROUS.filter(bool), min_size=1, max_size=4), st.booleans())
def test_nothing_in_a_text_is_taken_for_a_command(texts, is_karaoke):
    segments = tuple(
        Segment(n, text, n, n + 1.0, words=tuple(Word(w, n, n + 0.5) for w in text.split()[:1] if is_karaoke))
        for n, text in enumerate(texts)
    )

    assert [s.text for s in ass.read(write(Transcript(segments), "ass")).segments] == texts


@given(timed(texts=LINE.filter(lambda text: "{" not in text)))
def test_an_independent_library_agrees(transcript):
    read = pysubs2.SSAFile.from_string(write(transcript, "ass"), format_="ass")

    assert [event.plaintext for event in read] == [segment.text for segment in transcript.segments]
    for event, segment in zip(read, transcript.segments, strict=True):
        assert near(segment.start, event.start / 1000)
        assert near(segment.end, event.end / 1000)
    assert read.styles["Default"].fontsize == 64


def test_ffmpeg_shows_the_same_lines_at_the_same_times(tmp_path):
    path = tmp_path / "song.ass"
    path.write_text(write(SONG, "ass"), "utf-8")

    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", path, "-f", "srt", "-"]
    done = subprocess.run(command, capture_output=True, check=True)

    shown = read_transcript(done.stdout).segments
    assert not done.stderr
    assert [(segment.text, segment.start, segment.end) for segment in shown] == [
        ("The lamp\nis lit.", 1.0, 3.0),
        ("Aye, aye.", 3.0, 4.5),
    ]


def test_what_ffmpeg_writes_is_read(tmp_path):
    path = tmp_path / "song.srt"
    path.write_text("1\n00:00:01,000 --> 00:00:02,000\nR&D in C:\\logs\n<i>lamp</i>\n", "utf-8")

    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", path, "-f", "ass", "-"]
    done = subprocess.run(command, capture_output=True, check=True)

    (segment,) = read_transcript(done.stdout).segments
    assert (segment.text, segment.start, segment.end) == ("R&D in C:\\logs\nlamp", 1.0, 2.0)


def test_words_that_outlast_their_line_end_with_it():
    words = (Word("The", 1.0, 1.6), Word("lamp", 1.6, 2.5))
    overlapping = Transcript((Segment(0, "The lamp", 1.0, 2.5, words=words), Segment(1, "is lit.", 2.0, 3.0)))

    again = read_transcript(write(overlapping, "ass"))

    assert again.segments[0].end == 2.0
    assert again.segments[0].words == (Word("The", 1.0, 1.6), Word("lamp", 1.6, 2.0))


def test_lines_of_one_moment_stay_apart():
    crowded = Transcript(tuple(Segment(n, f"line {n}", 1.0, 1.0) for n in range(3)))

    starts = [segment.start for segment in read_transcript(write(crowded, "ass")).segments]

    assert starts == [1.0, 1.01, 1.02]


def test_a_transcript_without_any_time_is_refused():
    with pytest.raises(TranscriptError, match=r"No line of this transcript has a time.*Align it"):
        write(Transcript((Segment(0, "One"),)), "ass")


def test_the_file_has_the_sections_that_players_look_for():
    written = write(SONG, "ass")

    assert re.findall(r"^\[.*\]$", written, re.MULTILINE) == ["[Script Info]", "[V4+ Styles]", "[Events]"]
    formats = [line for line in written.split("\n") if line.startswith("Format:")]
    style = next(line for line in written.split("\n") if line.startswith("Style:"))
    assert style.count(",") == formats[0].count(",")


@pytest.mark.parametrize(
    "text",
    [
        "The notes say [Script Info] somewhere.",
        "Dialogue: Ada, Bo and a gull.\nAda: Is it lit?",
        "[Events]nothing more",
    ],
)
def test_prose_is_not_taken_for_subtitles(text):
    assert not ass.recognises(text)


def test_columns_that_lack_the_text_are_refused_at_their_line():
    text = "[Events]\nFormat: Start, End\nDialogue: 0:00:01.00,0:00:02.00\n"

    with pytest.raises(TranscriptError, match=r"line 2: its events have no column 'text'"):
        read_transcript(text)


@pytest.mark.parametrize("filler", ["{", "}", "{}", "\\", r"{\k1}", r"{\k1}a", r"\N", "a "])
def test_a_megabyte_in_one_event_is_read(filler):
    text = filler * (1_000_000 // len(filler))

    transcript = ass.read(f"[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,,,0,0,0,,lamp {text}\n")

    assert transcript.segments[0].words[0].text == "lamp"

"""SRT and WebVTT: foreign files read with all their words, our own read back by ourselves and by others."""

import re
import subprocess
from dataclasses import replace

import imageio_ffmpeg
import pysubs2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.errors import TranscriptError
from alignment.formats import read_transcript, srt, vtt, write
from alignment.transcript import Segment, Transcript, Word
from tests.formats.strategies import LINE, NAME, timed


def lines(transcript):
    return [(segment.text, segment.start, segment.end) for segment in transcript.segments]


def word_times(transcript):
    return [(word.text, word.start, word.end) for word in transcript.words()]


def convert(text, suffix, to, folder):
    """`text` as ffmpeg reads it and writes it anew in the format `to`."""
    path = folder / f"given.{suffix}"
    path.write_text(text, "utf-8")
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", path, "-f", to, "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert not done.stderr
    return done.stdout.decode("utf-8")


def test_srt_with_the_quirks_of_the_wild():
    transcript = read_transcript(
        "1\r\n00:00:01,5 --> 00:00:02.000  X1:10 X2:20\r\n"
        "<i>The lamp</i>\r\nis {\\an8}<font color='red'>lit.</font>\r\n"
        "\r\n2\r\n0:00:04,000 --> 00:00:03,000\r\nBuilt in\r\n1969\r\n\r\n"
        "3\r\n00:00:05,000-->00:00:06,000\r\n\r\n"
        "4\r\n00:00:03,000 --> 00:00:05,500\r\n1 < 2 > 0\r\n\r\nafter a blank line\r\n5\r\n"
        "01:00:00,000 --> 01:00:01,000\r\n1970"
    )

    assert lines(transcript) == [
        ("The lamp\nis lit.", 1.5, 2.0),
        ("1 < 2 > 0\nafter a blank line", 3.0, 5.5),
        ("Built in\n1969", 4.0, 4.0),
        ("1970", 3600.0, 3601.0),
    ]
    assert [segment.id for segment in transcript.segments] == [0, 1, 2, 3]


def test_srt_without_numbers_keeps_lines_of_digits():
    transcript = read_transcript("00:01,000 --> 00:02,000\n42\n00:03,000 --> 00:04,000\n43\n")

    assert lines(transcript) == [("42", 1.0, 2.0), ("43", 3.0, 4.0)]


def test_text_above_the_first_cue_is_kept_without_a_time():
    transcript = read_transcript("The Keeper\n\n1\n00:00:01,000 --> 00:00:02,000\nHello.\n")

    assert lines(transcript) == [("The Keeper", None, None), ("Hello.", 1.0, 2.0)]


def test_vtt_with_the_quirks_of_the_wild():
    transcript = read_transcript(
        "WEBVTT - The Keeper &amp; the dog\nKind: captions\nLanguage: EN-gb\n\n"
        "STYLE\n::cue { color: red }\n\nREGION\nid:top\n\nNOTE a remark\nof two lines\n\n"
        "intro\n00:01.000 --> 00:04.000 line:0 position:10%\n"
        "<v.loud Ada>Light <00:02.000><c.gold>the</c> <00:02.500>lamp<00:03.000>, "
        "&lt;now&gt;&nbsp;R&D</v>\n\n"
        "00:00:05.000 --> 00:00:06.000\n<v Ada>Twice, <i>please</i>; 1 <2 and a<b.\n\nstray line\n\n"
        "00:00:05.500 --> 00:00:07.000\n<v Bo>Aye.\n"
    )

    assert (transcript.title, transcript.language) == ("The Keeper & the dog", "en")
    assert [(segment.text, segment.speaker, segment.turn) for segment in transcript.segments] == [
        ("Light the lamp, <now>\u00a0R&D", "Ada", 0),
        ("Twice, please; 1 <2 and a<b.\nstray line", "Ada", 0),
        ("Aye.", "Bo", 1),
    ]
    assert word_times(transcript)[:5] == [
        ("Light", 1.0, 2.0),
        ("the", 2.0, 2.5),
        ("lamp,", 2.5, 4.0),
        ("<now>", 3.0, 4.0),
        ("R&D", 3.0, 4.0),
    ]
    assert transcript.segments[1].words[0] == Word("Twice,")


def test_each_voice_in_a_cue_speaks_its_own_words():
    transcript = read_transcript(
        "WEBVTT\n\n00:01.000 --> 00:04.000\n<v Ada>Is it <00:02.000>lit?</v>\n<00:03.000><v Bo>Aye.</v>\n\n"
        "00:04.000 --> 00:06.000\n<v Bo>It is,</v> <v Bo>it is.</v> <v Ada>Good.\n"
    )

    assert [(segment.speaker, *lines(Transcript((segment,)))[0]) for segment in transcript.segments] == [
        ("Ada", "Is it lit?", 1.0, 3.0),
        ("Bo", "Aye.", 3.0, 4.0),
        ("Bo", "It is, it is.", 4.0, 6.0),
        ("Ada", "Good.", 4.0, 6.0),
    ]
    assert transcript.segments[1].words == (Word("Aye.", 3.0, 4.0),)
    assert transcript.segments[3].words == (Word("Good."),)


@pytest.mark.parametrize(
    "cue", ["<v A>a<00:01.500>", "<00:01.500>a ", "<v A>a<v B>b ", "<v ", "a\n\n", "&lt;"]
)
def test_a_megabyte_in_one_cue_is_read(cue):
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nlamp " + cue * (1_000_000 // len(cue))

    assert read_transcript(text).segments[0].text.startswith("lamp")


def test_a_number_of_thousands_of_digits_is_no_character():
    entity = f"&#{'9' * 5000};"

    transcript = read_transcript(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{entity}\n")

    assert lines(transcript) == [(entity, 1.0, 2.0)]


def test_inline_times_of_cues_that_overlap_never_go_back():
    transcript = read_transcript(
        "WEBVTT\n\n00:00.000 --> 00:09.000\na <00:08.000>b\n\n"
        "00:05.000 --> 00:07.000\nc <00:06.000>d <00:01.000>e\n"
    )

    transcript.check()
    assert [word.text for word in transcript.words()] == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize("name", ["srt", "vtt"])
def test_overlaps_are_clipped_and_no_cue_is_empty_or_reversed(name):
    transcript = Transcript(
        (
            Segment(0, "One", 0.0, 5.0),
            Segment(1, "Two", 1.0004, 1.0004),
            Segment(2, "Three", 1.0004, 1.0004),
            Segment(3, "Four", 1.0005, 400_000.0),
        )
    )

    assert lines(read_transcript(write(transcript, name))) == [
        ("One", 0.0, 1.0),
        ("Two", 1.0, 1.001),
        ("Three", 1.001, 1.002),
        ("Four", 1.002, 400_000.0),
    ]


@pytest.mark.parametrize("name", ["srt", "vtt"])
def test_a_transcript_without_any_time_is_refused(name):
    with pytest.raises(TranscriptError, match=r"No line of this transcript has a time.*Align it"):
        write(Transcript((Segment(0, "One"),)), name)


@pytest.mark.parametrize("name", ["srt", "vtt", "json", "txt"])
def test_times_that_break_their_promises_are_not_written(name):
    with pytest.raises(TranscriptError, match=r"timed 2.0 to 1.0"):
        write(Transcript((Segment(0, "One", 2.0, 1.0),)), name)


def test_lines_without_times_are_notes_in_vtt_and_left_out_of_srt():
    transcript = Transcript(
        (
            Segment(0, "Title --> here"),
            Segment(1, "Hello.", 1.0, 2.0),
            Segment(2, "Not\n\nsaid <i>", status="not_in_audio"),
        )
    )

    assert lines(srt.read(write(transcript, "srt"))) == [("Hello.", 1.0, 2.0)]
    assert lines(vtt.read(write(transcript, "vtt"))) == [
        ("Title --> here", None, None),
        ("Hello.", 1.0, 2.0),
        ("Not\nsaid <i>", None, None),
    ]
    assert "NOTE Line without time:\nTitle --&gt; here\n" in write(transcript, "vtt")


@given(timed(), NAME, NAME)
def test_vtt_keeps_texts_times_words_speakers_and_title(transcript, speaker, title):
    spoken = Transcript(
        tuple(
            Segment(s.id, s.text, s.start, s.end, speaker if s.id % 2 else None, words=s.words)
            for s in transcript.segments
        ),
        title=title,
    )

    again = read_transcript(write(spoken, "vtt"))

    assert lines(again) == lines(spoken)
    assert word_times(again) == word_times(spoken)
    assert [segment.speaker for segment in again.segments] == [
        segment.speaker and " ".join(segment.speaker.split()) for segment in spoken.segments
    ]
    assert again.title == " ".join(title.split())


@given(timed(untimed=True))
def test_vtt_keeps_lines_without_times_in_their_place(transcript):
    if all(segment.start is None for segment in transcript.segments):
        return
    assert lines(vtt.read(write(transcript, "vtt"))) == lines(transcript)


@given(timed(texts=LINE.filter(lambda text: "<i>" not in text)))
def test_srt_keeps_texts_and_times(transcript):
    assert lines(srt.read(write(transcript, "srt"))) == lines(transcript)


def test_a_text_that_looks_like_a_timing_line_does_not_become_one():
    treacherous = "00:00:01,000 --> 00:00:02,000"
    written = write(Transcript((Segment(0, f"{treacherous}\n7", 3.0, 4.0),)), "srt")

    (segment,) = srt.read(written).segments

    assert segment.text.replace("\u200b", "") == f"{treacherous}\n7"
    assert (segment.start, segment.end) == (3.0, 4.0)


@given(
    timed(texts=st.sampled_from(["The lamp.", "Né à 5 h", "中文。", "two words"])),
    st.sampled_from(["srt", "vtt"]),
)
def test_an_independent_reader_agrees(transcript, name):
    # It takes a line with two inline times for a timing line; ffmpeg, below, reads those.
    transcript = Transcript(tuple(replace(segment, words=()) for segment in transcript.segments))

    read = pysubs2.SSAFile.from_string(write(transcript, name), format_=name)

    assert [(event.plaintext, event.start, event.end) for event in read] == [
        (segment.text, round(segment.start * 1000), round(segment.end * 1000))
        for segment in transcript.segments
    ]


SPOKEN = Transcript(
    (
        Segment(0, "R&D costs < 5 & > 3", 0.0, 1.5, words=(Word("R&D", 0.0, 0.4), Word("costs", 0.5, 1.0))),
        Segment(1, "in the year\n1969", 1.5, 3.25, "Ada"),
        Segment(2, "Not said."),
        Segment(
            3,
            "“né” — 中文。",
            3.25,
            3700.0,
            words=(Word("“né”", 3.25, 3.5), Word("—"), Word("中文。", 4.0, 5.0)),
        ),
    )
)
SHOWN = [
    ("R&D costs < 5 & > 3", 0.0, 1.5),
    ("in the year\n1969", 1.5, 3.25),
    ("“né” — 中文。", 3.25, 3700.0),
]


@pytest.mark.parametrize("name", ["srt", "vtt"])
@pytest.mark.parametrize("to", ["srt", "webvtt"])
def test_ffmpeg_shows_the_same_lines_at_the_same_times(name, to, tmp_path):
    converted = convert(write(SPOKEN, name), name, to, tmp_path)

    assert lines(read_transcript(converted)) == SHOWN


def test_the_cues_of_vtt_follow_the_grammar():
    written = write(SPOKEN, "vtt")

    assert written.startswith("WEBVTT\n\n")
    for block in written.rstrip("\n").split("\n\n")[1:]:
        first, *payload = block.split("\n")
        assert re.fullmatch(r"NOTE.*|\d{2,}:\d\d:\d\d\.\d{3} --> \d{2,}:\d\d:\d\d\.\d{3}", first)
        assert not any("-->" in line for line in payload)
        stamps = re.findall(r"<([\d:.]+)>", block)
        assert stamps == sorted(set(stamps))


@given(st.text() | st.text(alphabet="0123456789:,.->< \nvWEBTNO&;/c"), st.sampled_from(["WEBVTT\n\n", "1\n"]))
def test_anything_below_a_header_is_read_or_refused(text, header):
    try:
        transcript = read_transcript(f"{header}00:01.000 --> 00:02.000\n{text}\n")
    except TranscriptError:
        return
    transcript.check()


words = st.lists(
    st.sampled_from(["lamp", "42", "a<b", "x>", "né", "3.5", "--", "NOTE"]), min_size=1, max_size=5
)


@given(st.lists(words, min_size=1, max_size=5), st.sampled_from(["\n", "\n\n"]))
def test_no_word_of_foreign_subtitles_is_lost(spoken, gap):
    cues = [f"00:0{n}:00,000 --> 00:0{n}:01,000\n" + "\n".join(cue) for n, cue in enumerate(spoken)]
    numbered = "".join(f"{n}\n{cue}\n{gap}" for n, cue in enumerate(cues, 1))
    vtt_cues = "\n\n".join(["WEBVTT", *(cue.replace(",", ".").replace("<", "&lt;") for cue in cues)])

    for text in (numbered, vtt_cues):
        transcript = read_transcript(text)
        assert [word.text for word in transcript.words()] == [word for cue in spoken for word in cue]

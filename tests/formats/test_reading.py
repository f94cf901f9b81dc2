"""What `read_transcript` takes, how it tells text from files, and what it says about everything else."""

import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.errors import TranscriptError
from alignment.formats import BINARY_FORMATS, FORMATS, read_transcript, untimed, write
from alignment.formats.decoding import MAX_BYTES
from alignment.transcript import Segment, Transcript
from tests.formats.documented import DOCUMENT, with_table
from tests.formats.pages import page
from tests.formats.test_files import FILES

SRT = "1\n00:00:01,000 --> 00:00:02,000\nThe lamp is lit.\n"
VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\nThe lamp is lit.\n"
JSON = write(Transcript((Segment(0, "The lamp is lit.", 1.0, 2.0),)), "json")


def texts(transcript):
    return [segment.text for segment in transcript.segments]


@pytest.mark.parametrize("text", [SRT, VTT, JSON])
@pytest.mark.parametrize(
    "change", [str, lambda text: "\ufeff" + text.replace("\n", "\r\n"), lambda text: "\n" + text]
)
def test_a_format_is_told_by_its_content(text, change):
    transcript = read_transcript(change(text))

    assert texts(transcript) == ["The lamp is lit."]
    assert (transcript.segments[0].start, transcript.segments[0].end) == (1.0, 2.0)


@pytest.mark.parametrize("name", ["lamp.srt", "lamp.txt", "lamp", "the lamp (1).json"])
def test_a_file_is_read_whatever_its_name_says(tmp_path, name):
    path = tmp_path / name
    path.write_text(SRT, "utf-16")

    assert texts(read_transcript(path)) == ["The lamp is lit."]
    assert texts(read_transcript(str(path))) == ["The lamp is lit."]
    assert texts(read_transcript(path.read_bytes())) == ["The lamp is lit."]


def test_text_of_several_lines_is_never_a_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two\nlines").write_text("from the file")

    assert texts(read_transcript("two\nlines")) == ["two", "lines"]


@pytest.mark.parametrize("text", ["Hello.", "Well done", "a/b", "x" * 3000, "see notes.txt", "~", "."])
def test_a_line_that_names_no_file_is_text(tmp_path, monkeypatch, text):
    monkeypatch.chdir(tmp_path)

    assert "".join(texts(read_transcript(text))).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    "text", ["missing.srt", "./talk.TXT", "/nowhere/talk.json", "https://example.org/lamp"]
)
def test_a_line_that_can_only_be_a_mistaken_path_or_address_is_refused(text):
    with pytest.raises(TranscriptError, match=r"is not a file here.*paste the text"):
        read_transcript(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_encodings(encoding):
    assert texts(read_transcript("Où est le café ?\nLà-bas…".encode(encoding))) == [
        "Où est le café ?",
        "Là-bas…",
    ]


@pytest.mark.parametrize(
    ("given_", "found"),
    [
        ("", "It is empty"),
        (b"", "It is empty"),
        (" \n\u00a0\u200b\ufeff\t", "only white space"),
        (
            "<!DOCTYPE html>\n<html><body><script>Hello</script></body></html>",
            "form of Web page, but no text",
        ),
        ('<?xml version="1.0"?><tt>Hello</tt>', "This is XML"),
        ('{"text": "Hello"}', "This is JSON, but not"),
        ('[{"text": "Hello"}]', "This is JSON, but not"),
        ("{}", "This is JSON, but not"),
        (r"{\rtf1 Hello}", "rich text"),
        (b"\x00\x01\x02\x03" * 50, "binary data"),
        ("a\0b\nc", "binary data"),
        (bytes(range(128, 256)) * 9, "neither UTF-8, UTF-16 nor Windows-1252"),
        (b"\xff\xfe\x00\xd8\x00", "begins as UTF-16 does"),
        (b"%PDF-1.7\n\xe2\xe3\xcf\xd3", "This PDF cannot be read: it is damaged"),
        (b"ID3\x04\x00\x00" + b"\xff\xfb" * 99, "an audio or video file"),
        (b"\x00\x00\x00\x20ftypM4A \x80", "an audio or video file"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\x1f\x8b\x08\x00", "a compressed file"),
        ("WEBVTT\n\nNOTE nothing here\n", "form of WebVTT captions, but no text"),
        ("1\n00:00:01,000 --> 00:00:02,000\n\n", "form of SubRip subtitles, but no text"),
    ],
)
def test_what_is_no_transcript_is_refused_with_what_it_is_and_what_was_expected(given_, found):
    with pytest.raises(TranscriptError, match=found) as refusal:
        read_transcript(given_)
    assert "Expected" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_an_archive_of_other_files_is_named_as_what_it_is(tmp_path):
    with zipfile.ZipFile(tmp_path / "talk.zip", "w") as archive:
        archive.writestr("talk/lamp.wav", os.urandom(99))

    with pytest.raises(TranscriptError, match="ZIP archive, but neither a Word nor an EPUB file"):
        read_transcript(tmp_path / "talk.zip")


def test_what_is_too_long_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "film.txt"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)

    for given_ in (path, b"a" * (MAX_BYTES + 1), "a" * (MAX_BYTES + 1)):
        with pytest.raises(TranscriptError, match="may have 32 MB at most"):
            read_transcript(given_)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a file without an end")
def test_of_what_never_ends_no_more_is_read_than_a_transcript_may_have():
    with pytest.raises(TranscriptError, match="may have 32 MB at most"):
        read_transcript(Path("/dev/zero"))


def test_a_book_may_be_longer_by_the_sound_in_it(tmp_path):
    path = tmp_path / "lamp.epub"
    path.write_bytes((FILES / "epub" / "lengths-unknown.epub").read_bytes())
    with zipfile.ZipFile(path, "a") as book:
        book.writestr("OEBPS/lamp.mp3", bytes(MAX_BYTES))  # stored, as it is

    assert read_transcript(path).segments


def test_files_that_cannot_be_read_are_named(tmp_path):
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(TranscriptError, match=f"Cannot read the transcript {path}"):
            read_transcript(path)


@given(st.text() | st.binary())
def test_anything_is_read_or_refused(given_):
    try:
        transcript = read_transcript(given_ + type(given_)(b"\n" if isinstance(given_, bytes) else "\n"))
    except TranscriptError as error:
        assert str(error)
        return
    assert [segment.id for segment in transcript.segments] == list(range(len(transcript.segments)))
    assert all(segment.words for segment in transcript.segments)


def test_the_table_names_every_format_once_and_plain_text_last():
    assert list(FORMATS)[-1] == "txt"
    assert all(format.name == name for name, format in FORMATS.items())


@pytest.mark.parametrize("name", ["page", "docx", ""])
def test_a_format_that_cannot_be_written_is_refused_with_those_that_can(name):
    with pytest.raises(TranscriptError, match=r"expected one of json, .*vtt, .*txt"):
        write(read_transcript(page()), name)


def test_untimed_counts_what_subtitles_leave_out():
    transcript = Transcript((Segment(0, "Here.", 1.0, 2.0), Segment(1, "Gone.")))

    assert untimed(transcript) == (transcript.segments[1],)


def test_the_documented_table_is_that_of_the_formats():
    text = DOCUMENT.read_text("utf-8")

    assert with_table(text) == text, "python -m tests.formats.documented makes it anew"


def test_every_format_that_is_read_has_files_to_read():
    for format in (*FORMATS.values(), *BINARY_FORMATS.values()):
        if format.read:
            assert list((FILES / format.name).glob("*.read")), format.name

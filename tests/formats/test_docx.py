"""Word documents: what is written opens in other programs and reads back with its texts and speakers."""

import io
import sys
import zipfile
from dataclasses import replace

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from alignment.errors import TranscriptError
from alignment.formats import read_transcript, write_bytes
from alignment.transcript import Segment, Transcript
from tests.formats.make_documents import CORE, paragraph, word_document
from tests.formats.strategies import LINE, NAME

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SPOKEN = Transcript(
    (
        Segment(0, "Is the lamp\nlit?", 1.5, 2.0, "Ada & co.", 0),
        Segment(1, "<Is> it?", 2.0, 3.0, "Ada & co.", 0),
        Segment(2, "Aye.", 3725.9, 3727.0, "Bo", 1),
        Segment(3, "Nobody\x0b said\x00 this.", turn=2),
    ),
    title="The Keeper",
    language="en",
)


def texts(transcript):
    return [segment.text for segment in transcript.segments]


def test_a_document_has_its_title_and_a_paragraph_to_each_turn():
    document = docx.Document(io.BytesIO(write_bytes(SPOKEN, "docx")))

    assert [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs] == [
        ("Title", "The Keeper"),
        ("Normal", "Ada & co.  00:00:01\nIs the lamp lit?\n<Is> it?"),
        ("Normal", "Bo  01:02:05\nAye."),
        ("Normal", "Nobody  said this."),
    ]
    assert document.paragraphs[1].runs[0].style.font.bold
    assert document.core_properties.title == "The Keeper"


def test_every_part_of_a_document_is_there_and_well_formed():
    with zipfile.ZipFile(io.BytesIO(write_bytes(SPOKEN, "docx"))) as archive:
        assert archive.testzip() is None
        parts = {name: archive.read(name) for name in archive.namelist()}
    roots = {name: etree.fromstring(data) for name, data in parts.items() if name.endswith((".xml", ".rels"))}

    assert "".join(roots["word/document.xml"].itertext(f"{W}t")).startswith("The KeeperAda & co.")
    styles = {style.get(f"{W}styleId") for style in roots["word/styles.xml"].iter(f"{W}style")}
    assert {style.get(f"{W}val") for style in roots["word/document.xml"].iter(f"{W}rStyle")} <= styles


def test_texts_and_speakers_are_read_back_and_times_are_not():
    transcript = read_transcript(write_bytes(SPOKEN, "docx"))

    assert (transcript.title, transcript.language) == ("The Keeper", "en")
    assert [(segment.text, segment.speaker, segment.turn) for segment in transcript.segments] == [
        ("Is the lamp lit?", "Ada & co.", 0),
        ("<Is> it?", "Ada & co.", 0),
        ("Aye.", "Bo", 1),
        ("Nobody  said this.", None, 2),
    ]
    assert all(segment.start is None for segment in transcript.segments)


@settings(max_examples=25)  # Each one is some hundred kilobytes of styles.
@given(
    st.lists(st.tuples(LINE, st.none() | NAME, st.none() | st.integers(0, 10**6)), min_size=1, max_size=6),
    st.none() | NAME,
)
def test_what_is_written_reads_back_with_the_same_texts_and_speakers(lines, title):
    start = 0.0
    segments = []
    for number, (text, speaker, later) in enumerate(lines):
        start += later or 0
        time = None if later is None else start
        segments.append(Segment(number, text, time, time, speaker and " ".join(speaker.split()), number))
    transcript = Transcript(tuple(segments), title=title and " ".join(title.split()))

    again = read_transcript(write_bytes(transcript, "docx"))

    assert again.title == transcript.title
    assert [replace(segment, words=()) for segment in again.segments] == [
        replace(segment, start=None, end=None) for segment in transcript.segments
    ]


def test_a_name_keeps_its_mark_where_somebody_has_changed_the_document():
    document = docx.Document(io.BytesIO(write_bytes(SPOKEN, "docx")))
    document.paragraphs[2].runs[-1].text = "Never!"
    document.paragraphs[0].insert_paragraph_before("Draft")
    content = io.BytesIO()
    document.save(content)

    segments = read_transcript(content.getvalue()).segments

    assert ("Never!", "Bo") in [(segment.text, segment.speaker) for segment in segments]
    assert [segment.text for segment in segments[:2]] == ["Draft", "The Keeper"]


def test_a_title_too_long_for_the_properties_of_a_document_is_whole_in_it():
    title = "lamp " * 100 + "end"

    assert read_transcript(write_bytes(replace(SPOKEN, title=title), "docx")).title == title


def test_writing_without_the_extra_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "docx", None)

    with pytest.raises(TranscriptError, match=r'pip install "verbatime\[documents\]"'):
        write_bytes(SPOKEN, "docx")


def test_reading_needs_no_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "docx", None)

    assert texts(read_transcript(word_document(paragraph("The lamp.")))) == ["The lamp."]


def test_the_title_in_the_properties_stands_for_one_in_the_text():
    transcript = read_transcript(word_document(paragraph("The lamp."), core=CORE.format("Lamps", "en")))

    assert (transcript.title, texts(transcript)) == ("Lamps", ["The lamp."])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (word_document(""), "form of Word document, but no text"),
        (
            word_document(paragraph("x"), path="word/document/../../../x.xml"),
            "has a name that leads out of it",
        ),
        (
            word_document("<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x/>"),
            "defines entities of its own",
        ),
        (word_document(paragraph("x")).replace(b"officeDocument", b"thesaurusWords"), "is damaged"),
    ],
)
def test_a_document_that_cannot_be_read_says_why(content, why):
    with pytest.raises(TranscriptError) as refused:
        read_transcript(content)

    assert why in str(refused.value)

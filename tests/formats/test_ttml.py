"""TTML: times of every kind, our own files read back by ourselves and by an independent reader of IMSC."""

import xml.etree.ElementTree as ET
from fractions import Fraction

import pytest
import ttconv.imsc.reader
import ttconv.model
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from alignment.errors import TranscriptError
from alignment.formats import read_transcript, write
from alignment.transcript import Segment, Transcript, Word
from tests.formats.strategies import ANY_TEXT, NAME, timed

NTSC = "ttp:timeBase='smpte' ttp:frameRate='30' ttp:frameRateMultiplier='1000 1001'"


def document(body, parameters=""):
    return (
        '<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" '
        f'xmlns:ttm="http://www.w3.org/ns/ttml#metadata" {parameters}><body>{body}</body></tt>'
    )


def lines(transcript):
    return [(segment.text, segment.start, segment.end) for segment in transcript.segments]


def word_times(transcript):
    return [(word.text, word.start, word.end) for word in transcript.words()]


@pytest.mark.parametrize(
    ("begin", "parameters", "seconds"),
    [
        ("12.5s", "", 12.5),
        ("300ms", "", 0.3),
        ("2h", "", 7200.0),
        ("3m", "", 180.0),
        ("15f", "", 0.5),
        ("15f", 'ttp:frameRate="60"', 0.25),
        ("15f", 'ttp:frameRate="0"', 0.5),
        ("30f", 'ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001"', 1.001),
        ("30f", 'ttp:frameRate="30" ttp:frameRateMultiplier="1000:1001"', 1.001),
        ("30f", 'ttp:frameRate="30" ttp:frameRateMultiplier="1000"', 1.0),
        ("5t", "", 5.0),
        ("50t", 'ttp:frameRate="25"', 2.0),
        ("50t", 'ttp:frameRate="25" ttp:subFrameRate="2"', 1.0),
        ("15000000t", 'ttp:tickRate="10000000"', 1.5),
        ("00:01:02.25", "", 62.25),
        ("00:01:02,250", "", 62.25),
        ("100:00:00", "", 360000.0),
        ("1:02.5", "", 62.5),
        ("0.312", "", 0.312),
        ("00:00:02:12", 'ttp:frameRate="24"', 2.5),
        ("00:00:02:12.1", 'ttp:frameRate="24"', 2.5),
        ("00:00:10:00", 'ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001"', 10.0),
        (
            "00:00:10:00",
            NTSC,
            10.01,
        ),
        (
            "00:02:00:04",
            f"{NTSC} ttp:dropMode='dropNTSC'",
            120.12,
        ),
        ("-1s", "", None),
        ("soon", "", None),
        ("9" * 21 + "s", "", None),
    ],
)
def test_every_way_to_write_a_time(begin, parameters, seconds):
    transcript = read_transcript(document(f'<div><p begin="{begin}" dur="1s">lamp</p></div>', parameters))

    assert transcript.segments[0].start == (seconds if seconds is None else pytest.approx(seconds))


def test_times_count_from_what_is_around_and_end_with_it():
    transcript = read_transcript(
        document(
            '<div begin="100s" end="110s"><p begin="1s" end="3s"><span begin="0.5s">lamp</span></p>'
            '<p begin="8s" end="20s">gull</p><p>all the while</p></div>'
        )
    )

    assert lines(transcript) == [
        ("all the while", 100.0, 110.0),
        ("lamp", 101.0, 103.0),
        ("gull", 108.0, 110.0),
    ]
    assert Word("lamp", 101.5, 103.0) in transcript.segments[1].words


def test_a_time_of_the_body_alone_times_no_line():
    transcript = read_transcript(document("<div><p>lamp</p></div>").replace("<body>", '<body dur="2:15.05">'))

    assert lines(transcript) == [("lamp", None, None)]


def test_white_space_is_shown_as_the_document_says():
    lamp = "<p>The\n  lamp  <br/>  is \t lit.</p>"

    assert lines(read_transcript(document(lamp)))[0][0] == "The lamp\nis lit."
    assert lines(read_transcript(document(lamp, 'xml:space="preserve"')))[0][0] == "The\nlamp\nis \t lit."


def test_what_is_no_speech_is_not_read():
    transcript = read_transcript(
        document(
            "<div><metadata><p>note</p></metadata><p>The <set begin='1s'/><ttm:desc>sound</ttm:desc>lamp"
            '<span ttm:role="x-translation">Lampe</span>.</p></div>'
        )
    )

    assert lines(transcript) == [("The lamp.", None, None)]


def test_words_in_elements_that_no_standard_knows_are_kept():
    transcript = read_transcript(document('<div><p>The <b>lamp <x:i xmlns:x="y">is</x:i></b> lit.</p></div>'))

    assert lines(transcript) == [("The lamp is lit.", None, None)]


def test_a_page_that_only_speaks_of_captions_is_none():
    transcript = read_transcript("<html><body><tt>captions</tt> <p>are written as ns/ttml</p></body></html>")

    assert [line for line, *_ in lines(transcript)] == ["captions", "are written as ns/ttml"]


@given(timed(), NAME, NAME)
def test_texts_times_words_speakers_and_title_are_kept(transcript, speaker, title):
    spoken = Transcript(
        tuple(
            Segment(s.id, s.text, s.start, s.end, speaker if s.id % 2 else None, words=s.words)
            for s in transcript.segments
        ),
        title=title,
        language="en",
    )

    again = read_transcript(write(spoken, "ttml"))

    assert lines(again) == lines(spoken)
    assert word_times(again) == word_times(spoken)
    assert [segment.speaker for segment in again.segments] == [
        segment.speaker and " ".join(segment.speaker.split()) for segment in spoken.segments
    ]
    assert (again.title, again.language) == (" ".join(title.split()), "en")


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_no_text_breaks_the_document(text, speaker, title):
    transcript = Transcript((Segment(0, text, 1.0, 2.0, speaker),), title=title, language="en")

    root = etree.fromstring(write(transcript, "ttml").encode())

    assert len(root.findall(".//{*}p")) == 1


def test_lines_and_words_without_times_stay_without():
    transcript = Transcript(
        (
            Segment(0, "Not said."),
            Segment(1, "The lamp", 1.0, 2.0, words=(Word("The"), Word("lamp", 1.5, 1.75))),
            Segment(2, "is\nlit.", 1.5, 3.0, words=(Word("is", 1.75, 1.75), Word("lit.", 2.0, 9.0))),
        )
    )

    again = read_transcript(write(transcript, "ttml"))

    assert lines(again) == [("The lamp", 1.0, 1.5), ("is\nlit.", 1.5, 3.0)]
    assert word_times(again) == [
        ("The", None, None),
        ("lamp", None, None),
        ("is", None, None),
        ("lit.", 2.0, 3.0),
    ]


def test_a_transcript_without_any_time_is_refused():
    with pytest.raises(TranscriptError, match="No line of this transcript has a time"):
        write(Transcript((Segment(0, "One"),)), "ttml")


def elements(parent, kind):
    for child in parent:
        if isinstance(child, kind):
            yield child
        yield from elements(child, kind)


def said(element):
    texts = (
        "\n" if isinstance(part, ttconv.model.Br) else part.get_text()
        for part in elements(element, (ttconv.model.Text, ttconv.model.Br))
    )
    return "".join(texts)


@given(timed())
def test_an_independent_reader_agrees_on_lines_and_words(transcript):
    model = ttconv.imsc.reader.to_model(ET.ElementTree(ET.fromstring(write(transcript, "ttml"))))

    read, words = [], []
    for paragraph in elements(model.get_body(), ttconv.model.P):
        start = paragraph.get_begin() or 0
        read.append((said(paragraph), start, paragraph.get_end()))
        for span in elements(paragraph, ttconv.model.Span):
            if span.get_begin() is not None or span.get_end() is not None:
                words.append((said(span), start + (span.get_begin() or 0), start + span.get_end()))
    assert read == [(text, exact(start), exact(end)) for text, start, end in lines(transcript)]
    assert words == [(text, exact(start), exact(end)) for text, start, end in word_times(transcript)]


def exact(seconds):
    return Fraction(round(seconds * 1000), 1000)


@given(st.text(alphabet="<>/ =\"'p spanbrdiv&;0123456789:.") | st.text())
def test_anything_in_a_body_is_read_or_refused(text):
    try:
        transcript = read_transcript(document(text))
    except TranscriptError:
        return
    transcript.check()

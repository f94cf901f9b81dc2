"""EPUB: what the book is made of, whatever its parts say of themselves."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.errors import TranscriptError
from alignment.formats import read_transcript
from alignment.formats.media_overlay import Clip, Overlay, clock, placed
from tests.formats.make_documents import FILES, XHTML, archived, book

PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf" version="3.0">
<manifest><item id="c" href="ch.xhtml" media-type="application/xhtml+xml"{}/>{}</manifest>
<spine><itemref idref="c"/></spine></package>"""
CHAPTER = XHTML.format("<p>The lamp is lit.</p>")
FONT = """<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#">
<EncryptionMethod Algorithm="http://www.idpf.org/2008/embedding"/>
<CipherData><CipherReference URI="OEBPS/font.otf"/></CipherData></EncryptedData></encryption>"""


def texts(transcript):
    return [segment.text for segment in transcript.segments]


def small(package=None, **entries):
    package = PACKAGE.format("", "") if package is None else package
    return book(package, {"OEBPS/ch.xhtml": CHAPTER, **entries})


def test_a_book_is_known_by_its_content(tmp_path):
    path = tmp_path / "book.txt"
    path.write_bytes(small())

    assert texts(read_transcript(path)) == ["The lamp is lit."]


def test_encrypted_fonts_do_no_harm():
    assert texts(read_transcript(small(**{"META-INF/encryption.xml": FONT}))) == ["The lamp is lit."]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (small("<package/>"), "form of EPUB book, but no text"),
        (small(PACKAGE.format("", "").replace("ch.xhtml", "gone.xhtml")), "OEBPS/gone.xhtml is missing"),
        (small(PACKAGE.format("", "").replace("ch.xhtml", "../../ch.xhtml")), "../ch.xhtml is missing"),
        (small("<!DOCTYPE x [<!ENTITY a 'b'>]><package/>"), "defines entities of its own"),
        (
            small(
                PACKAGE.format(' media-overlay="s"', '<item id="s" href="s.smil"/>'),
                **{"OEBPS/s.smil": "<smil>\n<par>"},
            ),
            r"EPUB (OEBPS/s.smil) is damaged at line 2",
        ),
        (archived({"mimetype": "application/epub+zip"}), "META-INF/container.xml is missing"),
        (
            archived({"mimetype": "application/epub+zip", "META-INF/container.xml": "<container/>"}),
            "does not say where the book is",
        ),
    ],
)
def test_a_book_that_cannot_be_read_says_why(content, why):
    with pytest.raises(TranscriptError) as refused:
        read_transcript(content)

    assert why in str(refused.value)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0:00:01.5", 1.5),
        ("5:34:31.396", 20071.396),
        ("09:58", 598.0),
        ("00:56.78", 56.78),
        ("76.2s", 76.2),
        ("7.75h", 27900.0),
        ("13min", 780.0),
        ("2345ms", 2.345),
        ("12.345", 12.345),
        (" npt=1s ", 1.0),
        ("", None),
        (None, None),
        ("1:2:3:4", None),
        ("-1s", None),
        ("soon", None),
    ],
)
def test_clock_values(value, seconds):
    assert clock(value) == (None if seconds is None else pytest.approx(seconds))


def clip(audio, start, end):
    return Clip("ch.xhtml", "", audio, start, end)


def times(clips):
    return [(clip.audio, clip.start, clip.end) for clip in clips]


def test_audio_files_follow_each_other_where_their_lengths_are_stated():
    overlays = [
        Overlay((clip("1", 0.0, 4.0),), 5.0),
        Overlay((clip("2", 1.0, 9.0),), 8.0),
        Overlay((clip("3", 0.5, None),), None),
    ]

    assert times(placed(overlays)) == [("1", 0.0, 4.0), ("2", 6.0, 14.0), ("3", 14.5, None)]


@pytest.mark.parametrize(
    "overlays",
    [
        [Overlay((clip("1", 0.0, 4.0),), None), Overlay((clip("2", 1.0, 9.0),), 8.0)],
        [Overlay((clip("1", 0.0, 4.0), clip("2", 0.0, 1.0)), 5.0)],
        [
            Overlay((clip("1", 0.0, 4.0),), 2.0),
            Overlay((clip("1", 4.0, 6.0),), 2.0),
            Overlay((clip("2", 4.0, 6.0),), 2.0),
        ],
    ],
    ids=["not stated", "two files in one overlay", "one file in two overlays"],
)
def test_only_the_first_file_has_times_where_its_length_is_not_known(overlays):
    assert {clip.audio for clip in placed(overlays)} == {"1"}


def test_one_audio_file_for_all_chapters_needs_no_length():
    overlays = [Overlay((clip("1", 0.0, 4.0),), None), Overlay((clip("1", 4.0, 9.0),), None)]

    assert times(placed(overlays)) == [("1", 0.0, 4.0), ("1", 4.0, 9.0)]


@given(
    st.sampled_from(sorted(path.name for path in FILES.glob("epub/*.epub.read"))),
    st.data(),
)
def test_a_book_with_anything_changed_in_a_part_is_read_or_refused(name, data):
    with zipfile.ZipFile(io.BytesIO((FILES / "epub" / name.removesuffix(".read")).read_bytes())) as given_:
        entries = {entry: given_.read(entry) for entry in given_.namelist()}
    changed = data.draw(st.sampled_from(sorted(entries)))
    content = entries[changed]
    place = data.draw(st.integers(0, len(content)))
    put_in = data.draw(
        st.sampled_from([b"", b"<p>", b"</p>", b"&x;", b'"', b"#", b"\0", b"99:99:99", b"<par>"])
    )
    entries[changed] = content[:place] + put_in + content[place + data.draw(st.integers(0, 40)) :]
    try:
        transcript = read_transcript(archived(entries))
    except TranscriptError:
        return
    transcript.check()

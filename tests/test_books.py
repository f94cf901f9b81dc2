"""Books: read back by our own reader and looked at as a reading system would."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urldefrag

import av
import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from alignment.books import book_of
from alignment.errors import AudioError, TranscriptError
from alignment.formats import read_transcript
from alignment.transcript import Chapter, Segment, Source, Transcript
from tests.browser.recordings import make_tones
from tests.formats.strategies import timed

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TALK = Transcript(
    (
        Segment(0, "Who is <there> & why?", 1.0, 2.5, speaker="Ada"),
        Segment(1, "Only the wind.", 3.0, 4.25, speaker="Bo", turn=1),
        Segment(2, "[Music]", turn=2, status="not_in_audio"),
        Segment(3, "守塔人：灯亮了。", 6.0, 7.0, speaker="Ada", turn=3),
    ),
    title="The Keeper",
    language="en",
    source=Source(channel="Salt & Light", chapters=(Chapter(0.0, "Dusk"), Chapter(6.0, "Night \x01"))),
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tones(tmp_path_factory.mktemp("tones") / "tones.m4a", duration_s=8.0, every_s=1.0).path


def opened(book: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(book))


def test_our_reader_reads_the_same_text_and_times(sound: Path):
    book = book_of(TALK, sound, id="keeper", title="The Keeper")

    again = read_transcript(book)

    assert (again.title, again.language, again.source.channel) == ("The Keeper", "en", "Salt & Light")
    timed_lines = [(line.text, line.start, line.end) for line in again.segments if line.start is not None]
    assert timed_lines == [
        (line.text, line.start, line.end) for line in TALK.segments if line.start is not None
    ]
    assert [chapter.title for chapter in again.source.chapters] == ["Dusk", "Night \ufffd"]


def test_it_is_put_together_as_the_standard_asks(sound: Path):
    with opened(book_of(TALK, sound, id="keeper", title="The Keeper", modified=NOW)) as book:
        first = book.infolist()[0]
        assert (first.filename, first.compress_type, book.read(first)) == (
            "mimetype",
            zipfile.ZIP_STORED,
            b"application/epub+zip",
        )
        package = etree.fromstring(book.read("EPUB/package.opf"))
        names = {name: uri for name, uri in package.nsmap.items() if name} | {"o": package.nsmap[None]}
        assert package.xpath(
            "//dc:identifier[@id=/o:package/@unique-identifier]/text()", namespaces=names
        ) == ["urn:verbatime:keeper"]
        assert package.xpath("//o:meta[@property='dcterms:modified']/text()", namespaces=names) == [
            "2026-01-02T03:04:05Z"
        ]
        # Everything that is listed is there, and nothing else.
        listed = {f"EPUB/{href}" for href in package.xpath("//o:item/@href", namespaces=names)}
        assert listed | {"mimetype", "META-INF/container.xml", "EPUB/package.opf"} == set(book.namelist())
        ids = package.xpath("//o:item/@id", namespaces=names)
        assert len(ids) == len(set(ids))
        assert set(package.xpath("//o:itemref/@idref", namespaces=names)) <= set(ids)
        assert set(package.xpath("//o:item/@media-overlay", namespaces=names)) <= set(ids)
        # Every part of an overlay leads to an element.
        for href in package.xpath("//o:item[@media-type='application/smil+xml']/@href", namespaces=names):
            overlay = etree.fromstring(book.read(f"EPUB/{href}"))
            for source in overlay.xpath("//*[local-name()='text']/@src"):
                document, fragment = urldefrag(source)
                page = etree.fromstring(book.read(f"EPUB/{document}"))
                assert len(page.xpath(f"//*[@id='{fragment}']")) == 1
        total = sum(
            float(value.removesuffix("s"))
            for value in package.xpath(
                "//o:meta[@property='media:duration'][@refines]/text()", namespaces=names
            )
        )
        assert package.xpath(
            "//o:meta[@property='media:duration'][not(@refines)]/text()", namespaces=names
        ) == [f"{total:.3f}s"]


def test_the_sound_is_in_it_as_it_is(sound: Path):
    with opened(book_of(TALK, sound, id="keeper", title="The Keeper")) as book:
        assert book.read("EPUB/audio.m4a") == sound.read_bytes()


def test_opus_in_webm_is_put_into_ogg(tmp_path: Path):
    opus = make_tones(tmp_path / "tones.opus", duration_s=4.0, every_s=1.0).path
    webm = tmp_path / "tones.webm"
    with av.open(str(opus)) as given_, av.open(str(webm), "w") as made:
        copy = made.add_stream_from_template(given_.streams.audio[0])
        for packet in given_.demux(given_.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = copy
                made.mux(packet)

    with (
        opened(book_of(TALK, webm, id="keeper", title="x")) as book,
        av.open(io.BytesIO(book.read("EPUB/audio.opus"))) as sound,
    ):
        assert sound.format.name == "ogg" and sound.streams.audio[0].codec_context.name in {"opus", "libopus"}
        assert (sound.duration or 0) / av.time_base == pytest.approx(4.0, abs=0.05)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(transcript=timed(untimed=True))
def test_no_word_is_lost(sound: Path, transcript: Transcript):
    if not any(segment.start is not None for segment in transcript.segments):
        return
    with opened(book_of(transcript, sound, id="x", title="x", modified=NOW)) as book:
        page = etree.fromstring(book.read("EPUB/text-1.xhtml"))

    shown = page.xpath("//*[local-name()='span']/text()")
    assert [text.split() for text in shown] == [segment.text.split() for segment in transcript.segments]


def test_a_transcript_without_times_is_refused(sound: Path):
    with pytest.raises(TranscriptError, match=r"nothing could be read aloud\. Align it first"):
        book_of(replace(TALK, segments=(Segment(0, "One"),)), sound, id="x", title="x")


@pytest.mark.parametrize("name", ["gone.m4a", "gone.webm"])
def test_a_sound_that_is_not_there_is_refused(tmp_path: Path, name: str):
    with pytest.raises(
        AudioError, match=rf"{name} cannot be put into a book \(No such file or directory\)\."
    ):
        book_of(TALK, tmp_path / name, id="x", title="x")


def test_a_file_that_only_its_name_makes_a_sound_is_refused(tmp_path: Path):
    (path := tmp_path / "talk.mp3").write_text("Seeds first, then water. " * 99)

    with pytest.raises(
        AudioError, match=r"talk\.mp3 cannot be put into a book \([^\[]+\)\. Give another file"
    ):
        book_of(TALK, path, id="x", title="x")

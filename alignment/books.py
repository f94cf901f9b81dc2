"""An episode as an EPUB 3 book that is read aloud: its text, its sound, and overlays that mark each line.

The structure is that of EPUB 3.3 (https://www.w3.org/TR/epub-33/): a document for each chapter, or one for
all, and for each an overlay (SMIL) that says which part of the one audio file is which line.
"""

import io
import zipfile
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import av
from lxml import etree
from lxml.builder import ElementMaker

from alignment.audio import why_undecodable
from alignment.errors import AudioError, TranscriptError
from alignment.formats.xml_text import printable
from alignment.transcript import Segment, Transcript

__all__ = ["book_of"]

_XHTML, _OPS = "http://www.w3.org/1999/xhtml", "http://www.idpf.org/2007/ops"
_OPF, _DC = "http://www.idpf.org/2007/opf", "http://purl.org/dc/elements/1.1/"
_SMIL, _CONTAINER = "http://www.w3.org/ns/SMIL", "urn:oasis:names:tc:opendocument:xmlns:container"
_AUDIO_TYPES = {
    ".m4a": "audio/mp4",
    ".mp4": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".opus": "audio/ogg; codecs=opus",
    ".ogg": "audio/ogg; codecs=opus",
}
"""What every reading system can play."""

_EARLY_S = 0.5
"""How much before its chapter a line may begin: chapters are set by hand, and rounded."""

_ACTIVE = "spoken"
_STYLE = f"""
body {{ line-height: 1.5; }}
h1 {{ font-size: 1.4em; line-height: 1.25; }}
.speaker {{ font-weight: bold; margin-bottom: 0; }}
.{_ACTIVE} {{ background: #d5e8e4; color: #111; }}
""".lstrip()

_X = ElementMaker(namespace=_XHTML, nsmap={None: _XHTML, "epub": _OPS})
_P = ElementMaker(namespace=_OPF, nsmap={None: _OPF, "dc": _DC})
_D = ElementMaker(namespace=_DC, nsmap={"dc": _DC})
_S = ElementMaker(namespace=_SMIL, nsmap={None: _SMIL})
_C = ElementMaker(namespace=_CONTAINER, nsmap={None: _CONTAINER})


@dataclass(frozen=True, slots=True)
class _Part:
    """A document of the book, and the lines in it. number: from 1."""

    number: int
    title: str
    lines: Sequence[Segment]

    @property
    def text(self) -> str:
        return f"text-{self.number}.xhtml"

    @property
    def overlay(self) -> str:
        return f"overlay-{self.number}.smil"

    @property
    def timed(self) -> list[Segment]:
        return [line for line in self.lines if line.start is not None]

    @property
    def duration(self) -> float:
        """Seconds that its overlay plays."""
        return sum((line.end or 0.0) - (line.start or 0.0) for line in self.timed)


def book_of(
    transcript: Transcript, audio: Path, *, id: str, title: str, modified: datetime | None = None
) -> bytes:
    """The content of the EPUB file.

    id: a name that no other book has, the same for each edition of this one. modified: now by default.
    Raises TranscriptError where no line has a time, AudioError where the audio cannot be read.
    """
    if not any(segment.start is not None for segment in transcript.segments):
        raise TranscriptError(
            "No line of this transcript has a time yet, so nothing could be read aloud. Align it first, or "
            "write it as plain text."
        )
    name, media_type, sound = _playable(audio)
    parts = _parts(transcript, title)
    language = transcript.language or "und"
    files = {
        "META-INF/container.xml": _container(),
        "EPUB/package.opf": _package(transcript, parts, id, title, language, (name, media_type), modified),
        "EPUB/nav.xhtml": _navigation(parts, title, language),
        "EPUB/style.css": _STYLE.encode(),
    }
    for part in parts:
        files[f"EPUB/{part.text}"] = _document(part, language)
        if part.timed:
            files[f"EPUB/{part.overlay}"] = _overlay(part, name)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        # First and as it is, by which a reading system knows the file.
        archive.writestr(zipfile.ZipInfo("mimetype"), "application/epub+zip", zipfile.ZIP_STORED)
        for path, content in files.items():
            archive.writestr(path, content)
        archive.writestr(f"EPUB/{name}", sound, zipfile.ZIP_STORED)
    return out.getvalue()


def _playable(audio: Path) -> tuple[str, str, bytes]:
    """Name, kind and content of an audio file that every reading system plays.

    Opus in WebM is put into Ogg, as it is.
    """
    suffix = audio.suffix.lower()
    try:
        if suffix in _AUDIO_TYPES:
            with av.open(str(audio), metadata_errors="ignore") as given:
                _ = given.streams.audio[0]  # or it is no sound, whatever its name says
            return f"audio{suffix}", _AUDIO_TYPES[suffix], audio.read_bytes()
        out = io.BytesIO()
        with av.open(str(audio)) as given, av.open(out, "w", format="ogg") as made:
            stream = given.streams.audio[0]
            if stream.codec_context.name not in {"opus", "libopus"}:
                raise AudioError(
                    f"{audio.name} is of a kind that books cannot hold. Give it as M4A, MP3 or Opus."
                )
            copy = made.add_stream_from_template(stream)
            for packet in given.demux(stream):
                if packet.dts is not None:
                    packet.stream = copy
                    made.mux(packet)
        return "audio.opus", _AUDIO_TYPES[".opus"], out.getvalue()
    except (av.FFmpegError, OSError, IndexError) as error:
        why = why_undecodable(error)
        raise AudioError(f"{audio.name} cannot be put into a book ({why}). Give another file.") from error


def _parts(transcript: Transcript, title: str) -> list[_Part]:
    """A part for each chapter that has lines; one for all where there are no chapters."""
    chapters = sorted(transcript.source.chapters, key=lambda chapter: chapter.start)
    starts = [chapter.start for chapter in chapters]
    numbers: list[int] = []
    for line in transcript.segments:
        begun = 0 if line.start is None else bisect_right(starts, line.start + _EARLY_S)
        numbers.append(max(begun, numbers[-1] if numbers else 0))
    parts: list[_Part] = []
    for number, lines in groupby(zip(numbers, transcript.segments, strict=True), key=lambda pair: pair[0]):
        name = chapters[number - 1].title if number else title
        parts.append(_Part(len(parts) + 1, printable(name), [line for _, line in lines]))
    return parts


def _container() -> bytes:
    return _written(
        _C.container(
            _C.rootfiles(
                _C.rootfile({"full-path": "EPUB/package.opf", "media-type": "application/oebps-package+xml"})
            ),
            version="1.0",
        )
    )


def _package(
    transcript: Transcript,
    parts: Sequence[_Part],
    id: str,
    title: str,
    language: str,
    audio: tuple[str, str],
    modified: datetime | None,
) -> bytes:
    when = (modified or datetime.now(UTC)).astimezone(UTC)
    metadata = _P.metadata(
        _D.identifier(f"urn:verbatime:{printable(id)}", id="id"),
        _D.title(printable(title)),
        _D.language(language),
        _meta("dcterms:modified", f"{when:%Y-%m-%dT%H:%M:%SZ}"),
        _meta("media:active-class", _ACTIVE),
        _meta("media:duration", _clock(sum(part.duration for part in parts))),
    )
    source = transcript.source
    for name, value in (("creator", source.channel), ("date", source.published), ("source", source.url)):
        if value:
            metadata.append(_D(name, printable(value)))
    items = [
        _item("nav", "nav.xhtml", "application/xhtml+xml", properties="nav"),
        _item("style", "style.css", "text/css"),
        _item("audio", *audio),
    ]
    for part in parts:
        overlay = {"media-overlay": f"overlay-{part.number}"} if part.timed else {}
        items.append(_item(f"text-{part.number}", part.text, "application/xhtml+xml", **overlay))
        if part.timed:
            items.append(_item(f"overlay-{part.number}", part.overlay, "application/smil+xml"))
            about = {"refines": f"#overlay-{part.number}"}
            metadata.append(_meta("media:duration", _clock(part.duration), **about))
    spine = _P.spine(*(_P.itemref(idref=f"text-{part.number}") for part in parts))
    package = _P.package(metadata, _P.manifest(*items), spine, version="3.0")
    package.set("unique-identifier", "id")
    return _written(package)


def _meta(name: str, value: str, **attributes: str) -> etree._Element:
    return _P.meta(value, property=name, **attributes)


def _item(id: str, href: str, media_type: str, **attributes: str) -> etree._Element:
    return _P.item({"id": id, "href": href, "media-type": media_type, **attributes})


def _navigation(parts: Sequence[_Part], title: str, language: str) -> bytes:
    links = (_X.li(_X.a(part.title, href=part.text)) for part in parts)
    nav = _X.nav(_X.h1(printable(title)), _X.ol(*links), {f"{{{_OPS}}}type": "toc"})
    return _page(printable(title), language, [nav])


def _document(part: _Part, language: str) -> bytes:
    """A paragraph for each turn, a <span> for each line."""
    body: list[etree._Element] = [_X.h1(part.title)]
    speaker = None
    for (_, named), lines in groupby(part.lines, key=lambda line: (line.turn, line.speaker)):
        if named and named != speaker:
            body.append(_X.p(printable(named), {"class": "speaker"}))
        speaker = named
        body.append(_X.p(*_spans(lines)))
    return _page(part.title, language, body)


def _spans(lines: Iterator[Segment]) -> Iterator[etree._Element | str]:
    for number, line in enumerate(lines):
        if number:
            yield " "
        yield _X.span(printable(" ".join(line.text.split())), id=f"line-{line.id}")


def _page(title: str, language: str, body: Sequence[etree._Element]) -> bytes:
    head = _X.head(_X.title(title), _X.link(rel="stylesheet", href="style.css"))
    page = _X.html(head, _X.body(*body))
    page.set("lang", language)
    page.set("{http://www.w3.org/XML/1998/namespace}lang", language)
    return _written(page)


def _overlay(part: _Part, audio: str) -> bytes:
    pars = (
        _S.par(
            _S.text(src=f"{part.text}#line-{line.id}"),
            _S.audio(src=audio, clipBegin=_clock(line.start or 0.0), clipEnd=_clock(line.end or 0.0)),
            id=f"par-{line.id}",
        )
        for line in part.timed
    )
    return _written(_S.smil(_S.body(*pars), version="3.0"))


def _clock(seconds: float) -> str:
    return f"{seconds:.3f}s"


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)

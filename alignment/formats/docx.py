"""Word documents (https://ecma-international.org/publications-and-standards/standards/ecma-376/).

Written with python-docx, of the extra "documents": the title, and a paragraph to each turn, which begins with
who speaks and when, in character styles of their own. Lines stay lines in it. The times, to the second, are
for the person who reads: they are too coarse to play by, so reading leaves them out and keeps texts and
speakers.

Read by own code, because python-docx leaves out what stands in text boxes, forms and accepted insertions.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from lxml import etree

from alignment.formats.archive import Archive, is_archive, opened
from alignment.formats.cues import timestamp
from alignment.formats.decoding import decode, normalise
from alignment.formats.documents import needs_extra, paragraph_lines, unreadable
from alignment.formats.format import Format
from alignment.formats.language_codes import language_code
from alignment.formats.media_overlay import resolved
from alignment.formats.ordering import arranged
from alignment.formats.xml_text import local_name, parsed
from alignment.transcript import Segment, Transcript
from alignment.words import is_blank

if TYPE_CHECKING:
    from docx.document import Document

__all__ = ["FORMAT", "read", "recognises", "write"]

_KIND = "Word document"
_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TYPES, _RELATIONS = b"[Content_Types].xml", "_rels/.rels"
_SPEAKER, _TIME = "Transcript Speaker", "Transcript Time"

_LEFT_OUT = frozenset({"del", "moveFrom", "delText", "instrText", "Fallback", "rt", "pPr", "sectPr", "tblPr"})
"""Deletions, codes of fields, what is there twice for old programs, reading aids of ruby, properties."""

_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True)
class _Paragraph:
    """A paragraph while it is read.

    run_style: the character style of what comes next. joins: whether its end is deleted, so that the next
    paragraph continues it.
    """

    style: str
    joins: bool
    texts: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    run_style: str = ""

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(self.texts)

    def add(self, text: str) -> None:
        """Take text of the current style: a name, a time or what is said."""
        if self.run_style == _style_id(_SPEAKER):
            self.names.append(text)
        elif self.run_style != _style_id(_TIME):
            self.texts.append(text)


def recognises(content: bytes) -> bool:
    """Whether `content` is a ZIP file with what every Word document has in it."""
    return is_archive(content) and _TYPES in content and b"word/document" in content


def read(content: bytes) -> Transcript:
    """A turn for every paragraph, in tables and text boxes too; a first one in the style Title is the title.

    Insertions that wait to be accepted are read, deletions are not. Headers, footers, notes and comments are
    left out.
    """
    archive = opened(content, _KIND)
    relations = _relations(archive)
    body = _xml(archive, relations["officeDocument"])
    properties = _properties(archive, relations.get("core-properties"))
    title = properties.get("title")
    segments: list[Segment] = []
    written = (paragraph for paragraph in _paragraphs(body) if not is_blank(paragraph.text))
    for number, paragraph in enumerate(written):
        if number == 0 and paragraph.style == "Title":
            title = " ".join(paragraph.text.split())
            continue
        speaker = " ".join("".join(paragraph.names).split()) or None
        for line in paragraph_lines(paragraph.text):
            segments.append(Segment(0, line.text, speaker=speaker, turn=number))
    return Transcript(
        segments=arranged(segments), title=title, language=language_code(properties.get("language"))
    )


def _xml(archive: Archive, path: str) -> etree._Element:
    return parsed(normalise(decode(archive.read(path))), f"{_KIND} ({path})")


def _relations(archive: Archive) -> dict[str, str]:
    """The paths of the document and of what it says of itself, by the last word of what they are called."""
    found = {
        relation.get("Type", "").rpartition("/")[2]: resolved("", relation.get("Target", "").lstrip("/"))[0]
        for relation in _xml(archive, _RELATIONS).iter("{*}Relationship")
    }
    if "officeDocument" not in found:
        raise unreadable(_KIND, f"{_RELATIONS} in it does not say where the text is")
    return found


def _properties(archive: Archive, path: str | None) -> dict[str, str]:
    """Title, language and the like, those that say something."""
    if path not in archive.names:
        return {}
    texts = ((local_name(found), " ".join((found.text or "").split())) for found in _xml(archive, path))
    return {name: text for name, text in texts if text}


def _paragraphs(body: etree._Element) -> Iterator[_Paragraph]:
    """Every paragraph, in order; one in a text box before the one that the box stands in."""
    inside: list[_Paragraph] = []
    carried: list[str] = []
    walk = etree.iterwalk(body, events=("start", "end"))
    for event, element in walk:
        name = local_name(element)
        if event == "end" and name == "p" and inside:
            paragraph = inside.pop()
            carried += paragraph.texts
            if not paragraph.joins:
                paragraph.texts, carried = carried, []
                yield paragraph
        elif event == "start" and (name in _LEFT_OUT or (name == "r" and _is_hidden(element))):
            walk.skip_subtree()
        elif event == "start" and name == "p":
            joins = element.find("{*}pPr/{*}rPr/{*}del") is not None
            inside.append(_Paragraph(_value(element.find("{*}pPr/{*}pStyle")), joins))
        elif event == "start" and inside and name == "r":
            inside[-1].run_style = _value(element.find("{*}rPr/{*}rStyle"))
        elif event == "start" and inside:
            inside[-1].add((element.text or "") if name == "t" else _CHARACTERS.get(name, ""))
    if carried:
        yield _Paragraph("", False, carried)


def _is_hidden(run: etree._Element) -> bool:
    hidden = run.find("{*}rPr/{*}vanish")
    return hidden is not None and _value(hidden) not in ("0", "false", "off")


def _value(element: etree._Element | None) -> str:
    """What the attribute w:val says, in whichever of the format's two namespaces."""
    if element is None:
        return ""
    values = (value for name, value in element.attrib.items() if name.rpartition("}")[2] == "val")
    return str(next(values, ""))


def _style_id(name: str) -> str:
    return name.replace(" ", "")


def write(transcript: Transcript) -> bytes:
    """The document. Raises TranscriptError where python-docx is not installed."""
    try:
        import docx
    except ImportError as error:
        raise needs_extra("a Word document") from error
    document = docx.Document()
    properties = document.core_properties
    properties.author = properties.comments = ""
    properties.title = _fit(transcript.title or "")[:255]
    properties.language = transcript.language or ""
    _add_styles(document)
    if title := _fit(transcript.title or ""):
        document.add_paragraph(title, "Title")
    for (_, speaker), turn in groupby(transcript.segments, key=lambda line: (line.turn, line.speaker)):
        _add_turn(document, speaker, list(turn))
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _add_turn(document: "Document", speaker: str | None, lines: Sequence[Segment]) -> None:
    paragraph = document.add_paragraph()
    # Styles by their ids, for python-docx goes through all styles each time that it is given a name.
    if name := _fit(speaker or ""):
        paragraph.add_run(f"{name}  ").element.style = _style_id(_SPEAKER)
    if lines[0].start is not None:
        clock = timestamp(int(lines[0].start) * 1000, ".").partition(".")[0]
        paragraph.add_run(clock).element.style = _style_id(_TIME)
    for number, line in enumerate(lines):
        if number or paragraph.runs:
            paragraph.add_run().add_break()
        paragraph.add_run(_fit(line.text))


def _add_styles(document: "Document") -> None:
    """The character styles of names and times, by which they are known again when the document is read."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import RGBColor

    document.styles.add_style(_SPEAKER, WD_STYLE_TYPE.CHARACTER).font.bold = True
    document.styles.add_style(_TIME, WD_STYLE_TYPE.CHARACTER).font.color.rgb = RGBColor(0x60, 0x60, 0x60)


def _fit(text: str) -> str:
    """The text on one line, without what XML cannot hold."""
    return _NOT_IN_XML.sub("", " ".join(text.splitlines())).strip()


FORMAT = Format(
    "docx",
    "Word document",
    recognises,
    read=read,
    write=write,
    speakers=True,
    untimed=True,
    media_type=_MEDIA_TYPE,
)

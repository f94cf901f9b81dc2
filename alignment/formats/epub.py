"""EPUB books (https://www.w3.org/TR/epub-33/): their text in the order of reading, with times where they have
media overlays, as books do that are read aloud.

What is no text to be read is left out: lists of pages and contents, numbers of pages, marks of notes (the
notes are kept), documents that the book says are not part of its order of reading. The author stands for the
channel.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from operator import itemgetter

from lxml import etree

from alignment.formats.archive import Archive, is_archive, opened
from alignment.formats.decoding import decode, normalise
from alignment.formats.documents import paragraph_lines, unreadable
from alignment.formats.format import Format
from alignment.formats.joining import Piece, lines_of
from alignment.formats.language_codes import language_code
from alignment.formats.markup import attribute, blocks, document, is_invisible
from alignment.formats.media_overlay import Clip, Overlay, clips, clock, placed, resolved
from alignment.formats.ordering import arranged
from alignment.formats.xml_text import parsed
from alignment.transcript import Chapter, Segment, Source, Transcript
from alignment.words import WHITE_SPACE

__all__ = ["FORMAT", "read", "recognises"]

_KIND = "EPUB"
_CONTAINER, _ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
_OF_FONTS = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
_TYPE = "{http://www.idpf.org/2007/ops}type"
_NOT_READ = frozenset({"pagebreak", "noteref", "doc-pagebreak", "doc-noteref"})
_LONGEST_WORD = 20
_STOPS = re.compile(r"^[^\w\s]+")
_OPENING = re.compile(r"(?<!\S)[^\w\s]+$")


@dataclass(frozen=True, slots=True)
class _Item:
    """A file of the book. overlay: the id of the item that says when its text is heard."""

    path: str
    media_type: str
    properties: frozenset[str]
    overlay: str | None


@dataclass(frozen=True, slots=True)
class _Package:
    """What a book says of itself.

    items: its files by their ids. durations: of overlays by their ids, of the whole book by "".
    """

    root: etree._Element
    items: Mapping[str, _Item]
    durations: Mapping[str, float | None]

    def values(self, name: str) -> list[str]:
        """The texts of all elements of that name in the metadata."""
        texts = (" ".join("".join(found.itertext()).split()) for found in self.root.iter(f"{{*}}{name}"))
        return [text for text in texts if text]

    def reading_order(self) -> list[_Item]:
        """The documents that are read one after another, each once."""
        order: dict[str, _Item] = {}
        for reference in self.root.iter("{*}itemref"):
            item = self.items.get(reference.get("idref", ""))
            if item is None or "html" not in item.media_type or "nav" in item.properties:
                continue
            if reference.get("linear") != "no" or item.overlay:
                order.setdefault(item.path, item)
        return list(order.values())


@dataclass(frozen=True, slots=True)
class _Fragment:
    """A piece of a document. paragraph: its number. clip: when it is heard, where that is known."""

    text: str
    paragraph: int
    clip: Clip | None


def recognises(content: bytes) -> bool:
    """Whether `content` is a ZIP file with what every EPUB has in it."""
    return is_archive(content) and (
        b"application/epub+zip" in content[:200] or _CONTAINER.encode() in content
    )


def read(content: bytes) -> Transcript:
    """The text of the book, a turn for each paragraph, heading, ...

    With media overlays each piece of text that they name is a line with its time; where these are words, they
    are joined into lines. Audio files follow each other as `media_overlay.placed` says.
    """
    archive = opened(content, _KIND)
    package = _package(archive)
    order = package.reading_order()
    if _encrypted(archive) & {item.path for item in order}:
        raise unreadable(
            _KIND, "its text is encrypted, so that it opens in the shop's own reader alone (DRM)"
        )
    heard = _heard(archive, package, order)
    spoken: list[Segment] = []
    begins: dict[str, float] = {}
    for item in order:
        fragments = _fragments(archive, item.path, heard.get(item.path, {}))
        mine = list(_lines(fragments, spoken[-1].turn + 1 if spoken else 0))
        starts = [line.start for line in mine if line.start is not None]
        if starts:
            begins[item.path] = min(starts)
        spoken += mine
    return Transcript(
        segments=arranged(spoken),
        title=next(iter(package.values("title")), None),
        language=language_code(next(iter(package.values("language")), None)),
        source=Source(
            channel=", ".join(dict.fromkeys(package.values("creator"))) or None,
            length=package.durations.get(""),
            chapters=_chapters(archive, package, begins, heard) if begins else (),
        ),
    )


def _xml(archive: Archive, path: str) -> etree._Element:
    return parsed(normalise(decode(archive.read(path))), f"{_KIND} ({path})")


def _package(archive: Archive) -> _Package:
    rootfile = next(_xml(archive, _CONTAINER).iter("{*}rootfile"), None)
    path = rootfile.get("full-path") if rootfile is not None else None
    if not path:
        raise unreadable(_KIND, f"{_CONTAINER} in it does not say where the book is")
    root = _xml(archive, path)
    items = {
        item.get("id", ""): _Item(
            resolved(path, item.get("href", ""))[0],
            item.get("media-type", ""),
            frozenset(item.get("properties", "").split()),
            item.get("media-overlay"),
        )
        for item in root.iter("{*}item")
    }
    durations = {
        meta.get("refines", "").removeprefix("#"): clock(meta.text)
        for meta in root.iter("{*}meta")
        if meta.get("property") == "media:duration"
    }
    return _Package(root, items, durations)


def _encrypted(archive: Archive) -> set[str]:
    """The paths of the files that are encrypted, but for fonts, which may be."""
    if _ENCRYPTION not in archive.names:
        return set()
    paths = set()
    for data in _xml(archive, _ENCRYPTION).iter("{*}EncryptedData"):
        method = next(data.iter("{*}EncryptionMethod"), None)
        if method is None or method.get("Algorithm") not in _OF_FONTS:
            paths |= {resolved("", found.get("URI", ""))[0] for found in data.iter("{*}CipherReference")}
    return paths


def _heard(archive: Archive, package: _Package, order: Iterable[_Item]) -> dict[str, dict[str, Clip]]:
    """The clips of each document by the ids of its elements."""
    overlays: dict[str, Overlay] = {}
    for name in (item.overlay for item in order if item.overlay):
        path = package.items[name].path if name in package.items else None
        if path and path not in overlays:
            overlays[path] = Overlay(clips(_xml(archive, path), path), package.durations.get(name))
    heard: dict[str, dict[str, Clip]] = {}
    for clip in placed(list(overlays.values())):
        mine = heard.setdefault(clip.document, {})
        before = mine.get(clip.fragment)
        mine[clip.fragment] = replace(before, end=clip.end) if before else clip
    return heard


def _fragments(archive: Archive, path: str, heard: Mapping[str, Clip]) -> Iterator[_Fragment]:
    """The pieces of the document: what stands in one element that is heard, and what stands in between."""
    root = document(normalise(decode(archive.read(path))), f"{_KIND} ({path})")
    if root is None:
        return
    with_ids = ((element, attribute(element, "id")) for element in root.iter(etree.Element))
    marks = {element: heard[name] for element, name in with_ids if name and name in heard}
    if "" in heard:
        marks.setdefault(root, heard[""])
    runs = [
        (run.mark, number, run.text)
        for number, block in enumerate(blocks(root, partial(_leaves_out, marks), marks))
        for run in block
    ]
    for (mark, _), group in groupby(runs, key=lambda run: (run[0], run[1] if run[0] is None else None)):
        mine = list(group)
        parts = ("".join(run[2] for run in part) for _, part in groupby(mine, key=itemgetter(1)))
        yield _Fragment("\n".join(parts), mine[0][1], None if mark is None else marks[mark])


def _leaves_out(marks: Mapping[etree._Element, Clip], element: etree._Element) -> bool:
    if element.tag == "nav" or is_invisible(element):
        return True
    types = f"{_epub_type(element)} {attribute(element, 'role')}".split()
    return element not in marks and not _NOT_READ.isdisjoint(types)


def _epub_type(element: etree._Element) -> str:
    """What the element is for. The name has a namespace in XML and none in HTML."""
    return attribute(element, _TYPE) or attribute(element, "epub:type")


def _lines(given: Iterable[_Fragment], first_turn: int) -> Iterable[Segment]:
    """The lines of a document, each paragraph a turn from `first_turn` on."""
    fragments = _with_stray_marks(given)
    heard = [fragment for fragment in fragments if fragment.clip]
    if 2 * sum(_is_word(fragment.text) for fragment in heard) > len(heard):
        return lines_of(_piece(fragment, first_turn) for fragment in fragments)
    return _lines_as_marked(fragments, first_turn)


def _is_word(text: str) -> bool:
    return len(text) <= _LONGEST_WORD and len(text.split()) == 1


def _piece(fragment: _Fragment, first_turn: int) -> Piece:
    start, end = (fragment.clip.start, fragment.clip.end) if fragment.clip else (None, None)
    return Piece(fragment.text, start, end, turn=first_turn + fragment.paragraph)


def _lines_as_marked(fragments: Iterable[_Fragment], first_turn: int) -> Iterator[Segment]:
    for fragment in fragments:
        turn = first_turn + fragment.paragraph
        text = fragment.text.strip(WHITE_SPACE)
        if fragment.clip and text:
            yield Segment(0, text, fragment.clip.start, fragment.clip.end, turn=turn)
        else:
            yield from (Segment(0, line.text, turn=turn) for line in paragraph_lines(text))


def _with_stray_marks(fragments: Iterable[_Fragment]) -> list[_Fragment]:
    """The fragments, those that are heard with the quotation marks and stops that stand right beside them."""
    joined: list[_Fragment] = []
    for fragment in fragments:
        before = joined[-1] if joined and joined[-1].paragraph == fragment.paragraph else None
        if before and before.clip and not fragment.clip:
            marks = len(fragment.text) - len(_STOPS.sub("", fragment.text))
            joined[-1] = replace(before, text=before.text + fragment.text[:marks])
            joined.append(replace(fragment, text=fragment.text[marks:]))
        elif before and fragment.clip and not before.clip and (opening := _OPENING.search(before.text)):
            joined[-1] = replace(before, text=before.text[: opening.start()])
            joined.append(replace(fragment, text=opening[0] + fragment.text))
        else:
            joined.append(fragment)
    return joined


def _chapters(
    archive: Archive, package: _Package, begins: Mapping[str, float], heard: Mapping[str, Mapping[str, Clip]]
) -> tuple[Chapter, ...]:
    """The entries of the table of contents, with the times at which their text is heard."""
    contents = next((item for item in package.items.values() if "nav" in item.properties), None)
    if contents is None or contents.path not in archive.names:
        return ()
    root = document(normalise(decode(archive.read(contents.path))), f"{_KIND} ({contents.path})")
    lists = [] if root is None else list(root.iter("nav"))
    named = [found for found in lists if "toc" in _epub_type(found).split()]
    chapters: dict[float, str] = {}
    for link in (link for found in (named or lists)[:1] for link in found.iter("a")):
        path, fragment = resolved(contents.path, attribute(link, "href"))
        clip = heard.get(path, {}).get(fragment)
        start = clip.start if clip else begins.get(path)
        title = " ".join("".join(link.itertext()).split())
        if start is not None and title:
            chapters.setdefault(start, title)
    return tuple(Chapter(start, chapters[start]) for start in sorted(chapters))


FORMAT = Format("epub", "EPUB book", recognises, read=read, words=True)

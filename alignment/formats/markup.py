"""The text of HTML and XHTML as a browser shows it: blocks of text, each with the marks that stand in it."""

import html
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from lxml import etree

from alignment.formats.format import damaged

__all__ = ["Run", "attribute", "blocks", "document", "is_invisible", "text_of"]

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre search "
    "section summary table tbody tfoot thead tr ul"
    # The names that trafilatura gives to headings, lists and rows.
    " head item list quote row".split()
)
_LINES = frozenset("br lb td th cell".split())
"""What begins a line inside a block."""

_NOT_SHOWN = frozenset(
    "audio button canvas datalist dialog embed iframe input map meter noscript object progress rp rt rtc "
    "script select style svg template textarea title video".split()
)
_HIDING = re.compile(r"display\s*+:\s*+none|visibility\s*+:\s*+hidden", re.IGNORECASE)
_GAP = re.compile(r"[ \t\n\r\f]+")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,40});")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_XHTML = re.compile(
    r"\s*+<\?xml\b|[^>]{0,400}<html\s[^>]{0,400}http://www\.w3\.org/1999/xhtml", re.IGNORECASE
)
_TOO_DEEP = "excessive depth"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a block's text, and the innermost of the marked elements that it stands in."""

    text: str
    mark: etree._Element | None = None


def document(text: str, kind: str) -> etree._Element | None:
    """The root element, None if there is none; tags in it are small letters without a namespace.

    kind: what the text is, for errors. Read as XML if it says that it is and is well-formed, else as browsers
    read HTML. Raises TranscriptError where elements are so deep in each other (2,048) that the parser leaves
    out what follows.
    """
    if _XHTML.match(text):
        try:
            return _without_namespaces(
                etree.fromstring(_ENTITY.sub(_known_to_xml, text).strip().encode(), _xml_parser())
            )
        except etree.XMLSyntaxError:
            pass
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:
        return None
    for error in parser.error_log:
        if _TOO_DEEP in error.message.lower():
            raise damaged(kind, error.line, "its elements are too deep in each other")
    return root


def blocks(
    root: etree._Element,
    leaves_out: Callable[[etree._Element], bool],
    marks: Collection[etree._Element] = frozenset(),
) -> Iterator[list[Run]]:
    """The text of each paragraph, heading, list item, row of a table, ..., in order, if there is any.

    White space is what a browser makes of it; "\\n" is a line break, and two of them end a block.
    leaves_out: whether an element and all in it is not wanted.
    """
    runs: list[Run] = []
    inside: list[etree._Element] = []
    preformatted = 0
    walk = etree.iterwalk(root, events=("start", "end"))

    def add(text: str | None) -> None:
        if text:
            shown = text.replace("\u00ad", "")
            runs.append(Run(shown if preformatted else _GAP.sub(" ", shown), inside[-1] if inside else None))

    left_out: etree._Element | None = None
    for event, element in walk:
        name = element.tag
        if event == "start" and leaves_out(element):
            left_out = element
            walk.skip_subtree()
            continue
        if name in _BLOCKS or (name == "br" and event == "start" and _ends_with_break(runs)):
            yield from _tidied(runs)
            runs = []
        elif name in _LINES and event == "start":
            runs.append(Run("\n", inside[-1] if inside else None))
        if event == "start":
            preformatted += name == "pre"
            if element in marks:
                inside.append(element)
            add(element.text)
            continue
        if element is not left_out:
            preformatted -= name == "pre"
            if inside and inside[-1] is element:
                inside.pop()
        if element is not root:
            add(element.tail)
    yield from _tidied(runs)


def text_of(runs: list[Run]) -> str:
    """The text of a block."""
    return "".join(run.text for run in runs)


def attribute(element: etree._Element, name: str) -> str:
    """Its value, "" where it is missing or, as HTML allows, has none."""
    return element.get(name) or ""


def is_invisible(element: etree._Element) -> bool:
    """Whether a browser shows nothing of it: scripts, controls, what is hidden, the reading aids of ruby."""
    name = element.tag
    if name in _NOT_SHOWN or (name == "head" and element.getparent() is not None):
        return True
    return "hidden" in element.attrib or _HIDING.search(attribute(element, "style")) is not None


def _tidied(runs: list[Run]) -> Iterator[list[Run]]:
    """The block without spaces at its ends, around its line breaks and after each other."""
    tidied: list[Run] = []
    gap = "\n"
    for run in runs:
        text = run.text.lstrip(" ") if gap in (" ", "\n") else run.text
        text = text.lstrip(" \n") if gap == "\n" else text
        if text.startswith("\n") and tidied:
            tidied[-1] = Run(tidied[-1].text.rstrip(" "), tidied[-1].mark)
        if text:
            tidied.append(Run(text, run.mark))
            gap = text[-1]
    while tidied and not tidied[-1].text.rstrip():
        tidied.pop()
    if tidied:
        tidied[-1] = Run(tidied[-1].text.rstrip(" \n"), tidied[-1].mark)
        yield tidied


def _ends_with_break(runs: list[Run]) -> bool:
    """Whether nothing but white space stands behind the last line break."""
    for run in reversed(runs):
        if run.text == "\n":
            return True
        if run.text.strip():
            return False
    return False


def _without_namespaces(root: etree._Element) -> etree._Element:
    for element in root.iter(etree.Element):
        element.tag = str(element.tag).rpartition("}")[2].lower()
    return root


def _xml_parser() -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )


def _known_to_xml(entity: re.Match[str]) -> str:
    """An entity of HTML as its character: XML knows five of them."""
    if entity[1] in _XML_ENTITIES:
        return entity[0]
    return html.escape(html.unescape(entity[0]), quote=False)

"""srv1, srv2 and srv3, the captions of YouTube as XML, oldest first; there is no specification.

srv1: `<transcript>` of `<text start dur>` in seconds, its text escaped twice. srv2: `<timedtext>` of
`<text t d>` in milliseconds, where `append` goes on in the same line. srv3: `<timedtext>` of `<p t d>`, where
`a` appends, with pieces `<s t>` that count from the start of the `<p>` and are rated (`ac`) of 255.
"""

import html
import re
from collections.abc import Iterator

from lxml import etree

from alignment.formats.format import Format
from alignment.formats.joining import Piece
from alignment.formats.xml_text import PROLOG, parsed
from alignment.formats.youtube import RUBY, Event, lines
from alignment.transcript import Transcript

__all__ = ["FORMAT", "read", "recognises"]

_BEGINNING = re.compile(PROLOG + r"<(?:timedtext[\s/>]|transcript[^<>]*+>\s*+<text\s)")
_MARKUP = re.compile(r"</?(?:font|[biu])(?:\s[^<>]*+)?>", re.IGNORECASE)
_ENTITY = re.compile(r"&#?\w{1,32};")


def recognises(text: str) -> bool:
    """Whether `text` begins with `<timedtext>`, or with a `<transcript>` of `<text>`."""
    return _BEGINNING.match(text) is not None


def read(text: str) -> Transcript:
    """A segment for every line, its words timed where the captions are automatic and in srv2 or srv3."""
    root = parsed(text, "file of YouTube captions")
    silent = {pen.get("id") for pen in root.iter("pen") if (pen.get("rb") or "") in map(str, RUBY)}
    return Transcript(
        lines(
            _paragraph(element, silent) if element.tag == "p" else _text(element)
            for element in root.iter("text", "p")
        )
    )


def _text(element: etree._Element) -> Event:
    """A `<text>` of srv1 or srv2."""
    if "t" in element.attrib:
        start, duration = _number(element.get("t"), 1000), _number(element.get("d"), 1000)
    else:
        start, duration = _number(element.get("start")), _number(element.get("dur"))
    said = _ENTITY.sub(lambda entity: html.unescape(entity[0]), _MARKUP.sub("", _said(element)))
    pieces = (Piece(said, None, None),)
    return Event(start, _sum(start, duration), pieces, element.get("w", ""), _is_set(element, "append"))


def _paragraph(element: etree._Element, silent: set[str | None]) -> Event:
    """A `<p>` of srv3."""
    start = _number(element.get("t"), 1000)
    end = _sum(start, _number(element.get("d"), 1000))
    pieces = tuple(_pieces(element, start, silent))
    return Event(start, end, pieces, element.get("w", ""), _is_set(element, "a"))


def _pieces(paragraph: etree._Element, start: float | None, silent: set[str | None]) -> Iterator[Piece]:
    if text := _between(paragraph.text, paragraph):
        yield Piece(text, None, None)
    for child in paragraph:
        if child.tag == "br":
            yield Piece("\n", None, None)
        elif child.get("p") not in silent or child.get("p") is None:
            yield Piece(
                _said(child),
                _sum(start, _number(child.get("t"), 1000)),
                None,
                confidence=_confidence(child.get("ac")),
            )
        if text := _between(child.tail, paragraph):
            yield Piece(text, None, None)


def _said(element: etree._Element) -> str:
    return "".join(element.itertext()) if len(element) else element.text or ""


def _between(text: str | None, paragraph: etree._Element) -> str:
    """Text of the paragraph itself; what a program that indents put between its pieces is none."""
    indents = text is not None and "\n" in text and text.isspace() and len(paragraph) > 0
    return "" if text is None or indents else text


def _confidence(rated: str | None) -> float | None:
    value = _number(rated, 255)
    return min(value, 1.0) if value is not None and value > 0 else None


def _is_set(element: etree._Element, flag: str) -> bool:
    return element.get(flag, "0") != "0"


def _sum(left: float | None, right: float | None) -> float | None:
    return None if left is None or right is None else round(left + right, 6)


def _number(text: str | None, divisor: int = 1) -> float | None:
    try:
        return float(text or "") / divisor
    except ValueError:
        return None


FORMAT = Format("srv", "YouTube captions (srv1, srv2, srv3)", recognises, read=read, words=True)

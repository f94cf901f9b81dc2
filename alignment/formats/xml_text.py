"""XML as other programs write it, read without ever fetching, expanding or running anything that it names."""

import re

from lxml import etree

from alignment.formats.format import damaged, not_a_transcript

__all__ = ["PROLOG", "local_name", "parsed", "printable"]

_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DEFINITIONS = re.compile(r"<!DOCTYPE[^<>\[]*+\[", re.IGNORECASE)

PROLOG = r"\s*+(?:(?:<\?[^>]*+>|<!--(?s:.*?)-->|<!(?i:doctype)[^<>\[]*+(?:\[[^\]]*+\]\s*+)?+>)\s*+)*+"
"""Pattern of what may stand above the root element: declarations, instructions, comments, a document type."""


def parsed(text: str, kind: str) -> etree._Element:
    """The root of the document, comments and processing instructions left out. kind: what it is, for errors.

    Raises TranscriptError, with the line, for what is not well-formed and for elements more than 255 deep;
    and for a document type with definitions of its own, as a transcript needs none and a few lines of them
    can make gigabytes.
    """
    if _DEFINITIONS.search(text):
        raise not_a_transcript(f"This {kind} defines entities of its own, which no transcript needs")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.strip().encode(), parser)
    except etree.XMLSyntaxError as error:
        ahead = len(text) - len(text.lstrip())
        line = (error.lineno or 1) + text.count("\n", 0, ahead)
        raise damaged(kind, line, error.msg or "it is no XML") from error


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def printable(text: str) -> str:
    """The text with U+FFFD for every character that XML cannot hold."""
    return _NOT_IN_XML.sub("\ufffd", text)

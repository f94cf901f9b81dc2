"""Which format a text is in, told by its content alone: file names lie and pasted text has none."""

import re
from collections.abc import Sequence

from alignment.formats.format import Format, not_a_transcript

__all__ = ["sniff"]

# What begins like this is markup or data; read as plain text it would put its tags among the words.
_COMMENTS = r"(?:<!--.*?-->\s*+)*+"
_XML = r"<(?:\?xml|!doctype|[a-z][\w.]*+(?::[\w.]*+)?\s++xmlns)\b"
_FOREIGN = (
    (re.compile(_COMMENTS + _XML, re.IGNORECASE | re.DOTALL), "XML"),
    (re.compile(r"\{\s*+(?:\"|\}\s*$)|\[\s*+\{"), "JSON, but not of a transcript that can be read here"),
    (re.compile(r"\{\\rtf"), "rich text (RTF)"),
)


def sniff(text: str, formats: Sequence[Format[str]]) -> Format[str]:
    """The first of `formats` that recognises `text`; the last one takes whatever is text at all.

    Raises TranscriptError, naming what it is, for text that is plainly something else.
    """
    *specific, fallback = [format for format in formats if format.read]
    for format in specific:
        if format.recognises(text):
            return format
    for beginning, kind in _FOREIGN:
        if beginning.match(text.lstrip()):
            raise not_a_transcript(f"This is {kind}")
    return fallback

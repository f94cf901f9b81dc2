"""From bytes to text: the one place that knows about encodings, line ends and what is not text at all."""

import codecs
import re
from contextlib import suppress

from alignment.errors import TranscriptError
from alignment.formats.format import not_a_transcript

__all__ = ["MAX_BYTES", "decode", "mend_surrogates", "normalise", "too_long"]

MAX_BYTES = 32 * 1024 * 1024
"""The longest text that is read. A talk of an hour is some 60 kB, ten times that in JSON."""

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# HTML and XML name their encoding at their beginning. Only those that a page may be in: Python knows others,
# some of which take very long or are no encodings of text.
_DECLARED = re.compile(
    rb"(?:<meta\b[^>]{0,200}\bcharset|^\s*<\?xml\b[^>]{0,100}\bencoding)\s*=\s*[\"']?\s*"
    rb"(iso-8859-\d{1,2}|windows-125\d|koi8-[ru]|shift_jis|euc-jp|euc-kr|gb2312|gbk|gb18030|big5)\b",
    re.IGNORECASE,
)
_SIGNATURES = (
    (rb"PK\x03\x04", "a ZIP archive, but neither a Word nor an EPUB file"),
    (rb"\xd0\xcf\x11\xe0", "an old Word file, or one with a password"),
    (rb"ID3[\x02-\x04]|OggS|fLaC|RIFF|\xff[\xe2-\xfb]|.{4}ftyp|\x1aE\xdf\xa3", "an audio or video file"),
    (rb"\x89PNG|GIF8|\xff\xd8\xff", "a picture"),
    (rb"\x1f\x8b|BZh|\xfd7zXZ|7z\xbc\xaf", "a compressed file"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x7f-\x84\x86-\x9f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def decode(data: bytes) -> str:
    """The text in `data`: UTF-8, UTF-16 or UTF-32 by its byte order mark, else UTF-8, else the encoding that
    its HTML or XML declares, else Windows-1252.

    Raises TranscriptError on what is too long or is not text.
    """
    if len(data) > MAX_BYTES:
        raise too_long()
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise not_a_transcript(
                    f"The file begins as {encoding.upper()} does, but is not ({error.reason})"
                ) from error
    with suppress(UnicodeDecodeError):
        return data.decode("utf-8")
    for signature, kind in _SIGNATURES:
        if re.match(signature, data, re.DOTALL):
            raise not_a_transcript(f"This is {kind}")
    if declared := _DECLARED.search(data[:2048]):
        with suppress(UnicodeDecodeError):
            return data.decode(_as_browsers_do(declared[1].decode().lower()))
    with suppress(UnicodeDecodeError):
        return data.decode("cp1252")
    raise not_a_transcript("The file is neither UTF-8, UTF-16 nor Windows-1252 text")


def _as_browsers_do(encoding: str) -> str:
    """The encoding that is meant: each is read as the later one that took its name over."""
    return {"iso-8859-1": "cp1252", "gb2312": "gb18030", "shift_jis": "cp932"}.get(encoding, encoding)


def normalise(text: str) -> str:
    """`text` with "\\n" for every line end, without byte order mark, fit to be written as UTF-8.

    Halves of surrogate pairs, which stand for no character, are joined or replaced by U+FFFD. Raises
    TranscriptError on what is too long and on binary data.
    """
    if len(text) > MAX_BYTES:
        raise too_long()
    if text and ("\0" in text or len(_CONTROL.findall(text)) > len(text) // 50):
        raise not_a_transcript("This is binary data, not text")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return mend_surrogates(text)


def mend_surrogates(text: str) -> str:
    """`text` with surrogate pairs joined and lone halves replaced by U+FFFD, so that UTF-8 can hold it."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def too_long(most: int = MAX_BYTES) -> TranscriptError:
    """The error for a transcript of more than `most` bytes or characters."""
    return not_a_transcript(f"This is longer than a transcript, which may have {most // 1024**2} MB at most")

"""SAMI captions of Windows Media: HTML in which `<SYNC Start=1200>` tells the millisecond of what follows.

Each language has a class of paragraphs; the language with the most text is read. A text is shown until the
next one of its class, which is often a `&nbsp;` alone, and a paragraph with `ID=Source` names who speaks from
there on (https://learn.microsoft.com/previous-versions/windows/desktop/dnacc/understanding-sami-1.0).

Read by own code, because lxml nests SYNC tags, which nobody closes, one in another and drops all below the
255th, and the kept library mixes the languages and guesses when a text ends.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from alignment.formats.cues import one_block
from alignment.formats.format import Format, damaged
from alignment.formats.open_ends import LAST_MS, Starts
from alignment.formats.ordering import arranged
from alignment.transcript import Segment, Transcript
from alignment.words import is_blank

__all__ = ["FORMAT", "read", "recognises"]

_BEGINNING = re.compile(r"\s*+<sami\b", re.IGNORECASE)
_SYNC = re.compile(r"<sync\s[^<>]{0,200}start", re.IGNORECASE)
_TAG_BEGINNING = re.compile(r"<(?=[/a-z!?])", re.IGNORECASE)
_TAG = re.compile(r"(/?[a-z!?][a-z\d:_-]{0,20})(?=[\s/>]|$)([^>]*+)(>?)", re.IGNORECASE)
_START = re.compile(r"\bstart\s{0,9}=\s{0,9}[\"']?\s{0,9}(-?\d{1,12})", re.IGNORECASE)
_ATTRIBUTE = r"\b{}\s{{0,9}}=\s{{0,9}}[\"']?([\w.-]{{1,60}})"
_CLASS = re.compile(_ATTRIBUTE.format("class"), re.IGNORECASE)
_ID = re.compile(_ATTRIBUTE.format("id"), re.IGNORECASE)
_RULE = re.compile(r"\.([\w-]{1,60})\s{0,9}\{([^{}]{0,500})\}")
_LANGUAGE = re.compile(r"\blang\s{0,9}:\s{0,9}[\"']?([a-z]{2})(?![a-z])", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#?\w{1,32};|nbsp\b)")
_SPACE = re.compile(r"[^\S\n]+")
_STRUCTURE = frozenset({"sync", "p", "br"})
"""Tags that are taken for tags even where their ">" is missing."""

_SILENT = frozenset({"style", "script", "samiparam"})


@dataclass(slots=True)
class _Shown:
    """What one SYNC shows in the paragraphs of a class, "" for those without one.

    start: milliseconds. text, source: pieces of the text and of who speaks; None where no paragraph has them.
    """

    start: int
    name: str
    text: list[str] | None = None
    source: list[str] | None = None


def recognises(text: str) -> bool:
    """Whether `text` begins with the tag of the format, or is markup with times as only this one has them."""
    return _BEGINNING.match(text) is not None or (
        text.lstrip().startswith("<") and _SYNC.search(text) is not None
    )


def read(text: str) -> Transcript:
    """A segment for every text of the language that has the most.

    The last one ends after 4 s, unless something empty follows. Sources become speakers. Raises
    TranscriptError, with the line, for a SYNC without a time.
    """
    page = _Page()
    for offset, name, attributes, data in _tokens(text):
        if name == "sync":
            start = _START.search(attributes)
            if not start:
                line = text.count("\n", 0, offset) + 1
                raise damaged("SAMI file", line, "a SYNC has no Start in milliseconds")
            page.sync(max(0, int(start[1])))
        else:
            page.tag(name, attributes)
        page.data(_ENTITY.sub(lambda entity: html.unescape(f"{entity[0].rstrip(';')};"), data))
    page.close()
    languages = _languages(text)
    language = _with_most_text(page.shown, languages)
    mine = [shown for shown in page.shown if _language(shown, languages) in ("", language)]
    return Transcript(
        segments=arranged(_segments(mine)),
        title=_text(page.title) or None,
        language=language if language in languages.values() else None,
    )


class _Page:
    """What has been read of a file: its title and texts."""

    def __init__(self) -> None:
        self.title: list[str] = []
        self.shown: list[_Shown] = []
        self._start: int | None = None
        self._classes: dict[str, _Shown] = {}
        self._target: list[str] | None = None
        self._is_silent = False

    def sync(self, start: int) -> None:
        """From here on the file says what is shown at `start`."""
        self.close()
        self._start, self._classes, self._target = start, {}, None
        self._is_silent = False

    def close(self) -> None:
        """The end of a SYNC, which shows nothing any more if no paragraph was in it."""
        if self._start is not None and not self._classes:
            self.shown.append(_Shown(self._start, "", text=[]))

    def tag(self, name: str, attributes: str) -> None:
        """Any other tag, its name in small letters, a "/" in front where it closes."""
        if name in _SILENT:
            self._is_silent = True
        elif name.removeprefix("/") in _SILENT or name == "body":
            self._is_silent = False
        elif name == "p" and self._start is not None:
            self._is_silent = False
            self._paragraph(self._start, attributes)
        elif name == "title" and self._start is None:
            self._target = self.title
        elif name == "/title" and self._start is None:
            self._target = None
        elif name == "br" and self._target is not None:
            self._target.append("\n")

    def data(self, text: str) -> None:
        """Text between tags."""
        if self._is_silent:
            return
        if self._target is None and self._start is not None and not is_blank(text):
            self._paragraph(self._start, "")
        if self._target is not None:
            self._target.append(text.replace("\n", " "))

    def _paragraph(self, start: int, attributes: str) -> None:
        found, identity = _CLASS.search(attributes), _ID.search(attributes)
        name = found[1].lower() if found else ""
        if name not in self._classes:
            self._classes[name] = _Shown(start, name)
            self.shown.append(self._classes[name])
        shown = self._classes[name]
        if identity and identity[1].lower() == "source":
            self._target = shown.source = []
        else:
            shown.text = [] if shown.text is None else shown.text
            shown.text.append("\n")
            self._target = shown.text


def _tokens(text: str) -> Iterator[tuple[int, str, str, str]]:
    """Each tag with its place, name in small letters and attributes, and the text behind it."""
    before, *chunks = _TAG_BEGINNING.split(text)
    offset = len(before)
    last_close = text.rfind("-->")
    in_comment = False
    for chunk in chunks:
        in_comment = in_comment or (chunk.startswith("!--") and offset < last_close)
        if in_comment:
            _, closed, data = chunk.partition("-->")
            in_comment = not closed and not chunk[:6].lower().startswith("/style")
            yield offset, "!--", "", data
        elif chunk.startswith("!--"):
            yield offset, "!--", "", chunk.removeprefix("!--")
        else:
            yield offset, *_token(chunk)
        offset += len(chunk) + 1


def _token(chunk: str) -> tuple[str, str, str]:
    """Name, attributes and text of what stands behind a "<"; without a name where it opens no tag."""
    tag = _TAG.match(chunk)
    if not tag or not (tag[3] or tag[1].lower() in _STRUCTURE):
        return "", "", f"<{chunk}"
    return tag[1].lower(), tag[2], chunk[tag.end() :]


def _languages(text: str) -> Mapping[str, str]:
    """The language of each class, as the styles above the first SYNC say."""
    first = _SYNC.search(text)
    found: dict[str, str] = {}
    for rule in _RULE.finditer(text, 0, first.start() if first else len(text)):
        if language := _LANGUAGE.search(rule[2]):
            found.setdefault(rule[1].lower(), language[1].lower())
    return found


def _language(shown: _Shown, languages: Mapping[str, str]) -> str:
    """Its language, or the name of its class where that is not known."""
    return languages.get(shown.name, shown.name)


def _with_most_text(shown: Sequence[_Shown], languages: Mapping[str, str]) -> str:
    lengths: Counter[str] = Counter()
    for item in shown:
        if item.name:
            lengths[_language(item, languages)] += len(_text(item.text))
    return max(lengths, key=lengths.__getitem__, default="")


def _segments(shown: Sequence[_Shown]) -> Iterator[Segment]:
    starts = Starts(item.start for item in shown if item.text is not None)
    speaker = None
    for item in shown:
        if item.source is not None:
            speaker = " ".join(_text(item.source).split()) or None
        text = _text(item.text)
        if not is_blank(text):
            end = starts.after(item.start) or item.start + LAST_MS
            yield Segment(0, text, item.start / 1000, end / 1000, speaker)


def _text(pieces: Sequence[str] | None) -> str:
    return one_block(_SPACE.sub(" ", "".join(pieces or ())))


FORMAT = Format("smi", "SAMI captions", recognises, read=read, speakers=True)

"""Markdown (https://spec.commonmark.org): what is said, without the marks of headings, emphasis and links.

Read by own code: a parser of the whole language (markdown-it-py) takes 1.3 s for a megabyte and joins the
lines of a paragraph, which here are captions. Written with a link to each turn's second where the recording's
address is known.
"""

import re
from dataclasses import replace
from urllib.parse import quote, urlsplit, urlunsplit

from alignment.formats import marked_text, plain
from alignment.formats.format import Format
from alignment.formats.language_codes import language_code
from alignment.transcript import Segment, Transcript
from alignment.wording import clock

__all__ = ["FORMAT", "read", "recognises", "write"]

_HEADING = re.compile(r" {0,3}(?P<level>#{1,6})[ \t]+(?P<text>.*?)[ \t#]*")
_BOLD_NAME = re.compile(r"[>\s]{0,12}(?:\*\*|__)[^\s*_\n][^*_\n]{0,60}(?:\*\*|__)")
_LINKED_TIME = re.compile(r"\[[\d:]{4,8}\]\(")
_LINK = re.compile(r"!?\[(?P<text>[^\[\]\n]{0,400})\]\([^()\s]{0,2000}(?:[ \t]+\"[^\"\n]{0,200}\")?\)")
_FRONT_MATTER = re.compile(
    r"---[ \t]*\n(?P<fields>(?:(?!---|\.\.\.).*\n){0,100})(?:---|\.\.\.)[ \t]*(?:\n|$)"
)
_FIELD = re.compile(r"^(title|language|lang):[ \t]*+([^\n]*)$", re.IGNORECASE | re.MULTILINE)
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*+){3,}+|(?:-[ \t]*+){3,}+|(?:_[ \t]*+){3,}+|```.*|~~~.*)")
_START = re.compile(r"[ \t]{0,12}+(?:>[ \t]?+)*+(?:[-*+][ \t]++)?+")
_FOOTNOTE = re.compile(r"\[\^[\w-]{1,30}\](?!:)")
_EMPHASIS = re.compile(
    r"(?<![\w\\])(?P<mark>\*{1,3}|_{1,3}|~~|`{1,2})(?=\S)(?P<text>[^*_~`\n]{1,2000}?)(?<![\s\\])(?P=mark)(?!\w)"
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_NUMBERED = re.compile(r"^(\d+)([.)])(?=\s|$)")
_SPECIAL = re.compile(r"[\\`*_\[\]<>#~]|^[-+=](?=\s|$)")


def recognises(text: str) -> bool:
    """Whether a line of `text` is a heading, a name in bold or a time with a link, as Markdown has them."""
    return any(
        _HEADING.fullmatch(line) or _BOLD_NAME.match(line) or _LINKED_TIME.search(line)
        for line in text.split("\n")
        if "#" in line or "**" in line or "__" in line or "](" in line
    )


def read(text: str) -> Transcript:
    """The text as `marked_text` or `plain` reads it, its first heading of the first level as the title.

    A heading right above a line that begins with a time names the chapter that begins there.
    """
    fields: dict[str, str] = {}
    if front := _FRONT_MATTER.match(text):
        fields = {name.lower(): value.strip(" \t\"'") for name, value in _FIELD.findall(front["fields"])}
        text = text[front.end() :]
    lines: list[str] = []
    headings: set[int] = set()
    title = fields.get("title") or None
    began = False
    for line in _without_comments(text).split("\n"):
        heading = _HEADING.fullmatch(line)
        words = _without_marks(heading["text"]).strip() if heading else ""
        if heading and len(heading["level"]) == 1 and title in (None, words) and not began:
            title, began = words or title, True
        elif heading:
            began = True
            headings.add(len(lines) + 1)
            lines += ["", words, ""]
        else:
            lines.append("" if _RULE.fullmatch(line) else _without_marks(line[_start(line) :]))
            began = began or bool(lines[-1])
    inner = "\n".join(lines)
    is_marked = marked_text.recognises(inner)
    transcript = marked_text.read_lines(lines, headings) if is_marked else plain.read(inner)
    language = language_code(fields.get("language") or fields.get("lang"))
    return replace(transcript, title=title, language=language)


def write(transcript: Transcript) -> str:
    """A heading, then each turn: who speaks and when, then its lines."""
    blocks = [f"# {_escaped(_one_line(transcript.title))}"] if transcript.title else []
    before: Segment | None = None
    for segment in transcript.segments:
        if before is None or (segment.turn, segment.speaker) != (before.turn, before.speaker):
            blocks += filter(None, [_turn(segment, transcript.source.url), ""])
            blocks.append("")
        before = segment
        blocks[-1] += _escaped(_one_line(segment.text)) + "\n"
    return "\n\n".join(block.strip("\n") for block in blocks) + "\n"


def _without_comments(text: str) -> str:
    kept, after = [], 0
    while (begin := text.find("<!--", after)) >= 0 and (end := text.find("-->", begin)) >= 0:
        kept.append(text[after:begin])
        after = end + 3
    return "".join([*kept, text[after:]])


def _start(line: str) -> int:
    found = _START.match(line)
    return found.end() if found else 0


def _without_marks(line: str) -> str:
    line = _FOOTNOTE.sub("", _LINK.sub(lambda link: link["text"], line))
    for _ in range(3):  # strong inside emphasis inside a link's text
        line, found = _EMPHASIS.subn(lambda part: part["text"], line)
        if not found:
            break
    return _ESCAPE.sub(r"\1", line)


def _turn(segment: Segment, url: str | None) -> str:
    """Who speaks, and when, with a link to that second of the recording."""
    name = f"**{_escaped(_one_line(segment.speaker))}**" if segment.speaker else ""
    if segment.start is None:
        return name
    time = clock(segment.start)
    address = _address(url, segment.start)
    return f"{name} [{time}]({address})".strip() if address else f"{name} [{time}]".strip()


def _address(url: str | None, start: float) -> str | None:
    """Where the recording begins to play at that second, as video sites and podcast pages take it."""
    parts = urlsplit(url or "")
    if parts.scheme not in {"http", "https"}:
        return None
    query = f"{parts.query}&" if parts.query else ""
    return quote(urlunsplit(parts._replace(query=f"{query}t={int(start)}")), safe=":/?&=%#@+,;~-._!$'*")


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def _escaped(text: str) -> str:
    return _NUMBERED.sub(r"\1\\\2", _SPECIAL.sub(r"\\\g<0>", text))


FORMAT = Format(
    "md",
    "Markdown",
    recognises,
    read=read,
    write=write,
    speakers=True,
    untimed=True,
    media_type="text/markdown",
)

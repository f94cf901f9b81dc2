"""The page of a video-transcript site: statistics, listeners' comments, captions without times, a note.

Its sections stand under headings, each on a line of its own, and may be missing, repeated or in any order:

    The title
    Video Statistics and Information
    Reddit Comments             text, then "👍︎︎ 21 👤︎︎ u/Name 📅︎︎ Mar 27 2023 🗫︎ replies"
    Captions                    one long line; `caption_lines` knows its separators
    Info                        "Channel: ...", "Id: ...", "Length: ..."; "undefined" for unknown
    Related Videos
    Note
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from alignment.errors import TranscriptError
from alignment.formats.caption_lines import caption_lines, has_separators
from alignment.formats.format import Format
from alignment.formats.page_values import iso_date, seconds, whole_number
from alignment.transcript import About, Comment, Segment, Source, Transcript

__all__ = ["FORMAT", "read", "recognises"]

_CAPTIONS, _COMMENTS, _INFO, _RELATED, _NOTE = (
    "Captions",
    "Reddit Comments",
    "Info",
    "Related Videos",
    "Note",
)
_STATISTICS, _CLOUD = "Video Statistics and Information", "Captions Word Cloud"
_HEADINGS = frozenset({_CAPTIONS, _COMMENTS, _INFO, _RELATED, _NOTE, _STATISTICS, _CLOUD})
_TELLING = frozenset({_COMMENTS, _INFO, _RELATED, _STATISTICS, _CLOUD})
"""Headings that hardly stand on a line of their own in any other text."""

_INFO_LINE = re.compile(r"\s*(Channel|Channel Id|Views|Rating|Keywords|Id|Length|Published):")
_UNKNOWN = re.compile(r"undefined(?: out of \d+)?")
_YOUTUBE_ID = re.compile(r"[\w-]{11}", re.ASCII)

# The marks before the values are emoji, which copying turns into anything, or into nothing.
_MARK = r"(?:[^\s\d]\S{0,15}\s+)?"
_FOOTER = re.compile(
    rf"\s*{_MARK}(?P<votes>[-−]?\d[\d.,]*k?)\s+{_MARK}(?P<author>u/\S+|\[deleted\])\s+"
    rf"{_MARK}(?P<date>[^\W\d_]{{3,9}}\.? \d{{1,2}},? \d{{4}}|\d{{4}}-\d\d-\d\d)\s+"
    rf"{_MARK}(?:(?P<replies>\d+)\s+)?repl(?:y|ies)\s*"
)


@dataclass(frozen=True, slots=True)
class _Section:
    heading: str
    lines: list[str]

    def paragraph(self) -> str:
        return "\n".join(self.lines).strip()


def recognises(text: str) -> bool:
    """Whether `text` has the headings of such a page, or is its Captions section alone."""
    lines = text.splitlines()
    first = next((line.strip() for line in lines if line.strip()), "")
    if first == _CAPTIONS and has_separators(text):
        return True
    headings = {section.heading for section in _sections(lines)} - {""}
    return bool(headings & _TELLING) and len(headings) > 1


def read(text: str) -> Transcript:
    """The transcript on the page, its title and source, and what else the page says in `about`.

    Raises TranscriptError when there are no captions on it.
    """
    sections = _sections(_with_captions_heading(text.splitlines()))
    segments = _segments(_joined(sections, _CAPTIONS))
    if not segments:
        found = ", ".join(dict.fromkeys(section.heading for section in sections if section.heading))
        raise TranscriptError(
            f"This is a video page without captions: it has the sections {found}. Expected the spoken text "
            "under a line that says Captions; copy the whole page, or paste the text of the captions alone."
        )
    info = _info(line for section in sections if section.heading == _INFO for line in section.lines)
    related = (line.strip() for line in _joined(sections, _RELATED).splitlines())
    return Transcript(
        segments=segments,
        title=next((line.strip() for line in sections[0].lines if line.strip()), None),
        source=_source(info),
        about=About(
            views=whole_number(info.get("Views")),
            info=info,
            comments=tuple(_comments(sections)),
            related=tuple(filter(None, related)),
            note=_joined(sections, _NOTE) or None,
        ),
    )


def _with_captions_heading(lines: list[str]) -> list[str]:
    """The lines; if none says Captions, with that heading above the longest line that has separators."""
    if any(line.strip() == _CAPTIONS for line in lines):
        return lines
    inside_comment = _lines_of_comments(lines)
    candidates = [n for n, line in enumerate(lines) if n not in inside_comment and has_separators(line)]
    if not candidates:
        return lines
    place = max(candidates, key=lambda number: len(lines[number]))
    return [*lines[:place], _CAPTIONS, *lines[place:]]


def _sections(lines: list[str]) -> list[_Section]:
    """The page cut at its headings; the first section, with the heading "", is what stands above them all."""
    inside_comment = _lines_of_comments(lines)
    sections = [_Section("", [])]
    for number, line in enumerate(lines):
        if number not in inside_comment and _is_heading(lines, number, sections[-1]):
            sections.append(_Section(line.strip(), []))
        else:
            sections[-1].lines.append(line)
    return sections


def _lines_of_comments(lines: list[str]) -> set[int]:
    """Numbers of the lines that a comment's footer shows to be a comment, whatever headings they look like.

    A comment reaches from its footer back to the footer or the heading of comments before it.
    """
    inside: set[int] = set()
    begin = None
    for number, line in enumerate(lines):
        if line.strip() == _COMMENTS:
            begin = number + 1
        elif begin is not None and _FOOTER.fullmatch(line):
            inside.update(range(begin, number + 1))
            begin = number + 1
    return inside


def _is_heading(lines: list[str], number: int, section: _Section) -> bool:
    """Whether a line is a heading where it stands; people also say "Info", "Note" and "Captions"."""
    heading = lines[number].strip()
    if heading not in _HEADINGS:
        return False
    below = (lines[place] for place in range(number + 1, len(lines)))
    following = next((line for line in below if line.strip()), "")
    if following.strip() == _STATISTICS and not section.heading and not section.paragraph():
        return False  # It is the title.
    if heading == _INFO:
        return _INFO_LINE.match(following) is not None
    if section.heading == _CAPTIONS and heading == _CAPTIONS:
        return False
    if section.heading == _CAPTIONS and heading == _NOTE:
        return following.startswith("Please note") or not following
    return True


def _joined(sections: list[_Section], heading: str) -> str:
    """The text of all sections under `heading`; one that is repeated word for word counts once."""
    texts = (section.paragraph() for section in sections if section.heading == heading)
    return "\n\n".join(filter(None, dict.fromkeys(texts)))


def _segments(captions: str) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    turn = 0
    for paragraph in re.split(r"\n\s*\n", captions):
        for line in paragraph.splitlines():
            for caption in caption_lines(line):
                segments.append(Segment(id=len(segments), text=caption.text, turn=turn))
                turn += caption.ends_turn
        if segments and segments[-1].turn == turn:
            turn += 1
    return tuple(segments)


def _comments(sections: list[_Section]) -> Iterable[Comment]:
    """Every comment with its footer; what stands below the last footer of a section has lost its own."""
    for section in sections:
        if section.heading != _COMMENTS:
            continue
        text: list[str] = []
        for line in section.lines:
            if footer := _FOOTER.fullmatch(line):
                yield Comment(
                    text="\n".join(text).strip(),
                    author=footer["author"].removeprefix("u/"),
                    date=iso_date(footer["date"]) or footer["date"],
                    votes=whole_number(footer["votes"]),
                    replies=whole_number(footer["replies"]),
                )
                text = []
            else:
                text.append(line)
        if rest := "\n".join(text).strip():
            yield Comment(text=rest)


def _info(lines: Iterable[str]) -> dict[str, str | None]:
    """Every `Name: value` line, the first one that says something where a name is repeated."""
    info: dict[str, str | None] = {}
    for line in lines:
        name, colon, value = (part.strip() for part in line.partition(":"))
        if colon and info.get(name) is None:
            info[name] = None if _UNKNOWN.fullmatch(value) else value
    return info


def _source(info: dict[str, str | None]) -> Source:
    id_ = info.get("Id") or None
    return Source(
        id=id_,
        url=f"https://www.youtube.com/watch?v={id_}" if id_ and _YOUTUBE_ID.fullmatch(id_) else None,
        channel=info.get("Channel") or None,
        length=seconds(info.get("Length")),
        published=iso_date(info.get("Published")),
    )


FORMAT = Format("page", "Video-transcript page", recognises, read=read)

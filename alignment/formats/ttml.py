"""TTML, the timed text of the W3C (https://www.w3.org/TR/ttml2/), also DFXP, IMSC, EBU-TT and SMPTE-TT.

Written as the text profile of IMSC 1 (https://www.w3.org/TR/ttml-imsc1/): a `<p>` a line, in it a `<span>`
with times for every word that has them, counted from the start of the `<p>`.

Read by own code, because the kept library loses words (those in elements that it does not know, and all of a
document in a namespace of the drafts), speakers and titles, and only logs what it cannot read.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from lxml import etree

from alignment.formats.cues import Cue, cues, milliseconds, one_block, timestamp
from alignment.formats.format import Format
from alignment.formats.joining import Piece, timed_words
from alignment.formats.language_codes import language_code
from alignment.formats.ordering import arranged
from alignment.formats.ttml_times import DRAFTS, Interval, attribute, clock_of, intervals
from alignment.formats.xml_text import PROLOG, local_name, parsed
from alignment.transcript import Segment, Transcript
from alignment.words import is_blank

__all__ = ["FORMAT", "read", "recognises", "write"]

_BEGINNING = re.compile(PROLOG + r"<(?:[\w.-]{1,40}:)?tt(?=[\s/>])([^<>]*+)")
_NAMESPACE = re.compile(r"ttaf1|ns/ttml")
_BODY = re.compile(r"<(?:[\w.-]{1,40}:)?body[\s/>]")
_ID, _LANG, _SPACING = (f"{{http://www.w3.org/XML/1998/namespace}}{name}" for name in ("id", "lang", "space"))
_SPACE = re.compile(r"[ \t\r\n]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_UNSEEN = (
    *(f"{{*}}{name}" for name in ("head", "metadata", "set", "animate")),
    *(f"{{{draft}#metadata}}*" for draft in DRAFTS),
)
_NARRATION = "narration"
_UNSPOKEN_ROLES = frozenset({"x-translation", "x-roman"})
_READINGS = frozenset({"text", "textContainer", "delimiter"})
"""The kinds of ruby that say again, or part off, what the base says."""


def recognises(text: str) -> bool:
    """Whether the root element is a `<tt>` in a namespace of TTML, or has a body."""
    found = _BEGINNING.match(text)
    if found is None:
        return False
    return _NAMESPACE.search(found[1]) is not None or _BODY.search(text) is not None


def read(text: str) -> Transcript:
    """A segment for every `<p>` that has text, by start time, its words timed where it has spans with times.

    A `<p>` is several segments where its spans have several speakers, and where they have times and hold
    several words each. Agents are speakers; with neither name nor others they are left out. A narration
    without an agent has that for its speaker. Readings (ruby), translations and metadata are skipped.
    """
    root = parsed(text, "TTML file")
    title = _text_of(root, "title") or _text_of(root, "documentOriginalProgrammeTitle")
    origin = clock_of(root).seconds(_text_of(root, "documentStartOfProgramme"))
    speakers, readings = _speakers(root), _styles_of_readings(root)
    etree.strip_elements(root, *_UNSEEN, with_tail=False)
    segments = arranged(_with_ends(_Reader(intervals(root), speakers, readings).segments(root)))
    return Transcript(_counted_from(origin or 0.0, segments), title=title, language=_language(root))


@dataclass(frozen=True, slots=True)
class _Scope:
    """What holds for a text by what is around it. span: the innermost that has times."""

    speaker: str | None = None
    preserved: bool = False
    span: etree._Element | None = None


@dataclass(frozen=True, slots=True)
class _Run:
    """Some text of a `<p>`, with its white space as it is shown."""

    text: str
    scope: _Scope


@dataclass(frozen=True, slots=True)
class _Reader:
    intervals: Mapping[etree._Element, Interval]
    speakers: Mapping[str, str | None]
    readings: frozenset[str]

    def segments(self, element: etree._Element, scope: _Scope = _Scope()) -> Iterator[Segment]:
        """The segments of every `<p>` in the element."""
        scope = self._scope(element, scope)
        if local_name(element) == "p":
            yield from self._paragraph(element, scope)
        else:
            for child in element.iterchildren("*"):
                yield from self.segments(child, scope)

    def _scope(self, element: etree._Element, around: _Scope) -> _Scope:
        agents = attribute(element, "agent", "metadata")
        role = attribute(element, "role", "metadata")
        space = element.get(_SPACING)
        span = element if local_name(element) == "span" and self._has_times(element) else None
        if not (agents or role or space or span is not None):
            return around
        speaker = around.speaker
        if agents:
            names = (self.speakers.get(agent, agent) for agent in agents.split())
            speaker = ", ".join(filter(None, names)) or None
        elif role == _NARRATION:
            speaker = _NARRATION
        return _Scope(
            speaker=speaker,
            preserved=space == "preserve" if space else around.preserved,
            span=around.span if span is None else span,
        )

    def _has_times(self, element: etree._Element) -> bool:
        interval = self.intervals.get(element)
        return interval is not None and interval.own

    def _paragraph(self, paragraph: etree._Element, scope: _Scope) -> Iterator[Segment]:
        runs = list(self._runs(paragraph, scope))
        lines = _lines(runs)
        for line in lines:
            yield self._segment(line, self.intervals.get(paragraph), alone=len(lines) == 1)

    def _runs(self, element: etree._Element, scope: _Scope) -> Iterator[_Run]:
        """The text in the element, piece by piece."""
        if element.text:
            yield _run(element.text, scope)
        for child in element:
            if isinstance(child, etree._Entity):
                yield _run(html.unescape(child.text or ""), scope)
            elif local_name(child) == "br":
                yield _Run("\n", scope)
            elif not self._is_unspoken(child):
                yield from self._runs(child, self._scope(child, scope))
            if child.tail:
                yield _run(child.tail, scope)

    def _is_unspoken(self, span: etree._Element) -> bool:
        styles = (span.get("style") or "").split()
        return (
            _is_reading(span)
            or not self.readings.isdisjoint(styles)
            or attribute(span, "role", "metadata") in _UNSPOKEN_ROLES
        )

    def _segment(self, line: Sequence[_Run], around: Interval | None, alone: bool) -> Segment:
        """The segment of a line. around: when its `<p>` is shown. alone: whether it is all of that."""
        scope = line[0].scope
        pieces = self._pieces(line, around)
        timed = [piece for piece in pieces if piece.start is not None]
        start, end = (around.start, around.end) if around else (None, None)
        if timed and not (around and around.own and alone):
            start, end = timed[0].start, timed[-1].end
        text = "".join(piece.text for piece in pieces)
        shown = text if scope.preserved else re.sub(" {2,}", " ", text)
        words = timed_words(text, pieces) if timed else ()
        return Segment(0, one_block(shown), start, end, scope.speaker, words=words)

    def _pieces(self, line: Sequence[_Run], around: Interval | None) -> list[Piece]:
        """The text of each span with times, and what is between; without an end it ends with the next."""
        pieces: list[Piece] = []
        until = around.end if around else None
        spans = [(span, list(runs)) for span, runs in groupby(line, lambda run: run.scope.span)]
        for span, runs in reversed(spans):
            start = end = None
            if span is not None:
                start, end = self.intervals[span].start, self.intervals[span].end
                end = until if end is None else end
                until = start
            pieces.append(Piece("".join(run.text for run in runs), start, start if end is None else end))
        return pieces[::-1]


def _run(text: str, scope: _Scope) -> _Run:
    return _Run(text if scope.preserved else _SPACE.sub(" ", text), scope)


def _lines(runs: Sequence[_Run]) -> list[list[_Run]]:
    """The runs of each segment; white space stays with what is before it."""
    spans_are_lines = _are_lines(runs)
    lines: list[list[_Run]] = []
    before = None
    for run in runs:
        if not is_blank(run.text):
            belonging = (run.scope.speaker, run.scope.span if spans_are_lines else None)
            if belonging != before:
                lines.append([])
            before = belonging
        if lines:
            lines[-1].append(run)
    return lines


def _are_lines(runs: Iterable[_Run]) -> bool:
    """Whether most of the spans with times hold several words; otherwise they are words."""
    texts: dict[etree._Element, list[str]] = {}
    for run in runs:
        if run.scope.span is not None:
            texts.setdefault(run.scope.span, []).append(run.text)
    return sum(len("".join(parts).split()) > 1 for parts in texts.values()) * 2 > len(texts)


def _with_ends(segments: Iterable[Segment]) -> Iterator[Segment]:
    """The segments, those without an end lasting until the next start."""
    given = list(segments)
    starts = sorted(segment.start for segment in given if segment.start is not None)
    for segment in given:
        if segment.start is None or segment.end is not None:
            yield segment
        else:
            place = bisect_right(starts, segment.start)
            yield replace(segment, end=starts[place] if place < len(starts) else segment.start)


def _counted_from(origin: float, segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Broadcasters let the first frame have a time such as 10:00:00:00, and say so."""
    if not origin or any(segment.start is not None and segment.start < origin for segment in segments):
        return segments
    return tuple(
        replace(
            segment,
            start=_less(segment.start, origin),
            end=_less(segment.end, origin),
            words=tuple(
                replace(word, start=_less(word.start, origin), end=_less(word.end, origin))
                for word in segment.words
            ),
        )
        for segment in segments
    )


def _less(time: float | None, origin: float) -> float | None:
    return None if time is None else max(0.0, round(time - origin, 6))


def _speakers(root: etree._Element) -> dict[str, str | None]:
    """The name of each agent by its id, which stands for it where several have none."""
    agents = list(root.iter("{*}agent"))
    names: dict[str, str | None] = {}
    for agent in agents:
        identity = agent.get(_ID) or agent.get("id") or ""
        named = next((name for name in agent.iter("{*}name") if _plain(name)), None)
        unnamed = identity if len(agents) > 1 else None
        names[identity] = unnamed if named is None else _plain(named)
    return names


def _text_of(root: etree._Element, name: str) -> str | None:
    """The text of the first element of that name in the head."""
    found = (_plain(element) for head in root.iter("{*}head") for element in head.iter(f"{{*}}{name}"))
    return next(filter(None, found), None)


def _plain(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _language(root: etree._Element) -> str | None:
    given = (element.get(_LANG) for element in root.iter("{*}tt", "{*}body", "{*}div", "{*}p"))
    return language_code(next(filter(None, given), None))


def _styles_of_readings(root: etree._Element) -> frozenset[str]:
    return frozenset(style.get(_ID, "") for style in root.iter("{*}style") if _is_reading(style))


def _is_reading(element: etree._Element) -> bool:
    return attribute(element, "ruby", "styling") in _READINGS


_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata"
    xmlns:ttp="http://www.w3.org/ns/ttml#parameter" xmlns:tts="http://www.w3.org/ns/ttml#styling"
    ttp:profile="http://www.w3.org/ns/ttml/profile/imsc1/text" xml:lang="{language}" xml:space="preserve">
<head>
<metadata>
{metadata}</metadata>
<layout>
<region xml:id="below" tts:origin="10% 80%" tts:extent="80% 15%"
    tts:displayAlign="after" tts:textAlign="center"/>
</layout>
</head>
<body region="below">
<div>
"""


def write(transcript: Transcript) -> str:
    """A `<p>` for every segment with times; those without are left out."""
    shown = cues(transcript)
    names = [_name(cue.segment.speaker) for cue in shown]
    agents = {name: f"speaker{number}" for number, name in enumerate(dict.fromkeys(filter(None, names)), 1)}
    title = " ".join((transcript.title or "").split())
    metadata = f"<ttm:title>{_escaped(title)}</ttm:title>\n" if title else ""
    for name, agent in agents.items():
        metadata += (
            f'<ttm:agent xml:id="{agent}" type="person"><ttm:name type="full">{_escaped(name)}</ttm:name>'
            "</ttm:agent>\n"
        )
    paragraphs = [
        f'<p begin="{timestamp(cue.start_ms, ".")}" end="{timestamp(cue.end_ms, ".")}"'
        + (f' ttm:agent="{agents[name]}"' if name else "")
        + f">{_payload(cue)}</p>\n"
        for cue, name in zip(shown, names, strict=True)
    ]
    head = _HEAD.format(language=_escaped(transcript.language or ""), metadata=metadata)
    return head + "".join(paragraphs) + "</div>\n</body>\n</tt>\n"


def _payload(cue: Cue) -> str:
    """The text of a cue, each of its words that has a time inside the cue in a span."""
    text = one_block(cue.segment.text)
    parts: list[str] = []
    place = 0
    for word in cue.segment.words:
        begin = text.find(word.text, place)
        if begin < 0:
            continue
        start_ms = max(milliseconds(word.start), cue.start_ms) - cue.start_ms
        end_ms = min(milliseconds(word.end), cue.end_ms) - cue.start_ms
        if word.start is not None and start_ms < end_ms:
            times = f'begin="{timestamp(start_ms, ".")}" end="{timestamp(end_ms, ".")}"'
            parts += [_broken(text[place:begin]), f"<span {times}>{_broken(word.text)}</span>"]
            place = begin + len(word.text)
    return "".join([*parts, _broken(text[place:])])


def _name(speaker: str | None) -> str:
    return " ".join((speaker or "").split())


def _broken(text: str) -> str:
    return _escaped(text).replace("\n", "<br/>")


def _escaped(text: str) -> str:
    """As it may stand in XML, which has no way to write control characters."""
    return html.escape(_CONTROL.sub(" ", text))


FORMAT = Format(
    "ttml",
    "TTML captions",
    recognises,
    read=read,
    write=write,
    words=True,
    speakers=True,
    media_type="application/ttml+xml",
)

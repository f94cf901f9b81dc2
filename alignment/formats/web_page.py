"""HTML: transcripts of podcasts with speakers and times, and the main text of any other page.

Podcasting 2.0 (https://github.com/Podcastindex-org/podcast-namespace, docs/examples/transcripts) says

    <cite>Ada:</cite> <time>0:12</time> <p>The lamp is lit.</p>

Any other page is paragraphs, headings, list items and rows of tables, each a turn. The page of a site, with
scripts, navigation or a footer, is read from the first to the last paragraph that trafilatura (of the extra
"documents") takes for its main text, and whole without it. What lies in between is taken by own code, because
trafilatura drops paragraphs that are links, as in transcripts where a click on a line plays it.
"""

import logging
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import islice, pairwise

from lxml import etree

from alignment.formats.cues import seconds
from alignment.formats.documents import segments
from alignment.formats.format import Format
from alignment.formats.language_codes import language_code
from alignment.formats.markup import attribute, blocks, document, is_invisible, text_of
from alignment.formats.ordering import arranged
from alignment.formats.page_values import iso_date
from alignment.transcript import Segment, Source, Transcript
from alignment.words import WHITE_SPACE, is_blank

__all__ = ["FORMAT", "read", "recognises"]

_BEGINNING = re.compile(
    r"\s*+(?:<\?xml\b[^>]{0,200}>\s*+)?(?:<!--(?:[^-]|-(?!->))*+-->\s*+)*+"
    r"<(?:!doctype\s++html|html|head|title|meta|link|script|style|body|main|header|nav|article|section|div|p|"
    r"h[1-6]|span|table|ul|ol|dl|blockquote|pre|cite|time)(?=[\s>/])",
    re.IGNORECASE,
)
_FURNITURE = frozenset({"nav", "aside"})
_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog"}
)
_OF_A_SITE = frozenset({"script", "nav", "aside", "header", "footer", "form"})
_PARTS = frozenset({"article", "main", "section", "blockquote"})
"""What may have a header and a footer that belong to its text."""

_SMALL = 20
"""Elements in a name or a time, and above a header or footer, that are looked at."""

_LONGEST_NAME = 100

_LEFT_OUT = "left-out"
_PASSED_OVER = "passed-over"
"""Parts in so many others, and links within the page, as those of lines that play: their content counts."""
_DEEP = 30
"""Levels; in each part it counts all links below, those of the parts in it too."""
_SLOW_FOR_TRAFILATURA = ("span", "b", "i", "em", "strong", "font")
"""Its time grows with their square in a paragraph, where players put every word into one."""

_WITH_PARAGRAPHS = etree.XPath("//p[.//p]")
"""It makes one of them, in a time that grows with their square too."""

_CHARACTERS_A_SECOND = 15.0
"""How fast people speak, for the last line of a transcript that says only when lines begin."""


@dataclass(frozen=True, slots=True)
class _Passage:
    """What is said from a time on, or by a speaker."""

    speaker: str | None = None
    start: float | None = None
    lines: list[str] = field(default_factory=list)


def recognises(text: str) -> bool:
    """Whether `text` begins with an element of HTML, perhaps below comments."""
    return _BEGINNING.match(text) is not None


def read(text: str) -> Transcript:
    """The transcript on the page, or its main text.

    Where the page has times, a segment for each of them, up to the next; the last one, whose end the page
    does not say, lasts as long as it takes to say it at 15 characters a second.
    """
    root = document(text, "HTML")
    if root is None:
        return Transcript(())
    # lxml makes anew what nobody holds, each time it is come by, and looks through all that it stands in.
    elements = list(root.iter(etree.Element))
    metas = [element for element in elements if element.tag == "meta"]
    marks = [element for element in elements if element.tag in ("cite", "time")]
    times = [mark for mark in marks if mark.tag == "time" and _text(mark)]
    has_times = bool(times) and all(_clock(time) is not None for time in times)
    timed = has_times and (len(times) > 1 or len(marks) > len(times))
    return Transcript(
        segments=_timed(root, marks) if timed else segments(_main_text(root, elements)),
        title=_meta(metas, "og:title") or _title(elements),
        language=language_code(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang")),
        source=Source(
            channel=_meta(metas, "og:site_name"),
            published=iso_date((_meta(metas, "article:published_time") or "")[:10]),
        ),
    )


def _timed(root: etree._Element, marks: Iterable[etree._Element]) -> tuple[Segment, ...]:
    telling = {mark for mark in marks if _clock(mark) is not None or _names_speaker(mark)}
    passages = [passage for passage in _passages(root, telling) if passage.lines]
    starts = [passage.start for passage in passages if passage.start is not None]
    following = dict(pairwise(sorted(set(starts))))
    found: list[Segment] = []
    for number, passage in enumerate(passages):
        text = "\n".join(passage.lines)
        end = None
        if passage.start is not None:
            end = following.get(passage.start, passage.start + len(text) / _CHARACTERS_A_SECOND)
        turn = number if passage.start is None and passage.speaker is None else 0
        found.append(Segment(0, text, passage.start, end, passage.speaker, turn))
    return arranged(found)


def _passages(root: etree._Element, marks: set[etree._Element]) -> Iterator[_Passage]:
    passage = _Passage()
    for block in blocks(root, _leaves_out, marks):
        line = ""
        for run in block:
            if run.mark is None:
                line += run.text
                continue
            _add(passage, line)
            line = ""
            if passage.lines:
                yield passage
                passage = _Passage(passage.speaker)
            if run.mark.tag == "time":
                passage = _Passage(passage.speaker, _clock(run.mark))
            else:
                passage = _Passage(_text(run.mark).rstrip(": ") or None, passage.start)
        _add(passage, line)
    yield passage


def _add(passage: _Passage, text: str) -> None:
    passage.lines.extend(line.strip(WHITE_SPACE) for line in text.split("\n") if not is_blank(line))


def _names_speaker(cite: etree._Element) -> bool:
    """Whether it is the name of who speaks, and not that of a work that somebody speaks of."""
    name, after, before = _text(cite), cite.getnext(), cite.getprevious()
    if cite.tag != "cite" or not 0 < len(name) <= _LONGEST_NAME:
        return False
    if after is not None and after.tag == "time" and is_blank(cite.tail or ""):
        return True
    if before is not None and before.tag == "time" and is_blank(before.tail or ""):
        return True
    return name.endswith(":")


def _main_text(root: etree._Element, elements: Iterable[etree._Element]) -> list[str]:
    """The paragraphs of the page without its furniture, from the first to the last of its main text."""
    paragraphs = [text_of(block) for block in blocks(root, _leaves_out)]
    if not any(element.tag in _OF_A_SITE for element in elements):
        return paragraphs
    begin, end = _extent([_letters(paragraph) for paragraph in paragraphs], _guessed(root))
    return paragraphs[begin:end]


def _guessed(root: etree._Element) -> list[str]:
    """The letters of the paragraphs that trafilatura takes for the main text; none if it is not installed."""
    try:
        import trafilatura
    except ImportError:
        return []
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    page = deepcopy(root)
    depth = 0
    for event, element in etree.iterwalk(page, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if event == "end" or element is page:
            continue
        if _leaves_out(element):
            element.tag = _LEFT_OUT
        elif (depth > _DEEP and element.tag == "div") or (element.get("href") or "").startswith("#"):
            element.tag = _PASSED_OVER
    for paragraph in _WITH_PARAGRAPHS(page):
        etree.strip_tags(paragraph, "p")
    etree.strip_elements(page, _LEFT_OUT, with_tail=False)
    etree.strip_tags(page, _PASSED_OVER, *_SLOW_FOR_TRAFILATURA)
    content = etree.tostring(page, method="html", encoding="utf-8")
    # Not fast, it has other guesses made in time that grows with the square of the page.
    found = trafilatura.bare_extraction(content, favor_recall=True, include_comments=False, fast=True)
    if not isinstance(found, trafilatura.settings.Document) or found.body is None:
        return []
    return [_letters(text_of(block)) for block in blocks(found.body, lambda element: False)]


def _extent(paragraphs: Sequence[str], main: Sequence[str]) -> tuple[int, int]:
    """From where to where the main text stands in the paragraphs; all of them where none of it is found."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, paragraph in enumerate(paragraphs):
        places[paragraph].append(place)
    found: list[int] = []
    for paragraph in main:
        where = places.get(paragraph, [])
        following = bisect_left(where, found[-1] + 1 if found else 0)
        if paragraph and following < len(where):
            found.append(where[following])
    if not found:
        return 0, len(paragraphs)
    end, known = found[-1] + 1, set(main)
    while end < len(paragraphs) and paragraphs[end] in known:
        end += 1  # trafilatura names what is repeated, as a refrain, only once.
    return found[0], end


def _leaves_out(element: etree._Element) -> bool:
    """Whether it is not shown, or is what a site puts around the text of each page."""
    name = element.tag
    if name in _FURNITURE or element.get("role") in _ROLES or is_invisible(element):
        return True
    if name not in ("header", "footer"):
        return False
    return not any(above.tag in _PARTS for above in islice(element.iterancestors(), _SMALL))


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text)


def _text(element: etree._Element) -> str:
    """The text of a name, a time or a title; none of what has more parts than they have."""
    if len(list(islice(element.iter(etree.Element), _SMALL + 1))) > _SMALL:
        return ""
    return " ".join("".join(element.itertext()).split())


def _clock(time: etree._Element) -> float | None:
    return None if time.tag != "time" else seconds(_text(time).strip("[]()"))


def _title(elements: Iterable[etree._Element]) -> str | None:
    for element in elements:
        if element.tag == "title":
            return _text(element) or None
    return None


def _meta(metas: Iterable[etree._Element], name: str) -> str | None:
    for meta in metas:
        if name in (meta.get("property"), meta.get("name")):
            return " ".join(attribute(meta, "content").split()) or None
    return None


FORMAT = Format("html", "Web page", recognises, read=read, speakers=True)

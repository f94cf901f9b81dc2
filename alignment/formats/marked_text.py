"""Text with times or names between its lines, as sites show it and transcribers deliver it.

The copy of a site's transcript panel (a time on a line of its own, then a caption), the files of
transcription services ("Ada Finch  0:12" above each turn, "ADA (00:12:03): ..." in front of it), a
recogniser's print-out ("[00:00.000 --> 00:04.200]  ..."), a play's "Ada: ...". `line_marks` knows how a line
begins in them.
"""

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from alignment.formats.caption_lines import captions_in
from alignment.formats.format import Format
from alignment.formats.line_marks import LINES_A_MARK, Mark, is_name, label_of, mark_of, names_in
from alignment.formats.ordering import arranged
from alignment.transcript import Chapter, Segment, Source, Transcript
from alignment.words import WHITE_SPACE

__all__ = ["FORMAT", "read", "read_lines", "recognises"]

_SECONDS_A_CHARACTER = 0.07
"""How long the last lines are taken to last: people speak at about this pace."""

_CHAPTER = re.compile(r"Chapter \d{1,3}: (?P<title>.+)")
_PANEL = frozenset(
    {
        "transcript",
        "search in video",
        "search transcript",
        "show transcript",
        "toggle timestamps",
        "sync to video time",
        "follow along using the transcript.",
    }
)
"""What a panel says around its captions, in small letters."""

_PANEL_LANGUAGE = re.compile(r"[^\W\d_][\w ()-]{1,40} \(auto-generated\)")
_SPELLED = re.compile(r"(?:(\d{1,3}) hours?,? ?)?+(?:(\d{1,2}) minutes?,? ?)?+(?:(\d{1,2}) seconds?)?+")


@dataclass(frozen=True, slots=True)
class _Given:
    """A line without its mark. blank: whether a blank line stands above it. heading: whether it is one."""

    text: str
    blank: bool = False
    heading: bool = False


@dataclass(slots=True)
class _Block:
    """What follows a mark."""

    mark: Mark | None
    lines: list[_Given] = field(default_factory=list)

    @property
    def start(self) -> float | None:
        return self.mark.start if self.mark else None


@dataclass(frozen=True, slots=True)
class _Line:
    """start: where a mark says it. ends: where the mark says that what follows it ends."""

    text: str
    speaker: str | None
    turn: int
    start: float | None = None
    ends: float | None = None


def recognises(text: str) -> bool:
    """Whether lines of `text` begin with times that go on, or with the names of people who speak.

    A single time is enough where it has brackets around it and the text begins with it.
    """
    lines = [line for line in map(_stripped, text.split("\n")) if line]
    marks = [mark_of(line) for line in lines]
    texts = (mark.text if mark else line for mark, line in zip(marks, lines, strict=True))
    times = [mark for mark in marks if mark]
    begins = len(times) == 1 and marks[0] is not None and ("[" in lines[0] or "(" in lines[0])
    return begins or _go_on(times, len(lines)) or bool(names_in(texts))


def read(text: str) -> Transcript:
    """A segment for every line, without its mark; one that is too long for a caption becomes several.

    A line ends where the next time is. Where a time stands above several lines they share what is between it
    and the next one by their length, and all but the first are `interpolated`. In a transcript panel's copy a
    second line under a time is the name of the chapter that begins there.
    """
    return read_lines(text.split("\n"))


def read_lines(lines: Sequence[str], headings: Container[int] = frozenset()) -> Transcript:
    """The same of lines, of which those with the numbers in `headings` are known to be headings.

    A heading right above a time names the chapter that begins there.
    """
    blocks = _without_spelled_times(_blocks([_stripped(line) for line in lines], headings))
    _take_panel_away(blocks)
    chapters = _take_chapters(blocks)
    names = names_in(line.text for block in blocks for line in block.lines) | _names_behind_times(blocks)
    segments = _timed(tuple(_lines(blocks, names)))
    return Transcript(segments=arranged(segments), source=Source(chapters=chapters))


def _stripped(line: str) -> str:
    return line.strip(WHITE_SPACE)


def _go_on(marks: Sequence[Mark], lines: int) -> bool:
    """Whether these are the times of a recording: they go on, and there are enough of them."""
    forward = sum(left.start <= right.start for left, right in pairwise(marks))
    return len(marks) > 1 and forward >= 0.9 * (len(marks) - 1) and lines <= LINES_A_MARK * len(marks)


def _blocks(lines: Iterable[str], headings: Container[int]) -> list[_Block]:
    """The text cut at its times; the first block is what stands above them all."""
    blocks = [_Block(None)]
    blank = False
    for number, line in enumerate(lines):
        if not line:
            blank = True
            continue
        if mark := mark_of(line):
            blocks.append(_Block(mark, [_Given(mark.text, blank)] if mark.text else []))
        else:
            blocks[-1].lines.append(_Given(line, blank, number in headings))
        blank = bool(mark and not mark.text and blank)
    return blocks


def _without_spelled_times(blocks: list[_Block]) -> list[_Block]:
    """The blocks without "1 minute, 3 seconds" below "1:03", which is there for those who cannot see it."""
    spelled = [_spelled_length(block) for block in blocks]
    if sum(length > 0 for length in spelled) < 0.8 * max(1, len(blocks) - 1):
        return blocks
    for block, length in zip(blocks, spelled, strict=True):
        if length:
            rest = _stripped(block.lines[0].text[length:])
            block.lines[:1] = [replace(block.lines[0], text=rest)] if rest else []
    return blocks


def _spelled_length(block: _Block) -> int:
    """How many characters of the first line say the block's time in words."""
    if block.mark is None or not block.lines:
        return 0
    found = _SPELLED.match(block.lines[0].text)
    if not found or not found[0]:
        return 0
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return found.end() if hours * 3600 + minutes * 60 + seconds == int(block.mark.start) else 0


def _take_panel_away(blocks: list[_Block]) -> None:
    """Leave out what the panel says around its captions."""
    if len(blocks) < 2:
        return
    for block in (blocks[0], blocks[-1]):
        block.lines = [
            line
            for line in block.lines
            if line.text.lower() not in _PANEL and not _PANEL_LANGUAGE.fullmatch(line.text)
        ]


def _take_chapters(blocks: list[_Block]) -> tuple[Chapter, ...]:
    """The names of chapters out of the blocks in front of them."""
    bare = [block for block in blocks[1:] if block.mark and not block.mark.name and not block.mark.text]
    single = sum(len(block.lines) == 1 for block in bare)
    is_panel = len(bare) == len(blocks) - 1 > 1 and single >= 0.6 * len(bare)
    chapters: list[Chapter] = []
    for block, following in pairwise(blocks):
        if following.start is None or not block.lines:
            continue
        last = block.lines[-1]
        numbered = _CHAPTER.fullmatch(last.text)
        if numbered or last.heading or (is_panel and block.mark and len(block.lines) == 2):
            block.lines.pop()
            chapters.append(Chapter(following.start, numbered["title"] if numbered else last.text))
    first = blocks[0].lines
    if is_panel and len(first) == 1 and chapters and blocks[1].start is not None:
        chapters.insert(0, Chapter(blocks[1].start, first.pop().text))
    return tuple(chapters)


def _names_behind_times(blocks: Sequence[_Block]) -> frozenset[str]:
    """Names that stand alone behind the times, the words below them."""
    behind = Counter(block.mark.text for block in blocks if block.mark and block.mark.text)
    alone = [
        block.mark.text
        for block in blocks
        if block.mark and is_name(block.mark.text) and len(block.lines) > 1
    ]
    if len(alone) < 2 or len(alone) < behind.total() or behind[alone[0]] < 2:
        return frozenset()
    return frozenset(alone)


def _lines(blocks: Sequence[_Block], names: frozenset[str]) -> Iterator[_Line]:
    """The lines with who says them; names that stand alone are no lines.

    A blank line begins a turn, unless there is one between almost any two lines.
    """
    speaker, turn, began = None, 0, False
    blanks = [line.blank for block in blocks for line in block.lines]
    tells = sum(blanks) < 0.8 * len(blanks)
    for block in blocks:
        start, ends = block.start, block.mark.end if block.mark else None
        if block.mark and block.mark.name:
            speaker, turn = block.mark.name, turn + began
        for given in block.lines:
            line, named = given.text, _name_of(given.text, names)
            if named:
                speaker, line = named
            if named or (given.blank and tells):
                turn += began
            if not line:
                continue
            began = True
            for part in captions_in(line):
                yield _Line(part.text, speaker, turn, start, ends)
                start = ends = None


def _name_of(line: str, names: frozenset[str]) -> tuple[str, str] | None:
    """The name that a line begins with or consists of, and the rest."""
    if line in names:
        return line, ""
    label = label_of(line)
    return label if label and label[0] in names else None


def _timed(lines: Sequence[_Line]) -> Iterator[Segment]:
    marked = [number for number, line in enumerate(lines) if line.start is not None]
    for number in range(marked[0] if marked else len(lines)):
        yield Segment(0, lines[number].text, speaker=lines[number].speaker, turn=lines[number].turn)
    for first, last in pairwise([*marked, len(lines)]):
        following = lines[last].start if last < len(lines) else None
        yield from _sharing(lines[first:last], following)


def _sharing(lines: Sequence[_Line], following: float | None) -> Iterator[Segment]:
    """Lines under one time, which share what is between it and its end, or the time that follows."""
    start = lines[0].start or 0.0
    letters = sum(len(line.text) for line in lines)
    end = lines[0].ends if lines[0].ends is not None else following
    if end is None or end <= start:
        end = start + _SECONDS_A_CHARACTER * letters
    done = 0
    for number, line in enumerate(lines):
        first = start + (end - start) * done / letters
        done += len(line.text)
        last = start + (end - start) * done / letters
        yield Segment(
            id=0,
            text=line.text,
            start=round(first, 3),
            end=round(last, 3),
            speaker=line.speaker,
            turn=line.turn,
            status="interpolated" if number else None,
        )


FORMAT = Format("marked", "Text with times or names between its lines", recognises, read=read, speakers=True)

r"""Subtitles of Advanced SubStation Alpha (ASS, "v4+") and SubStation Alpha (SSA, "v4").

Sections of lines `Name: value`; an event's values stand in the order of the `Format` line of its section, the
text last (https://github.com/libass/libass/wiki/ASS-File-Format-Guide). In a text, `{...}` holds what changes
its look, `\N` breaks the line, and karaoke gives times: `{\k20}The {\kf30}lamp` says that "The" lasts 20
hundredths of a second and "lamp" 30. A backslash is written with a word joiner behind it, so that players see
no command in it, and a brace with a backslash in front.

Read by own code, because the kept library takes the values in a fixed order, fails for a whole file on a
colour that it does not understand, and knows nothing of karaoke.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from alignment.formats.cues import one_block, seconds
from alignment.formats.format import Format, damaged
from alignment.formats.hundredths import Line, lines
from alignment.formats.joining import Piece, timed_words
from alignment.formats.language_codes import language_code
from alignment.formats.ordering import arranged
from alignment.transcript import Segment, Transcript, Word
from alignment.words import is_blank, split_words

__all__ = ["FORMAT", "read", "recognises", "write"]

_BEGINNING = re.compile(
    r"\s*+(?:;[^\n]*+\s*+)*+"
    r"\[(?:script info|v4\+{0,2} styles|events|aegisub project garbage)\](?=\s|$)",
    re.IGNORECASE,
)
_TIMED_EVENT = re.compile(r"^Dialogue:[^,\n]{0,20},\s{0,9}\d{1,3}:\d\d:\d\d[.,]\d", re.MULTILINE)
# At least one small letter: the lines of a font in the file have none.
_SECTION = re.compile(r"\[(?=[^a-z]{0,40}[a-z])([^\[\]]{1,80})\]")
_COLUMNS = ("layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text")

_JOINER = "\u2060"
_ESCAPES = {"N": "\n", "n": "\n", "h": " ", "{": "{", "}": "}", _JOINER: "\\"}
_PLAIN = rf"\\(?P<escape>[Nnh{{}}{_JOINER}])|(?P<text>[^{{\\]++|[{{\\])"
_PART = re.compile(rf"\{{(?P<block>[^}}]*+)\}}|{_PLAIN}")
_PART_WITHOUT_BLOCKS = re.compile(_PLAIN)
_COMMAND = re.compile(
    r"\\(?:[kK](?P<kind>[fot])?[\s(]{0,9}(?P<length>-?\d{1,7}(?:\.\d{1,3})?)?|p(?P<drawing>\d{1,6}))"
)
_DEFAULT_LENGTH = 100

_NO_TITLES = frozenset({"", "untitled", "<untitled>", "default aegisub file"})

_HEAD = """ScriptType: v4.00+
PlayResX: 1920
PlayResY: 1080
WrapStyle: 0
ScaledBorderAndShadow: yes

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, \
Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, \
MarginR, MarginV, Encoding
Style: Default,Arial,64,&H00FFFFFF,&H00A8A8A8,&H00101010,&H80000000,0,0,0,0,100,100,0,0,1,3.5,1,2,120,120,60,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
"""White text with a dark edge at the bottom of the picture; of a line with karaoke, grey what is to come."""


def recognises(text: str) -> bool:
    """Whether `text` begins with one of the format's sections, or some line of it is a timed event."""
    return _BEGINNING.match(text) is not None or _TIMED_EVENT.search(text) is not None


def read(text: str) -> Transcript:
    """A segment for every dialogue event that has text, by start time, its words timed where it is karaoke.

    Names become speakers. Comments, drawings, styles, effects and layers are left out, and of events that are
    the same but for these, as they are laid over each other for a shadow or an edge, the first is read.
    Raises TranscriptError, with the line, for an event that has no time or no text.
    """
    section = ""
    info: dict[str, str] = {}
    columns: Sequence[str] = _COLUMNS
    events: dict[tuple[str, ...], Segment] = {}
    for number, line in enumerate(map(str.strip, text.split("\n")), 1):
        name, _, value = line.partition(":")
        name = name.strip().lower()
        if heading := _SECTION.fullmatch(line):
            section = heading[1].strip().lower()
        elif name == "dialogue":
            event = _event(value, columns, number)
            known = tuple(event.get(key, "").strip() for key in ("start", "end", "name", "text"))
            if known not in events:
                events[known] = _segment(event, number)
        elif name == "format" and "styles" not in section:
            columns = _named_columns(value, number)
        elif section == "script info":
            info.setdefault(name, value.strip())
    title = info.get("title", "")
    return Transcript(
        segments=arranged(segment for segment in events.values() if not is_blank(segment.text)),
        title=None if title.lower() in _NO_TITLES else title,
        language=language_code(info.get("language")),
    )


def _named_columns(value: str, number: int) -> Sequence[str]:
    given = [column.strip().lower() for column in value.split(",")]
    columns = ["name" if column == "actor" else column for column in given]
    missing = [column for column in ("start", "end", "text") if column not in columns]
    if missing:
        raise damaged("ASS file", number, f"its events have no column {missing[0]!r}")
    return columns


def _event(value: str, columns: Sequence[str], number: int) -> Mapping[str, str]:
    values = value.split(",", len(columns) - 1)
    if len(values) < len(columns):
        raise damaged("ASS file", number, f"the event has {len(values)} values, not {len(columns)}")
    return dict(zip(columns, values, strict=True))


def _segment(event: Mapping[str, str], number: int) -> Segment:
    start, end = _time(event["start"], number), _time(event["end"], number)
    end = max(start, end)
    pieces = tuple(_pieces(event["text"], start, end))
    text = "".join(piece.text for piece in pieces)
    speaker = event.get("name", "").strip() or None
    return Segment(0, one_block(text), start, end, speaker, words=_words(text, pieces, start, end))


def _time(value: str, number: int) -> float:
    """The seconds; 0 for a time before the start, as it comes of shifting a whole file."""
    time = seconds(value.strip().removeprefix("-"))
    if time is None:
        raise damaged("ASS file", number, f"{value.strip()[:40]!r} is no time")
    return 0.0 if value.strip().startswith("-") else time


def _pieces(text: str, start: float, end: float) -> Iterator[Piece]:
    """The visible text, a piece for each syllable of karaoke; without times where there is none."""
    for syllable, begin, length in _syllables(text):
        if begin is None:
            yield Piece(syllable, None, None)
        else:
            first, last = (round(start + time / 100, 3) for time in (begin, begin + length))
            yield Piece(syllable, min(first, end), min(last, end))


def _syllables(text: str) -> Iterator[tuple[str, float | None, float]]:
    """The visible text of each syllable, when it begins in its event and how long it lasts, in hundredths."""
    shown: list[str] = []
    begin: float | None = None
    length = 0.0
    is_drawing = False
    for block, visible in _blocks(text):
        if visible and not is_drawing:
            shown.append(visible)
        for command in _COMMAND.finditer(block):
            if command["drawing"]:
                is_drawing = int(command["drawing"]) > 0
                continue
            yield "".join(shown), begin, length
            shown = []
            given = max(0.0, float(command["length"] or _DEFAULT_LENGTH))
            if command["kind"] == "t":
                begin, length = given, 0.0
            else:
                begin, length = (begin or 0.0) + length, given
    yield "".join(shown), begin, length


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """What stands in braces, and the visible text between; one of the two is empty each time."""
    # Behind the last "}", a "{" is a brace like any other character.
    closed = text.rfind("}") + 1
    for part in _PART.finditer(text, 0, closed):
        yield part["block"] or "", _ESCAPES.get(part["escape"], part["text"] or "")
    for part in _PART_WITHOUT_BLOCKS.finditer(text, closed):
        yield "", _ESCAPES.get(part["escape"], part["text"] or "")


def _words(text: str, pieces: Sequence[Piece], start: float, end: float) -> tuple[Word, ...]:
    """The words with the times of their syllables, or with the event's for one that has it to itself."""
    if all(piece.start is None for piece in pieces):
        words = split_words(text)
        return (replace(words[0], start=start, end=end),) if len(words) == 1 else words
    timed = timed_words(text, [piece for piece in pieces if piece.text])
    return tuple(Word(word.text) if word.start == word.end else word for word in timed)


def write(transcript: Transcript) -> str:
    """An event for every segment with times, karaoke where its words have them."""
    head = ["[Script Info]"]
    if title := " ".join((transcript.title or "").split()):
        head.append(f"Title: {title}")
    if transcript.language:
        head.append(f"Language: {transcript.language}")
    events = (_dialogue(line) for line in lines(transcript))
    return "\n".join([*head, _HEAD]) + "".join(f"{event}\n" for event in events)


def _dialogue(line: Line) -> str:
    times = f"{_timestamp(line.start)},{_timestamp(line.end)}"
    name = " ".join((line.segment.speaker or "").replace(",", ";").split())
    return f"Dialogue: 0,{times},Default,{name},0,0,0,,{_payload(line)}"


def _payload(line: Line) -> str:
    if not line.stretches:
        return _escaped(one_block(line.segment.text))
    parts: list[str] = []
    latest = line.start
    for stretch in line.stretches:
        pause = f"{{\\k{stretch.start - latest}}}" if stretch.start > latest else ""
        length = stretch.end - stretch.start
        parts.append(f"{pause}{{\\k{'f' if length else ''}{length}}}{_escaped(stretch.text)}")
        latest = stretch.end
    return "".join(parts)


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\" + _JOINER)
    return text.replace("{", r"\{").replace("}", r"\}").replace("\n", r"\N")


def _timestamp(time: int) -> str:
    minutes, hundredths = divmod(time, 6000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{hundredths // 100:02}.{hundredths % 100:02}"


FORMAT = Format("ass", "ASS subtitles", recognises, read=read, write=write, words=True, speakers=True)

"""WebVTT, the captions of web browsers (https://www.w3.org/TR/webvtt1/).

Words with times are written with inline times: `<00:00:01.000>One <00:00:01.250>two<00:00:01.600> more`. The
time in front of a word is its start; its end is the next time, right behind the word if a pause follows. A
line without times becomes a note, which this reader turns back into a line and other programs skip.

Read by own code, because the kept libraries drop inline times and voices and, as in SRT, some words.
"""

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from alignment.formats.cues import Cue, cues, milliseconds, one_block, seconds, timestamp, timing
from alignment.formats.format import Format
from alignment.formats.language_codes import language_code
from alignment.formats.ordering import arranged
from alignment.formats.rolling import Display, repeated_lines
from alignment.formats.speakers import with_speakers
from alignment.transcript import Segment, Transcript, Word
from alignment.words import is_blank, split_words

__all__ = ["FORMAT", "read", "recognises", "write"]

_UNTIMED = "NOTE Line without time:"
_SILENT_BLOCK = re.compile(r"(?:NOTE|STYLE|REGION)(?=\s|$)")
_HEADER = re.compile(r"\s*WEBVTT(?=\s|$)[ \t]*(?:-[ \t]*)?(.*)")
_LANGUAGE = re.compile(r"^Language:[ \t]*([A-Za-z]{2,3})\b", re.MULTILINE)
_PART = re.compile(
    r"<(?P<time>[\d:.]+)>"
    r"|<v(?:\.[^\s<>]*+)?\s++(?P<voice>[^<>]*+)>"
    r"|</?(?:[cibuv]|ruby|rt)(?:\.[^\s<>]*+)?>"
    r"|</?(?:lang|font)(?:[.\s][^<>]*+)?>"
    r"|(?P<text>[^<]+|<)"
)
_ENTITY = re.compile(r"&#?\w{1,32};")


@dataclass(frozen=True, slots=True)
class _Cue:
    """What stands below a timing line, or in a note about a line without times, its markup left out.

    voices: who speaks, each from a place in the text on; at least one, None where nobody is named.
    stamps: the inline times with their places in the text.
    """

    times: tuple[float, float] | None
    text: str
    voices: list[tuple[int, str | None]]
    stamps: list[tuple[int, float]]


def recognises(text: str) -> bool:
    """Whether `text` begins as every WebVTT file must."""
    return _HEADER.match(text) is not None


def read(text: str) -> Transcript:
    """A segment for every cue that has text, by start time, its words timed where it has inline times.

    Voices, or names in front of most cues, become speakers, and a change of speaker begins a turn.
    Styles, positions and notes are skipped. Of captions that roll up, as YouTube's automatic ones do,
    each line is read once (see `rolling`).
    """
    blocks = re.split(r"\n{2,}", text.strip())
    title, language = _HEADER.match(blocks[0]), _LANGUAGE.search(blocks[0])
    return Transcript(
        segments=arranged(
            with_speakers(segment for segment in _segments(blocks) if not is_blank(segment.text))
        ),
        title=_unescaped(title[1]).strip() or None if title else None,
        language=language_code(language[1]) if language else None,
    )


def _segments(blocks: Iterable[str]) -> Iterator[Segment]:
    given = [_Cue(times, *_parsed(one_block("\n".join(lines)))) for times, lines in _payloads(blocks)]
    shown = [Display(*cue.times, _lines(cue.text)) for cue in given if cue.times]
    repeated = iter(repeated_lines(shown))
    for cue in given:
        if cue.times is None:
            yield Segment(0, one_block(cue.text))
        else:
            yield from _spoken(cue, cue.times, _length_of_lines(cue.text, next(repeated)))


def _payloads(blocks: Iterable[str]) -> list[tuple[tuple[float, float] | None, list[str]]]:
    """The lines of each cue with its times, and of each line without times."""
    spoken: list[tuple[tuple[float, float] | None, list[str]]] = []
    for block in blocks:
        if block.startswith(_UNTIMED):
            spoken.append((None, [block.removeprefix(_UNTIMED)]))
            continue
        lines = block.split("\n")
        timed = [place for place, line in enumerate(lines) if timing(line)]
        if not timed and spoken and not _SILENT_BLOCK.match(block):
            # A blank line inside a cue ends it by the letter of the format; the words below it are kept.
            spoken[-1][1].extend(lines)
        for place, end in pairwise([*timed, len(lines)]):
            spoken.append((timing(lines[place]), lines[place + 1 : end]))
    return spoken


def _spoken(cue: _Cue, times: tuple[float, float], head: int) -> Iterator[Segment]:
    """What each voice says in the cue, from the character `head` on; at what time, inline times may tell."""
    start, end = times
    places = [place for place, _ in cue.stamps]
    changes = [start, *(time for _, time in cue.stamps), end]
    bounds = [head, *(max(place, head) for place, _ in cue.voices[1:]), len(cue.text)]
    for (_, speaker), (first, last) in zip(cue.voices, pairwise(bounds), strict=True):
        text = cue.text[first:last]
        words = split_words(text)
        # Without inline times only a word that has the cue to itself is timed.
        if places or len(words) == 1 == len(cue.voices):
            words = tuple(_timed_words(cue.text, words, first, places, changes))
        is_part = bool(places and words) and len(cue.voices) > 1
        begin, until = (words[0].start, words[-1].end) if is_part else (start, end)
        yield Segment(0, one_block(text), begin, until, speaker, words=words)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _length_of_lines(text: str, count: int) -> int:
    """Characters in the first `count` lines that are not blank, with their line breaks."""
    place = 0
    while count:
        behind = text.find("\n", place) + 1 or len(text)
        count -= bool(text[place:behind].strip())
        place = behind
    return place


def _parsed(payload: str) -> tuple[str, list[tuple[int, str | None]], list[tuple[int, float]]]:
    """The text of a cue without markup, its voices and its inline times, both with their places in it."""
    pieces: list[str] = []
    length = 0
    voices: list[tuple[int, str | None]] = []
    stamps: list[tuple[int, float]] = []
    for part in _PART.finditer(payload):
        if part["time"] and (time := seconds(part["time"])) is not None:
            stamps.append((length, time))
        elif part["voice"] and (name := _unescaped(part["voice"]).strip()):
            if not voices or voices[-1][1] != name:
                voices.append((length, name))
        elif part["text"]:
            pieces.append(_unescaped(part["text"]))
            length += len(pieces[-1])
    return "".join(pieces), voices or [(0, None)], stamps


def _timed_words(
    text: str, words: Sequence[Word], place: int, places: Sequence[int], times: Sequence[float]
) -> Iterator[Word]:
    """Each word from the last inline time in front of it to the first one behind it, inside the cue.

    place: where the words begin in the cue's text. places: where its inline times stand in it. times: the
    cue's start, the inline times, the cue's end.
    """
    latest, end = times[0], times[-1]
    for word in words:
        begin = text.index(word.text, place)
        place = begin + len(word.text)
        latest = min(max(latest, times[bisect_right(places, begin)]), end)
        behind = times[1 + bisect_left(places, place)]
        yield Word(word.text, latest, min(max(latest, behind), end))


def write(transcript: Transcript) -> str:
    """A cue for every segment with times, a note in its place for every other."""
    title = " ".join(_escaped(transcript.title or "").split())
    blocks = [f"WEBVTT - {title}" if title else "WEBVTT"]
    shown = iter(cues(transcript))
    for segment in transcript.segments:
        if segment.start is not None:
            cue = next(shown)
            times = f"{timestamp(cue.start_ms, '.')} --> {timestamp(cue.end_ms, '.')}"
            voice = f"<v {_escaped(' '.join(segment.speaker.split()))}>" if segment.speaker else ""
            blocks.append(f"{times}\n{voice}{_payload(cue)}")
        else:
            blocks.append(f"{_UNTIMED}\n{_escaped(one_block(segment.text))}")
    return "\n\n".join(blocks) + "\n"


def _payload(cue: Cue) -> str:
    """The text of a cue with the times of its words: each later than the one before, all inside the cue."""
    text = one_block(cue.segment.text)
    parts: list[str] = []
    place, latest = 0, cue.start_ms

    def stamp(time: float | None, limit_ms: int) -> None:
        nonlocal latest
        if time is not None and latest < milliseconds(time) < limit_ms:
            latest = milliseconds(time)
            parts.append(f"<{timestamp(latest, '.')}>")

    words = cue.segment.words
    for number, word in enumerate(words):
        begin = text.find(word.text, place)
        if begin < 0:
            return _escaped(text)
        parts.append(_escaped(text[place:begin]))
        stamp(word.start, cue.end_ms)
        parts.append(_escaped(word.text))
        place = begin + len(word.text)
        following = next((later.start for later in words[number + 1 :] if later.start is not None), None)
        stamp(word.end, cue.end_ms if following is None else min(cue.end_ms, milliseconds(following)))
    return "".join([*parts, _escaped(text[place:])])


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


def _unescaped(text: str) -> str:
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)


FORMAT = Format(
    "vtt",
    "WebVTT captions",
    recognises,
    read=read,
    write=write,
    words=True,
    speakers=True,
    media_type="text/vtt",
)

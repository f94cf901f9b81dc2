"""TextGrid, the labels of the phonetics program Praat, as text in its long and its short form
(https://www.fon.hum.uva.nl/praat/manual/TextGrid_file_formats.html).

Praat reads the strings, the numbers that stand free and the flags such as `<exists>`, and nothing else; so
does this reader, and both forms are one to it. A tier named "words" holds words, "phones" and the like no
text, and any other lines; in "Ada - words" the words are Ada's, and where there are several tiers of lines,
the name of one that has no usual name is that of its speaker. Times are kept as they are where a grid does
not begin at 0: it is then a cut-out that kept the times of its recording.

Written are two tiers, "lines" and "words", or two for each speaker, "Ada - lines" and "Ada - words". They
are full of intervals: those without text are silence.

Read by own code, because praatio cannot read a label with `intervals [` in it, and takes a short file that
breaks off for a whole one.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, pairwise
from typing import Literal

from alignment.errors import TranscriptError
from alignment.formats.cues import Cue, cues, milliseconds, one_block
from alignment.formats.format import Format, damaged
from alignment.formats.joining import Piece, lines_of
from alignment.formats.ordering import arranged
from alignment.transcript import Segment, Transcript, Word
from alignment.words import is_blank, separator, split_words

__all__ = ["FORMAT", "read", "recognises", "write"]

_KIND = "TextGrid"
_HEADER = re.compile(r'\s*+File type *+= *+"ooTextFile[^"\n]*+"\s*+(?:Object class *+= *+)?+"TextGrid')
_TOKEN = re.compile(
    r'"(?P<string>(?:[^"]++|"")*+)"'
    r"|![^\n]*+"
    r"|(?P<flag><exists>|<absent>)"
    r"|(?<![^\s=])(?P<number>[-+]?[0-9]++(?:\.[0-9]*+)?+(?:[eE][-+]?[0-9]++)?+)(?=\s|$)"
    r'|(?P<unclosed>")'
)

_WORDS = frozenset("word words wrd ort ort-mau token tokens tokensalign".split())
_LINES = frozenset(
    "line lines utterance utterances utt sentence sentences phrase phrases text transcript transcription "
    "ortho orthography trn trn-mau speech segments captions subtitles".split()
)
_NO_TEXT = frozenset(
    "phone phones phoneme phonemes phn phon phono phonalign mau kan kan-mau syllable syllables syll syl "
    "segment seg ipa ipu ipus pitch tone tones breaks pos silences vuv".split()
)
_BETWEEN = "-–—_:/"
"""What stands between the name of a speaker and the kind of the tier."""

_SILENCES = frozenset({"#", "<p:>", "<sil>", "<eps>"})
_SILENT_WORDS = _SILENCES | {"sil", "sp"}

_ACCENTS = {"'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", ",": "\u0327"}
_LETTERS = {"ss": "ß", "ae": "æ", "AE": "Æ", "o/": "ø", "O/": "Ø", "ao": "å", "AO": "Å", "bs": "\\"}
_SPECIAL = re.compile(r"\\(?:([A-Za-z])(['`^\"~,])|(ss|ae|AE|o/|O/|ao|AO|bs))")

_REACH = 8
"""How many words of a line are passed over at most to find the one that an interval holds."""


@dataclass(frozen=True, slots=True)
class _Interval:
    """A label with its time; that of a point has no length."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class _Tier:
    name: str
    intervals: tuple[_Interval, ...]


@dataclass(frozen=True, slots=True)
class _Role:
    """What a tier holds, and whose. named: whether its name tells the speaker beyond doubt."""

    kind: Literal["lines", "words", "none"]
    speaker: str | None
    named: bool


def recognises(text: str) -> bool:
    """Whether `text` begins as every TextGrid does."""
    return _HEADER.match(text) is not None


def read(text: str) -> Transcript:
    """A segment for every label of a tier of lines, its words timed by a tier of words.

    Words that stand in no line become lines. What a tier says where the one before, of the same speaker, has
    said something, is taken to be the same again. Raises TranscriptError, with the line, for what is damaged.
    """
    tiers = _Reader(text).tiers()
    roles = _roles([tier.name for tier in tiers])
    with_words = {role.speaker for role in roles if role.kind == "words"}
    segments: list[Segment] = []
    lines: dict[str | None, list[Segment]] = {speaker: [] for speaker in with_words}
    words: dict[str | None, list[_Interval]] = {speaker: [] for speaker in with_words}
    for speaker in dict.fromkeys(role.speaker for role in roles):
        mine = [(role, tier) for role, tier in zip(roles, tiers, strict=True) if role.speaker == speaker]
        timed_by = speaker if speaker in with_words else None
        told = _lines([tier for role, tier in mine if role.kind == "lines"], speaker)
        lines.setdefault(timed_by, []).extend(told)
        heard = (label for role, tier in mine if role.kind == "words" for label in tier.intervals)
        words.setdefault(timed_by, []).extend(label for label in heard if label.text not in _SILENT_WORDS)
    for speaker, told in lines.items():
        segments += _with_words(told, words[speaker], speaker)
    return Transcript(segments=arranged(segments))


def _roles(names: Sequence[str]) -> list[_Role]:
    roles = [_role(name) for name in names]
    whose = {role.speaker for role in roles if role.kind == "lines"}
    if len(whose) == 1 and not any(role.named for role in roles):
        return [replace(role, speaker=None) for role in roles]
    return roles


def _role(name: str) -> _Role:
    kind = _kind(name)
    if kind is not None:
        return _Role(kind, None, named=False)
    last = max(name.rfind(mark) for mark in _BETWEEN)
    kind, speaker = _kind(name[last + 1 :]), " ".join(name[: max(0, last)].split())
    if kind is not None and speaker:
        return _Role(kind, speaker, named=True)
    return _Role("lines", " ".join(name.split()) or None, named=False)


def _kind(name: str) -> Literal["lines", "words", "none"] | None:
    name = name.strip().casefold()
    if name in _WORDS:
        return "words"
    if name in _LINES:
        return "lines"
    return "none" if name in _NO_TEXT else None


def _lines(tiers: Iterable[_Tier], speaker: str | None) -> list[Segment]:
    """The labels of one speaker's tiers as segments by their start."""
    told: list[_Interval] = []
    for tier in tiers:
        given = [label for label in tier.intervals if label.text not in _SILENCES]
        told += _outside(given, told)
        told.sort(key=lambda label: label.start)
    return [Segment(0, label.text, label.start, label.end, speaker) for label in told]


def _outside(labels: Iterable[_Interval], told: Sequence[_Interval]) -> list[_Interval]:
    """The labels that share no time with any of those told, which are in order of their starts."""
    starts = [label.start for label in told]
    ends = list(accumulate((label.end for label in told), max))
    found = []
    for label in labels:
        before = bisect_left(starts, label.end)
        if not before or ends[before - 1] <= label.start:
            found.append(label)
    return found


def _with_words(lines: list[Segment], words: list[_Interval], speaker: str | None) -> Iterator[Segment]:
    """The lines, each with the words timed whose middle is in it; other words as lines of their own."""
    lines = sorted(lines, key=_start)
    starts = [_start(line) for line in lines]
    inside: dict[int, list[_Interval]] = {}
    outside: list[tuple[int, _Interval]] = []
    for word in sorted(words, key=lambda word: word.start):
        middle = (word.start + word.end) / 2
        at = bisect_right(starts, middle) - 1
        if at >= 0 and middle <= (lines[at].end or 0.0):
            inside.setdefault(at, []).append(word)
        else:
            outside.append((at, word))
    for number, line in enumerate(lines):
        yield replace(line, words=_timed(line.text, inside.get(number, ())))
    for _, group in groupby(outside, key=lambda pair: pair[0]):
        yield from lines_of(_pieces([word for _, word in group], speaker))


def _start(segment: Segment) -> float:
    return segment.start or 0.0


def _pieces(words: Sequence[_Interval], speaker: str | None) -> Iterator[Piece]:
    before = ""
    for word in words:
        space = separator(before, word.text) if before else ""
        yield Piece(space + word.text, word.start, word.end, speaker)
        before = word.text


def _timed(text: str, labels: Sequence[_Interval]) -> tuple[Word, ...]:
    """The words of a line with the times of the labels that hold them: one by one, else by their letters."""
    words = list(split_words(text))
    if len(words) == len(labels):
        return tuple(
            replace(word, start=label.start, end=label.end) for word, label in zip(words, labels, strict=True)
        )
    after = 0
    for label in labels:
        for at in range(after, min(after + _REACH, len(words))):
            if _letters(words[at].text) == _letters(label.text):
                words[at] = replace(words[at], start=label.start, end=label.end)
                after = at + 1
                break
    return tuple(words)


def _letters(word: str) -> str:
    """The word as aligners write it: small, without punctuation."""
    return "".join(filter(str.isalnum, word.casefold())) or word


class _Reader:
    """The strings, numbers and flags of a TextGrid, one after another."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _TOKEN.finditer(text)
        self._next()

    def tiers(self) -> list[_Tier]:
        """All tiers of the grid, their labels in the order in which they stand, without the empty ones."""
        self._string()  # ooTextFile
        self._string()  # TextGrid
        self._number(), self._number()
        if self._take("flag", "<exists> or <absent>") == "<absent>":
            return []
        tiers = [self._tier() for _ in range(self._count())]
        if self._token is not None:
            raise self._damaged("the grid should have ended here, by the numbers of its tiers and labels")
        return tiers

    def _tier(self) -> _Tier:
        kind, name = self._string(), self._string()
        self._number(), self._number()
        if kind not in ("IntervalTier", "TextTier"):
            raise self._damaged(f'a tier is an "IntervalTier" or a "TextTier", not {kind[:40]!r}')
        labels = (self._interval(kind == "IntervalTier") for _ in range(self._count()))
        return _Tier(name, tuple(label for label in labels if not is_blank(label.text)))

    def _interval(self, has_end: bool) -> _Interval:
        start = self._number()
        end = self._number() if has_end else start
        return _Interval(start, end, one_block(self._string()))

    def _string(self) -> str:
        return _decoded(self._take("string", "a text between quotes").replace('""', '"'))

    def _number(self) -> float:
        return float(self._take("number", "a number"))

    def _count(self) -> int:
        number = self._take("number", "how many there are")
        if not number.isdecimal() or len(number) > 9:
            raise self._damaged(f"{number[:40]} is no number of tiers or labels")
        return int(number)

    def _take(self, kind: str, expected: str) -> str:
        token = self._token
        if token is None:
            raise self._damaged(f"it ends here, where it should have {expected}")
        if token.lastgroup == "unclosed":
            raise self._damaged("the text that begins here has no closing quote")
        if token.lastgroup != kind:
            raise self._damaged(f"it has {token[0][:40]} where it should have {expected}")
        self._next()
        return token[kind]

    def _next(self) -> None:
        self._token = next((token for token in self._tokens if token.lastgroup), None)

    def _damaged(self, why: str) -> TranscriptError:
        place = self._token.start() if self._token else len(self._text.rstrip())
        return damaged(_KIND, self._text.count("\n", 0, place) + 1, why)


def _decoded(text: str) -> str:
    """The text with the letters that Praat can spell in ASCII: `\\e'` is é, `\\ss` is ß."""
    return _SPECIAL.sub(_letter, text) if "\\" in text else text


def _letter(found: re.Match[str]) -> str:
    if found[3]:
        return _LETTERS[found[3]]
    composed = unicodedata.normalize("NFC", found[1] + _ACCENTS[found[2]])
    return composed if len(composed) == 1 else found[0]


def write(transcript: Transcript) -> str:
    """The grid in its long form, in milliseconds; lines without times are left out, lines become one line.

    Raises TranscriptError if no line has a time.
    """
    timed = [cue.segment for cue in cues(transcript)]
    tiers: list[tuple[str, list[tuple[int, int, str]]]] = []
    for speaker in dict.fromkeys(map(_speaker, timed)):
        mine = tuple(segment for segment in timed if _speaker(segment) == speaker)
        shown = cues(transcript.with_segments(mine))
        whose = f"{speaker} - " if speaker else ""
        tiers.append((f"{whose}lines", [(cue.start_ms, cue.end_ms, cue.segment.text) for cue in shown]))
        tiers.append((f"{whose}words", [word for cue in shown for word in _placed(cue)]))
    ends = (end for _, labels in tiers for _, end, _ in labels)
    xmax = max(milliseconds(transcript.duration), *ends)
    lines = ['File type = "ooTextFile"', 'Object class = "TextGrid"', "", *_span(0, xmax)]
    lines += ["tiers? <exists>", f"size = {len(tiers)}", "item []:"]
    for number, (name, labels) in enumerate(tiers, 1):
        full = list(_filled(labels, xmax))
        lines += [
            f"    item [{number}]:",
            '        class = "IntervalTier"',
            f"        name = {_quoted(name)}",
        ]
        lines += [f"        {line}" for line in _span(0, xmax)]
        lines.append(f"        intervals: size = {len(full)}")
        for place, (start, end, text) in enumerate(full, 1):
            lines.append(f"        intervals [{place}]:")
            lines += [f"            {line}" for line in (*_span(start, end), f"text = {_quoted(text)}")]
    return "\n".join([*lines, ""])


def _speaker(segment: Segment) -> str | None:
    return " ".join((segment.speaker or "").split()) or None


def _placed(cue: Cue) -> Iterator[tuple[int, int, str]]:
    """The words of a cue that have times, none without length, inside the cue and none in another."""
    words = [word for word in cue.segment.words if word.start is not None and not is_blank(word.text)]
    latest = cue.start_ms
    for number, word in enumerate(words):
        start = max(latest, milliseconds(word.start))
        limit = milliseconds(words[number + 1].start) if number + 1 < len(words) else cue.end_ms
        end = min(cue.end_ms, max(start + 1, min(limit, milliseconds(word.end))))
        if start < end:
            yield start, end, word.text
            latest = end


def _filled(labels: Sequence[tuple[int, int, str]], xmax: int) -> Iterator[tuple[int, int, str]]:
    """The labels with empty ones between them, so that they cover the whole grid."""
    for (_, before, _), label in pairwise([(0, 0, ""), *labels, (xmax, xmax, "")]):
        if before < label[0]:
            yield before, label[0], ""
        if label[0] < label[1]:
            yield label


def _span(start: int, end: int) -> tuple[str, str]:
    return f"xmin = {start / 1000:.3f}", f"xmax = {end / 1000:.3f}"


def _quoted(text: str) -> str:
    line = " ".join(one_block(text).split("\n"))
    spelled = _SPECIAL.sub(lambda found: rf"\bs{found[0][1:]}", line)
    return '"' + spelled.replace('"', '""') + '"'


FORMAT = Format(
    "textgrid",
    "Praat TextGrid",
    recognises,
    read=read,
    write=write,
    words=True,
    speakers=True,
    suffix=".TextGrid",
)

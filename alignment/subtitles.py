"""Subtitles that are easy to read: lines cut anew by rules of their trade, and moved or stretched in time.

A transcript has lines as someone wrote them; on a screen they have to fit into two short lines and stay for
as long as it takes to read them. The rules are those that broadcasters and streaming services share (for
example https://partnerhelp.netflixstudios.com/hc/en-us/articles/217350977): cues end with a sentence, else
with a phrase, else before a word that begins one, and last of all between an article and its noun.

The cuts are the cheapest of all that keep to the rules, found by dynamic programming as a paragraph's lines
are in typesetting (Knuth and Plass, Breaking Paragraphs into Lines, 1981).
"""

import math
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, pairwise

from alignment.errors import TranscriptError
from alignment.formats.caption_lines import phrase_ends, sentence_ends
from alignment.retiming import in_order, later, without_times
from alignment.transcript import Segment, Transcript, Word
from alignment.words import is_blank, separator, split_words

__all__ = ["SubtitleRules", "resegmented", "shifted", "stretched"]


@dataclass(frozen=True, slots=True)
class SubtitleRules:
    """What a cue may be.

    columns: width of a line; East Asian wide characters are two columns, accents on others none.
    lines: how many of them a cue has at most.
    columns_a_second: how fast people read; 17 for anyone, 20 for adults.
    shortest, longest: seconds that a cue stays.
    gap: seconds between two cues; two frames, so that the eye sees the change.
    pause: seconds of silence that end a cue in any case.
    """

    columns: int = 42
    lines: int = 2
    columns_a_second: float = 17.0
    shortest: float = 5 / 6
    longest: float = 7.0
    gap: float = 1 / 12
    pause: float = 1.5


# What a cut costs, by what is in front of it and behind it. Only how they compare matters.
_PHRASE = 4.0
_BEFORE_JOINING = 8.0
_BETWEEN_WORDS = 14.0
_AFTER_JOINING = 22.0
_AFTER_CLINGING = 30.0

_CUE = 6.0
"""Every cue costs this, so that there are few."""
_SENTENCE_INSIDE = 10.0
"""More than a cue: a sentence gets one of its own, unless that would be gone at once."""
_SHORT = 20.0
"""A cue that is gone at once; one that stays for half of the shortest time costs half of this."""
_FAST = 4.0
"""A cue for which one has to read twice as fast as one should."""
_UNEVEN = 0.5
"""A column by which a line is off the mean."""

_BREATH = 0.4
"""Seconds of silence that part two words as a comma does."""

_PREPOSITIONS = frozenset(
    "about above across after against along among around at before behind below beneath beside between "
    "beyond by down during for from in inside into near of off on onto out over past through to toward "
    "towards under until up upon with within without".split()
)
_CONJUNCTIONS = frozenset("and but or nor because although though while if unless since as than".split())
_BEGINNING = frozenset("that which who whom whose when where why how so yet i he she we they".split())
_CLINGING = frozenset(
    "a an the my your his her its our their this these those every each no mr mrs ms dr prof st".split()
)


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A word on its way into a cue.

    start, end: as known, else estimated; it ends before the next one starts.
    space: what parts it from the word before it. width: in columns.
    cut: what a cut behind it costs; 0 where a sentence ends.
    """

    word: Word
    start: float
    end: float
    space: str
    width: int
    segment: Segment
    cut: float = 0.0


def resegmented(transcript: Transcript, rules: SubtitleRules = SubtitleRules()) -> Transcript:
    """The transcript with its words in cues that keep to the rules, each laid out in lines of even width.

    A change of speaker or turn and a pause end a cue. Words keep their order, their times and their spelling;
    one that is wider than a line, or lasts longer than a cue may, has a cue of its own. A cue begins with its
    first word and ends with its last, but stays for as long as it takes to read if the next one leaves it the
    time, and makes room for the gap before it. Words without times are placed by those around them. Lines
    without times stay as they are, where they are.
    """
    limit = math.inf if transcript.duration is None else transcript.duration
    chunks = list(_chunks(transcript.segments, rules, transcript.language in (None, "en")))
    cues: list[Segment] = []
    following = limit + rules.gap
    for chunk in reversed(chunks):
        if isinstance(chunk, Segment):
            cues.append(chunk)
            continue
        cues += reversed([_cue(words, rules, until) for words, until in _cut(chunk, rules, following)])
        following = chunk[0].start
    ordered = in_order(reversed(cues), limit)
    return transcript.with_segments(tuple(replace(cue, id=number) for number, cue in enumerate(ordered)))


def _chunks(
    segments: Iterable[Segment], rules: SubtitleRules, is_english: bool
) -> Iterator[Segment | list[_Spoken]]:
    """Lines without times as they are; between them, what one speaker says without a pause."""
    for (is_timed, _, _), lines in groupby(segments, key=lambda s: (s.start is not None, s.speaker, s.turn)):
        if not is_timed:
            yield from lines
            continue
        chunk: list[_Spoken] = []
        for word in (word for line in lines for word in _spoken(line)):
            if chunk and word.start - chunk[-1].end > rules.pause:
                yield _with_cuts(chunk, is_english)
                chunk = []
            chunk[-1:] = _in_order(chunk[-1], word) if chunk else [word]
        if chunk:
            yield _with_cuts(chunk, is_english)


def _in_order(left: _Spoken, right: _Spoken) -> list[_Spoken]:
    """Two words one after the other, without a line break in between."""
    start = max(left.start, right.start)
    space = separator(left.word.text, right.word.text) if "\n" in right.space else right.space
    return [
        replace(left, end=min(left.end, start)),
        replace(right, space=space, start=start, end=max(right.end, start)),
    ]


def _spoken(line: Segment) -> Iterator[_Spoken]:
    """The words of a line that has times; a line break is the space of the first and of those behind one."""
    placed = _placed(line)
    spans = _spans(line, [word for _, word in placed])
    for number, ((space, word), (start, end)) in enumerate(zip(placed, spans, strict=True)):
        parts = "\n" if number == 0 or len(space.splitlines()) > 1 else space
        yield _Spoken(word, start, end, parts, _columns(word.text), line)


def _placed(line: Segment) -> list[tuple[str, Word]]:
    """The words, each with the white space in front of it; the text's own where they do not stand in it."""
    for words in (line.words, split_words(line.text)):
        placed, place = [], 0
        for word in words:
            at = line.text.find(word.text, place)
            if at < 0 or not is_blank(line.text[place:at]):
                break
            if not is_blank(word.text):
                placed.append((line.text[place:at], word))
            place = at + len(word.text)
        else:
            if is_blank(line.text[place:]):
                return placed
    return []


def _spans(line: Segment, words: Sequence[Word]) -> list[tuple[float, float]]:
    """The times of the words; those between two that are known share the time by their length."""
    spans: list[tuple[float, float]] = []
    latest = line.start or 0.0
    for is_known, group in groupby(range(len(words)), key=lambda number: words[number].start is not None):
        numbers = list(group)
        if is_known:
            spans += [(words[number].start or 0.0, words[number].end or 0.0) for number in numbers]
        else:
            behind = words[numbers[-1] + 1 : numbers[-1] + 2]
            until = max(latest, (behind[0].start if behind else line.end) or 0.0)
            ends = list(accumulate(len(words[number].text) for number in numbers))
            times = [latest, *(latest + (until - latest) * (end / ends[-1]) for end in ends)]
            spans += pairwise(times)
        latest = max(latest, spans[-1][1])
    return spans


def _with_cuts(chunk: list[_Spoken], is_english: bool) -> list[_Spoken]:
    """The words with what a cut behind each costs, and without a space in front of the first."""
    chunk[0] = replace(chunk[0], space="")
    text = "".join(word.space + word.word.text for word in chunk)
    sentences, phrases = set(sentence_ends(text)), set(phrase_ends(text))
    place, made = 0, []
    for number, word in enumerate(chunk):
        place += len(word.space) + len(word.word.text)
        if place in sentences or number + 1 == len(chunk):
            cut = 0.0
        elif place in phrases:
            cut = _PHRASE
        else:
            cut = _between(word, chunk[number + 1], is_english)
        made.append(replace(word, cut=cut))
    return made


def _between(left: _Spoken, right: _Spoken, is_english: bool) -> float:
    """What a cut between two words of one phrase costs."""
    before, after = _letters(left), _letters(right)
    if is_english and before in _CLINGING:
        return _AFTER_CLINGING
    if is_english and before in _PREPOSITIONS | _CONJUNCTIONS:
        return _AFTER_JOINING
    if right.start - left.end >= _BREATH:
        return _PHRASE
    if is_english and after in _PREPOSITIONS | _CONJUNCTIONS | _BEGINNING:
        return _BEFORE_JOINING
    return _BETWEEN_WORDS


def _letters(word: _Spoken) -> str:
    return "".join(filter(str.isalpha, word.word.text.casefold()))


def _cut(
    words: Sequence[_Spoken], rules: SubtitleRules, following: float
) -> list[tuple[Sequence[_Spoken], float]]:
    """The words of each cue, and when the next one starts: the cuts that cost least in all.

    following: when the cue behind these words starts.
    """
    starts = [*(word.start for word in words[1:]), following]
    costs, froms = [0.0], [0]
    costs += [math.inf] * len(words)
    froms += [0] * len(words)
    for first in range(len(words)):
        for last, width, inside in _candidates(words, first, rules):
            start = words[first].start
            shown = _shown(start, words[last].end, width, starts[last], rules) - start
            cost = costs[first] + inside + words[last].cut + _discomfort(shown, width, rules)
            if cost < costs[last + 1]:
                costs[last + 1], froms[last + 1] = cost, first
    cues = []
    end = len(words)
    while end:
        cues.append((words[froms[end] : end], starts[end - 1]))
        end = froms[end]
    return cues[::-1]


def _candidates(
    words: Sequence[_Spoken], first: int, rules: SubtitleRules
) -> Iterator[tuple[int, int, float]]:
    """Each last word with which those from `first` make a cue, its width, the cost of its sentences."""
    lines, line, inside = 1, words[first].width, 0.0
    width = line
    yield first, width, inside
    if line > rules.columns:
        return
    for last in range(first + 1, len(words)):
        word = words[last]
        added = _columns(word.space) + word.width
        width, line = width + added, line + added
        if line > rules.columns:
            lines, line = lines + 1, word.width
        is_too_long = word.end - words[first].start > rules.longest
        if lines > rules.lines or line > rules.columns or is_too_long:
            return
        inside += _SENTENCE_INSIDE if words[last - 1].cut == 0.0 else 0.0
        yield last, width, inside


def _discomfort(shown: float, width: int, rules: SubtitleRules) -> float:
    """What a cue costs by how short it is shown."""
    too_short = max(0.0, 1.0 - shown / rules.shortest)
    too_fast = max(0.0, width / rules.columns_a_second / max(shown, 0.1) - 1.0)
    return _CUE + _SHORT * too_short + _FAST * too_fast


def _shown(start: float, spoken: float, width: int, following: float, rules: SubtitleRules) -> float:
    """Until when a cue is shown that is said from `start` to `spoken`, the next one starting at `following`.

    Where two speak at once, and where hardly anything of the cue would be left, it does not keep the gap.
    """
    wanted = max(spoken, start + max(rules.shortest, width / rules.columns_a_second))
    room = following - rules.gap
    if room < start + (spoken - start) / 2:
        wanted, room = spoken, math.inf
    return min(wanted, room, start + rules.longest)


def _cue(words: Sequence[_Spoken], rules: SubtitleRules, following: float) -> Segment:
    """The words as a line of the transcript."""
    segments = list({id(word.segment): word.segment for word in words}.values())
    lines = _lines(words, _count(words, rules), rules)
    width = sum(_width(line) for line in lines)
    sure = [segment.confidence for segment in segments if segment.confidence is not None]
    statuses = {segment.status for segment in segments}
    return replace(
        segments[0],
        text="\n".join(map(_text, lines)),
        start=words[0].start,
        end=_shown(words[0].start, words[-1].end, width, following, rules),
        status=statuses.pop() if len(statuses) == 1 else None if None in statuses else "interpolated",
        confidence=min(sure) if sure else None,
        words=tuple(word.word for word in words),
        corrected=tuple(dict.fromkeys(what for segment in segments for what in segment.corrected)),
    )


def _lines(words: Sequence[_Spoken], count: int, rules: SubtitleRules) -> list[Sequence[_Spoken]]:
    """The words in so many lines: of even width, cut where it costs little."""
    if count == 1:
        return [words]
    mean = (_width(words) - (count - 1)) / count  # Without the spaces that the cuts replace.
    best, place = math.inf, 1
    for first in range(1, len(words)):
        width = _width(words[:first])
        if width > rules.columns:
            break
        cost = words[first - 1].cut + _UNEVEN * abs(width - mean)
        if cost < best and _count(words[first:], rules) <= count - 1:
            best, place = cost, first
    return [words[:place], *_lines(words[place:], count - 1, rules)]


def _count(words: Sequence[_Spoken], rules: SubtitleRules) -> int:
    """How many lines the words need."""
    count, width = 1, 0
    for number, word in enumerate(words):
        added = word.width + (_columns(word.space) if number else 0)
        width += added
        if number and width > rules.columns:
            count, width = count + 1, word.width
    return count


def _width(words: Sequence[_Spoken]) -> int:
    return sum(_columns(word.space) + word.width for word in words) - _columns(words[0].space)


def _text(words: Sequence[_Spoken]) -> str:
    return "".join(word.space + word.word.text for word in words)[len(words[0].space) :]


def _columns(text: str) -> int:
    """The width of a text; accents and other marks that hang on a letter have none."""
    if text.isascii():
        return len(text)
    return sum(map(_column, text))


def _column(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def shifted(transcript: Transcript, seconds: float) -> Transcript:
    """The transcript for audio in which everything is `seconds` later, or earlier where they are below 0.

    A line that would end before the start is not in that audio; one that would begin before it begins there.
    Raises TranscriptError for seconds that are no number, or that leave no line with a time.
    """
    if not math.isfinite(seconds):
        raise TranscriptError(f"Cannot move a transcript by {seconds} s; expected a number of seconds.")
    ends = [line.end for line in transcript.segments if line.end is not None]
    if ends and max(ends) + seconds < 0:
        raise TranscriptError(
            f"Cannot move a transcript by {seconds:g} s: its last line ends at {max(ends):.2f} s, "
            "and would be before the start."
        )
    lines = in_order((_later(line, seconds) for line in transcript.segments), math.inf)
    return _moved(transcript, lines, lambda time: max(0.0, time + seconds))


def stretched(transcript: Transcript, factor: float) -> Transcript:
    """The transcript for audio that lasts `factor` times as long.

    From 25 to 23.976 frames a second it is 25 / 23.976. Raises TranscriptError unless the factor is a number
    above 0.
    """
    if not (math.isfinite(factor) and factor > 0):
        raise TranscriptError(f"Cannot stretch a transcript {factor} times; expected a number above 0.")
    lines = [_slower(line, factor) for line in transcript.segments]
    return _moved(transcript, lines, lambda time: time * factor)


def _later(line: Segment, seconds: float) -> Segment:
    if line.end is None or line.end + seconds >= 0:
        return later(line, seconds)
    return replace(without_times(line), status=line.status and "not_in_audio", confidence=None)


def _slower(line: Segment, factor: float) -> Segment:
    words = (
        word
        if word.start is None or word.end is None
        else replace(word, start=word.start * factor, end=word.end * factor)
        for word in line.words
    )
    if line.start is None or line.end is None:
        return replace(line, words=tuple(words))
    return replace(line, start=line.start * factor, end=line.end * factor, words=tuple(words))


def _moved(transcript: Transcript, lines: Iterable[Segment], moved: Callable[[float], float]) -> Transcript:
    """The transcript with other lines, and all that has a time beside them moved."""
    chapters = (replace(chapter, start=moved(chapter.start)) for chapter in transcript.source.chapters)
    passages = (
        replace(passage, start=moved(passage.start), end=moved(passage.end))
        for passage in transcript.untranscribed
        if moved(passage.end) > 0
    )
    return replace(
        transcript,
        segments=tuple(lines),
        duration=None if transcript.duration is None else moved(transcript.duration),
        source=replace(transcript.source, chapters=tuple(chapters)),
        untranscribed=tuple(passages),
    )

"""New times for a line of which something was corrected: what stays keeps its time, the rest goes in between.

Values only. Nothing here promises order between lines but `in_order`, which makes it.
"""

from collections.abc import Iterable
from dataclasses import replace
from difflib import SequenceMatcher

from alignment.transcript import Segment, Word
from alignment.words import WHITE_SPACE, split_words

__all__ = ["cut", "fill_in", "in_order", "later", "move", "reword", "start_after", "without_times"]

_SECONDS_PER_CHARACTER = 0.07
"""How long a line without a time is taken to last, by its length: people speak at about this pace."""


def without_times(line: Segment) -> Segment:
    """The line as it is before it has been found."""
    words = tuple(replace(word, start=None, end=None, confidence=None) for word in line.words)
    return replace(line, start=None, end=None, words=words)


def later(line: Segment, by: float) -> Segment:
    """The line with all of its times `by` seconds later; nothing keeps them within the audio."""
    words = tuple(
        word
        if word.start is None or word.end is None
        else replace(word, start=word.start + by, end=word.end + by)
        for word in line.words
    )
    if line.start is None or line.end is None:
        return replace(line, words=words)
    return replace(line, start=line.start + by, end=line.end + by, words=words)


def reword(line: Segment, text: str) -> Segment:
    """The line with another text; words that are in both keep their times."""
    new = list(split_words(text))
    old = line.words
    same = SequenceMatcher(None, [word.text for word in old], [word.text for word in new], autojunk=False)
    for block in same.get_matching_blocks():
        new[block.b : block.b + block.size] = old[block.a : block.a + block.size]
    kept = {block.b + step for block in same.get_matching_blocks() for step in range(block.size)}
    return replace(line, text=text, words=_spread(new, kept, line))


def cut(line: Segment, offset: int, part: int) -> tuple[Segment, Segment]:
    """The line up to an offset, and what follows as a line with the id `part`. Both have to have a word."""
    before, after = [], []
    for word, first, last in _placed(line):
        if last <= offset:
            before.append(word)
        elif first >= offset:
            after.append(word)
        else:
            middle = _between(word, (offset - first) / (last - first))
            before.append(replace(word, text=word.text[: offset - first], end=middle))
            after.append(replace(word, text=word.text[offset - first :], start=middle, confidence=None))
    start = _part_start(line, after, offset)
    first_line = replace(
        line,
        text=line.text[:offset].rstrip(WHITE_SPACE),
        end=start if start is None or line.end is None else min(line.end, max(start, line.start or 0.0)),
        words=tuple(before),
    )
    second_line = replace(
        line,
        id=part,
        text=line.text[offset:].lstrip(WHITE_SPACE),
        start=start,
        confidence=None,
        words=tuple(after),
    )
    return first_line, second_line


def move(line: Segment, start: float, limit: float) -> Segment:
    """The line with its words at another start; it is compressed where it would go beyond `limit`."""
    if line.start is None or line.end is None:
        end = min(start + _SECONDS_PER_CHARACTER * len(line.text), limit)
        timed = replace(line, start=start, end=end)
        return replace(timed, words=_spread(list(line.words), set(), timed))
    length = line.end - line.start
    last = max([line.end, *(word.end for word in line.words if word.end is not None)])
    room = limit - start
    pace = min(1.0, room / (last - line.start)) if last > line.start else 1.0

    def moved(time: float) -> float:
        return start + max(0.0, time - line_start) * pace

    line_start = line.start
    words = (
        word
        if word.start is None or word.end is None
        else replace(word, start=moved(word.start), end=moved(word.end))
        for word in line.words
    )
    return replace(line, start=start, end=start + length * pace, words=tuple(words))


def fill_in(line: Segment, until: float) -> Segment:
    """The line so that neither it nor a word of it goes on after a time when another one starts."""
    if line.start is None or line.end is None or line.end <= until:
        words = tuple(_ended(word, until) for word in line.words)
        return line if words == line.words else replace(line, words=words)
    return replace(
        line,
        start=min(line.start, until),
        end=until,
        words=tuple(_ended(word, until) for word in line.words),
    )


def start_after(line: Segment, start: float, word_start: float) -> Segment:
    """The line so that it does not start before a time, nor a word of it before another one."""
    words = tuple(
        word
        if word.start is None or word.end is None or word.start >= word_start
        else replace(word, start=word_start, end=max(word.end, word_start))
        for word in line.words
    )
    if line.start is None or line.end is None or line.start >= start:
        return line if words == line.words else replace(line, words=words)
    return replace(line, start=start, end=max(line.end, start), words=words)


def in_order(lines: Iterable[Segment], limit: float, earliest: float = 0.0) -> list[Segment]:
    """The lines with the promises of `Transcript.check`: where times go back or beyond, they are clamped.

    They are to be from `earliest` to `limit`.
    """
    ordered = []
    latest_line = latest_word = earliest
    for line in lines:
        start, end = _clamped(line.start, line.end, latest_line, limit)
        latest_line = latest_line if start is None else start
        words = []
        for word in line.words:
            word_start, word_end = _clamped(word.start, word.end, latest_word, limit)
            latest_word = latest_word if word_start is None else word_start
            stays = (word_start, word_end) == (word.start, word.end)
            words.append(word if stays else replace(word, start=word_start, end=word_end))
        same = (start, end, tuple(words)) == (line.start, line.end, line.words)
        ordered.append(line if same else replace(line, start=start, end=end, words=tuple(words)))
    return ordered


def _clamped(
    start: float | None, end: float | None, latest: float, limit: float
) -> tuple[float | None, float | None]:
    if start is None or end is None:
        return None, None
    start = min(max(start, latest), limit)
    return start, min(max(end, start), limit)


def _ended(word: Word, until: float) -> Word:
    if word.start is None or word.end is None or word.end <= until:
        return word
    return replace(word, start=min(word.start, until), end=until)


def _spread(words: list[Word], kept: set[int], line: Segment) -> tuple[Word, ...]:
    """The words that have no time of their own spread over what is between those that keep theirs."""
    if line.start is None or line.end is None:
        return tuple(
            word if at in kept else replace(word, start=None, end=None, confidence=None)
            for at, word in enumerate(words)
        )
    made: list[Word] = []
    at = 0
    while at < len(words):
        if at in kept:
            made.append(words[at])
            at += 1
            continue
        until = next((other for other in range(at, len(words)) if other in kept), len(words))
        before = [word.end for word in made if word.end is not None]
        after = [word.start for word in words[until:] if word.start is not None]
        first = before[-1] if before else line.start
        last = max(first, after[0] if after else line.end)
        letters = sum(len(word.text) for word in words[at:until])
        done = 0
        for word in words[at:until]:
            start = first + (last - first) * done / letters
            done += len(word.text)
            end = first + (last - first) * done / letters
            made.append(replace(word, start=start, end=end, confidence=None))
        at = until
    return tuple(made)


def _placed(line: Segment) -> list[tuple[Word, int, int]]:
    """The words with where each stands in the line's text; the text's own where they do not stand in it."""
    placed = _found(line)
    if "".join(line.text[first:last] for _, first, last in placed) != _letters(line.text):
        placed = _found(reword(replace(line, words=()), line.text))
    return placed


def _found(line: Segment) -> list[tuple[Word, int, int]]:
    found, after = [], 0
    for word in line.words:
        first = line.text.find(word.text, after)
        if first >= 0 and word.text:
            after = first + len(word.text)
            found.append((word, first, after))
    return found


def _letters(text: str) -> str:
    return "".join(character for character in text if character not in WHITE_SPACE)


def _between(word: Word, share: float) -> float | None:
    if word.start is None or word.end is None:
        return None
    return word.start + (word.end - word.start) * share


def _part_start(line: Segment, words: list[Word], offset: int) -> float | None:
    if line.start is None or line.end is None:
        return None
    known = next((word.start for word in words if word.start is not None), None)
    if known is None:
        known = line.start + (line.end - line.start) * offset / len(line.text)
    return min(max(known, line.start), max(line.end, line.start))

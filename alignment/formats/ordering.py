"""Lines as others wrote them down, put in order, so that they keep the promises of `Transcript.check`."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from alignment.transcript import Segment, Word

__all__ = ["arranged"]


def arranged(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """The segments by start time, numbered from 0; a change of speaker begins a turn.

    Those without times stay behind the one they follow. A start without an end, or the other way round, and
    times that are no numbers are dropped; a time below 0 becomes 0, an end before its start that start.
    Captions may overlap, and words may not go back: a word starts no earlier than the words before it.
    """
    ordered = tuple(_by_start([_with_possible_times(segment) for segment in segments]))
    return tuple(_with_turns(_with_words_in_order(ordered)))


def _with_possible_times(segment: Segment) -> Segment:
    start, end = _possible(segment.start, segment.end)
    words = tuple(map(_possible_word, segment.words))
    if (start, end, words) == (segment.start, segment.end, segment.words):
        return segment
    return replace(segment, start=start, end=end, words=words)


def _possible_word(word: Word) -> Word:
    start, end = _possible(word.start, word.end)
    return word if (start, end) == (word.start, word.end) else replace(word, start=start, end=end)


def _possible(start: float | None, end: float | None) -> tuple[float | None, float | None]:
    if start is None or end is None or not (math.isfinite(start) and math.isfinite(end)):
        return None, None
    start = max(0.0, start)
    return start, max(start, end)


def _by_start(segments: Sequence[Segment]) -> Iterator[Segment]:
    keys: list[float] = []
    for segment in segments:
        keys.append(segment.start if segment.start is not None else keys[-1] if keys else 0.0)
    for place in sorted(range(len(segments)), key=keys.__getitem__):
        yield segments[place]


def _with_words_in_order(segments: Iterable[Segment]) -> Iterator[Segment]:
    latest = 0.0
    for segment in segments:
        words = []
        for word in segment.words:
            if word.start is None or word.end is None:
                words.append(word)
                continue
            latest = max(latest, word.start)
            late = word.start < latest
            words.append(replace(word, start=latest, end=max(latest, word.end)) if late else word)
        yield replace(segment, words=tuple(words)) if words else segment


def _with_turns(segments: Iterable[Segment]) -> Iterator[Segment]:
    """Numbered, each with a turn of its own where speaker or given turn changes."""
    before: Segment | None = None
    turn = 0
    for number, segment in enumerate(segments):
        if before and (segment.speaker != before.speaker or segment.turn != before.turn):
            turn += 1
        before = segment
        yield replace(segment, id=number, turn=turn)

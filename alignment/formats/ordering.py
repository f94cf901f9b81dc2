"""Lines as others wrote them down, put in order, so that they keep the promises of `Transcript.check`."""

import math
from collections.abc import Iterable, Sequence

from alignment.transcript import Segment, Word

__all__ = ["arranged"]


def arranged(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """The segments by start time, numbered from 0; a change of speaker begins a turn.

    Those without times stay behind the one they follow. A start without an end, or the other way round, and
    times that are no numbers are dropped; a time below 0 becomes 0, an end before its start that start.
    Captions may overlap, and words may not go back: a word starts no earlier than the words before it.
    """
    given = tuple(segments)
    times = [_possible(segment.start, segment.end) for segment in given]
    made: list[Segment] = []
    latest, turn = 0.0, 0
    before: Segment | None = None
    for place in _by_start(times):
        segment, (start, end) = given[place], times[place]
        if before and (segment.speaker, segment.turn) != (before.speaker, before.turn):
            turn += 1
        words, latest = _in_order(segment.words, latest)
        made.append(segment.at(len(made), start, end, turn, words))
        before = segment
    return tuple(made)


def _possible(start: float | None, end: float | None) -> tuple[float | None, float | None]:
    if start is None or end is None or not (math.isfinite(start) and math.isfinite(end)):
        return None, None
    start = max(0.0, start)
    return start, max(start, end)


def _by_start(times: Sequence[tuple[float | None, float | None]]) -> list[int]:
    keys: list[float] = []
    for start, _ in times:
        keys.append(start if start is not None else keys[-1] if keys else 0.0)
    return sorted(range(len(times)), key=keys.__getitem__)


def _in_order(words: Sequence[Word], latest: float) -> tuple[tuple[Word, ...], float]:
    """The words, none of which starts before `latest` or one in front of it, and when the last one starts."""
    made: list[Word] = []
    for word in words:
        start, end = word.start, word.end
        if start is not None and end is not None and latest <= start <= end < math.inf:
            latest = start
            made.append(word)
        elif start is None and end is None:
            made.append(word)
        else:
            start, end = _possible(start, end)
            if start is not None and end is not None:
                latest = start = max(latest, start)
                end = max(start, end)
            made.append(Word(word.text, start, end, word.confidence))
    return tuple(made), latest

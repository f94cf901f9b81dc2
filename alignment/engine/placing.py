"""Where each word of the merged sequence was said: chunk by chunk, then over the seams between the chunks.

A cut between two chunks rests on the recogniser's rough times, which now and then are a second off: then a
word is on the wrong side. So the stretch around each cut is forced once more, from the midst of one chunk to
the midst of the next, and what is found there counts.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

import numpy as np

from alignment.audio import Audio, Span
from alignment.engine.anchors import HeardWord, Recognizer
from alignment.engine.attention import attend
from alignment.engine.chunks import Chunk
from alignment.engine.forcing import ForcedWord, Found, Task, forcing_processes
from alignment.engine.merged import MergedText
from alignment.progress import Progress, ProgressCallback

__all__ = ["place"]

_SEAM = 4.0
"""Seconds on each side of a cut that are forced again."""

_LONGEST_PAUSE = 5.0
"""A pause between two chunks that no word can have been moved over by mistake."""

_OUTERMOST = 2
"""Words at each end of a seam that keep their place: the seam's own ends are no better than a chunk's."""

_TOLERANCE = 0.15
"""Seconds between a seam's and a chunk's place of a word from which they contradict each other."""

_GATE = 3.0
"""Seconds between forced and heard, in half of a chunk's words, from which forcing is not believed."""

_LAST_RESORT = 1e-6

Placed = tuple[Chunk, Found]


def place(
    audio: Audio,
    text: MergedText,
    chunks: Sequence[Chunk],
    recognizer: Recognizer,
    progress: ProgressCallback,
) -> list[Span | None]:
    """Where each slot of the merged sequence was said, None for those that were not.

    By the acoustic model for English, by Whisper's attention for other languages.
    """
    if text.language != "en":
        attended = (attend(recognizer, text.language, *_task(audio, text, chunk)) for chunk in chunks)
        found = _watched(attended, len(chunks), "Placing the words", progress)
        return _said(text, list(zip(chunks, found, strict=True)))
    with forcing_processes(os.cpu_count() or 1) as force_all:
        forced = force_all([_task(audio, text, chunk) for chunk in chunks])
        found = _watched(forced, len(chunks), "Placing the words", progress)
        placed = _rejoined(list(zip(chunks, found, strict=True)))
        placed = _again(placed, lambda failed: force_all([_task(audio, text, chunk) for chunk in failed]))
        placed = _again(placed, lambda failed: force_all([_loosened(audio, text, chunk) for chunk in failed]))
        said = _said(text, placed)
        seams = list(_seams([chunk for chunk, _ in placed], said))
        forced = force_all([_task(audio, text, seam) for seam in seams])
        _mend(said, seams, _watched(forced, len(seams), "Checking the seams", progress))
    return said


def _rejoined(placed: Sequence[Placed]) -> list[Placed]:
    """Chunks that failed made one with their neighbours, to be forced again: a cut was wrong."""
    failed = [words is None for _, words in placed]
    doubtful = [any(failed[max(0, n - 1) : n + 2]) for n in range(len(placed))]
    joined: list[Placed] = []
    for doubt, run in groupby(zip(doubtful, placed, strict=True), key=lambda pair: pair[0]):
        chunks = [one for _, one in run]
        if doubt:
            first, last = chunks[0][0], chunks[-1][0]
            span = Span(first.span.start, last.span.end)
            joined.append((Chunk(span, first.first_slot, last.last_slot), None))
        else:
            joined += chunks
    return joined


def _again(placed: Sequence[Placed], force: Callable[[list[Chunk]], Iterator[Found]]) -> list[Placed]:
    """The chunks with those that failed forced again."""
    outcomes = force([chunk for chunk, words in placed if words is None])
    return [(chunk, next(outcomes) if words is None else words) for chunk, words in placed]


def _task(audio: Audio, text: MergedText, chunk: Chunk) -> Task:
    return audio.excerpt(chunk.span), text.options[chunk.first_slot : chunk.last_slot]


def _loosened(audio: Audio, text: MergedText, chunk: Chunk) -> Task:
    """As a last resort, a word that was heard may be missing after all."""
    samples, options = _task(audio, text, chunk)
    return samples, [replace(option, skip=max(option.skip, _LAST_RESORT)) for option in options]


def _watched(found: Iterable[Found], count: int, stage: str, progress: ProgressCallback) -> Iterator[Found]:
    began = time.monotonic()
    progress(Progress(stage, 0.0))
    for number, result in enumerate(found, start=1):
        yield result
        progress(Progress(stage, number / count, (time.monotonic() - began) / number * (count - number)))


def _said(text: MergedText, placed: Sequence[Placed]) -> list[Span | None]:
    """Where each slot was said: as forced, or as heard where forcing failed or went astray."""
    said: list[Span | None] = []
    for chunk, words in placed:
        slots = text.slots[chunk.first_slot : chunk.last_slot]
        as_heard = [None if s.heard is None else _heard(text.heard[s.heard]) for s in slots]
        spans = _spans(chunk, words) if words else as_heard
        said += as_heard if _astray(spans, as_heard) else spans
    return said


def _heard(word: HeardWord) -> Span:
    return Span(word.start, word.end)


def _spans(chunk: Chunk, words: Sequence[ForcedWord | None]) -> list[Span | None]:
    start = chunk.span.start
    return [Span(start + word.start, start + word.end) if word else None for word in words]


def _astray(spans: Sequence[Span | None], as_heard: Sequence[Span | None]) -> bool:
    distances = [abs(a.middle - b.middle) for a, b in zip(spans, as_heard, strict=True) if a and b]
    return bool(distances) and float(np.median(distances)) > _GATE


def _seams(chunks: Sequence[Chunk], said: Sequence[Span | None]) -> Iterator[Chunk]:
    """The stretch around each cut, from a word's start to a word's end."""
    for one, other in pairwise(chunks):
        if other.span.start - one.span.end > _LONGEST_PAUSE:
            continue
        before = [(n, s) for n in range(one.first_slot, one.last_slot) if (s := said[n])]
        after = [(n, s) for n in range(other.first_slot, other.last_slot) if (s := said[n])]
        if not before or not after:
            continue
        first, start = next((p for p in before if p[1].start >= one.span.end - _SEAM), before[-1])
        last, end = next((p for p in reversed(after) if p[1].end <= other.span.start + _SEAM), after[0])
        yield Chunk(Span(start.start, end.end), first, last + 1)


def _mend(said: list[Span | None], seams: Sequence[Chunk], found: Iterable[Found]) -> None:
    """Where a seam contradicts its chunks, it counts; where it agrees, the chunks are the finer ones."""
    for seam, words in zip(seams, found, strict=True):
        if words is None:
            continue
        spans = _spans(seam, words)
        placed = [offset for offset, span in enumerate(spans) if span]
        if inner := placed[_OUTERMOST:-_OUTERMOST]:
            mended = spans[inner[0] : inner[-1] + 1]
            place = slice(seam.first_slot + inner[0], seam.first_slot + inner[-1] + 1)
            if any(_contradict(new, old) for new, old in zip(mended, said[place], strict=True)):
                said[place] = mended


def _contradict(new: Span | None, old: Span | None) -> bool:
    if new is None or old is None:
        return new is not old
    return abs(new.start - old.start) > _TOLERANCE

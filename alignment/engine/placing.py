"""Where each word of the merged sequence was said: chunk by chunk, then over the seams between the chunks.

A cut between two chunks rests on the recogniser's rough times, which now and then are a second off: then a
word is on the wrong side. So the stretch around each cut is forced once more, from the midst of one chunk to
the midst of the next, and what is found there counts.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

import numpy as np

from alignment.audio import Audio, Span
from alignment.engine.anchors import HeardWord
from alignment.engine.chunks import Chunk, part
from alignment.engine.forcing import ForceAll, ForcedWord, Found
from alignment.engine.grammar import Option
from alignment.engine.matching import Slot
from alignment.engine.merged import MergedText
from alignment.progress import Progress, ProgressCallback, ignore_progress

__all__ = ["Placer", "Said"]

_SEAM = 4.0
"""Seconds on each side of a cut that are forced again."""

_LONGEST_PAUSE = 5.0
"""A pause between two chunks that no word can have been moved over by mistake."""

_OUTERMOST = 2
"""Words at each end of a seam that keep their place: the seam's own ends are no better than a chunk's."""

_TOLERANCE = 0.15
"""Seconds between a seam's and a chunk's place of a word from which they contradict each other."""

_MUCH_WORSE = 0.5
"""By how much the mean score of words in a seam may be below that in the chunks for the seam to count. Where
a part of it is in another language, or said otherwise, that fits nowhere and draws its neighbours away."""

_GATE = 3.0
"""Seconds between forced and heard, in half of a chunk's words, from which forcing is not believed."""

_ASIDE = 0.6
"""Seconds between where a word was forced and where it was surely heard, from which it was pushed aside."""

_LAST_RESORT = 1e-6

Placed = tuple[Chunk, Found]
Options = tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """Where a word was said. score: of the acoustic model, see `ForcedWord`; None where it has none."""

    span: Span
    score: float | None = None


class Placer:
    """Finds chunks of merged sequences in one recording, no chunk twice."""

    def __init__(self, audio: Audio, force_all: ForceAll, silences: Sequence[Span]) -> None:
        """force_all: see `forcing.forcing_processes`. silences: in order, see `silences.find_silences`."""
        self._audio = audio
        self._force_all = force_all
        self._silences = silences
        self._known: dict[tuple[Span, Options], Found] = {}

    def force(
        self, text: MergedText, chunks: Sequence[Chunk], stage: str, progress: ProgressCallback
    ) -> list[Found]:
        """What is found of each chunk, one entry per slot of it; see `forcing.force`."""
        return self._forced([(chunk.span, _options(text, chunk)) for chunk in chunks], stage, progress)

    def place(
        self, text: MergedText, chunks: Sequence[Chunk], progress: ProgressCallback
    ) -> list[Said | None]:
        """Where each slot of the merged sequence was said, None for those that were not."""
        placed = list(zip(chunks, self.force(text, chunks, "Placing the words", progress), strict=True))
        placed = self._parted(text, self._mended(text, placed))
        said = _said(text, placed)
        seams = list(_seams([chunk for chunk, _ in placed], said))
        _mend(text, said, seams, self.force(text, seams, "Checking the seams", progress))
        return said

    def _mended(self, text: MergedText, placed: Sequence[Placed]) -> list[Placed]:
        """The chunks with those that failed tried again, in company and then with words that may be missing.

        Where that fails too, each stands as it was.
        """
        joined = self._again(text, _rejoined(placed), _options)
        joined = self._again(text, joined, _loosened)
        mended: list[Placed] = []
        for chunk, words in joined:
            if words is not None:
                mended.append((chunk, words))
                continue
            before = [one for one in placed if chunk.first_slot <= one[0].first_slot < chunk.last_slot]
            mended += before or [(chunk, None)]
        return mended

    def _parted(self, text: MergedText, placed: Sequence[Placed]) -> list[Placed]:
        """The chunks with those in pieces in which a word was pushed aside, where that is the better.

        Where a word is not said as any of its readings, the grammar has no right way there, and the words
        around it may take up each other's sound.
        """
        pieces = [
            part(chunk, text.slots, text.heard, self._silences) if _aside(text, chunk, words) else []
            for chunk, words in placed
        ]
        again = [piece for some in pieces for piece in some]
        found = iter(self.force(text, again, "Placing the words", ignore_progress))
        parted: list[Placed] = []
        for (chunk, words), some in zip(placed, pieces, strict=True):
            smaller = self._again(text, [(piece, next(found)) for piece in some], _loosened)
            parted += smaller if _is_better(text, smaller, (chunk, words)) else [(chunk, words)]
        return parted

    def _again(
        self, text: MergedText, placed: Sequence[Placed], options: Callable[[MergedText, Chunk], Options]
    ) -> list[Placed]:
        """The chunks with those that failed forced again."""
        failed = [(chunk.span, options(text, chunk)) for chunk, words in placed if words is None]
        outcomes = iter(self._forced(failed, "Placing the words", ignore_progress))
        return [(chunk, next(outcomes) if words is None else words) for chunk, words in placed]

    def _forced(
        self, wanted: Sequence[tuple[Span, Options]], stage: str, progress: ProgressCallback
    ) -> list[Found]:
        fresh = [key for key in dict.fromkeys(wanted) if key not in self._known]
        began = time.monotonic()
        if wanted:
            progress(Progress(stage, 1 - len(fresh) / len(wanted)))
        tasks = ((self._audio.excerpt(span), options) for span, options in fresh)
        for done, (key, found) in enumerate(zip(fresh, self._force_all(tasks), strict=True), start=1):
            self._known[key] = found
            left = len(fresh) - done
            progress(Progress(stage, 1 - left / len(wanted), (time.monotonic() - began) / done * left))
        return [self._known[key] for key in wanted]


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


def _aside(text: MergedText, chunk: Chunk, words: Found) -> int:
    """How many words of the chunk lie aside of where they were surely heard."""
    slots = text.slots[chunk.first_slot : chunk.last_slot]
    sure = [
        (Span(chunk.span.start + word.start, chunk.span.start + word.end), text.heard[slot.heard])
        for slot, word in zip(slots, words or (), strict=False)
        if word and slot.certain and slot.heard is not None
    ]
    return sum(max(heard.start - forced.end, forced.start - heard.end) > _ASIDE for forced, heard in sure)


def _is_better(text: MergedText, pieces: Sequence[Placed], whole: Placed) -> bool:
    """Whether the words of the pieces lie closer to where they were heard and fit the sound better."""
    aside = sum(_aside(text, *piece) for piece in pieces)
    return aside < _aside(text, *whole) and _fit(pieces) > _fit([whole])


def _fit(placed: Sequence[Placed]) -> float:
    """Mean score of the words, by time."""
    return _mean((word.score, word.end - word.start) for _, found in placed for word in found or () if word)


def _mean(scores: Iterable[tuple[float, float]]) -> float:
    """Of scores, each with the seconds that it is for; no number is below that of none."""
    values, lengths = np.array(list(scores)).reshape(-1, 2).T
    return float(np.average(values, weights=lengths)) if lengths.sum() else -np.inf


def _options(text: MergedText, chunk: Chunk) -> Options:
    return tuple(text.options[chunk.first_slot : chunk.last_slot])


def _loosened(text: MergedText, chunk: Chunk) -> Options:
    """As a last resort, a word that was heard may be missing after all."""
    return tuple(replace(option, skip=max(option.skip, _LAST_RESORT)) for option in _options(text, chunk))


def _said(text: MergedText, placed: Sequence[Placed]) -> list[Said | None]:
    """Where each slot was said: as forced, or as heard where forcing failed or went astray."""
    said: list[Said | None] = []
    for chunk, words in placed:
        slots = text.slots[chunk.first_slot : chunk.last_slot]
        as_heard = [None if s.heard is None else _heard(text.heard[s.heard]) for s in slots]
        forced = _forced(chunk, words) if words else as_heard
        trusted = [None if s.ambiguous else one for s, one in zip(slots, as_heard, strict=True)]
        said += as_heard if _astray(forced, trusted) else forced
    return said


def _heard(word: HeardWord) -> Said:
    return Said(Span(word.start, word.end))


def _forced(chunk: Chunk, words: Sequence[ForcedWord | None]) -> list[Said | None]:
    start = chunk.span.start
    return [Said(Span(start + w.start, start + w.end), w.score) if w else None for w in words]


def _astray(forced: Sequence[Said | None], as_heard: Sequence[Said | None]) -> bool:
    pairs = zip(forced, as_heard, strict=True)
    distances = [abs(one.span.middle - other.span.middle) for one, other in pairs if one and other]
    return bool(distances) and float(np.median(distances)) > _GATE


def _seams(chunks: Sequence[Chunk], said: Sequence[Said | None]) -> Iterator[Chunk]:
    """The stretch around each cut, from a word's start to a word's end."""
    for one, other in pairwise(chunks):
        if other.span.start - one.span.end > _LONGEST_PAUSE:
            continue
        before = [(n, s.span) for n in range(one.first_slot, one.last_slot) if (s := said[n])]
        after = [(n, s.span) for n in range(other.first_slot, other.last_slot) if (s := said[n])]
        if not before or not after:
            continue
        first, start = next((p for p in before if p[1].start >= one.span.end - _SEAM), before[-1])
        last, end = next((p for p in reversed(after) if p[1].end <= other.span.start + _SEAM), after[0])
        yield Chunk(Span(start.start, end.end), first, last + 1)


def _mend(text: MergedText, said: list[Said | None], seams: Sequence[Chunk], found: Iterable[Found]) -> None:
    """Where a seam contradicts its chunks, it counts, unless it fits the sound much worse.

    Where it agrees, the chunks are the finer ones.
    """
    for seam, words in zip(seams, found, strict=True):
        if words is None:
            continue
        forced = _forced(seam, words)
        placed = [offset for offset, one in enumerate(forced) if one]
        if inner := placed[_OUTERMOST:-_OUTERMOST]:
            mended = forced[inner[0] : inner[-1] + 1]
            place = slice(seam.first_slot + inner[0], seam.first_slot + inner[-1] + 1)
            pairs = zip(text.slots[place], mended, said[place], strict=True)
            conflicts = [(slot, new, old) for slot, new, old in pairs if _contradict(new, old)]
            if conflicts and not _is_much_worse(conflicts):
                said[place] = mended


def _is_much_worse(conflicts: Sequence[tuple[Slot, Said | None, Said | None]]) -> bool:
    """Whether written words that were somewhere else before fit the sound much worse where they are now."""
    both = [(new, old) for slot, new, old in conflicts if slot.written is not None and new and old]
    return _mean_score(new for new, _ in both) < _mean_score(old for _, old in both) - _MUCH_WORSE


def _mean_score(said: Iterable[Said]) -> float:
    """Mean score of those that have one, by time."""
    return _mean((one.score, one.span.length) for one in said if one.score is not None)


def _contradict(new: Said | None, old: Said | None) -> bool:
    if new is None or old is None:
        return new is not old
    return abs(new.span.start - old.span.start) > _TOLERANCE

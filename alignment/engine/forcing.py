"""Exact word boundaries inside a chunk, by forced alignment with the English acoustic model of pocketsphinx.

The chunk's part of the merged sequence becomes a small grammar: words that are written and heard must be
passed, words that are only written or only heard may be, and a word with several readings is a choice. The
decoder finds the likeliest way through it on a 10 ms grid, so the audio itself says what was spoken and when.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import pocketsphinx
from numpy.typing import NDArray

from alignment.engine.pronunciation import pronounce
from alignment.engine.reading import Reading
from alignment.processes import worker_pool

__all__ = [
    "ForceAll",
    "ForcedWord",
    "Forcer",
    "Found",
    "Option",
    "Task",
    "forcing_processes",
    "word_of_phones",
]

_LONGEST_LEAP = 4
"""Words passed over at once in the midst of a run that may be missing. At 50, searching took twelve times as
long as at 4, for after every word all of them are tried."""

_LEAST_LIKELY = 1e-60
"""Of passing over a run of words, however long: well within the beams."""

_FRAME = 0.01
"""Seconds: the acoustic model's grid."""

_CENTRE = (0.0256 - _FRAME) / 2
"""Seconds by which the midst of a frame's analysis window (25.6 ms) lies after the midst of its grid cell."""


@dataclass(frozen=True, slots=True)
class Option:
    """One word of the grammar: the ways to say it, and how readily it is passed over.

    text: the word as written. skip: probability that it is not said, 0 where it must be.
    """

    text: str
    readings: tuple[Reading, ...]
    skip: float = 0.0


@dataclass(frozen=True, slots=True)
class ForcedWord:
    """Where a word was found, in seconds from the start of the chunk.

    score: mean acoustic log-likelihood per frame in the decoder's own units, comparable within a recording.
    """

    start: float
    end: float
    score: float


@dataclass(frozen=True, slots=True)
class _Arc:
    """One step of the grammar; word None passes without sound. option: index of the option it belongs to."""

    start: int
    end: int
    probability: float
    word: str | None
    option: int


class Forcer:
    """The acoustic model, loaded once; not to be shared between threads."""

    def __init__(self) -> None:
        config = pocketsphinx.Config(
            lm=None, beam=1e-120, pbeam=1e-80, wbeam=1e-120, bestpath=False, loglevel="FATAL"
        )
        self._decoder = pocketsphinx.Decoder(config)
        self._log = self._decoder.get_logmath()

    def force(self, samples: NDArray[np.int16], options: Sequence[Option]) -> list[ForcedWord | None] | None:
        """Find the options in the samples, in order.

        samples: int16, shape (n,), 16 kHz mono. Returns one entry per option, None for each that is not said
        or has no sound; or None in all where no way through the grammar fits the audio.
        """
        arcs, states = _grammar([self._sayable(option) for option in options])
        if not arcs:
            return [None] * len(options)
        if not len(samples):
            return None
        transitions = [
            (arc.start, arc.end, arc.probability, *([arc.word] if arc.word else [])) for arc in arcs
        ]
        transitions += _leaps(arcs)
        grammar = self._decoder.create_fsg("chunk", 0, states - 1, transitions)
        self._decoder.add_fsg("chunk", grammar)
        self._decoder.activate_search("chunk")
        self._decoder.reinit_feat()  # forget the noise of the chunk before: each stands alone
        self._decoder.start_utt()
        self._decoder.process_raw(samples.tobytes(), full_utt=True)
        self._decoder.end_utt()
        segments = self._decoder.seg()
        if segments is None:
            return None
        found = [(_bare(s.word), s.start_frame, s.end_frame + 1, self._log.log(s.ascore)) for s in segments]
        spoken = [segment for segment in found if not segment[0].startswith(("<", "[", "("))]
        path = _parse(arcs, [segment[0] for segment in spoken], states - 1)
        if path is None:
            return None
        return _gather(path, spoken, len(options))

    def _sayable(self, option: Option) -> Option:
        """The option with those of its readings that have a sound, known to the decoder from here on."""
        return replace(option, readings=tuple(r for r in option.readings if r and all(map(self._know, r))))

    def _know(self, word: str) -> bool:
        if self._decoder.lookup_word(word) is None:
            phones = _phones(word)
            if not phones:
                return False
            self._decoder.add_word(word, " ".join(phones), True)
        return True


def word_of_phones(phones: Sequence[str]) -> str:
    """A word for a reading that sounds so, whatever its language: named by its phones; none for no phones.

    The decoder knows words by their names, and a name may sound otherwise in another language.
    """
    return _BY_PHONES + "-".join(phones) if phones else ""


def _phones(word: str) -> Sequence[str]:
    return word[1:].split("-") if word.startswith(_BY_PHONES) else pronounce(word)


_BY_PHONES = "/"
"""Begins the name of a word that is given by its phones; no English word begins so."""


Task = tuple[NDArray[np.int16], Sequence[Option]]
"""What `Forcer.force` takes: samples and options."""

Found = list[ForcedWord | None] | None
"""What it gives: one entry per option, or None where no way leads through."""


ForceAll = Callable[[Iterable[Task]], Iterator[Found]]
"""Finds many tasks; outcomes come in their order."""


@contextmanager
def forcing_processes(workers: int) -> Iterator[ForceAll]:
    """`Forcer.force` for many tasks, spread over processes; outcomes come in the order of the tasks."""
    pool = worker_pool(workers, _load)
    try:
        yield lambda tasks: _spread(pool, tasks, 2 * workers)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _spread(pool: Executor, tasks: Iterable[Task], most: int) -> Iterator[Found]:
    """The outcomes in order, with at most so many tasks taken and unfinished: they hold their samples."""
    waiting: deque[Future[Found]] = deque()
    for task in tasks:
        waiting.append(pool.submit(_force, task))
        if len(waiting) >= most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


_loaded: list[Forcer] = []
"""The acoustic model of a worker process."""


def _load() -> None:
    _loaded.append(Forcer())


def _force(task: Task) -> Found:
    return _loaded[0].force(*task)


def _grammar(options: Sequence[Option]) -> tuple[list[_Arc], int]:
    """Arcs and number of states; state 0 is the start, the last one the end."""
    arcs: list[_Arc] = []
    state, free = 0, 1
    for index, option in enumerate(options):
        if not option.readings:
            continue
        after, free = free, free + 1
        if option.skip:
            arcs.append(_Arc(state, after, option.skip, None, index))
        for reading in option.readings:
            at = state
            for part in reading[:-1]:
                arcs.append(_Arc(at, free, 1.0, part, index))
                at, free = free, free + 1
            arcs.append(_Arc(at, after, 1.0, reading[-1], index))
        state = after
    return _renumbered(arcs, state, free)


def _leaps(arcs: Sequence[_Arc]) -> list[tuple[int, int, float]]:
    """Passing over several words at once: state, state, probability.

    The decoder goes over one silent arc between two words and no more, so what two of them do takes one of
    its own. In a run of words that may be missing, leaps over many lead from its start or to its end only.
    """
    silent = {arc.start: arc for arc in arcs if arc.word is None}
    followed = {arc.end for arc in silent.values()}
    leaps: list[tuple[int, int, float]] = []
    for start, first in silent.items():
        at, probability, count = first.end, first.probability, 1
        while at in silent:
            probability = max(probability * silent[at].probability, _LEAST_LIKELY)
            at, count = silent[at].end, count + 1
            if count <= _LONGEST_LEAP or at not in silent or start not in followed:
                leaps.append((start, at, probability))
    return leaps


def _renumbered(arcs: list[_Arc], end: int, states: int) -> tuple[list[_Arc], int]:
    """The same grammar with its end state last."""
    swap = {end: states - 1, states - 1: end}
    return [
        _Arc(swap.get(a.start, a.start), swap.get(a.end, a.end), a.probability, a.word, a.option)
        for a in arcs
    ], states


def _bare(word: str) -> str:
    """Without the number of the pronunciation that the decoder chose: "your(2)"."""
    return word.split("(", 1)[0] if not word.startswith("(") else word


def _parse(arcs: Sequence[_Arc], words: Sequence[str], end: int) -> list[_Arc] | None:
    """The arcs that the words went over, one per word, or None where they do not lead to the end."""
    leaving: dict[int, list[_Arc]] = {}
    for arc in arcs:
        leaving.setdefault(arc.start, []).append(arc)
    reached: list[dict[int, tuple[int, _Arc] | None]] = [{0: None}]
    for word in (*words, None):
        here = reached[-1]
        _pass_silently(here, leaving)
        if word is None:
            break
        step: dict[int, tuple[int, _Arc] | None] = {}
        for state in here:
            for arc in leaving.get(state, ()):
                if arc.word == word and arc.end not in step:
                    step[arc.end] = (state, arc)
        reached.append(step)
    if end not in reached[-1]:
        return None
    return _walk_back(reached, end)


def _pass_silently(here: dict[int, tuple[int, _Arc] | None], leaving: dict[int, list[_Arc]]) -> None:
    waiting = list(here)
    while waiting:
        state = waiting.pop()
        for arc in leaving.get(state, ()):
            if arc.word is None and arc.end not in here:
                here[arc.end] = (state, arc)
                waiting.append(arc.end)


def _walk_back(reached: list[dict[int, tuple[int, _Arc] | None]], end: int) -> list[_Arc]:
    path: list[_Arc] = []
    level, state = len(reached) - 1, end
    while (link := reached[level][state]) is not None:
        state, arc = link
        if arc.word is not None:
            path.append(arc)
            level -= 1
    return path[::-1]


def _gather(
    path: Sequence[_Arc], spoken: Sequence[tuple[str, int, int, float]], count: int
) -> list[ForcedWord | None]:
    """Parts of a reading put together again, one entry per option."""
    parts: dict[int, list[tuple[int, int, float]]] = {}
    for arc, (_, start, end, score) in zip(path, spoken, strict=True):
        parts.setdefault(arc.option, []).append((start, end, score))
    found: list[ForcedWord | None] = [None] * count
    for option, pieces in parts.items():
        frames = sum(end - start for start, end, _ in pieces)
        score = sum(score for *_, score in pieces) / max(1, frames)
        found[option] = ForcedWord(pieces[0][0] * _FRAME + _CENTRE, pieces[-1][1] * _FRAME + _CENTRE, score)
    return found

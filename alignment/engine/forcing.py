"""Exact word boundaries inside a chunk, by forced alignment with the English acoustic model of pocketsphinx.

The chunk's part of the merged sequence becomes a small grammar, and the grammar a network of phones; the
likeliest way through it, on a grid of 10 ms, says what was spoken and when.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from alignment.engine.acoustic_model import acoustic_model
from alignment.engine.cepstra import CENTRE, FRAME, features
from alignment.engine.grammar import Option, grammar
from alignment.engine.network import SILENT, Sounds, network
from alignment.engine.pronunciation import Phones, pronunciations
from alignment.engine.viterbi import Visit, likeliest_path
from alignment.processes import worker_pool

__all__ = [
    "ForceAll",
    "ForcedWord",
    "Forcer",
    "Found",
    "Task",
    "forcing_processes",
    "word_of_phones",
]


@dataclass(frozen=True, slots=True)
class ForcedWord:
    """Where a word was found, in seconds from the start of the chunk.

    score: mean log-likelihood per frame, less that of the sounds that fit best there; comparable within a
    recording.
    """

    start: float
    end: float
    score: float


class Forcer:
    """Finds words in sound."""

    def __init__(self) -> None:
        self._model = acoustic_model()

    def force(self, samples: NDArray[np.int16], options: Sequence[Option]) -> list[ForcedWord | None] | None:
        """Find the options in the samples, in order.

        samples: int16, shape (n,), 16 kHz mono. Returns one entry per option, None for each that is not said
        or has no sound; or None in all where no way through the grammar fits the audio.
        """
        words = {word for option in options for reading in option.readings for word in reading}
        sounds = {word: _sounds(word) for word in words}
        rules = grammar([_sayable(option, sounds) for option in options])
        if not rules.arcs:
            return [None] * len(options)
        if not len(samples):
            return None
        phones = network(self._model, rules, sounds)
        path = likeliest_path(self._model, phones, features(samples))
        if path is None:
            return None
        visits: list[list[Visit]] = [[] for _ in options]
        for visit in path:
            if (arc := int(phones.arcs[visit.node])) != SILENT:
                visits[rules.arcs[arc].option].append(visit)
        return [_word(said) if said else None for said in visits]


def _sayable(option: Option, sounds: Sounds) -> Option:
    """The option with those of its readings that have a sound."""
    return replace(
        option, readings=tuple(r for r in option.readings if r and all(sounds[word] for word in r))
    )


def _word(phones: Sequence[Visit]) -> ForcedWord:
    """Put together of its phones."""
    frames = sum(phone.end - phone.start for phone in phones)
    score = sum(phone.score for phone in phones) / frames
    return ForcedWord(phones[0].start * FRAME + CENTRE, phones[-1].end * FRAME + CENTRE, score)


def word_of_phones(phones: Sequence[str]) -> str:
    """A word for a reading that sounds so, whatever its language: named by its phones; none for no phones.

    Words are known by their names, and a name may sound otherwise in another language.
    """
    return _BY_PHONES + "-".join(phones) if phones else ""


def _sounds(word: str) -> Sequence[Phones]:
    return [tuple(word[1:].split("-"))] if word.startswith(_BY_PHONES) else pronunciations(word)


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

"""Exact word boundaries inside a chunk, by forced alignment with the English acoustic model of pocketsphinx.

The chunk's part of the merged sequence becomes a small grammar, and the grammar a network of phones; the
likeliest way through it, on a grid of 10 ms, says what was spoken and when.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain

import numpy as np
import threadpoolctl
from numpy.typing import NDArray

from alignment.audio import SAMPLE_RATE
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
    "Found",
    "Task",
    "force",
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


Task = tuple[NDArray[np.int16], Sequence[Option]]
"""What `force` takes: samples and options."""

Found = list[ForcedWord | None] | None
"""What it gives."""

ForceAll = Callable[[Iterable[Task]], Iterator[Found]]
"""Finds many tasks; outcomes come in their order."""


def force(samples: NDArray[np.int16], options: Sequence[Option]) -> Found:
    """Find the options in the samples, in order.

    samples: int16, shape (n,), 16 kHz mono. Returns one entry per option, None for each that is not said or
    has no sound; or None in all where no way through the grammar fits the audio.
    """
    return _find(samples, options, _sounds(options))


def _find(samples: NDArray[np.int16], options: Sequence[Option], sounds: Sounds) -> Found:
    rules = grammar([_sayable(option, sounds) for option in options])
    if not rules.arcs:
        return [None] * len(options)
    if not len(samples):
        return None
    phones = network(acoustic_model(), rules, sounds)
    path = likeliest_path(acoustic_model(), phones, features(samples))
    if path is None:
        return None
    visits: list[list[Visit]] = [[] for _ in options]
    for visit in path:
        if (arc := int(phones.arcs[visit.node])) != SILENT:
            visits[rules.arcs[arc].option].append(visit)
    return [_word(said) if said else None for said in visits]


def _sounds(options: Sequence[Option]) -> Sounds:
    words = {word for option in options for reading in option.readings for word in reading}
    return {word: _ways_to_say(word) for word in words}


def _ways_to_say(word: str) -> Sequence[Phones]:
    return [tuple(word[1:].split("-"))] if word.startswith(_BY_PHONES) else pronunciations(word)


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


_BY_PHONES = "/"
"""Begins the name of a word that is given by its phones; no English word begins so."""


_WORTH_PROCESSES = 180.0
"""Seconds of sound that are worth other processes: forcing them takes as long as starting two of those."""


@contextmanager
def forcing_processes(workers: int) -> Iterator[ForceAll]:
    """`force` for many tasks; outcomes come in the order of the tasks.

    A few are done here, and all for a single worker. Where there are more, all are spread over processes, and
    those that come later too.
    """
    pool = worker_pool(workers, _load)
    is_spread = False

    def force_all(tasks: Iterable[Task]) -> Iterator[Found]:
        nonlocal is_spread
        coming = iter(tasks)
        taken: list[Task] = []
        while not is_spread and (task := next(coming, None)):
            taken.append(task)
            seconds = sum(len(samples) for samples, _ in taken) / SAMPLE_RATE
            is_spread = workers > 1 and seconds > _WORTH_PROCESSES
        if is_spread:
            yield from _spread(pool, chain(taken, coming), 2 * workers)
        else:
            yield from (_on_one_core(*task) for task in taken)

    try:
        yield force_all
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _on_one_core(samples: NDArray[np.int16], options: Sequence[Option]) -> Found:
    """As `force`, whose products are too small to be worth more."""
    with _threads().limit(limits=1, user_api="blas"):
        return force(samples, options)


@cache
def _threads() -> threadpoolctl.ThreadpoolController:
    return threadpoolctl.ThreadpoolController()


def _spread(pool: Executor, tasks: Iterable[Task], most: int) -> Iterator[Found]:
    """The outcomes in order, with at most so many tasks taken and unfinished: they hold their samples.

    How words sound is looked up here, so that the dictionary is held once.
    """
    waiting: deque[Future[Found]] = deque()
    for samples, options in tasks:
        waiting.append(pool.submit(_find, samples, options, _sounds(options)))
        if len(waiting) >= most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _load() -> None:
    """Keep to one core, as there are others like this, and read the acoustic model before there is work."""
    threadpoolctl.threadpool_limits(1)
    acoustic_model()

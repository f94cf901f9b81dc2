"""What finds the words of a chunk in its sound: the acoustic model, or Whisper's attention.

The acoustic model is the exact one and takes every language whose words it is told how to say. A chunk with
words that nobody can read for it, as Chinese characters without a reading, goes to attention.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

from alignment.engine.anchors import Recognizer
from alignment.engine.attention import attend
from alignment.engine.forcing import ForceAll, Found, Task, forcing_processes, word_of_phones
from alignment.engine.foreign import Pronouncer
from alignment.engine.grammar import Option
from alignment.engine.pronunciation import Phones
from alignment.engine.reading import Reading
from alignment.processes import cores_to_use

__all__ = ["aligner"]

_MOST_UNREAD = 0.15
"""Share of the words that have to be said for which no pronunciation may be known."""


@contextmanager
def aligner(language: str, recognizer: Recognizer) -> Iterator[ForceAll]:
    """Finds many chunks, see `forcing.force`; outcomes come in the order of the tasks."""
    with forcing_processes(cores_to_use()) as force_all:
        if language == "en":
            yield force_all
        else:
            pool = ThreadPoolExecutor(recognizer.whisper.device.workers)
            try:
                yield _Foreign(language, recognizer, force_all, pool).find_all
            finally:
                pool.shutdown(cancel_futures=True)


class _Foreign:
    """Gives each chunk of another language to the one that can place it."""

    def __init__(
        self,
        language: str,
        recognizer: Recognizer,
        force_all: ForceAll,
        pool: Executor,
    ) -> None:
        self._language = language
        self._recognizer = recognizer
        self._force_all = force_all
        self._pool = pool
        self._pronouncer = Pronouncer(language)

    def find_all(self, tasks: Iterable[Task]) -> Iterator[Found]:
        """See `aligner`."""
        # Of each task that is taken: None, or what comes of it where the acoustic model cannot read it.
        order: deque[Future[Found] | None] = deque()

        def readable() -> Iterator[Task]:
            for samples, options in tasks:
                sounded = self._sounded(options)
                is_readable = _unread(options, sounded) <= _MOST_UNREAD
                if is_readable:
                    order.append(None)
                    yield samples, sounded
                else:
                    order.append(
                        self._pool.submit(attend, self._recognizer, self._language, samples, options)
                    )

        for found in self._force_all(readable()):
            while attended := order.popleft():
                yield attended.result()
            yield found
        yield from (attended.result() for attended in order if attended)

    def _sounded(self, options: Sequence[Option]) -> list[Option]:
        """The options with their readings as sounds, less those that nobody can read."""
        words = {word for option in options for reading in option.readings for word in reading}
        phones = dict(zip(words, self._pronouncer.pronounce(list(words)), strict=True))
        sounded = []
        for option in options:
            sounds = [_sound(reading, phones) for reading in option.readings]
            sounded.append(replace(option, readings=tuple(sound for sound in sounds if sound)))
        return sounded


def _sound(reading: Reading, phones: Mapping[str, Phones]) -> Reading:
    """The reading as words that are named by their phones, empty where one of them has none."""
    sounds = tuple(word_of_phones(phones[word]) for word in reading)
    return sounds if all(sounds) else ()


def _unread(options: Sequence[Option], sounded: Sequence[Option]) -> float:
    """Share of the options that have to be said, and are something to say, which nobody can read."""
    pairs = zip(options, sounded, strict=True)
    needed = [bool(after.readings) for before, after in pairs if any(before.readings) and not before.skip]
    return needed.count(False) / len(needed) if needed else 0.0

"""The written and the heard words as one sequence, and what may be said at each place in it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise

from alignment.engine.anchors import HeardWord
from alignment.engine.grammar import Option
from alignment.engine.matching import Slot, agreement, merge
from alignment.engine.pronunciation import fold
from alignment.engine.reading import Reading
from alignment.engine.repetition import with_ambiguity
from alignment.engine.spoken import read_text
from alignment.errors import TranscriptError
from alignment.transcript import Transcript

__all__ = ["SKIP_OTHER_HEARING", "MergedText"]

_WRONG_TRANSCRIPT = 0.12
"""Share of words heard in runs as they are written below which the text is of something else."""

_UNDERSTOOD = 0.6
"""Share of words heard in runs as they are written below which the text may be worth more than hearing."""

_SKIP_UNHEARD = 1e-3
_SKIP_MISHEARD = 1e-8
_SKIP_UNWRITTEN = 0.5
_SKIP_SPEAKER = 0.5
SKIP_OTHER_HEARING = 0.9
"""How readily the grammar passes over a word that nothing was heard of, one that something else was heard in
place of, one that is not written, one that may name the speaker, and one that may be another hearing of a
written word."""

_LONGEST_NAME = 3
"""Words before a colon that may name who speaks."""

_SENTENCE_END = re.compile(r"[.?!…:;。？！][\W_]*$")

_LETTERS_PER_SECOND = 14.0
_MOST_HASTE = 4.0


@dataclass(frozen=True, eq=False)
class MergedText:
    """The words of both sides and how they belong together.

    spoken: the readings of each written word. slots: the merged sequence. names: indices of the written words
    that may only tell who speaks.
    """

    language: str
    words: list[str]
    spoken: list[tuple[Reading, ...]]
    heard: list[HeardWord]
    heard_spoken: list[tuple[Reading, ...]]
    slots: list[Slot]
    names: frozenset[int] = frozenset()

    @classmethod
    def of(
        cls, transcript: Transcript, heard: list[HeardWord], language: str, breaks: Sequence[int] = ()
    ) -> "MergedText":
        """Read both sides as they are spoken, and merge them.

        breaks: where nobody listened, see `matching.merge`.
        """
        words = [word.text for word in transcript.words()]
        spoken = read_text(words, language)
        heard_spoken = read_text([word.text for word in heard], language)
        compared = _compared(spoken, heard_spoken)
        merged = merge(*compared, breaks, set(_starts(transcript)), _pauses(heard))
        slots = with_ambiguity(merged, *compared)
        return cls(language, words, spoken, heard, heard_spoken, slots, frozenset(_names(transcript)))

    @cached_property
    def agreement(self) -> float:
        """Share of words heard in runs as they are written, see `matching.agreement`."""
        return agreement(self.slots)

    @property
    def is_of_another_talk(self) -> bool:
        """Whether hardly anything that is written was heard."""
        return self.agreement < _WRONG_TRANSCRIPT

    @property
    def is_understood(self) -> bool:
        """Whether enough of what is written was heard to hold on to."""
        return self.agreement >= _UNDERSTOOD

    def refuse_another_talk(self) -> None:
        """Raise TranscriptError where hardly anything that is written was heard."""
        if self.is_of_another_talk:
            sample = " ".join(word.text for word in self.heard[:12])
            raise TranscriptError(
                f"This transcript is not of this audio: only {self.agreement:.0%} of its words are "
                f'heard there. The audio begins "{sample} ..." (heard as {self.language}). Check that text '
                "and audio belong together; where the language was heard wrongly, name it with --language."
            )

    @cached_property
    def options(self) -> list[Option]:
        """The grammar of what may be said, one option per slot."""
        options: list[Option] = []
        for (unwritten, unheard), run in groupby(self.slots, key=_kind):
            first, last = len(options), len(options) + len(list(run))
            if unwritten:
                options += self._unwritten_options(first, last)
            elif unheard and self.slots[first].listened:
                options += self._unheard_options(first, last)
            else:
                said = [slot.written for slot in self.slots[first:last] if slot.written is not None]
                skips = [self._skip_speaker(index) if unheard else 0.0 for index in said]
                options += [
                    Option(self.words[i], self.spoken[i], s) for i, s in zip(said, skips, strict=True)
                ]
        return options

    def _unwritten_options(self, first: int, last: int) -> list[Option]:
        skip = (
            SKIP_OTHER_HEARING if any(s.heard is None for s in self._beside(first, last)) else _SKIP_UNWRITTEN
        )
        indices = [slot.heard for slot in self.slots[first:last] if slot.heard is not None]
        return [Option(self.heard[i].text, self.heard_spoken[i][:2], skip) for i in indices]

    def _unheard_options(self, first: int, last: int) -> list[Option]:
        """Of a run of slots in which nothing was heard: without a sound where there is no time for it."""
        rivals = any(slot.written is None for slot in self._beside(first, last))
        skip = _SKIP_MISHEARD if rivals else _SKIP_UNHEARD
        indices = [slot.written for slot in self.slots[first:last] if slot.written is not None]
        room = self._has_room(first, last)
        return [
            Option(self.words[i], self.spoken[i] if room else (), self._skip_speaker(i) or skip)
            for i in indices
        ]

    def _skip_speaker(self, index: int) -> float:
        """How readily a word is passed over that may only tell who speaks; 0 for others."""
        return _SKIP_SPEAKER if index in self.names else 0.0

    def _beside(self, first: int, last: int) -> list[Slot]:
        return self.slots[max(0, first - 1) : first] + self.slots[last : last + 1]

    def _has_room(self, first: int, last: int) -> bool:
        """Whether the run could be said in the time between the matched words around it.

        With it are said the words that it may have been mistaken for.
        """
        before = next(((n, w) for n in range(first - 1, -1, -1) if (w := self._anchor(n))), None)
        after = next(((n, w) for n in range(last, len(self.slots)) if (w := self._anchor(n))), None)
        if before is None or after is None:
            return True
        between = ((n, self.slots[n]) for n in range(before[0] + 1, after[0]))
        said = [s.written for n, s in between if first <= n < last or s.ambiguous]
        letters = sum(len(self.words[index]) for index in said if index is not None)
        time = max(0.0, after[1].start - before[1].end)
        return letters / _LETTERS_PER_SECOND <= _MOST_HASTE * time + 2.0

    def _anchor(self, number: int) -> HeardWord | None:
        """What was heard in a slot that is also written, and is no other one that is equal to it."""
        slot = self.slots[number]
        if slot.heard is None or slot.written is None or slot.ambiguous:
            return None
        return self.heard[slot.heard]


def _pauses(heard: Sequence[HeardWord]) -> list[float]:
    """Seconds before each heard word, and none that are known after the last one."""
    return [0.0, *(after.start - before.end for before, after in pairwise(heard)), 0.0]


def _starts(transcript: Transcript) -> Iterator[int]:
    """Indices of the words that a line or a sentence starts with."""
    index = 0
    for segment in transcript.segments:
        starts = True
        for word in segment.words:
            if starts:
                yield index
            starts = bool(_SENTENCE_END.search(word.text))
            index += 1


def _names(transcript: Transcript) -> Iterator[int]:
    """Indices of the words that a line begins with before a colon, as in "Anna Berg: Good evening"."""
    index = 0
    for segment in transcript.segments:
        words = [word.text for word in segment.words[:_LONGEST_NAME]]
        length = next((n for n, word in enumerate(words, start=1) if word.endswith(":")), 0)
        if all(word[0].isupper() for word in words[:length]):
            yield from range(index, index + length)
        index += len(segment.words)


def _compared(
    spoken: Sequence[tuple[Reading, ...]], heard: Sequence[tuple[Reading, ...]]
) -> tuple[list[Reading], list[Reading]]:
    """The usual reading of each written word, folded, and that of each heard word.

    A heard word that may be read as a written one may is read as that one is: what is written "3.9.2" and
    heard as "392" was "three nine two".
    """
    written = {_folded(reading): _folded(said[0]) for said in reversed(spoken) for reading in reversed(said)}
    written |= {usual: usual for usual in written.values()}
    return [_folded(said[0]) for said in spoken], [
        next((written[r] for r in map(_folded, said) if r in written), _folded(said[0])) for said in heard
    ]


def _folded(reading: Reading) -> Reading:
    return tuple(map(fold, reading))


def _kind(slot: Slot) -> tuple[bool, bool]:
    return slot.written is None, slot.heard is None

"""What speaks for and against the place of each word, from all the stages that had a hand in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from alignment.audio import Span
from alignment.engine.confidence import WordEvidence
from alignment.engine.forcing import ForcedWord
from alignment.engine.matching import Slot
from alignment.engine.merged import MergedText
from alignment.engine.misheard import misheard_words
from alignment.engine.proof import score_around

__all__ = ["silent_words", "word_evidence"]

_NEAR, _WIDE = 4, 40
"""Words on each side that tell of a word's surroundings."""

_AGREES = 0.3
"""Seconds from where a word was heard within which it is surely found."""

_SLACK, _FARTHEST = 0.1, 1.5
"""Seconds from where a word was heard that mean nothing, and from which more means no more."""

_WORST_FIT = 2.0
_USUAL_PACE, _OUT_OF_PACE = 0.4, 1.5
"""Of the logarithm of how many times as long as usual a word lasts."""

_SHORTEST = 0.01


def word_evidence(
    text: MergedText, said: Sequence[Span | None], scores: Sequence[float | None]
) -> dict[int, tuple[Span, WordEvidence]]:
    """Where each written word is that was found, and what there is to say about that, by the word's index.

    said: per slot of the merged sequence, where it was found. scores: how well the sound fits the word there,
    see `placing.Said`.
    """
    return dict(_Found(text, said, scores).words())


def silent_words(text: MergedText) -> frozenset[int]:
    """Indices of the written words that have no sound: dashes and the like."""
    return frozenset(index for index, spoken in enumerate(text.spoken) if not any(spoken))


@dataclass(frozen=True, eq=False)
class _Found:
    """What was found of a text. said, scores: see `word_evidence`."""

    text: MergedText
    said: Sequence[Span | None]
    scores: Sequence[float | None]

    def words(self) -> Iterator[tuple[int, tuple[Span, WordEvidence]]]:
        """See `word_evidence`."""
        for number, (slot, span) in enumerate(zip(self.text.slots, self.said, strict=True)):
            if span and slot.written is not None:
                yield slot.written, (span, self._evidence(number, slot, slot.written, span))
        for index, span in misheard_words(self.text, self.said):
            yield index, (span, WordEvidence(misheard=1.0, **self._surroundings(index)))

    def _evidence(self, number: int, slot: Slot, index: int, span: Span) -> WordEvidence:
        return WordEvidence(
            unheard=float(slot.heard is None and slot.listened),
            unlistened=float(not slot.listened),
            unforced=float(self.scores[number] is None),
            apart=min(max(self._apart(slot, span) - _SLACK, 0.0), _FARTHEST),
            misfit=self._misfit.get(number, 0.0),
            out_of_pace=self._out_of_pace(index, span),
            **self._surroundings(index),
        )

    def _apart(self, slot: Slot, span: Span) -> float:
        """Seconds by which the word starts outside of where it was heard, if it was.

        Inside is no contradiction: where a pause comes before a word, hearing takes it in.
        """
        if slot.heard is None:
            return 0.0
        heard = self.text.heard[slot.heard]
        return max(0.0, heard.start - span.start, span.start - heard.end)

    @cached_property
    def _misfit(self) -> Mapping[int, float]:
        """By slot: by how much the sound around it fits its words worse than is usual in the recording.

        Only the acoustic model's score, a log-likelihood below zero, tells; attention's is a probability.
        """
        scored = [
            (span, score, number)
            for number, (span, score) in enumerate(zip(self.said, self.scores, strict=True))
            if span and score is not None
        ]
        scored.sort(key=lambda one: one[0].middle)
        around = score_around([ForcedWord(span.start, span.end, score) for span, score, _ in scored])
        if not scored or (usual := float(np.median(around))) >= 0:
            return {}
        misfits = np.clip(around / usual - 1, 0, _WORST_FIT).tolist()
        return {number: misfit for (*_, number), misfit in zip(scored, misfits, strict=True)}

    def _out_of_pace(self, index: int, span: Span) -> float:
        """By how much the word is longer or shorter than the speaker usually takes for so many letters."""
        pace = abs(float(np.log(self._seconds_a_letter(index, span) / self._usual_pace)))
        return min(max(pace - _USUAL_PACE, 0.0), _OUT_OF_PACE)

    @cached_property
    def _usual_pace(self) -> float:
        pairs = zip(self.text.slots, self.said, strict=True)
        return float(
            np.median(
                [self._seconds_a_letter(s.written, at) for s, at in pairs if at and s.written is not None]
            )
        )

    def _seconds_a_letter(self, index: int, span: Span) -> float:
        letters = sum(map(len, self.text.spoken[index][0]))
        return max(span.length, _SHORTEST) / max(letters, 1)

    def _surroundings(self, index: int) -> dict[str, float]:
        return {"doubt_near": float(self._doubt_near[index]), "doubt_wide": float(self._doubt_wide[index])}

    @cached_property
    def _doubt_near(self) -> NDArray[np.float64]:
        return self._doubt(_NEAR)

    @cached_property
    def _doubt_wide(self) -> NDArray[np.float64]:
        return self._doubt(_WIDE)

    def _doubt(self, reach: int) -> NDArray[np.float64]:
        """Of the words with a sound up to `reach` words before and after each: the share not surely found."""
        sure, sound = self._counts
        count = len(self.text.words)
        first = np.maximum(np.arange(count) - reach, 0)
        last = np.minimum(np.arange(count) + reach + 1, count)
        return np.asarray(1 - (sure[last] - sure[first]) / np.maximum(sound[last] - sound[first], 1))

    @cached_property
    def _counts(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """How many words before each, and in all, were surely found and have a sound; how many have one."""
        is_sure, has_sound = np.zeros(len(self.text.words)), np.ones(len(self.text.words))
        is_sure[list(self._sure())] = 1
        has_sound[list(silent_words(self.text))] = 0
        return np.cumsum([0, *is_sure * has_sound]), np.cumsum([0, *has_sound])

    def _sure(self) -> Iterator[int]:
        """Indices of the words that were found where they were heard, or where nobody listened."""
        for slot, span in zip(self.text.slots, self.said, strict=True):
            if span and slot.written is not None:
                agrees = slot.heard is not None and self._apart(slot, span) < _AGREES
                if agrees or not slot.listened:
                    yield slot.written

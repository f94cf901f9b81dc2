"""From words found in the audio to lines with a time, a status and a confidence."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from alignment.audio import Span
from alignment.engine.confidence import interpolated_confidence, line_confidence, word_confidence
from alignment.engine.evidence import word_evidence
from alignment.engine.merged import MergedText
from alignment.transcript import Passage, Segment, Word

__all__ = ["PlacedWord", "placed_words", "timed_segments", "untranscribed"]

_LONGEST_GUESS = 3
"""Words next to each other that may be placed between two found ones; more are not in the audio."""

_FEWEST_FOUND = 0.25
"""Share of a line's words below which it is not said: of any sentence a word or two are found by chance."""

_FEWEST_WORDS = 3
_SHORTEST_PASSAGE = 1.0


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """Where a written word is, and how sure that is."""

    span: Span
    confidence: float


def timed_segments(
    segments: Sequence[Segment],
    placed: Sequence[PlacedWord | None],
    silent: Collection[int],
    duration: float,
) -> tuple[Segment, ...]:
    """The lines with their times, in order, none starting before the one above it.

    placed: one entry per word of all the segments, None where it was not found. silent: indices of the words
    that have no sound, and that no line is the worse for. duration: seconds of audio.
    """
    ordered = _in_order(placed, duration)
    timed = []
    at = 0
    for segment in segments:
        end = at + len(segment.words)
        has_sound = [index not in silent for index in range(at, end)]
        timed.append(_timed(segment, ordered[at:end], has_sound))
        at = end
    return tuple(timed)


def _in_order(placed: Sequence[PlacedWord | None], duration: float) -> list[PlacedWord | None]:
    """Starts that never go back, ends within the audio and not after the next word's start."""
    ordered: list[PlacedWord | None] = []
    latest = 0.0
    for word in placed:
        if word is None:
            ordered.append(None)
            continue
        start = min(max(word.span.start, latest), duration)
        ordered.append(replace(word, span=Span(start, min(max(start, word.span.end), duration))))
        latest = start
    following = duration
    for index in range(len(ordered) - 1, -1, -1):
        if word := ordered[index]:
            end = max(word.span.start, min(word.span.end, following))
            ordered[index] = replace(word, span=Span(word.span.start, end))
            following = word.span.start
    return ordered


def _timed(segment: Segment, placed: Sequence[PlacedWord | None], has_sound: Sequence[bool]) -> Segment:
    found = [word for word in placed if word]
    sounding = [word for word, sounds in zip(placed, has_sound, strict=True) if sounds]
    if not found or len(found) < _FEWEST_FOUND * len(sounding):
        words = tuple(Word(word.text) for word in segment.words)
        return replace(segment, start=None, end=None, status="not_in_audio", confidence=0.0, words=words)
    guessed = _between_neighbours(placed)
    return replace(
        segment,
        start=_rounded(min(word.span.start for word in found)),
        end=_rounded(max(word.span.end for word in found)),
        status="aligned" if 2 * len(found) >= len(sounding) else "interpolated",
        confidence=_rounded(line_confidence([word.confidence if word else None for word in sounding])),
        words=tuple(_timed_word(word, where) for word, where in zip(segment.words, guessed, strict=True)),
    )


def _timed_word(word: Word, where: PlacedWord | None) -> Word:
    if where is None:
        return Word(word.text)
    return Word(word.text, _rounded(where.span.start), _rounded(where.span.end), _rounded(where.confidence))


def _rounded(number: float) -> float:
    return round(number, 3)


def _between_neighbours(placed: Sequence[PlacedWord | None]) -> list[PlacedWord | None]:
    """Short runs of missing words share the time between the words around them evenly.

    At the start or end of a line they have no time: the line starts with its first word that was found.
    """
    guessed = list(placed)
    at = 0
    for missing, run in groupby(placed, key=lambda word: word is None):
        count = len(list(run))
        if missing and count <= _LONGEST_GUESS:
            before = guessed[at - 1] if at else None
            after = placed[at + count] if at + count < len(placed) else None
            start = before.span.end if before else after.span.start if after else 0.0
            end = max(start, after.span.start) if before and after else start
            confidence = interpolated_confidence([word.confidence for word in (before, after) if word])
            for n, share in enumerate(Span(start, end).divided([1] * count)):
                guessed[at + n] = PlacedWord(share, confidence)
        at += count
    return guessed


def placed_words(
    text: MergedText, said: Sequence[Span | None], scores: Sequence[float | None]
) -> list[PlacedWord | None]:
    """Where each written word is, one entry per word. said, scores: see `evidence.word_evidence`."""
    placed: list[PlacedWord | None] = [None] * len(text.words)
    for index, (span, evidence) in word_evidence(text, said, scores).items():
        placed[index] = PlacedWord(span, word_confidence(evidence))
    return placed


def untranscribed(text: MergedText, said: Sequence[Span | None]) -> tuple[Passage, ...]:
    """What was heard and is not written, three words and a second at least. said: per slot."""
    passages = []
    for extra, run in groupby(zip(text.slots, said, strict=True), key=lambda pair: pair[0].written is None):
        found = [(text.heard[slot.heard].text, s) for slot, s in run if s and slot.heard is not None]
        if not extra or len(found) < _FEWEST_WORDS:
            continue
        start, end = found[0][1].start, found[-1][1].end
        if end - start >= _SHORTEST_PASSAGE:
            heard = " ".join(word for word, _ in found)
            passages.append(Passage(_rounded(start), _rounded(end), heard))
    return tuple(passages)

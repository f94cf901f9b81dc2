"""What the aligner found out about the words and lines of a mutated recording, and whether it was right."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from unittest import mock

from alignment.engine import pipeline
from alignment.engine.confidence import WordEvidence
from alignment.engine.evidence import silent_words, word_evidence
from alignment.engine.lines import placed_words
from alignment.transcript import Segment, Transcript
from tests.mutations.recording import KnownLine, Recording

__all__ = ["Observation", "ObservedLine", "observe", "read", "write"]

_RIGHT = 0.2
"""Seconds from the truth within which a start is right."""


@dataclass(frozen=True, slots=True)
class ObservedLine:
    """A line that was placed. right: None where nobody knows. confidence: as the aligner says it today.

    words: the evidence of each word that has a sound, None where it was not found.
    """

    words: tuple[WordEvidence | None, ...]
    right: bool | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Observation:
    """One alignment. words: the evidence of those that were found, and whether each is right.

    guesses: for each word placed between others, the evidence of the found words beside it, and whether it is
    right. Words of which nobody knows the time are left out.
    """

    recording: str
    mutation: str
    words: tuple[tuple[WordEvidence, bool], ...]
    guesses: tuple[tuple[tuple[WordEvidence, ...], bool], ...]
    lines: tuple[ObservedLine, ...]


def observe(name: str, mutation: str, recording: Recording, checkpoints: Path | None = None) -> Observation:
    """Align, and keep what becomes evidence. Raises what `align` raises."""
    with mock.patch.object(pipeline, "placed_words", wraps=placed_words) as watched:
        result = pipeline.align(
            recording.audio(), recording.transcript(), language=recording.language, checkpoints=checkpoints
        )
    text, said, scores = watched.call_args.args
    evidence = {index: one for index, (_, one) in word_evidence(text, said, scores).items()}
    silent = silent_words(text)
    words, guesses, lines = [], [], []
    for first, line, truths, segment in _lines(recording, result):
        found = [evidence.get(first + n) for n in range(len(segment.words))]
        if segment.start is None or not any(found):
            continue
        sounding = tuple(one for n, one in enumerate(found) if first + n not in silent)
        lines.append(ObservedLine(sounding, _line_is_right(line, segment.start), segment.confidence or 0.0))
        for n, (one, word, (is_known, truth)) in enumerate(zip(found, segment.words, truths, strict=True)):
            if word.start is None or not is_known or first + n in silent:
                continue
            right = truth is not None and bool(abs(word.start - truth) <= _RIGHT)
            if one:
                words.append((one, right))
            else:
                guesses.append((_beside(found, n), right))
    return Observation(name, mutation, tuple(words), tuple(guesses), tuple(lines))


Truths = Sequence[tuple[bool, float | None]]
"""For each word whether its place is known, and its start, None where it is never said."""


def _lines(recording: Recording, result: Transcript) -> Iterator[tuple[int, KnownLine, Truths, Segment]]:
    """Each line with the index of its first word, what is known of its words, and what came of it."""
    first = 0
    for line, segment in zip(recording.lines, result.segments, strict=True):
        yield first, line, _truths(line, len(segment.words)), segment
        first += len(segment.words)


def _truths(line: KnownLine, count: int) -> Truths:
    if line.expected == "not_in_audio":
        return [(True, None)] * count
    starts = list(line.word_starts) if len(line.word_starts) == count else [None] * count
    if count and line.verbatim and not line.word_starts:
        starts[0] = line.start
    return [(start is not None, start) for start in starts]


def _line_is_right(line: KnownLine, start: float) -> bool | None:
    if line.expected == "not_in_audio":
        return False
    if line.start is None or not line.verbatim:
        return None
    return bool(abs(start - line.start) <= _RIGHT)


def _beside(found: Sequence[WordEvidence | None], number: int) -> tuple[WordEvidence, ...]:
    before = next((one for one in reversed(found[:number]) if one), None)
    after = next((one for one in found[number + 1 :] if one), None)
    return tuple(one for one in (before, after) if one)


def write(observation: Observation) -> str:
    """The observation as JSON."""
    return json.dumps(asdict(observation))


def read(written: str) -> Observation:
    """The observation that `write` wrote."""
    data = json.loads(written)
    return Observation(
        data["recording"],
        data["mutation"],
        tuple((WordEvidence(*one), right) for one, right in data["words"]),
        tuple((tuple(WordEvidence(*one) for one in beside), right) for beside, right in data["guesses"]),
        tuple(
            ObservedLine(
                tuple(one and WordEvidence(*one) for one in line["words"]), line["right"], line["confidence"]
            )
            for line in data["lines"]
        ),
    )

"""A careless transcript: words left out, put in, and taken for others, here and there."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tests.mutations.recording import KnownLine, Recording

__all__ = ["with_mistakes"]


def with_mistakes(recording: Recording, share: float, vocabulary: Sequence[str], seed: int = 0) -> Recording:
    """That share of the words is left out, has another word before it, or is another word, by chance.

    vocabulary: where the other words come from. A line that loses its first word starts with the next one;
    where nobody knows when that is said, it is no longer verbatim.
    """
    chance = np.random.default_rng(seed)
    return recording.with_lines([_mistaken(line, share, vocabulary, chance) for line in recording.lines])


def _mistaken(
    line: KnownLine, share: float, vocabulary: Sequence[str], chance: np.random.Generator
) -> KnownLine:
    words = line.text.split()
    known = line.word_starts or (line.start, *[None] * (len(words) - 1))
    written: list[tuple[str, float | None]] = []
    for word, start in zip(words, known, strict=True):
        mistake = chance.choice(("left out", "put in", "another")) if chance.random() < share else ""
        if mistake == "left out" and len(words) > 1:
            continue
        other = vocabulary[int(chance.integers(len(vocabulary)))]
        if mistake == "put in":
            written.append((other, None))
        written.append((other if mistake == "another" else word, start))
    if not written:
        return line
    starts = tuple(start for _, start in written)
    start = next((start for start in starts if start is not None), None)
    begins_known = starts[0] is not None or (len(starts) > 1 and starts[1] is not None)
    return replace(
        line,
        text=" ".join(word for word, _ in written),
        start=line.start if start is None else start,
        verbatim=line.verbatim and begins_known,
        word_starts=starts if line.word_starts else (),
    )

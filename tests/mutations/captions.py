"""Sentences broken into lines as captions are, in the midst of a clause."""

from collections.abc import Iterator
from dataclasses import replace

from tests.mutations.recording import KnownLine, Recording

__all__ = ["as_captions"]


def as_captions(recording: Recording, words: int = 7, fewest: int = 3) -> Recording:
    """The same text in lines of so many words or a few more, none of fewer than `fewest`.

    A line begins with a word whose start is known, so that its own is; its end is the next line's start.
    """
    return recording.with_lines([part for line in recording.lines for part in _broken(line, words, fewest)])


def _broken(line: KnownLine, words: int, fewest: int) -> Iterator[KnownLine]:
    texts = line.text.split()
    if len(line.word_starts) != len(texts):
        yield line
        return
    cuts = [0]
    for number in range(len(texts) - fewest + 1):
        if number - cuts[-1] >= words and line.word_starts[number] is not None:
            cuts.append(number)
    for first, last in zip(cuts, (*cuts[1:], len(texts)), strict=True):
        starts = line.word_starts[first:last]
        yield replace(
            line,
            text=" ".join(texts[first:last]),
            start=starts[0] if first else line.start,
            end=line.word_starts[last] if last < len(texts) else line.end,
            word_starts=starts,
        )

"""Fillers and false starts that are said and that an editor has taken out of the text."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from alignment.audio import Span
from tests.mutations.cuts import splice
from tests.mutations.recording import KnownLine, Recording

__all__ = ["FILLERS", "drop_words", "with_false_starts"]

FILLERS = frozenset(
    ["so", "well", "yeah", "yes", "like", "actually", "basically", "just", "really", "hey", "oh", "okay"]
)


def drop_words(recording: Recording, dropped: Collection[str] = FILLERS) -> Recording:
    """The text lacks these words. A line that would begin with a word of unknown start stays as it is."""
    return recording.with_lines([_without(line, dropped) for line in recording.lines])


def _without(line: KnownLine, dropped: Collection[str]) -> KnownLine:
    words = line.text.split()
    kept = [n for n, word in enumerate(words) if word.lower().strip(",.!?;:") not in dropped]
    if not kept or len(kept) == len(words):
        return line
    if kept[0] and not (line.word_starts and line.word_starts[kept[0]] is not None):
        return line
    starts = tuple(line.word_starts[n] for n in kept) if line.word_starts else ()
    start = starts[0] if kept[0] else line.start
    return replace(line, text=" ".join(words[n] for n in kept), start=start, word_starts=starts)


def with_false_starts(
    recording: Recording, numbers: Sequence[int], words: int = 2, pause: float = 0.25
) -> Recording:
    """Before each of these lines its first words are said once more, and broken off.

    pause: seconds between them. Raises ValueError where the start of the word after them is not known.
    """
    for number in sorted(numbers, reverse=True):
        line = recording.lines[number]
        if len(line.word_starts) <= words or (end := line.word_starts[words]) is None or line.start is None:
            raise ValueError(f"Nobody knows when word {words} of {line.text!r} begins.")
        begun = recording.sound(Span(line.start, end))
        recording = splice(recording, line.start, begun, after=recording.room_tone(pause))
    return recording

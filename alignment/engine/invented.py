"""Words that nobody said: where a phrase is repeated, Whisper may write it once more than it is heard.

Its cross-attention has no sound left for that one: many words come in a moment.
"""

from collections.abc import Sequence

from alignment.engine.anchors import HeardWord

__all__ = ["without_invented"]

_FEWEST = 4
"""Words in a moment that are no slip of the times alone."""

_FASTEST = 0.05
"""Seconds a word: nobody speaks twenty in a second. Of 11,640 words heard in the measuring data (English,
French, German), no three in a row are as near to each other."""


def without_invented(words: Sequence[HeardWord]) -> list[HeardWord]:
    """The heard words, in order, without those that come faster than anybody speaks."""
    said: list[HeardWord] = []
    at = 0
    while at < len(words):
        if hurried := _hurried(words, at):
            at += hurried
        else:
            said.append(words[at])
            at += 1
    return said


def _hurried(words: Sequence[HeardWord], first: int) -> int:
    """How many words from this one on come too fast; 0 where they are few."""
    longest = 0
    for count in range(_FEWEST, len(words) - first + 1):
        if words[first + count - 1].end - words[first].start >= count * _FASTEST:
            break
        longest = count
    return longest

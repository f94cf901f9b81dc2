"""Words that were said, but heard as something else: "Osgood" as "as good".

Where forcing believes the other hearing rather than the written word, the written one stands in its place.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from alignment.audio import Span
from alignment.engine.anchors import HeardWord
from alignment.engine.matching import Slot

__all__ = ["misheard_words"]

_LIKE_LENGTH = 2.2
"""How many times as long as the other one of two hearings of the same words may be written."""


def misheard_words(
    slots: Sequence[Slot], said: Sequence[Span | None], words: Sequence[str], heard: Sequence[HeardWord]
) -> Iterator[tuple[int, Span]]:
    """The number of each slot whose word was said as others, and where.

    said: per slot, where it was found. A stretch between matched words counts where none of its written words
    were found, some of its heard ones were, and both are of like length: a page number that the reader leaves
    out and the remark that he makes instead are not.
    """
    at = 0
    for matched, run in groupby(slots, key=lambda slot: slot.written is not None and slot.heard is not None):
        numbers = range(at, at + len(list(run)))
        at = numbers.stop
        if matched:
            continue
        written = [n for n in numbers if slots[n].written is not None]
        other = [(n, span) for n in numbers if slots[n].written is None and (span := said[n])]
        if not written or not other or any(said[n] for n in written):
            continue
        lengths = [len(words[slots[n].written or 0]) for n in written]
        other_length = sum(len(heard[slots[n].heard or 0].text) for n, _ in other)
        if 1 / _LIKE_LENGTH <= other_length / max(1, sum(lengths)) <= _LIKE_LENGTH:
            yield from zip(
                written, _shared_out(Span(other[0][1].start, other[-1][1].end), lengths), strict=True
            )


def _shared_out(span: Span, lengths: Sequence[int]) -> Iterator[Span]:
    """The span cut into parts in proportion to the lengths."""
    whole = max(1, sum(lengths))
    passed = 0
    for length in lengths:
        start = span.start + span.length * passed / whole
        passed += length
        yield Span(start, span.start + span.length * passed / whole)

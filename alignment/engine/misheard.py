"""Words that were said, but heard as something else: "Osgood" as "as good".

Where forcing believes the other hearing rather than the written word, the written one stands in its place.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from alignment.audio import Span
from alignment.engine.merged import MergedText

__all__ = ["misheard_words"]

_LIKE_LENGTH = 2.2
"""How many times as long as the other one of two hearings of the same words may be written."""


def misheard_words(text: MergedText, said: Sequence[Span | None]) -> Iterator[tuple[int, Span]]:
    """The index of each written word that was said as others, and where.

    said: per slot, where it was found. A stretch between matched words counts where none of its written words
    were found, some of its heard ones were, and both are of like length: a page number that the reader leaves
    out and the remark that he makes instead are not.
    """
    pairs = zip(text.slots, said, strict=True)
    for both, run in groupby(pairs, key=lambda p: p[0].written is not None and p[0].heard is not None):
        stretch = list(run)
        written = [(slot.written, span) for slot, span in stretch if slot.written is not None]
        others = [(slot.heard, span) for slot, span in stretch if slot.heard is not None and span]
        if both or not written or not others or any(span for _, span in written):
            continue
        lengths = [len(text.words[index]) for index, _ in written]
        other_length = sum(len(text.heard[index].text) for index, _ in others)
        if 1 / _LIKE_LENGTH <= other_length / sum(lengths) <= _LIKE_LENGTH:
            whole = Span(others[0][1].start, others[-1][1].end)
            yield from zip((index for index, _ in written), _shared_out(whole, lengths), strict=True)


def _shared_out(span: Span, lengths: Sequence[int]) -> Iterator[Span]:
    """The span cut into parts in proportion to the lengths."""
    whole = max(1, sum(lengths))
    passed = 0
    for length in lengths:
        start = span.start + span.length * passed / whole
        passed += length
        yield Span(start, span.start + span.length * passed / whole)

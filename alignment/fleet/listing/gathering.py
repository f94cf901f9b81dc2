"""What a list comes to: its items, each once, and remarks on what it passes by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alignment.fleet.item import BatchItem
from alignment.formats.decoding import mend_surrogates
from alignment.wording import in_words

__all__ = ["Listing", "gathered", "named"]

_NAMED = 5
"""Names that a remark gives; the rest it counts."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The recordings of a source, in its order. remarks: sentences on what of it is passed by, and why."""

    items: tuple[BatchItem, ...]
    remarks: tuple[str, ...] = ()

    @classmethod
    def joined(cls, listings: "Iterable[Listing]") -> "Listing":
        """One after the other, each recording with the same text once."""
        items: list[BatchItem] = []
        remarks: list[str] = []
        for listing in listings:
            items += listing.items
            remarks += listing.remarks
        return gathered(items, remarks)


def gathered(items: Iterable[BatchItem], remarks: Iterable[str] = ()) -> Listing:
    """A listing in which each piece of work is there once: the first of those with the same audio and text.

    An item whose transcript cannot be read is left out with a remark.
    """
    kept: dict[str, BatchItem] = {}
    unread: list[str] = []
    for item in items:
        try:
            kept.setdefault(item.key(""), item)
        except OSError as error:
            unread.append(f"The transcript {item.transcript} cannot be read: {error.strerror or error}.")
    said = map(mend_surrogates, (*remarks, *unread))  # a file's name need not be Unicode
    return Listing(tuple(kept.values()), tuple(dict.fromkeys(said)))


def named(names: Sequence[str], one: str, many: str = "") -> str:
    """How many there are and what they are called: `7 files: a, b, c, d, e and 2 more`."""
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return f"{in_words(len(names), one, many)}: {', '.join(names[:_NAMED])}{more}"

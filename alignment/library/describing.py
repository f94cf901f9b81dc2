"""What people may say of an episode: its title, and the collections that it is in."""

import unicodedata
from collections.abc import Iterable

from alignment.errors import LibraryError

__all__ = ["MOST_COLLECTIONS", "MOST_OF_A_NAME", "DescriptionNotTakenError", "collection_names", "title_of"]

MOST_OF_A_NAME = 300
"""Characters of a title or of a collection's name."""

MOST_COLLECTIONS = 50
"""That one episode is in."""


class DescriptionNotTakenError(LibraryError):
    """What was given is no title or no name of a collection, or the episode takes none yet."""


def title_of(text: str) -> str:
    """The title that a person has given, on one line. Raises DescriptionNotTakenError."""
    return _name(text, "title")


def collection_names(names: Iterable[str]) -> tuple[str, ...]:
    """The names of collections that a person has given, each once, sorted. Raises DescriptionNotTakenError.

    Names that differ only in small and capital letters are one; the first is taken.
    """
    found: dict[str, str] = {}
    for name in names:
        text = _name(name, "collection's name")
        found.setdefault(text.casefold(), text)
    if len(found) > MOST_COLLECTIONS:
        raise DescriptionNotTakenError(
            f"An episode can be in {MOST_COLLECTIONS} collections; {len(found)} were given. Leave some out."
        )
    return tuple(found[key] for key in sorted(found))


def _name(text: str, what: str) -> str:
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise DescriptionNotTakenError(f"A {what} has at least one letter. Give one.")
    if len(name) > MOST_OF_A_NAME:
        raise DescriptionNotTakenError(
            f"A {what} has at most {MOST_OF_A_NAME} characters, this one {len(name):,}. Give a shorter one."
        )
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in name):
        raise DescriptionNotTakenError(f"A {what} has no control characters. Give it without them.")
    return name

"""The library that a command works on."""

from typing import TYPE_CHECKING

from alignment.errors import LibraryError

if TYPE_CHECKING:
    from alignment.library import Library

__all__ = ["begun_library", "no_library"]


def begun_library(address: str) -> "Library":
    """The library at the address, for what looks at one and does not begin it.

    Raises LibraryError where none was begun there: more likely than an empty library is a wrong folder.
    """
    from alignment.library import open_library

    library = open_library(address)
    if not library.is_begun:
        raise LibraryError(no_library(library))
    return library


def no_library(library: "Library") -> str:
    """That none was begun there, and what to do."""
    return f"There is no library {library.root} yet. Name another folder with --library or ALIGNMENT_LIBRARY."

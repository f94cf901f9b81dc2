"""Opens a library by its address."""

from pathlib import Path

from alignment.library.store import Library

__all__ = ["open_library"]


def open_library(address: Path | str) -> Library:
    """The library at a folder's path. Raises LibraryError where a newer program keeps it."""
    return Library(address)

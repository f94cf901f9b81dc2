"""Opens a library by its address: that of a folder, or of a place in a store of objects."""

import os
import re
from pathlib import Path

from alignment.errors import LibraryError
from alignment.library.store import Library

__all__ = ["open_library"]

_COPY = "ALIGNMENT_COPY_GB"
_STORE = re.compile(r"(?!file:)[a-z][a-z0-9+.-]+://")
_FILE = re.compile(r"file://(?=/)")


def open_library(address: Path | str) -> Library:
    """The library in a folder, or under an address of a store (`s3://bucket/name`, whatever fsspec takes).

    ALIGNMENT_COPY_GB: how much audio of a store's library stays on this machine, 20 if it is not set.
    Raises LibraryError where it cannot be had, is no folder, or a newer program keeps it.
    """
    if not str(address):
        raise LibraryError(
            "The library's address is empty. Give a folder, or an address as s3://BUCKET/NAME."
        )
    if not _STORE.match(str(address)):
        return Library(_FILE.sub("", str(address)))
    from alignment.library.object_store import ObjectStore
    from alignment.library.store_backing import StoreBacking, copy_folder

    store, root = ObjectStore(str(address)), copy_folder(str(address))
    return Library(root, StoreBacking(store, root, most_audio=_most_audio()))


def _most_audio() -> int:
    """In bytes."""
    given = os.environ.get(_COPY, "").strip() or "20"
    try:
        gigabytes = float(given)
        if not 0 <= gigabytes < 1e6:
            raise ValueError
    except ValueError:
        raise LibraryError(f"{_COPY} is {given!r}; it takes a number of gigabytes.") from None
    return int(gigabytes * 1e9)

"""The salt of an episode's private links: with another one, every link given out before leads nowhere.

It is in `links.json` beside the episode, once its owner has taken links back; before that it is empty.
"""

import secrets
from typing import Any

from alignment.disk import clearly, write_json
from alignment.library.sidecar import Sidecar
from alignment.library.store import Library

__all__ = ["link_salt", "renew_link_salt"]


def _parse(value: dict[str, Any]) -> str:
    salt = value.get("salt")
    if not isinstance(salt, str) or not salt:
        raise ValueError("the salt is no text")
    return salt


_FILE: Sidecar[str] = Sidecar("links", _parse, str)


def link_salt(library: Library, id: str) -> str:
    """What the episode's links are signed with beside the secret. Raises LibraryError."""
    # A damaged file is put aside; the links that it ended shall not live again.
    return " ".join([_FILE.read(library, id), *_FILE.put_aside(library, id)])


def renew_link_salt(library: Library, id: str) -> None:
    """Let every link to the episode that was given out end now. Raises LibraryError."""
    with library.changing(id) as episode, clearly(library.root):
        write_json(_FILE.path(episode.folder), {"version": 1, "salt": secrets.token_hex(16)})

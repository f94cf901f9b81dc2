"""Whether an episode is for everybody or for its owner alone."""

from dataclasses import replace

from alignment.disk import clearly
from alignment.library.episode import write_description
from alignment.library.store import Library

__all__ = ["set_private"]


def set_private(library: Library, id: str, private: bool) -> None:
    """Keep an episode for its owner, or open it to everybody. Raises LibraryError."""
    with library.changing(id) as episode, clearly(library.root):
        write_description(episode.folder, replace(episode, private=private))

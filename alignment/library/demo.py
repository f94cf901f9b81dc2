"""The episode that ships with the package, so that a new library is not empty."""

from dataclasses import replace

from alignment.demo import DEMO
from alignment.disk import clearly
from alignment.formats import read_transcript
from alignment.library.episode import Episode
from alignment.library.store import Library
from alignment.transcript import Source

__all__ = ["add_demo_once"]

_MARKER = ".demo"


def add_demo_once(library: Library) -> Episode | None:
    """Put the demo into a library that never held it; once removed it stays away. Raises LibraryError.

    One in a store gets none: it is many people's, and each of their machines would bring it again.
    """
    if library.is_in_store:
        return None
    marker = library.root / _MARKER
    with clearly(library.root):
        if marker.exists():
            return None
        episode = library.add(
            transcript=DEMO.transcript.read_bytes(),
            audio=DEMO.audio,
            aligned=replace(
                read_transcript(DEMO.aligned), title=DEMO.title, source=Source(channel=DEMO.channel)
            ),
        )
        marker.touch()
    return episode

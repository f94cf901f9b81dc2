"""The episode that ships with the package, so that a new library is not empty."""

from pathlib import Path

from alignment.formats import read_transcript
from alignment.library.episode import Episode
from alignment.library.store import Library

__all__ = ["DEMO", "add_demo_once"]

DEMO = Path(__file__).parent.parent / "demo"
"""The folder with the demo's transcript, audio, and exact times."""

_MARKER = ".demo"


def add_demo_once(library: Library) -> Episode | None:
    """Put the demo into a library that never held it; once removed it stays away. Raises LibraryError."""
    marker = library.root / _MARKER
    if marker.exists():
        return None
    episode = library.add(
        transcript=(DEMO / "transcript.txt").read_bytes(),
        audio=DEMO / "audio.m4a",
        aligned=read_transcript(DEMO / "aligned.json"),
    )
    marker.touch()
    return episode

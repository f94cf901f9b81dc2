"""Where a library is kept beside the folder that this machine has of it: nowhere, or see `store_backing`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from alignment.errors import LibraryError

__all__ = ["AUDIO_AWAY", "Backing", "library_lock"]

AUDIO_AWAY = ".audio.away"
"""A file in an episode's folder that holds the name of its audio, which is where the library is kept."""


class Backing:
    """The backing of a library that is in its folder and nowhere else; others do what is done nothing here.

    A place is a folder of the library, as `episodes/<id>`. Every method may raise LibraryError.
    """

    address: str | None = None
    """What `open_library` opens it by; None where that is the folder's path."""

    @contextmanager
    def changing(self, places: list[str]) -> Iterator[None]:
        """While the folders of these places, and those that are added to the list meanwhile, are changed.

        They are brought up to date before, and kept when it ends. For whoever holds the library's lock.
        """
        yield

    def look(self, place: str) -> None:
        """Bring the folder of a place up to date, if there is one, unless that was done a short while ago."""

    def refresh(self) -> None:
        """Bring all folders up to date, unless that was done a short while ago."""

    def keep_audio(self, place: str, audio: Path) -> None:
        """Keep the audio of a place that is about to be changed: before the library's lock is taken."""

    def bring_audio(self, place: str, name: str) -> None:
        """Bring the audio that is away to the folder of its place. name: of the file."""
        raise LibraryError(f"The audio of {place} is away, and nothing tells where.")

    def read_audio(self, place: str, name: str, start: int, end: int) -> bytes:
        """A part of the audio that is away. start, end: in bytes; `end` is behind the last one."""
        raise LibraryError(f"The audio of {place} is away, and nothing tells where.")


def library_lock(root: Path) -> FileLock:
    """The lock of the library in this folder: held while it is changed, and freed by a kill.

    A thread that has it may take it again.
    """
    return FileLock(root / ".lock", is_singleton=True)

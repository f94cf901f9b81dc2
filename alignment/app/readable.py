"""The library as one visitor finds it: what they may not read is not there, in the same words."""

from alignment.app.rights import Visitor, may_change, may_list, may_read
from alignment.app.settings import Settings
from alignment.errors import LibraryError
from alignment.library import DamagedEpisode, Episode, Library
from alignment.library.link_salt import link_salt

__all__ = ["ReadableLibrary"]


class ReadableLibrary(Library):
    """Everything of a library that goes by an episode's id goes through `episode`, and so by rights.

    Two are equal where they show the same to the same visitor, so that what is kept for the one serves the
    other.
    """

    def __init__(self, whole: Library, settings: Settings, visitor: Visitor) -> None:
        self.__dict__.update(whole.__dict__)  # the same folder: opened once, cleared once
        self._whole = whole
        self._settings = settings
        self.visitor = visitor

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ReadableLibrary) and self._same == other._same

    def __hash__(self) -> int:
        return hash(self._same)

    @property
    def _same(self) -> tuple[object, ...]:
        return self.root, self.visitor, self._settings

    def episodes(self) -> list[Episode]:
        """Every episode that lists show to the visitor, the newest first."""
        return [each for each in self._whole.episodes() if may_list(self._settings, self.visitor, each)]

    def damaged(self) -> list[DamagedEpisode]:
        """None: whose they are cannot be told."""
        return []

    def episode(self, id: str) -> Episode:
        """The episode with this id. Raises LibraryError where there is none for this visitor."""
        try:
            episode = self._whole.episode(id)
            salt = link_salt(self._whole, id) if self.visitor.key_to(id) else ""
        except LibraryError:  # a damaged one, too, as nobody can tell whose it is
            raise _missing(id) from None
        if not may_read(self._settings, self.visitor, episode, salt):
            raise _missing(id)
        return episode

    def remove(self, id: str) -> None:
        """Remove an episode that the visitor may change. Raises LibraryError."""
        if not may_change(self._settings, self.visitor, self.episode(id)):
            raise LibraryError("This episode can be removed by its owner alone.")
        self._whole.remove(id)


def _missing(id: str) -> LibraryError:
    return LibraryError(f"The library has no episode {id!r}. It may have been removed.")

"""The library as one visitor finds it: what they may not read is not there, in the same words."""

from collections.abc import Callable, Iterable
from functools import partial

from alignment.app.rights import Visitor, may_change, may_list, may_read
from alignment.app.settings import Settings
from alignment.errors import LibraryError
from alignment.library import Binned, DamagedEpisode, Episode, Library
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

    @property
    def whole(self) -> Library:
        """The library with all that is in it, for what works on it on nobody's behalf."""
        return self._whole

    @property
    def shows(self) -> Callable[[Episode], bool]:
        """Tells which episodes lists have for the visitor."""
        return partial(may_list, self._settings, self.visitor)

    def episodes(self) -> list[Episode]:
        """Every episode that lists show to the visitor, the newest first."""
        return [episode for episode in self._whole.episodes() if self.shows(episode)]

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

    def describe(
        self,
        id: str,
        *,
        title: str | None = None,
        collections: Iterable[str] | None = None,
        private: bool | None = None,
    ) -> Episode:
        """As in the whole library, an episode that the visitor may change. Raises LibraryError."""
        self._check_change(id)
        return self._whole.describe(id, title=title, collections=collections, private=private)

    def remove(self, id: str, *, who: str | None = None, why: str | None = None) -> Binned:
        """Move an episode that the visitor may change to the bin, in their name. Raises LibraryError."""
        self._check_change(id)
        return self._whole.remove(id, who=self.visitor.email, why=why)

    def binned(self) -> list[Binned]:
        """What this visitor has removed."""
        mine = self.visitor.email
        return [entry for entry in self._whole.binned() if mine is not None and entry.who == mine]

    def restore(self, name: str) -> str:
        """Take what this visitor has removed out of the bin. Raises LibraryError."""
        self._check_binned(name)
        return self._whole.restore(name)

    def delete(self, name: str) -> None:
        """Delete what this visitor has removed. Raises LibraryError."""
        self._check_binned(name)
        self._whole.delete(name)

    def _check_change(self, id: str) -> None:
        if not may_change(self._settings, self.visitor, self.episode(id)):
            raise LibraryError("This episode can be changed by its owner alone.")

    def _check_binned(self, name: str) -> None:
        if name not in {entry.name for entry in self.binned()}:
            raise LibraryError("The bin has no such episode of yours.")


def _missing(id: str) -> LibraryError:
    return LibraryError(f"The library has no episode {id!r}. It may have been removed.")

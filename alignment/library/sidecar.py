"""What people add to an episode, in a JSON file beside what was aligned.

A file that cannot be read is put aside under another name in the same folder; nothing of it is lost.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from alignment.disk import clearly, read_json, settle, write_durably

if TYPE_CHECKING:
    from alignment.library.store import Library

__all__ = ["Sidecar"]

Content = TypeVar("Content")


@dataclass(frozen=True, slots=True)
class Sidecar(Generic[Content]):
    """One kind of such files. stem: of the file's name, which ends in `.json`.

    parse: makes the content of what the file holds, and raises ValueError where that is something else.
    empty: the content where there is no file.
    """

    stem: str
    parse: Callable[[dict[str, Any]], Content]
    empty: Callable[[], Content]

    def path(self, folder: Path) -> Path:
        """Where the file is in an episode's folder."""
        return folder / f"{self.stem}.json"

    def read(self, library: "Library", id: str) -> Content:
        """The content of an episode's file; a damaged one is put aside. Raises LibraryError."""
        folder = library.episode(id).folder
        try:
            with clearly(library.root):
                return self._read(folder)
        except ValueError:
            with library.changing(id) as episode:
                return self.read_or_put_aside(episode.folder)

    def read_or_put_aside(self, folder: Path) -> Content:
        """The same, for whoever is changing the episode."""
        try:
            return self._read(folder)
        except ValueError:
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
            self.path(folder).rename(folder / f"{self.stem}.damaged-{stamp}.json")
            settle(folder)
            return self.empty()

    def put_aside(self, library: "Library", id: str) -> list[str]:
        """Names of the files in the episode's folder that could not be read."""
        return sorted(path.name for path in library.episode(id).folder.glob(f"{self.stem}.damaged-*.json"))

    def carry(self, source: Path, target: Path) -> None:
        """Copy the file, and what was put aside, to the folder that takes the place of `source`."""
        for file in source.glob(f"{self.stem}*.json"):
            shutil.copy2(file, target / file.name)

    def parsed(self, folder: Path) -> Content | None:
        """What the file in a folder holds; None where there is none, or where it cannot be read."""
        try:
            return self.parse(read_json(self.path(folder)))
        except (OSError, ValueError, RecursionError):
            return None

    def take_missing(self, source: Path, target: Path) -> bool:
        """Copy the files that `target` lacks, those put aside too, from `source`; whether there were any."""
        missing = [file for file in source.glob(f"{self.stem}*.json") if not (target / file.name).exists()]
        for file in missing:
            write_durably(target / file.name, file.read_bytes())
        return bool(missing)

    def _read(self, folder: Path) -> Content:
        path = self.path(folder)
        try:
            return self.parse(read_json(path))
        except FileNotFoundError:
            return self.empty()
        except RecursionError as error:
            raise ValueError(f"{path.name} is nested too deep") from error

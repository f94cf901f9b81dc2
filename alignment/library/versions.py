"""The versions of what the library keeps, and how what an older program has kept becomes what this one keeps.

    library.json               {"version": 1}: of the library as a whole
    episodes/<id>/episode.json {"version": 2, ...}: of the description of an episode

An older description is read as if it were of this version, and written so when the episode is changed for the
first time; the old file stays beside it as `episode.v1.json`. What a newer program has kept is refused: to
change it without understanding it could lose some of it.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from alignment.disk import clearly, read_json, write_durably, write_json
from alignment.errors import LibraryError

__all__ = [
    "EPISODE_VERSION",
    "LIBRARY",
    "LIBRARY_VERSION",
    "check_library",
    "claim_library",
    "keep_old_description",
    "migrated",
    "old_descriptions",
]

LIBRARY = "library.json"
LIBRARY_VERSION = 1
EPISODE_VERSION = 2

_UPDATE = "Update the program that you open it with."


def check_library(root: Path) -> None:
    """Raise LibraryError where a newer program keeps the library, and where it is no folder.

    A file that is missing or cannot be read says nothing: each episode tells its own version, too.
    """
    with clearly(root):
        is_file = root.exists() and not root.is_dir()
    if is_file:
        raise LibraryError(
            f"{root} is a file, not the folder of a library. "
            "Name a folder with --library or ALIGNMENT_LIBRARY."
        )
    with suppress(OSError, ValueError):
        version = read_json(root / LIBRARY).get("version")
        if isinstance(version, int) and version > LIBRARY_VERSION:
            raise LibraryError(
                f"The library {root} was made by a newer program: it is of version {version}, "
                f"this program knows {LIBRARY_VERSION}. Nothing was changed. {_UPDATE}"
            )


def claim_library(root: Path) -> None:
    """Check the library, and write its version where none is told; for whoever holds its lock.

    Raises LibraryError, and OSError where that cannot be written.
    """
    check_library(root)
    if not (root / LIBRARY).exists():
        write_json(root / LIBRARY, {"version": LIBRARY_VERSION})


def migrated(value: dict[str, Any], name: str) -> dict[str, Any]:
    """The description of an episode as this version has it; `value` stays as it is.

    name: of its file. Raises LibraryError where it is of a version that this program does not know.
    """
    version = value.get("version")
    if isinstance(version, int) and version > EPISODE_VERSION:
        raise LibraryError(
            f"Its {name} is of version {version}, from a newer program; this one reads up to "
            f"{EPISODE_VERSION}. {_UPDATE}"
        )
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise LibraryError(f"Its {name} is of version {version!r}; there is no such version.")
    for step in range(version, EPISODE_VERSION):
        value = {**_STEPS[step](value), "version": step + 1}
    return value


def keep_old_description(path: Path) -> None:
    """Copy a description of an older version to a name of its own, before a newer one takes its place.

    Raises OSError.
    """
    try:
        version = read_json(path).get("version")
    except (FileNotFoundError, ValueError):
        return
    if isinstance(version, int) and 1 <= version < EPISODE_VERSION:
        write_durably(path.with_name(f"{path.stem}.v{version}.json"), path.read_bytes())


def old_descriptions(folder: Path) -> list[Path]:
    """The descriptions of older versions that are kept in an episode's folder."""
    return sorted(folder.glob("episode.v*.json"))


def _add_who_and_where(value: dict[str, Any]) -> dict[str, Any]:
    """1 to 2: collections, who added the episode, and whether it is theirs alone."""
    return {"collections": [], "owner": None, "private": False, **value}


_STEPS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _add_who_and_where}
"""By the version that each begins with."""

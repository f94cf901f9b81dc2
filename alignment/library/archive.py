"""The archive of a library: one ZIP file, which any program for ZIP files opens.

    manifest.json              {"format": "verbatime library", "version": 1, "made": ..., "files":
                               {"episodes/<id>/audio.m4a": {"bytes": ..., "sha256": ...}, ...}}
    episodes/<id>/...          the files of an episode, as in the library
    bin/<id>-<time>/...        what was removed
    jobs/<id>/...              what was asked for and is not done: request.json, transcript.txt, upload.*

An archive comes from anywhere and is not trusted: what is in it has to be listed, of a plain name in a folder
of a known kind, of the size that is stated, and no larger than the disk.
"""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from alignment.errors import LibraryError

__all__ = [
    "FORMAT",
    "MANIFEST",
    "VERSION",
    "_DAMAGES",
    "Kept",
    "Listed",
    "Manifest",
    "Opened",
    "is_plain",
    "opened",
]

MANIFEST = "manifest.json"
FORMAT: Literal["verbatime library"] = "verbatime library"
VERSION = 1

_DAMAGES = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError)
"""What `zipfile` raises for damaged archives, beside OSError."""

_PLACE = re.compile(r"(episodes/[a-z2-7]{12}|bin/[a-z2-7]{12}-\d{8}T\d{12}Z|jobs/[a-z2-7]{12})/([^/]+)")
_FILE = re.compile(r"[^./\\\0:<>|?*\"\x00-\x1f][^/\\\0:<>|?*\"\x00-\x1f]{0,200}")
_MOST_FILES = 2_000_000
_MOST_OF_THE_MANIFEST = 512 * 1024 * 1024
_MOST_RATIO = 400
"""JSON shrinks to a fiftieth, now and then to a hundredth of its size."""

_SMALL = 1024 * 1024
"""An entry that is smaller than this may shrink to anything."""

_BLOCK = 1 << 20


class Listed(BaseModel):
    """What the manifest says of a file. bytes: its size when it is unpacked."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    bytes: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Manifest(BaseModel):
    """What the archive says of itself. made: when, in ISO 8601. files: by their names in the archive."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: Literal["verbatime library"]
    version: int
    made: str
    files: dict[str, Listed]


@dataclass(frozen=True, slots=True)
class Kept:
    """A folder in the archive. place: as `episodes/<id>`. files: by their names in the folder."""

    place: str
    files: dict[str, Listed]

    @property
    def kind(self) -> str:
        """`episodes`, `bin` or `jobs`."""
        return self.place.partition("/")[0]

    @property
    def name(self) -> str:
        """The folder's own name: an id, or as in the bin."""
        return self.place.partition("/")[2]

    @property
    def bytes(self) -> int:
        """The size of its files together."""
        return sum(file.bytes for file in self.files.values())


@dataclass(frozen=True, slots=True)
class Opened:
    """An archive that has passed the checks of `opened`."""

    content: zipfile.ZipFile
    manifest: Manifest
    folders: tuple[Kept, ...]

    def pieces(self, name: str) -> Iterator[bytes]:
        """What the entry holds, never more than the manifest says. Raises LibraryError if it is damaged."""
        left = self.manifest.files[name].bytes
        try:
            with self.content.open(name) as file:
                while piece := file.read(_BLOCK):
                    left -= len(piece)
                    if left < 0:
                        raise LibraryError(f"{name} is larger than the archive says.")
                    yield piece
        except (*_DAMAGES, OSError) as error:
            raise LibraryError(f"{name} is damaged in the archive ({error}).") from error
        if left:
            raise LibraryError(f"{name} is shorter than the archive says.")


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """The archive, its structure checked and nothing unpacked yet.

    Raises LibraryError for what is no whole archive of a library: cut off, of another program, of a newer
    version, with a name that leads out of its folder, a link, an encrypted or a bomb of an entry, or with
    files that its manifest does not list, or lists and lacks.
    """
    try:
        content = zipfile.ZipFile(path)
    except (*_DAMAGES, OSError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no ZIP file, or only a part of one"
        raise LibraryError(f"The archive {path} cannot be read: {why}. Give a whole one.") from error
    with content:
        try:
            manifest = _manifest(content)
            folders = _folders(content, manifest)
        except LibraryError as error:
            raise LibraryError(f"The archive {path} is refused: {error} Nothing was changed.") from error
        yield Opened(content, manifest, folders)


def is_plain(name: str) -> bool:
    """Whether a file of this name can be in an archive: one that every system takes, and not a hidden one."""
    return _FILE.fullmatch(name) is not None


def _manifest(content: zipfile.ZipFile) -> Manifest:
    try:
        entry = content.getinfo(MANIFEST)
    except KeyError:
        raise LibraryError(
            f"it has no {MANIFEST}, so it was not made by `alignment library export`."
        ) from None
    if entry.file_size > _MOST_OF_THE_MANIFEST or (trouble := _trouble(entry)):
        raise LibraryError(f"its {MANIFEST} {trouble or 'is too large'}.")
    try:
        manifest = Manifest.model_validate_json(content.read(entry))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise LibraryError(f"its {MANIFEST} is not as expected ({where or 'it'}: {first['msg']}).") from None
    except (*_DAMAGES, OSError) as error:
        raise LibraryError(f"its {MANIFEST} is damaged ({error}).") from error
    if manifest.version > VERSION:
        raise LibraryError(
            f"it is of version {manifest.version}, from a newer program; this one reads up to {VERSION}. "
            "Update the program."
        )
    return manifest


def _folders(content: zipfile.ZipFile, manifest: Manifest) -> tuple[Kept, ...]:
    entries = content.infolist()
    if len(entries) > _MOST_FILES:
        raise LibraryError(f"it has more than {_MOST_FILES:,} files.")
    names: set[str] = set()
    folders: dict[str, dict[str, Listed]] = {}
    for entry in entries:
        name = entry.filename
        if name in names:
            raise LibraryError(f"{name!r:.200} in it is there twice.")
        names.add(name)
        if name == MANIFEST:
            continue
        if trouble := _trouble(entry):
            raise LibraryError(f"{name!r:.200} in it {trouble}.")
        match = _PLACE.fullmatch(name)
        if match is None or not is_plain(match[2]):
            raise LibraryError(f"{name!r:.200} in it is no file of a library, or would lead out of it.")
        listed = manifest.files.get(name)
        if listed is None or listed.bytes != entry.file_size:
            raise LibraryError(f"{name!r:.200} in it is not what its {MANIFEST} lists.")
        folders.setdefault(match[1], {})[match[2]] = listed
    if missing := manifest.files.keys() - names:
        raise LibraryError(f"{min(missing)!r:.200} is missing in it.")
    return tuple(Kept(place, files) for place, files in folders.items())


def _trouble(entry: zipfile.ZipInfo) -> str | None:
    """What is wrong with an entry, if anything is."""
    mode = entry.external_attr >> 16
    if entry.is_dir() or (mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode)):
        return "is a link or something else that is no file"
    if entry.flag_bits & 0x1:
        return "is encrypted with a password"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is packed in a way that these files are not"
    if entry.file_size > max(_SMALL, _MOST_RATIO * entry.compress_size):
        return f"unpacks to more than {_MOST_RATIO} times its size"
    return None

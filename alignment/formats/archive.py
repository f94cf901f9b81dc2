"""ZIP files, as EPUB and Word files are, read in memory without trust in what they say about themselves.

Nothing is written to disk, and archives inside the archive are never opened: Word keeps spreadsheets there.
"""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from functools import cached_property

from alignment.formats.documents import unreadable

__all__ = ["MAX_ARCHIVE_BYTES", "Archive", "is_archive", "opened"]

MAX_ARCHIVE_BYTES = 1024 * 1024 * 1024
"""The largest that is taken: ten hours of sound in a book that is read aloud are 300 MB."""

_MAX_ENTRIES = 10_000
_MAX_READ = 256 * 1024 * 1024
"""All that is unpacked of one. A book that is read aloud holds its sound, too, which is left where it is."""

_MAX_RATIO = 200
"""Text shrinks to a tenth, now and then to a hundredth of its size."""

_SMALL = 1024 * 1024
"""An entry that is smaller than this may shrink to anything."""

_CHUNK = 64 * 1024
_DAMAGES = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError, ValueError)
"""What `zipfile` raises for damaged archives."""


@dataclass
class Archive:
    """An archive that has passed the checks of `opened`. kind: what it is, for errors."""

    kind: str
    content: zipfile.ZipFile
    _read: int = field(default=0, init=False)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of its entries."""
        return frozenset(self.content.namelist())

    def read(self, name: str) -> bytes:
        """What the entry holds. Raises TranscriptError if there is none of that name, if it is damaged, or if
        more than 256 MB have been read with it.

        In pieces, for `zipfile` unpacks no more than it is asked for, and refuses an entry that holds more or
        less than the archive says.
        """
        if name not in self.names:
            raise unreadable(self.kind, f"{name} is missing in it")
        entry = self.content.getinfo(name)
        self._read += entry.file_size
        if self._read > _MAX_READ:
            raise unreadable(self.kind, f"it has more than {_MAX_READ // 1024**2} MB of text")
        data = bytearray()
        try:
            with self.content.open(entry) as file:
                while chunk := file.read(_CHUNK):
                    data += chunk
        except _DAMAGES as error:
            raise unreadable(self.kind, f"{name} in it is damaged ({error})") from error
        return bytes(data)


def is_archive(content: bytes) -> bool:
    """Whether `content` begins as a ZIP file does."""
    return content.startswith(b"PK\x03\x04")


def opened(content: bytes, kind: str) -> Archive:
    """The archive, checked but not yet unpacked.

    Raises TranscriptError for what is no whole ZIP file, for more than 10,000 entries, and for an entry that
    unpacks to more than 200 times its size, that is encrypted or packed in another way than these files are,
    whose name is there twice or leads out of the folder that it would be unpacked into.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except _DAMAGES as error:
        raise unreadable(kind, f"its ZIP archive is damaged ({error})") from error
    entries = archive.infolist()
    if len(entries) > _MAX_ENTRIES:
        raise unreadable(kind, f"it has {len(entries):,} parts, more than {_MAX_ENTRIES:,}")
    names: set[str] = set()
    for entry in entries:
        if (trouble := _trouble(entry)) or entry.filename in names:
            raise unreadable(kind, f"{entry.filename!r} in it {trouble or 'is there twice'}")
        names.add(entry.filename)
    return Archive(kind, archive)


def _trouble(entry: zipfile.ZipInfo) -> str | None:
    """What is wrong with an entry, if anything is."""
    if entry.flag_bits & 0x1:
        return "is encrypted with a password"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is packed in a way that these files are not"
    if entry.file_size > max(_SMALL, _MAX_RATIO * entry.compress_size):
        return f"unpacks to more than {_MAX_RATIO} times its size"
    parts = entry.filename.replace("\\", "/").split("/")
    if not parts[0] or ".." in parts or parts[0].endswith(":"):
        return "has a name that leads out of it"
    return None

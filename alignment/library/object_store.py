"""A store of objects with names, by fsspec: `s3://bucket/folder`, `gs://...`, and whatever else it takes.

An object is put whole or not at all. Where a store can do that (S3 and its kin), it is put only if nobody
else has meanwhile; elsewhere that is looked at just before.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import fsspec

from alignment.errors import LibraryError, StoreError

__all__ = ["ChangedElsewhereError", "ObjectStore", "Stamp"]

_BLOCK = 4 << 20
_STAMPS = ("ETag", "etag", "md5Hash", "generation", "LastModified", "last_modified", "mtime", "created")
"""What packages of fsspec tell of an object that differs in another version of it; the surest first."""
_MD5 = re.compile(r"[0-9a-f]{32}")
_MET_ANOTHER = {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}


class ChangedElsewhereError(Exception):
    """Somebody else has put another object in this place."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """One version of an object. value: differs for another one. size: in bytes."""

    value: str
    size: int


class ObjectStore:
    """The objects under an address. Names are relative to it, their parts joined by "/".

    Keys and the like come from the environment, as the store's own package takes them (AWS_ACCESS_KEY_ID,
    AWS_ENDPOINT_URL, FSSPEC_S3, ...). Raises LibraryError where the address is none, or its package is
    missing; each method raises StoreError.
    """

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        kind = address.partition(":")[0]
        if kind in {"http", "https"}:
            raise LibraryError(
                f"{address} cannot be written to. Give a folder, or an address as s3://BUCKET/NAME."
            )
        try:
            fs, path = fsspec.core.url_to_fs(self.address, use_listings_cache=False)
        except ImportError as error:
            raise LibraryError(
                f"A package for {kind}:// is missing ({error}). The one for s3:// comes with `verbatime[s3]`."
            ) from error
        except ValueError as error:
            raise LibraryError(f"{address} is no address of a library: {error}.") from error
        self._fs: Any = fs
        self._path = str(path).rstrip("/")
        self._can_condition = kind in {"s3", "s3a"}

    def list(self, under: str = "") -> dict[str, Stamp]:
        """The objects whose names begin so, as with a folder."""
        place = f"{self._path}/{under}".rstrip("/")
        with self._clearly():
            try:
                found = self._fs.find(place, detail=True)
            except FileNotFoundError:
                return {}
        start = len(self._path.lstrip("/")) + 1
        return {name.lstrip("/")[start:]: _stamp(info) for name, info in found.items()}

    def read(self, name: str) -> bytes | None:
        """An object; None where there is none."""
        with self._clearly():
            try:
                return bytes(self._fs.cat_file(self._at(name)))
            except FileNotFoundError:
                return None

    def read_part(self, name: str, start: int, end: int) -> bytes:
        """Bytes of an object from `start` to the one before `end`."""
        with self._clearly():
            return bytes(self._fs.cat_file(self._at(name), start=start, end=end))

    def pieces(self, name: str) -> Iterator[bytes]:
        """A large object, piece by piece."""
        size = self._size(name)
        for start in range(0, size, _BLOCK):
            yield self.read_part(name, start, min(start + _BLOCK, size))

    def put(self, name: str, data: bytes, instead_of: Stamp | None) -> Stamp | None:
        """Put an object in the place of that version; None: where there is none.

        Its stamp; None where it cannot be told, as another one has come since. Raises ChangedElsewhereError.
        """
        with self._clearly():
            if self._can_condition:
                condition = {"mode": "create"} if instead_of is None else {"IfMatch": instead_of.value}
                self._fs.pipe_file(self._at(name), data, **condition)
            else:
                if self._stamp_now(name) != instead_of:
                    raise ChangedElsewhereError(name)
                self._fs.pipe_file(self._at(name), data)
            stamp = self._stamp_now(name)
        if stamp is None or stamp.size != len(data):
            return None
        if _MD5.fullmatch(tag := stamp.value.strip('"')):
            return stamp if tag == hashlib.md5(data, usedforsecurity=False).hexdigest() else None
        return stamp if self.read(name) == data else None

    def put_file(self, name: str, path: Path) -> Stamp | None:
        """Put a large object, which is always the same under its name."""
        size = path.stat().st_size
        with self._clearly():
            stamp = self._stamp_now(name)
            if stamp is None or stamp.size != size:
                self._fs.put_file(str(path), self._at(name))
                stamp = self._stamp_now(name)
        return stamp

    def copy(self, name: str, to: str) -> Stamp | None:
        """Copy an object within the store."""
        with self._clearly():
            self._fs.cp_file(self._at(name), self._at(to))
            return self._stamp_now(to)

    def delete(self, name: str) -> None:
        """Take an object away, if there is one."""
        with self._clearly():
            try:
                self._fs.rm_file(self._at(name))
            except FileNotFoundError:
                return

    def _at(self, name: str) -> str:
        return f"{self._path}/{name}"

    def _stamp_now(self, name: str) -> Stamp | None:
        try:
            return _stamp(self._fs.info(self._at(name)))
        except FileNotFoundError:
            return None

    def _size(self, name: str) -> int:
        with self._clearly():
            stamp = self._stamp_now(name)
        if stamp is None:
            raise StoreError(f"{self.address}/{name} is missing.")
        return stamp.size

    @contextmanager
    def _clearly(self) -> Iterator[None]:
        """Say in plain words what packages of all kinds raise in their own."""
        try:
            yield
        except (ChangedElsewhereError, LibraryError):
            raise
        except Exception as error:
            if isinstance(error, FileExistsError) or _code(error) in _MET_ANOTHER:
                raise ChangedElsewhereError(str(error)) from error
            raise StoreError(
                f"The library's store {self.address} does not answer, or refuses "
                f"({type(error).__name__}: {error}). Nothing was lost: see to the network, and to the keys "
                "that the environment gives, then try again."
            ) from error


def _stamp(info: dict[str, Any]) -> Stamp:
    value = next((info[name] for name in _STAMPS if info.get(name)), "")
    value = value.timestamp() if isinstance(value, datetime) else value
    return Stamp(str(value), int(info["size"] or 0))


def _code(error: BaseException) -> str:
    """The code with which S3 refuses."""
    cause: BaseException | None = error
    while cause is not None:
        response = getattr(cause, "response", None)
        if isinstance(response, dict):
            return str(response.get("Error", {}).get("Code", ""))
        cause = cause.__cause__
    return ""

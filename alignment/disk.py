"""Writing that a killed process or a full disk cannot leave half done.

A file is written beside its place, flushed to the disk, then renamed into it; a folder is built in a
workspace and renamed as a whole. A rename within one file system is atomic (POSIX `rename`), so a reader
sees the old state or the new one.
"""

import base64
import errno
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from filelock import FileLock, Timeout

from alignment.errors import LibraryError

__all__ = [
    "clear_leftovers",
    "clearly",
    "copy_durably",
    "digest",
    "identifier",
    "read_json",
    "settle",
    "workspace",
    "write_durably",
    "write_json",
]

_BLOCK = 1 << 20
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REFUSED = {errno.EROFS, errno.EACCES, errno.EPERM}


@contextmanager
def clearly(root: Path) -> Iterator[None]:
    """Turn an OSError from the disk under `root`, a library, into a LibraryError that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise LibraryError(
                f"The disk with the library {root} is full. Nothing was changed; "
                "free some space and try again."
            ) from error
        if error.errno in _REFUSED:
            raise LibraryError(
                f"The library {root} cannot be written to ({os.strerror(error.errno or 0).lower()}). "
                "Allow it, or name another folder with --library or ALIGNMENT_LIBRARY."
            ) from error
        raise LibraryError(f"The library {root} could not be read or written: {error}.") from error


def digest(source: Path | BinaryIO | bytes) -> str:
    """SHA-256 of a file's, a stream's or a string's bytes, hexadecimal; a stream is read from its start."""
    if isinstance(source, bytes):
        return hashlib.sha256(source).hexdigest()
    if isinstance(source, Path):
        with source.open("rb") as stream:
            return digest(stream)
    source.seek(0)
    return hashlib.file_digest(source, "sha256").hexdigest()  # type: ignore[arg-type]


def identifier(*parts: str) -> str:
    """A short name for the parts, fit for a URL: 12 characters of base32 (60 bits) of their SHA-256."""
    text = "\n".join(parts).encode("utf-8", "surrogatepass")  # a file's name need not be Unicode
    return base64.b32encode(hashlib.sha256(text).digest()).decode().lower()[:12]


def write_durably(path: Path, data: bytes, *, sync: bool = True) -> None:
    """Put `data` at `path`, whole or not at all. One writer at a time: whoever calls holds the lock for it.

    sync: wait until it is on the disk. Progress notes, worth nothing after a power cut, go without.
    """
    beside = path.with_name(f".{path.name}.new")
    try:
        with beside.open("wb") as stream:
            stream.write(data)
            stream.flush()
            if sync:
                os.fsync(stream.fileno())
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    if sync:
        settle(path.parent)


def write_json(path: Path, value: Any, *, sync: bool = True) -> None:
    """Put `value` at `path` as JSON that a person can read, whole or not at all."""
    text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    write_durably(path, text.encode("utf-8", "surrogatepass"), sync=sync)


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object in a file. Raises OSError where it is missing, ValueError where it is none."""
    value = json.loads(path.read_bytes())
    if not isinstance(value, dict):
        raise ValueError(f"{path.name} holds no JSON object")
    return value


def copy_durably(source: Path | BinaryIO, target: Path) -> None:
    """Copy a file, or what a stream holds from its start, and flush it to the disk."""
    if isinstance(source, Path):
        with source.open("rb") as stream:
            copy_durably(stream, target)
        return
    source.seek(0)
    with target.open("wb") as copy:
        shutil.copyfileobj(source, copy, _BLOCK)
        copy.flush()
        os.fsync(copy.fileno())


def settle(folder: Path) -> None:
    """Flush a folder's entries to the disk, so that a rename in it outlives a power cut."""
    if os.name == "nt":  # Windows flushes names with the file and cannot open a folder
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def workspace(parent: Path) -> Iterator[Path]:
    """A new folder under `parent` to build something in, gone afterwards unless it was renamed away.

    A lock beside it lives as long as this process works in it: what is left of a killed one is known by
    its free lock, and `clear_leftovers` removes it.
    """
    parent.mkdir(parents=True, exist_ok=True)
    folder = parent / uuid.uuid4().hex
    lock = FileLock(folder.with_suffix(".lock"))
    with lock:
        try:
            folder.mkdir()
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            Path(lock.lock_file).unlink(missing_ok=True)


def clear_leftovers(parent: Path) -> None:
    """Remove the workspaces under `parent` whose owner is dead; those of a living process stay."""
    with suppress(OSError):
        for name in {entry.stem for entry in parent.iterdir()}:
            lock = FileLock(parent / f"{name}.lock")
            try:
                with lock.acquire(blocking=False):
                    shutil.rmtree(parent / name, ignore_errors=True)
                    Path(lock.lock_file).unlink(missing_ok=True)
            except Timeout:
                continue

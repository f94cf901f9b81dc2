"""Answers to requests: a text that is compressed where that is taken, and not sent again to who has it."""

import gzip
import hashlib
import logging
from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from alignment.errors import AlignmentError, LibraryError, StoreError, TranscriptError

__all__ = [
    "DATA_HEADERS",
    "Content",
    "given",
    "guarded",
    "has_version",
    "not_found",
    "refused",
    "told",
    "version_of",
]

DATA_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}
"""For data from elsewhere: the browser shall take it for what we say it is, and run nothing in it."""


_AWAY = "The library cannot be reached at this moment. Try again in a while."

_log = logging.getLogger(__name__)


class Content:
    """A text, packed. etag: differs for another text."""

    def __init__(self, data: bytes) -> None:
        # Weak, because the same tag stands for the packed and the plain form.
        self.etag = f'W/"{hashlib.sha256(data).hexdigest()[:32]}"'
        self.packed = gzip.compress(data, compresslevel=6, mtime=0)


def given(request: Request, content: Content, kind: str, headers: dict[str, str] | None = None) -> Response:
    """A text, compressed where the browser takes that; 304 where it has this very version."""
    headers = {
        "Cache-Control": "no-cache",  # keep it, but ask each time whether it is still good
        "Vary": "Accept-Encoding",
        **(headers or {}),
        "ETag": content.etag,
    }
    if has_version(request, content.etag):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(content.packed, media_type=kind, headers={**headers, "Content-Encoding": "gzip"})
    return Response(gzip.decompress(content.packed), media_type=kind, headers=headers)


def has_version(request: Request, etag: str) -> bool:
    """Whether the browser has the version with this weak tag (compared weakly: RFC 9110, 8.8.3.2)."""
    tags = {tag.strip() for tag in request.headers.get("if-none-match", "").split(",")}
    return etag in tags | {f"W/{tag}" for tag in tags if tag.startswith('"')}


def version_of(path: Path) -> tuple[int, int] | None:
    """What another version of the file would differ in; None where there is none."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_mtime_ns, status.st_size


def guarded(endpoint: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """The endpoint, with 404 where the library has no such episode or it cannot be given out so."""

    def answer(request: Request) -> Response:
        try:
            return endpoint(request)
        except (LibraryError, TranscriptError) as error:
            return refused(error)

    return answer


def told(error: AlignmentError) -> tuple[int, str]:
    """The status and the words for whoever asked for what cannot be given.

    Where the library's store is away, what it is and where is for the log alone.
    """
    if isinstance(error, StoreError):
        _log.warning("%s", error)
        return 503, _AWAY
    return 404, str(error)


def refused(error: AlignmentError, headers: dict[str, str] | None = None) -> Response:
    """The answer where something cannot be given; see `told`."""
    status, message = told(error)
    again = {"Retry-After": "30"} if status == 503 else {}
    headers = {**(headers or {}), **again, "Cache-Control": "no-store"}
    return JSONResponse({"error": message}, status_code=status, headers=headers)


def not_found(message: str, headers: dict[str, str] | None = None) -> Response:
    """404, with a sentence for a person."""
    headers = {**(headers or {}), "Cache-Control": "no-store"}
    return JSONResponse({"error": message}, status_code=404, headers=headers)

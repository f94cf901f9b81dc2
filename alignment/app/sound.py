"""Answers to those who ask for an episode's audio, be it on this machine's disk or in the library's store."""

import logging
import re
import threading
from collections.abc import Iterator
from email.utils import format_datetime

from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from alignment.app.answers import DATA_HEADERS
from alignment.errors import LibraryError
from alignment.library import Episode, Library
from alignment.media_types import audio_type

__all__ = ["SoundAnswers"]

_FIRST_BLOCK = 256 << 10
_BLOCK = 1 << 20
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")

_log = logging.getLogger(__name__)


class SoundAnswers:
    """Answers with the audio, or the range of it that is asked for.

    What is away is passed on from the store; meanwhile it is brought here, for those who ask next.
    """

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._coming: set[str] = set()

    def answer(self, request: Request, library: Library, episode: Episode) -> Response:
        """The answer to a request. Raises LibraryError."""
        headers = {
            **DATA_HEADERS,
            "Cache-Control": "no-cache",
            # The same here and there, so that a browser goes on with what it has when the audio has come.
            "ETag": f'"{episode.audio_sha256}"',
            "Last-Modified": format_datetime(episode.added, usegmt=True),
        }
        kind = audio_type(episode.audio)
        if episode.audio.is_file():
            return FileResponse(episode.audio, media_type=kind, headers=headers)
        self._begin_to_bring(library.whole, episode.id)
        return _passed_on(request, library.whole, episode, {**headers, "Content-Type": kind})

    def _begin_to_bring(self, library: Library, id: str) -> None:
        with self._changing:
            if id in self._coming:
                return
            self._coming.add(id)
        threading.Thread(target=self._bring, args=(library, id), name=f"audio-{id}", daemon=True).start()

    def _bring(self, library: Library, id: str) -> None:
        try:
            library.audio_path(id)
        except LibraryError as error:
            _log.warning("%s", error)
        finally:
            with self._changing:
                self._coming.discard(id)


def _passed_on(request: Request, library: Library, episode: Episode, headers: dict[str, str]) -> Response:
    size = episode.audio_bytes
    headers["Accept-Ranges"] = "bytes"
    wanted = _wanted(request, headers, size)
    if wanted is None:
        start, end, status = 0, size, 200
    else:
        start, end, status = *wanted, 206
        if start >= end:
            return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{size}"})
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    headers["Content-Length"] = str(end - start)
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers)
    return StreamingResponse(_blocks(library, episode, start, end), status_code=status, headers=headers)


def _wanted(request: Request, headers: dict[str, str], size: int) -> tuple[int, int] | None:
    """The range that is asked for; None for all of it, as for several ranges (RFC 9110, 14.2).

    Its end is not behind its start where there is no such range.
    """
    condition = request.headers.get("if-range")
    if condition is not None and condition not in {headers["ETag"], headers["Last-Modified"]}:
        return None
    asked = _RANGE.fullmatch(request.headers.get("range", "").replace(" ", ""))
    if asked is None or not any(asked.groups()):
        return None
    first, last = asked.groups()
    if not first:
        return max(size - int(last), 0) if int(last) else size, size
    return int(first), min(int(last) + 1, size) if last else size


def _blocks(library: Library, episode: Episode, start: int, end: int) -> Iterator[bytes]:
    block = _FIRST_BLOCK
    while start < end:
        yield library.read_audio(episode, start, min(start + block, end))
        start, block = start + block, _BLOCK

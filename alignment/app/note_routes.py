"""The notes of an episode over HTTP: read together, written one by one.

One note is one request, so that two open pages do not undo each other's notes; of two changes to the same
note the later one stays.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alignment.app.answers import told
from alignment.app.writes import Endpoint, check_sender, guarded, json_body
from alignment.errors import LibraryError
from alignment.library import Library
from alignment.library.notes import (
    Note,
    NoteError,
    NoteNotTakenError,
    keep_note,
    notes_put_aside,
    read_notes,
    remove_note,
)

__all__ = ["note_routes"]

_MOST_BYTES = 512 * 1024
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "no-cache",
}


def note_routes(library: Callable[[], Library]) -> list[Route]:
    """The routes. library: called at each request."""

    def listed(request: Request) -> Response:
        id = request.path_params["id"]
        notes = [note.describe() for note in read_notes(library(), id)]
        value = {"version": 1, "notes": notes, "aside": notes_put_aside(library(), id)}
        data = json.dumps(value, separators=(",", ":")).encode()
        tag = f'W/"{hashlib.sha256(data).hexdigest()[:32]}"'
        known = {known.strip().removeprefix("W/") for known in _header(request, "if-none-match").split(",")}
        headers = {**_HEADERS, "ETag": tag}
        if tag.removeprefix("W/") in known:
            return Response(status_code=304, headers=headers)
        return Response(data, media_type="application/json", headers=headers)

    async def keep(request: Request) -> Response:
        note = Note.from_description(await json_body(request, most_bytes=_MOST_BYTES))
        if note.id != request.path_params["note"]:
            raise NoteError("The note's id is not the one in the address.")
        await run_in_threadpool(keep_note, library(), request.path_params["id"], note)
        return _done()

    async def remove(request: Request) -> Response:
        check_sender(request)
        id, note = request.path_params["id"], request.path_params["note"]
        # One that is not there, or not any more, is what was asked for.
        await run_in_threadpool(remove_note, library(), id, note)
        return _done()

    return [
        Route("/episodes/{id}/notes.json", _guarded(listed)),
        Route("/episodes/{id}/notes/{note}", _guarded_write(keep), methods=["PUT"]),
        Route("/episodes/{id}/notes/{note}", _guarded_write(remove), methods=["DELETE"]),
    ]


def _guarded(endpoint: Callable[[Request], Response]) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        try:
            return endpoint(request)
        except LibraryError as error:
            return _refusal(*told(error))

    return answer


def _guarded_write(endpoint: Endpoint) -> Endpoint:
    return guarded(endpoint, _refusal, {NoteError: 400, NoteNotTakenError: 409})


def _header(request: Request, name: str) -> str:
    return str(request.headers.get(name, ""))


def _done() -> Response:
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


def _refusal(status: int, message: str) -> Response:
    # Escaped throughout: what was given need not be text that can be encoded.
    value: Any = json.dumps({"error": message})
    return Response(
        value, status_code=status, media_type="application/json", headers={"Cache-Control": "no-store"}
    )

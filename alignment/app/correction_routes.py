"""The corrections of an episode over HTTP: made one by one, undone, done again, never over others'.

Each request names the revision that it was made on, and is refused with 409 where there is a later one.
"""

import json
from collections.abc import Callable, Set
from typing import Any

from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alignment.app.writes import Endpoint, Refused, guarded, json_body
from alignment.corrections import CorrectionLog, Edit
from alignment.errors import LibraryError
from alignment.library import Library
from alignment.library.corrections import (
    CorrectionsChangedError,
    CorrectionsNotTakenError,
    correct,
    corrected,
    corrections_put_aside,
    read_corrections,
    redo_correction,
    undo_correction,
)

__all__ = ["answer", "correction_routes", "name_in"]

_MOST_BYTES = 128 * 1024
_MOST_NAME = 100
_MOST = 2**31
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "no-store",
}
_EDIT: TypeAdapter[Edit] = TypeAdapter(Edit)


def correction_routes(library: Callable[[], Library]) -> list[Route]:
    """The routes. library: called at each request."""

    async def listed(request: Request) -> Response:
        id = request.path_params["id"]
        return await run_in_threadpool(_log_of, library(), id)

    async def make(request: Request) -> Response:
        body = await _body(request, {"revision", "change"}, {"who"})
        change, who = _edit(body["change"]), name_in(body.get("who"))
        id, revision = request.path_params["id"], _revision(body)

        def act() -> Response:
            log = correct(library(), id, change, revision=revision, who=who)
            return answer({**_state(log), "part": log.done[-1].part})

        return await run_in_threadpool(act)

    async def undo(request: Request) -> Response:
        revision = _revision(await _body(request, {"revision"}))
        id = request.path_params["id"]
        log = await run_in_threadpool(undo_correction, library(), id, revision=revision)
        return answer(_state(log))

    async def redo(request: Request) -> Response:
        revision = _revision(await _body(request, {"revision"}))
        id = request.path_params["id"]
        log = await run_in_threadpool(redo_correction, library(), id, revision=revision)
        return answer(_state(log))

    return [
        Route("/episodes/{id}/corrections.json", _guarded(listed)),
        Route("/episodes/{id}/corrections", _guarded(make), methods=["POST"]),
        Route("/episodes/{id}/corrections/undo", _guarded(undo), methods=["POST"]),
        Route("/episodes/{id}/corrections/redo", _guarded(redo), methods=["POST"]),
    ]


def _log_of(library: Library, id: str) -> Response:
    log = read_corrections(library, id)
    value = TypeAdapter(CorrectionLog).dump_python(log, mode="json")
    for correction in value["corrections"]:
        if correction["change"]["kind"] == "realign":  # every word's time: nobody needs them for the list
            correction["change"] = {"kind": "realign", "line": correction["change"]["line"]}
    skipped = [
        {"id": skipped.correction.id, "reason": skipped.reason} for skipped in corrected(library, id).skipped
    ]
    aside = corrections_put_aside(library, id)
    return answer({"version": 1, **value, **_state(log), "skipped": skipped, "aside": aside})


def _state(log: CorrectionLog) -> dict[str, Any]:
    """What can be undone and done again: the kind of change, or null.

    offset: seconds by which the whole transcript is later.
    """
    undoable, redoable = (log.done or (None,))[-1], log.redoable
    return {
        "revision": log.revision,
        "undo": undoable and undoable.change.kind,
        "redo": redoable and redoable.change.kind,
        "offset": log.offset,
    }


async def _body(request: Request, needed: Set[str], allowed: Set[str] = frozenset()) -> dict[str, Any]:
    value = await json_body(request, most_bytes=_MOST_BYTES)
    if not isinstance(value, dict) or not needed <= value.keys() <= needed | allowed:
        raise Refused(400, f"The request is a JSON object of {', '.join(sorted(needed | allowed))}.")
    return value


def _revision(body: dict[str, Any]) -> int:
    revision = body["revision"]
    if not isinstance(revision, int) or isinstance(revision, bool) or not 0 <= revision < _MOST:
        raise Refused(
            400, "The revision is a whole number from 0 on: that of the corrections as they were seen."
        )
    return revision


def name_in(given: object) -> str | None:
    """The name of who makes a correction, None for nobody's. Raises Refused for what is none."""
    if given is None:
        return None
    if not isinstance(given, str) or not given.strip() or len(given) > _MOST_NAME or not given.isprintable():
        raise Refused(400, f"A name is text of at most {_MOST_NAME} characters, or null.")
    return given.strip()


def _edit(given: object) -> Edit:
    try:
        return _EDIT.validate_json(json.dumps(given))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(map(str, first["loc"])) or "the whole"
        raise Refused(400, f"The change cannot be understood: {field}: {first['msg']}.") from error
    except RecursionError as error:
        raise Refused(400, "The change cannot be understood: it is nested too deep.") from error


def _guarded(endpoint: Endpoint) -> Endpoint:
    statuses: dict[type[LibraryError], int] = {CorrectionsChangedError: 409, CorrectionsNotTakenError: 422}
    return guarded(endpoint, lambda status, message: answer({"error": message}, status), statuses)


def answer(value: dict[str, Any], status: int = 200) -> Response:
    """JSON that is not to be kept by anybody on its way."""
    # Escaped throughout: what was given need not be text that can be encoded.
    data = json.dumps(value)
    return Response(data, status_code=status, media_type="application/json", headers=_HEADERS)

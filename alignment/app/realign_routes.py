"""Some lines of an episode aligned again, over HTTP: asked for as a job, watched, and stopped."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alignment.app.correction_routes import answer, name_in
from alignment.app.writes import Endpoint, Refused, check_sender, guarded, json_body
from alignment.errors import LibraryError
from alignment.library import Job, JobRequest, Jobs, JobStatus, Library

__all__ = ["MOST_LINES", "Submit", "realign_routes"]

MOST_LINES = 1000
"""That are aligned again at a time."""

_MOST_BYTES = 4096

Submit = Callable[[JobRequest], Job]


def realign_routes(library: Callable[[], Library], submit: Submit | None = None) -> list[Route]:
    """The routes. library: called at each request.

    submit: asks for a job on behalf of whoever asks; by default whatever is wanted is taken.
    """

    def take(request: JobRequest) -> Job:
        return _jobs(library().root).submit(request) if submit is None else submit(request)

    async def ask(request: Request) -> Response:
        body = await json_body(request, most_bytes=_MOST_BYTES)
        if not isinstance(body, dict) or not {"first", "last"} <= body.keys() <= {"first", "last", "who"}:
            raise Refused(400, "The request is a JSON object of first, last, who.")
        first, last = _line(body["first"]), _line(body["last"])
        who, id = name_in(body.get("who")), request.path_params["id"]
        job = await run_in_threadpool(lambda: take(_request(library(), id, first, last, who)))
        return answer({"job": job.id}, 202)

    async def look(request: Request) -> Response:
        return answer(await run_in_threadpool(lambda: _state(_job(library(), request))))

    async def stop(request: Request) -> Response:
        check_sender(request)

        def act() -> Response:
            job, jobs = _job(library(), request), _jobs(library().root)
            if job.status.ended:
                jobs.dismiss(job.id)
            else:
                jobs.cancel(job.id)
            return Response(status_code=204)

        return await run_in_threadpool(act)

    place = "/episodes/{id}/corrections/realign"
    return [
        Route(place, _guarded(ask), methods=["POST"]),
        Route(place + "/{job}.json", _guarded(look)),
        Route(place + "/{job}", _guarded(stop), methods=["DELETE"]),
    ]


@cache
def _jobs(root: Path) -> Jobs:
    """Opened once: that clears away what killed processes have left, and a job is looked at often."""
    return Jobs(root)


def _request(library: Library, id: str, first: int, last: int, who: str | None) -> JobRequest:
    """The job that is wanted. Raises Refused, and LibraryError where there is no such episode."""
    episode = library.episode(id)
    if episode.is_preview:
        raise Refused(422, "This episode is still being made. Align its lines again when it is finished.")
    places = {segment.id: place for place, segment in enumerate(library.transcript(id).segments)}
    for line in (first, last):
        if line not in places:
            raise Refused(422, f"There is no line {line}. It may have been joined with another.")
    count = abs(places[last] - places[first]) + 1
    if count > MOST_LINES:
        raise Refused(
            422,
            f"{MOST_LINES:,} lines can be aligned again at a time; these are {count:,}. "
            "Choose fewer, or align the whole episode again.",
        )
    return JobRequest(
        title=f"{episode.title}: {'a line' if count == 1 else f'{count:,} lines'} again",
        model=episode.model,
        episode=id,
        first=first,
        last=last,
        who=who,
    )


def _job(library: Library, request: Request) -> Job:
    """The job that is asked for, if it is one of this episode's. Raises LibraryError."""
    job = _jobs(library.root).get(request.path_params["job"])
    if job.request.episode != request.path_params["id"] or job.request.first is None:
        raise LibraryError(f"There is no job {job.id!r} of this episode.")
    return job


def _state(job: Job) -> dict[str, Any]:
    return {
        "status": job.status,
        "message": job.message if job.status is JobStatus.FAILED else job.progress.stage,
        "fraction": job.progress.fraction,
    }


def _line(given: object) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given < 2**31:
        raise Refused(400, f"A line is named by a whole number from 0 on, not {json.dumps(given)[:40]}.")
    return given


def _guarded(endpoint: Endpoint) -> Endpoint:
    return guarded(endpoint, lambda status, message: answer({"error": message}, status), {})

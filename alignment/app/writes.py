"""Requests that change something: from our own pages alone, as JSON of a bounded size.

A browser tells with every request where it comes from; a page of another site could otherwise write with the
rights of whoever visits it. JSON is no kind of content that a form can send.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from alignment.app.answers import told
from alignment.errors import LibraryError

__all__ = ["MOST_BYTES", "Endpoint", "Refused", "check_sender", "guarded", "json_body"]

Endpoint = Callable[[Request], Awaitable[Response]]

MOST_BYTES = 4 * 1024 * 1024
"""Of a request's body, unless told otherwise."""


class Refused(Exception):
    """The request is not acted on. status: of the answer to give. The text is fit for a person to read."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def check_sender(request: Request) -> None:
    """Raise Refused for a request from elsewhere than our own pages."""
    if not _is_from_our_page(request):
        raise Refused(403, "Changes are taken from this app's own pages only.")


async def json_body(request: Request, *, most_bytes: int = MOST_BYTES) -> Any:
    """The value that our own page has sent. Raises Refused for anything else."""
    check_sender(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refused(415, f"The request's content is {kind or 'of no stated kind'}; send application/json.")
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most_bytes:
            raise Refused(413, f"The request is larger than {most_bytes:,} bytes.")
    try:
        return json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Refused(400, f"The request is no JSON: {error}.") from error


def guarded(
    endpoint: Endpoint, refusal: Callable[[int, str], Response], statuses: Mapping[type[LibraryError], int]
) -> Endpoint:
    """The endpoint, with an answer where it raises. refusal: makes it of a status and what to say.

    statuses: of the errors that the person can do something about.
    """

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Refused as error:
            return refusal(error.status, str(error))
        except LibraryError as error:
            status, message = told(error)
            if status == 404 and isinstance(error.__cause__, OSError):
                status = 507  # a full disk passes; the person tries again
            return refusal(statuses.get(type(error), status), message)

    return answer


def _is_from_our_page(request: Request) -> bool:
    """By what the browser says of it; a program that is no browser says nothing and is on nobody's behalf."""
    if (site := request.headers.get("sec-fetch-site")) is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    try:
        return origin is None or urlsplit(origin).netloc == request.headers.get("host")
    except ValueError:  # brackets that hold no IPv6 address
        return False


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number in JSON")

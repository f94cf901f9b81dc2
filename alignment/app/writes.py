"""Requests that change something: from our own pages alone, as JSON of a bounded size.

A browser tells with every request where it comes from; a page of another site could otherwise write with the
rights of whoever visits it. JSON is no kind of content that a form can send.
"""

import json
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request

__all__ = ["MOST_BYTES", "Refused", "check_sender", "json_body"]

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


def _is_from_our_page(request: Request) -> bool:
    """By what the browser says of it; a program that is no browser says nothing and is on nobody's behalf."""
    if (site := request.headers.get("sec-fetch-site")) is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number in JSON")

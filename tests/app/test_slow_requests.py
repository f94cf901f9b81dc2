"""Bodies that come too slowly, sent to a real server drop by drop."""

import json
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from alignment.app.routes import middleware
from alignment.app.slow_requests import SlowRequests
from alignment.library import Library
from tests.browser.conftest import serving

HEAD = b"POST /count HTTP/1.1\r\nHost: here\r\nContent-Length: 1000\r\n\r\n"


async def count(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[str, int]]:
    app = Starlette(
        routes=[Route("/count", count, methods=["POST", "GET"])],
        middleware=[Middleware(SlowRequests, grace_s=0.4, least_rate=1000)],
    )
    with serving(app) as address:
        parts = urlsplit(address)
        yield parts.hostname or "", parts.port or 0


def answer(place: tuple[str, int], *pieces: bytes, pause_s: float = 0.0) -> bytes:
    """All that the server says until it hangs up, or has nothing more to say."""
    with socket.create_connection(place, timeout=10.0) as line:
        for piece in pieces:
            try:
                line.sendall(piece)
            except OSError:  # it has hung up already
                break
            time.sleep(pause_s)
        said = b""
        while more := line.recv(65536):
            said += more
            head, _, body = said.partition(b"\r\n\r\n")
            if b"HTTP/1.1 200" in head and body:
                break
        return said


def test_a_body_that_does_not_come_is_not_waited_for(place: tuple[str, int]) -> None:
    said = answer(place, HEAD, b"x" * 10)
    assert said.startswith(b"HTTP/1.1 408")
    assert "too slowly" in json.loads(said.partition(b"\r\n\r\n")[2])["error"]


def test_a_body_that_drips_is_not_waited_for(place: tuple[str, int]) -> None:
    assert answer(place, HEAD, *[b"x" * 10] * 90, pause_s=0.02).startswith(b"HTTP/1.1 408")


def test_a_slow_body_that_comes_fast_enough_is_taken(place: tuple[str, int]) -> None:
    assert answer(place, HEAD, *[b"x" * 100] * 10, pause_s=0.09).endswith(b"1000")


def test_who_waits_after_asking_is_not_hurried(place: tuple[str, int]) -> None:
    said = answer(place, b"GET /count HTTP/1.1\r\nHost: here\r\n\r\n", b"", pause_s=0.6)
    assert said.startswith(b"HTTP/1.1 200")


def test_it_stands_before_all_that_the_app_answers() -> None:
    assert SlowRequests in [each.cls for each in middleware(lambda: Library("nowhere"))]

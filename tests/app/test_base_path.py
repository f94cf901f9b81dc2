"""The app below a path of its own."""

import http.client
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from alignment.app.base_path import BasePath, normal_base, path_below
from tests.browser.conftest import serving


def here(request: Request) -> Response:
    return PlainTextResponse(f"{path_below(request.scope)} of {request.base_url.path}")


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    app = Starlette(routes=[Route("/talk", here), Route("/s/talk", here), Route("/healthz", here)])
    with serving(BasePath(app, "/s")) as address:  # type: ignore[arg-type]
        yield int(address.rpartition(":")[2])


def ask(port: int, path: str) -> tuple[int, str]:
    """Status, and the text or where to go on."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.headers.get("Location") or answer.read().decode()


@pytest.mark.parametrize("text", ["talks", "/talks", "/talks/", "//talks//"])
def test_a_base_is_written_in_one_way(text: str):
    assert normal_base(text) == "/talks"


def test_no_base_is_none():
    assert normal_base("") == normal_base("/") == ""


@pytest.mark.parametrize("text", ["/a/../b", "a?b", "a b", "/ü", "https://example.org"])
def test_what_is_no_path_is_refused(text: str):
    with pytest.raises(ValueError, match="no base path"):
        normal_base(text)


def test_what_is_below_is_served(port: int):
    assert ask(port, "/s/talk") == (200, "/talk of /s/")


def test_a_path_below_may_begin_like_the_base(port: int):
    assert ask(port, "/s/s/talk") == (200, "/s/talk of /s/")


@pytest.mark.parametrize("path", ["/talk", "/stalk", "/other/talk"])
def test_what_is_not_below_is_not_here(port: int, path: str):
    assert ask(port, path)[0] == 404


@pytest.mark.parametrize(("path", "to"), [("/", "/s/"), ("/s", "/s/"), ("/?v=x", "/s/?v=x")])
def test_the_front_leads_to_the_app(port: int, path: str, to: str):
    assert ask(port, path) == (307, to)


def test_what_watches_the_process_need_not_know_the_base(port: int):
    assert ask(port, "/healthz") == (200, "/healthz of /s/")

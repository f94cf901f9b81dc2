"""Links to the player unfurl as well: what chats read stands in the head of its page.

That page is Streamlit's, the same for every address. A browser that says that it is one (`Sec-Fetch-Mode`)
gets it as it is, at no cost; everybody else with the episode's title, the line at `t` and their picture.
"""

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from alignment.app.base_path import path_below
from alignment.app.rewriting import Rewriting
from alignment.app.share_page import Addresses, what_unfurls
from alignment.app.share_place import find_place
from alignment.errors import AlignmentError
from alignment.library import Library

__all__ = ["Unfurling"]

_PATH = "/listen"
_LONGEST_QUERY = 600


class Unfurling:
    """Adds to the head of an episode's page what chats read. library: called at each such request."""

    def __init__(self, app: ASGIApp, library: Callable[[], Library]) -> None:
        self._app = app
        self._library = library

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and what is answered back, with more in its head."""
        if scope["type"] != "http" or path_below(scope) != _PATH or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        if "sec-fetch-mode" in request.headers or len(scope["query_string"]) > _LONGEST_QUERY:
            await self._app(scope, receive, send)
            return
        head = await run_in_threadpool(_head, self._library(), request)
        # As it is, not packed: something goes in.
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        await self._app({**scope, "headers": plain}, receive, _inserting(send, head) if head else send)


def _inserting(send: Send, head: bytes) -> Send:
    """Sends an HTML page on, with more at the end of its head."""

    def concerns(status: int, headers: Headers) -> bool:
        return status == 200 and headers.get("content-type", "").startswith("text/html")

    def change(body: bytes, headers: MutableHeaders) -> bytes:
        for name in ("etag", "last-modified"):
            del headers[name]
        headers["cache-control"] = "no-cache"
        headers.add_vary_header("Sec-Fetch-Mode")
        return body.replace(b"</head>", head + b"\n</head>", 1)

    return Rewriting(send, concerns, change)


def _head(library: Library, request: Request) -> bytes:
    """The elements for the episode that the address names; nothing where there is none."""
    try:
        episode = library.episode(request.query_params.get("v", ""))
        place = find_place(request.query_params, library.transcript(episode.id))
    except AlignmentError:
        return b""
    at = Addresses(str(request.base_url), episode.id, place)
    return "\n".join(what_unfurls(episode, at)).encode("utf-8", "replace")

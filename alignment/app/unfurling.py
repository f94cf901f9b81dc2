"""Links to the player unfurl as well: what chats read stands in the head of its page.

That page is Streamlit's, the same for every address. A browser that says that it is one (`Sec-Fetch-Mode`)
gets it as it is, at no cost; everybody else with the episode's title, the line at `t` and their picture.
"""

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alignment.app.base_path import path_below
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
        await self._app({**scope, "headers": plain}, receive, _Inserting(send, head) if head else send)


class _Inserting:
    """Sends an HTML page on, with more at the end of its head."""

    def __init__(self, send: Send, head: bytes) -> None:
        self._send = send
        self._head = head
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            kind = dict(message["headers"]).get(b"content-type", b"")
            if message["status"] == 200 and kind.startswith(b"text/html"):
                self._start = message
                return
        if self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        body = self._body.replace(b"</head>", self._head + b"\n</head>", 1)
        headers = MutableHeaders(raw=list(self._start["headers"]))
        for name in ("etag", "last-modified"):
            del headers[name]
        headers["content-length"] = str(len(body))
        headers["cache-control"] = "no-cache"
        headers.add_vary_header("Sec-Fetch-Mode")
        await self._send({**self._start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})


def _head(library: Library, request: Request) -> bytes:
    """The elements for the episode that the address names; nothing where there is none."""
    try:
        episode = library.episode(request.query_params.get("v", ""))
        place = find_place(request.query_params, library.transcript(episode.id))
    except AlignmentError:
        return b""
    at = Addresses(str(request.base_url), episode.id, place)
    return "\n".join(what_unfurls(episode, at)).encode("utf-8", "replace")

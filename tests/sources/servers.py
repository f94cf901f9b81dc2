"""Small web servers on 127.0.0.1 that behave as the sites out there do, well and badly."""

import re
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True)
class Asked:
    """One request that arrived."""

    method: str
    path: str
    headers: dict[str, str]

    @property
    def first_byte(self) -> int:
        """Where its Range begins; 0 without one."""
        found = re.fullmatch(r"bytes=(\d+)-\d*", self.headers.get("range", ""))
        return int(found[1]) if found else 0


class Reply:
    """What a page of the site does with a request: `status`, `send` some bytes, or `break_off`."""

    def __init__(self, handler: BaseHTTPRequestHandler, asked: Asked) -> None:
        self._handler, self.asked = handler, asked

    def start(self, status: int, headers: dict[str, str]) -> None:
        self._handler.send_response(status)
        for name, value in headers.items():
            self._handler.send_header(name, value)
        self._handler.end_headers()

    def send(self, content: bytes) -> None:
        if self.asked.method != "HEAD":
            self._handler.wfile.write(content)
            self._handler.wfile.flush()

    def break_off(self) -> None:
        self._handler.close_connection = True


Page = Callable[[Reply], None]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # visitors may leave in the middle
            super().handle_error(request, client_address)


@dataclass
class Site:
    """A web site: pages by path, and what was asked of it."""

    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    """Pages that hold their visitor wait for this."""
    host: str = "127.0.0.1"
    """The address of the loopback that it listens on."""

    def __enter__(self) -> Self:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(self.command, self.path, headers)
                site.asked.append(asked)
                page = site.pages.get(self.path.partition("?")[0], status(404))
                try:
                    page(Reply(self, asked))
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def do_HEAD(self) -> None:
                self.do_GET()

            def log_message(self, *arguments: object) -> None:
                pass

        self._server = _Server((self.host, 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def address(self, path: str) -> str:
        return f"http://{self.host}:{self._server.server_port}{path}"

    def continued(self, path: str) -> list[Asked]:
        """The requests for `path` that went on somewhere in the middle."""
        return [asked for asked in self.asked if asked.path == path and asked.first_byte]


def status(code: int) -> Page:
    def page(reply: Reply) -> None:
        reply.start(code, {"Content-Length": "0"})

    return page


def html(text: str) -> Page:
    def page(reply: Reply) -> None:
        content = text.encode()
        reply.start(200, {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(content))})
        reply.send(content)

    return page


def media(
    content: bytes,
    kind: str = "audio/mp4",
    *,
    version: str = '"one"',
    first: int | None = None,
    then: Callable[[], None] | None = None,
) -> Page:
    """A media file with Range and ETag.

    first: how many bytes one gets who asks from the start; then `then` is called (to wait, say) and the
    connection broken off.
    """

    def page(reply: Reply) -> None:
        begin = reply.asked.first_byte
        headers = {"Content-Type": kind, "Accept-Ranges": "bytes", "ETag": version}
        if begin and begin >= len(content):
            reply.start(416, {**headers, "Content-Range": f"bytes */{len(content)}", "Content-Length": "0"})
            return
        if begin:
            headers["Content-Range"] = f"bytes {begin}-{len(content) - 1}/{len(content)}"
        reply.start(206 if begin else 200, {**headers, "Content-Length": str(len(content) - begin)})
        if first is None or begin:
            reply.send(content[begin:])
            return
        reply.send(content[:first])
        if then is not None and reply.asked.method == "GET":
            then()
        reply.break_off()

    return page

"""yt-dlp's network, through one door that keeps the rules of who asks.

yt-dlp can send requests by urllib, requests, curl_cffi (whose network is C and looks at nothing of Python's)
and websockets. A guarded one has a single handler, ours, so there is no other way: pages, redirects,
playlists, their pieces, captions and pictures all go through `YoutubeDL.urlopen` to it. It connects with
`guard.connect`, whichever thread asks; nothing of the process is patched, so nothing can be patched back.
Proxies, from the environment or a request, are passed by: they resolve names where nobody looks.
Programs that yt-dlp would start do not come in by another door: FFmpeg and rtmpdump get no recording (see
`url.choose_format`), sites that need PhantomJS are left out, and Deno runs the pages' JavaScript without any
permission, the network's included (a test tries).
"""

import functools
import socket
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Self

import urllib3
from requests.models import Response as Answer
from urllib3.connection import HTTPConnection, HTTPSConnection
from yt_dlp import YoutubeDL
from yt_dlp.networking._requests import (
    RequestsHTTPAdapter,
    RequestsResponseAdapter,
    RequestsRH,
    RequestsSession,
)
from yt_dlp.networking.common import Request
from yt_dlp.networking.exceptions import HTTPError, RequestError

from alignment.errors import AlignmentError, FetchError
from alignment.sources.guard import connect
from alignment.sources.rules import FetchRules, Reach

__all__ = ["Gate", "GuardedYoutubeDL", "sites_without_programs"]

_LARGEST_PAGE = 32 << 20
_BLOCK = 64 << 10
_LOOK_EVERY_S = 0.2
_WINDOW_S = 30.0
"""Of waiting for a download, over which its speed is looked at."""

_WITH_PROGRAMS = ("douyu.*", "iqiyi.*", "pornhub.*")
"""Extractors that hand their pages to PhantomJS, a browser with a network of its own."""


def sites_without_programs() -> list[str]:
    """All of yt-dlp's extractors but those that start a browser; for its option `allowed_extractors`."""
    return ["default", *(f"-{name}" for name in _WITH_PROGRAMS)]


class Gate:
    """The rules of one fetch and what it has cost so far; ends it, also in the middle of a read.

    called: what is fetched, for errors.
    """

    def __init__(self, rules: FetchRules, called: str) -> None:
        self.rules = rules
        self._called = called
        self._began = time.monotonic()
        self._received = 0
        self._in_window = 0
        self._waiting = 0
        self._trouble: AlignmentError | None = None
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._watch_time, name="gate", daemon=True)

    @property
    def is_public(self) -> bool:
        """Whether only the internet is reached."""
        return self.rules.reach is Reach.PUBLIC

    def __enter__(self) -> Self:
        self._watch.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._over.set()
        self._watch.join()

    def check(self) -> None:
        """Raise the error that ended the fetch, if one did."""
        if self._trouble is not None:
            raise self._trouble

    def connect(self, host: str, port: int, timeout: float | None, options: Any) -> socket.socket:
        """A connection that the rules allow."""
        self.check()
        return connect(
            host,
            port,
            timeout,
            called=f"http://{host}:{port}",
            also_public=self.rules.also_public,
            options=options,
        )

    def keep(self, connection: socket.socket) -> None:
        """Remember a connection, to end it with the fetch."""
        with self._lock:
            self._sockets.add(connection)
        if self._trouble is not None:
            self._shut()

    def expect(self, size: int) -> None:
        """Raise FetchError where what is announced is too much already."""
        self.rules.limits.check_size(self._received + size, self._called)

    def count(self, size: int) -> None:
        """Note bytes received. Raises FetchError where they are too many."""
        self._received += size
        self._in_window += size
        self.rules.limits.check_size(self._received, self._called)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Around each read of a download: the time that its speed is measured by."""
        with self._lock:
            self._waiting += 1
        try:
            yield
        finally:
            with self._lock:
                self._waiting -= 1

    def _watch_time(self) -> None:
        limits = self.rules.limits
        waited, before = 0.0, time.monotonic()
        while not self._over.wait(_LOOK_EVERY_S):
            now = time.monotonic()
            waited, before = waited + (now - before if self._waiting else 0.0), now
            if limits.patience_s is not None and now - self._began > limits.patience_s:
                self._end(limits.too_late(self._called))
            if waited < _WINDOW_S:
                continue
            if limits.bytes_a_second is not None and self._in_window < limits.bytes_a_second * waited:
                self._end(limits.too_slow(self._called))
            waited, self._in_window = 0.0, 0

    def _end(self, trouble: AlignmentError) -> None:
        self._trouble = self._trouble or trouble
        self._shut()

    def _shut(self) -> None:
        with self._lock:
            connections = list(self._sockets)
        for connection in connections:
            with suppress(OSError):  # closed meanwhile
                # Not an SSL socket's own way: that takes its state from under a thread that reads.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)


class GuardedYoutubeDL(YoutubeDL):  # type: ignore[misc]
    """yt-dlp with the gate as its only way out."""

    def __init__(self, options: dict[str, Any], gate: Gate) -> None:
        self._gate = gate
        super().__init__(options)

    @functools.cached_property
    def _request_director(self) -> Any:
        return self.build_request_director([functools.partial(GuardedRH, gate=self._gate)])


class GuardedRH(RequestsRH):  # type: ignore[misc]
    """yt-dlp's handler of requests, with connections, redirects and sizes in our hands."""

    RH_NAME = "guarded"

    def __init__(self, *, gate: Gate, **options: Any) -> None:
        super().__init__(**options)
        self._gate = gate

    def _get_proxies(self, request: Request) -> dict[str, Any]:
        return {} if self._gate.is_public else super()._get_proxies(request)

    def _check_proxies(self, proxies: dict[str, Any]) -> None:
        if not self._gate.is_public:
            super()._check_proxies(proxies)

    def _create_instance(self, cookiejar: Any, legacy_ssl_support: bool | None = None) -> "_Session":
        adapter = _Adapter(
            self._gate,
            ssl_context=self._make_sslcontext(legacy_ssl_support=legacy_ssl_support),
            source_address=self.source_address,
            max_retries=urllib3.Retry(False),
        )
        session = _Session()
        session.adapters.clear()
        session.headers.clear()
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        session.cookies = cookiejar
        session.trust_env = False
        return session

    def _send(self, request: Request) -> "_Answer":
        try:
            self._gate.check()
            answer = super()._send(request)
        except HTTPError as error:
            error.response = _Answer(error.response, self._gate)
            raise
        except AlignmentError as error:
            raise RequestError(cause=error) from error
        except RequestError as error:
            raise self._why(error) from error
        return _Answer(answer, self._gate)

    def _why(self, error: RequestError) -> RequestError:
        try:
            self._gate.check()
        except AlignmentError as trouble:
            return RequestError(cause=trouble)
        return error


class _Answer(RequestsResponseAdapter):  # type: ignore[misc]
    """An answer that is counted while it is read, and never read into memory without a bound."""

    def __init__(self, answer: RequestsResponseAdapter, gate: Gate) -> None:
        super().__init__(answer._requests_response)
        self._first = answer  # which would close the connection when it is let go
        self._gate = gate
        self._begun = False

    def read(self, amt: int | None = None) -> bytes:
        try:
            return self._page() if amt is None else self._block(amt)
        except AlignmentError as error:
            self.close()
            raise RequestError(cause=error) from error

    def _block(self, size: int) -> bytes:
        self._gate.check()
        if not self._begun:
            self._begun = True
            announced = self.headers.get("Content-Length") or ""
            self._gate.expect(int(announced) if announced.isdecimal() else 0)
        try:
            with self._gate.waiting():
                block: bytes = super().read(size)
        except RequestError:
            self._gate.check()
            raise
        self._gate.check()
        self._gate.count(len(block))
        return block

    def _page(self) -> bytes:
        page = bytearray()
        while block := self._block(_BLOCK):
            page += block
            if len(page) > _LARGEST_PAGE:
                raise FetchError(
                    f"What {self.url} sends is longer than {_LARGEST_PAGE >> 20} MB; that is no page."
                )
        return bytes(page)


class _Session(RequestsSession):  # type: ignore[misc]
    def get_adapter(self, url: str) -> Any:
        if not url.lower().startswith(("http://", "https://")):
            raise FetchError(f"{url} was named on the way to the recording; only http and https are fetched.")
        return super().get_adapter(url)

    def get_redirect_target(self, resp: Answer) -> str | None:
        """Where an answer sends us. What it says beside that is nobody's business, and may be endless."""
        target: str | None = super().get_redirect_target(resp)
        if target is not None:
            resp.raw.close()
            resp._content, resp._content_consumed = b"", True
        return target


class _Adapter(RequestsHTTPAdapter):  # type: ignore[misc]
    """Opens connections by the gate; without proxies where only the internet is reached."""

    def __init__(self, gate: Gate, **options: Any) -> None:
        self._gate = gate
        super().__init__(**options)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = _pools(self._gate)

    def get_connection_with_tls_context(
        self, request: Any, verify: Any, proxies: Any = None, cert: Any = None
    ) -> Any:
        if not self._gate.is_public:
            return super().get_connection_with_tls_context(request, verify, proxies, cert)
        return self.poolmanager.connection_from_url(request.url)


def _pools(gate: Gate) -> dict[str, Any]:
    """urllib3's pools, with connections of the gate's."""

    class Guarded(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            if not gate.is_public:
                return super()._new_conn()
            try:
                timeout = self.timeout if isinstance(self.timeout, int | float) else None
                return gate.connect(self._dns_host, self.port, timeout, self.socket_options or ())
            except socket.gaierror as error:
                raise urllib3.exceptions.NameResolutionError(self.host, self, error) from error
            except TimeoutError as error:
                raise urllib3.exceptions.ConnectTimeoutError(
                    self, f"Connection to {self.host} timed out."
                ) from error
            except OSError as error:
                raise urllib3.exceptions.NewConnectionError(
                    self, f"Failed to establish a new connection: {error}"
                ) from error

        def connect(self) -> None:
            super().connect()
            gate.keep(self.sock)

    class GuardedTls(Guarded, HTTPSConnection):
        pass

    class Pool(urllib3.HTTPConnectionPool):
        ConnectionCls = Guarded

    class TlsPool(urllib3.HTTPSConnectionPool):
        ConnectionCls = GuardedTls

    return {"http": Pool, "https": TlsPool}

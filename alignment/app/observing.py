"""Every request of ours leaves one line in the access log and its mark in the figures.

Neither holds what was asked for, only the route that answered: no query, no cookie, no path of a file.
"""

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alignment.app.metrics import Metrics

__all__ = ["Observing", "route_of"]

_log = logging.getLogger("alignment.access")
_QUIET = {"/healthz", "/readyz", "/metrics", "/player/{file}"}
"""Asked for every few seconds, or by the dozen; their lines are there at the level of debugging."""
_PAGES = "pages"
"""Everything of Streamlit's: its pages, its scripts and styles."""


def route_of(scope: Scope) -> str:
    """The pattern of the route that took the request, as `/episodes/{id}/audio`; "pages" for Streamlit's."""
    pattern: str = getattr(scope.get("route"), "path", "")
    return pattern if pattern and not pattern.startswith("/_stcore") and pattern != "/" else _PAGES


class Observing:
    """Goes around all else."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, sent, began = 500, 0, time.perf_counter()

        async def noted(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)
            if message["type"] == "http.response.body":
                sent += len(message.get("body", b""))

        try:
            with self._metrics.under_way.track_inprogress():
                await self._app(scope, receive, noted)
        finally:
            seconds, route = time.perf_counter() - began, route_of(scope)
            self._metrics.count(route, scope["method"], status, seconds, sent)
            _log_access(route, scope["method"], status, seconds, sent)


def _log_access(route: str, method: str, status: int, seconds: float, sent: int) -> None:
    quiet = (route in _QUIET or route == _PAGES) and status < 500
    level = logging.DEBUG if quiet else logging.INFO
    ms = round(seconds * 1000, 1)
    fields = {"method": method, "route": route, "status": status, "ms": ms, "bytes": sent}
    _log.log(level, "%s %s %d", method, route, status, extra=fields)

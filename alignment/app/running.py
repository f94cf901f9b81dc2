"""The process that serves the app: it listens, and it ends in good order.

Told to stop (SIGTERM, Ctrl-C) it takes no new requests and lets those under way end. Audio that is being sent
is cut soon, for it would last as long as somebody listens; a player asks for the rest when a server is back.
Told a second time it ends at once.
"""

import asyncio
import logging
import os
import socket
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from alignment.app.base_path import BasePath
from alignment.app.observing import route_of

__all__ = ["LOOPBACK", "run_server"]

LOOPBACK = ("127.0.0.1", "::1")
"""This machine's own addresses."""

_AUDIO_LASTS_S = 1.0
_REQUESTS_LAST_S = 5.0
_LARGEST_MESSAGE = 200 * 1024 * 1024
"""Bytes of a message between a page and Streamlit, as Streamlit has it."""
_PING_S = 30

_log = logging.getLogger(__name__)


def run_server(app: ASGIApp, *, address: str, port: int, base: str = "", proxies: Sequence[str] = ()) -> None:
    """Serve the app until the process is told to stop.

    base: the path that it is below, as `normal_base` gives it. proxies: addresses of those who are
    believed when they say where a request comes from and whether it came by https.
    """
    config = uvicorn.Config(
        BasePath(app, base),
        host=address,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        timeout_graceful_shutdown=round(_REQUESTS_LAST_S),
        ws="websockets-sansio",
        ws_max_size=_LARGEST_MESSAGE,
        ws_ping_interval=_PING_S,
        ws_ping_timeout=_PING_S,
    )
    host = f"[{address}]" if ":" in address else address
    _log.info("Serving on http://%s:%d%s/", host, port, base)
    _Server(config).run()


class _Server(uvicorn.Server):
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop, the second time without waiting for anything. The processes at work end with this one."""
        if self.should_exit:
            logging.shutdown()
            os._exit(128 + sig)
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let the requests under way end, the audio a little earlier than the rest."""
        _log.info("Stopping")
        cutting = asyncio.get_running_loop().call_later(_AUDIO_LASTS_S, self._cut_audio)
        await super().shutdown(sockets)
        cutting.cancel()
        _log.info("Stopped")

    def _cut_audio(self) -> None:
        for connection in list(self.server_state.connections):
            answering: Any = getattr(connection, "cycle", None)  # of HTTP; a WebSocket has none
            if answering is not None and route_of(answering.scope).endswith("/audio"):
                with suppress(AttributeError):
                    connection.transport.abort()

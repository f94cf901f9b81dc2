"""Requests whose body comes too slowly are ended: each holds a connection, and many would hold them all."""

import asyncio
from collections.abc import Callable

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["SlowRequests"]

_GRACE_S = 20.0
_LEAST_RATE = 4096
"""Bytes a second; a telephone at the edge of its network has ten times as much."""


class SlowRequests:
    """Answers 408 to those who have sent less than so many bytes a second, after some time of grace.

    grace_s: seconds. least_rate: bytes a second, on the average of the whole body.
    """

    def __init__(self, app: ASGIApp, grace_s: float = _GRACE_S, least_rate: float = _LEAST_RATE) -> None:
        self._app = app
        self._grace_s = grace_s
        self._least_rate = least_rate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; where it is too slow, as if its sender had gone."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = _Body(receive, lambda taken: self._grace_s + taken / self._least_rate)
        answered = False

        async def send_unless_late(message: Message) -> None:
            nonlocal answered
            if not body.is_late or answered:
                answered = True
                await send(message)

        try:
            await self._app(scope, body.receive, send_unless_late)
        except Exception:
            if not body.is_late:
                raise
        if body.is_late and not answered:
            told = {"error": "The request came too slowly. Try again with a better connection."}
            await JSONResponse(told, 408, {"Connection": "close"})(scope, receive, send)


class _Body:
    """What comes of a request. patience_s: how long so many bytes may take."""

    def __init__(self, receive: Receive, patience_s: Callable[[int], float]) -> None:
        self.is_late = False
        self._receive = receive
        self._patience_s = patience_s
        self._is_whole = False
        self._taken = 0
        self._waited_s = 0.0

    async def receive(self) -> Message:
        """The next message. Only the time counts in which something is waited for."""
        if self._is_whole or self.is_late:
            return {"type": "http.disconnect"} if self.is_late else await self._receive()
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            async with asyncio.timeout(self._patience_s(self._taken) - self._waited_s):
                message = await self._receive()
        except TimeoutError:
            self.is_late = True
            return {"type": "http.disconnect"}
        self._waited_s += clock() - began
        self._taken += len(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)
        return message

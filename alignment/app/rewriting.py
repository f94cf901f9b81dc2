"""An answer whose body is changed on its way: held back until it is whole, then sent with its new length."""

from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Send

__all__ = ["Rewriting"]


class Rewriting:
    """Stands in for `send`.

    concerns: by status and headers, whether an answer is changed; others are sent on as they come.
    change: makes the new body of the old one, and may change the headers.
    """

    def __init__(
        self,
        send: Send,
        concerns: Callable[[int, Headers], bool],
        change: Callable[[bytes, MutableHeaders], bytes],
    ) -> None:
        self._send = send
        self._concerns = concerns
        self._change = change
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        """Send the message now, or with those that follow it."""
        if message["type"] == "http.response.start" and self._concerns(
            message["status"], Headers(raw=message["headers"])
        ):
            self._start = message
            return
        if self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        headers = MutableHeaders(raw=list(self._start["headers"]))
        body = self._change(self._body, headers)
        if "content-length" in headers:
            headers["content-length"] = str(len(body))
        await self._send({**self._start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})

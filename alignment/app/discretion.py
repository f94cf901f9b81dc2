"""What nobody shall learn: no key or cookie from the logs, no path of the server from what it answers."""

import json
import logging
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Send

__all__ = ["Discreet", "keep_secrets_out_of_logs", "without_paths", "without_secrets"]

_LONGEST_ERROR = 64 * 1024
_HIDDEN = "…"
_PACKAGES = Path(__file__).parents[2]

# In an address, the login's own too; as a header, or by its name in a dict; in a cookie.
_SECRETS = re.compile(
    r"""(?ix)
    (?P<name> [?&](?:key|code|state|token|id_token|access_token|client_secret|provider)=
            | \b(?:proxy-)?authorization ["']? \s*[:=]\s* ["']? (?:(?:bearer|basic)\s+)?
            | \b(?:set-)?cookie ["']? \s*[:=]\s* ["']? (?=\S+=)
            | \b(?:_streamlit_\w+|verbatime_key_\w+)=
            | \bx-xsrftoken ["']? \s*[:=]\s* ["']?
    )
    (?P<value> (?: (?<=[=]) [^\s&;,"']+ | [^"'\r\n]+ ) )
    """
)


def without_secrets(text: str) -> str:
    """The text with keys, tokens and cookies left out."""
    return _SECRETS.sub(lambda found: found["name"] + _HIDDEN, text)


def without_paths(text: str, root: Path) -> str:
    """The text with the absolute paths of the server's folders left out. root: of the library."""
    for folder, name in _folders(root):
        text = text.replace(folder, name)
    return text


def keep_secrets_out_of_logs() -> None:
    """From now on no record of any logger of this process carries a key, a token or a cookie."""
    make = logging.getLogRecordFactory()
    if isinstance(make, _DiscreetRecords):
        return
    logging.setLogRecordFactory(_DiscreetRecords(make))


class _DiscreetRecords:
    def __init__(self, make: Callable[..., logging.LogRecord]) -> None:
        self._make = make

    def __call__(self, *args: Any, **more: Any) -> logging.LogRecord:
        record = self._make(*args, **more)
        if isinstance(record.msg, str):
            record.msg = without_secrets(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(map(_discreet, record.args))
        elif isinstance(record.args, dict):
            record.args = {name: _discreet(value) for name, value in record.args.items()}
        return record


def _discreet(value: object) -> object:
    """A number stays one, for the format's sake."""
    if value is None or isinstance(value, int | float):
        return value
    text = str(value)
    hidden = without_secrets(text)
    return value if hidden == text else hidden


class Discreet:
    """Sends an answer on, without the server's paths where it says what went wrong."""

    def __init__(self, send: Send, root: Path) -> None:
        self._send = send
        self._root = root
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        """Send the message now, or with those that follow it."""
        if message["type"] == "http.response.start":
            headers = Headers(raw=message["headers"])
            plain = (
                "content-encoding" not in headers and int(headers.get("content-length", 0)) < _LONGEST_ERROR
            )
            if message["status"] >= 400 and plain:
                self._start = message
                return
        if self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        body = without_paths(self._body.decode("utf-8", "surrogateescape"), self._root)
        data = body.encode("utf-8", "surrogateescape")
        headers_to_send = MutableHeaders(raw=list(self._start["headers"]))
        if "content-length" in headers_to_send:
            headers_to_send["content-length"] = str(len(data))
        await self._send({**self._start, "headers": headers_to_send.raw})
        await self._send({**message, "body": data})


@cache
def _folders(root: Path) -> list[tuple[str, str]]:
    """The server's folders, as they stand in text and in JSON, with what to call them; the longest first."""
    named = [(root, "the library"), (_PACKAGES, "the program")]
    named += [(Path.home(), "~"), (Path(gettempdir()), "the scratch folder"), (Path.cwd(), ".")]
    found: dict[str, str] = {}
    for folder, name in named:
        for text in (str(folder), str(folder.resolve()), json.dumps(str(folder))[1:-1]):
            if len(text) > 1:
                found.setdefault(text, name)
    return sorted(found.items(), key=lambda entry: -len(entry[0]))

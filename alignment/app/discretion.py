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
from starlette.types import Send

from alignment.app.rewriting import Rewriting

__all__ = ["discreet", "keep_secrets_out_of_logs", "without_paths", "without_secrets"]

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


def discreet(send: Send, root: Path) -> Send:
    """Sends an answer on, without the server's paths where it says what went wrong."""

    def concerns(status: int, headers: Headers) -> bool:
        is_short = int(headers.get("content-length", 0)) < _LONGEST_ERROR
        return status >= 400 and is_short and "content-encoding" not in headers

    def change(body: bytes, headers: MutableHeaders) -> bytes:
        text = without_paths(body.decode("utf-8", "surrogateescape"), root)
        return text.encode("utf-8", "surrogateescape")

    return Rewriting(send, concerns, change)


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

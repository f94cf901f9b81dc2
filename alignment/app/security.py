"""Headers that go with every answer, so that a browser does no more with it than it is for.

What a route says itself stays: data from elsewhere is sandboxed, and the player for frames of other sites may
stand in them.
"""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alignment.app.settings import Settings

__all__ = ["SecurityHeaders", "page_policy"]

_PERMISSIONS = ", ".join(
    f"{name}=()"
    for name in ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "serial", "usb")
)
_YEAR_S = 365 * 24 * 3600
_INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
# What pages and players of other sites show or play: our frames, pictures, sound and texts.
_FOR_OTHER_SITES = re.compile(
    r"/(s|e|embed|player)/|/(oembed|feed\.xml|sitemap\.xml)$|/episodes/[^/]+/(audio|thumbnail)$"
)


class SecurityHeaders:
    """Adds them. It stands in front of everything, so that refusals carry them, too."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        wide = _FOR_OTHER_SITES.search(scope["path"]) is not None
        encrypted = scope["scheme"] == "https"

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message["headers"]))
                for name, value in _headers(wide, encrypted).items():
                    headers.setdefault(name, value)
                if self._settings.encrypted:
                    message = {**message, "headers": [_by_tls_alone(*each) for each in headers.raw]}
                else:
                    message = {**message, "headers": headers.raw}
            await send(message)

        await self._app(scope, receive, send_safely)


@cache
def _headers(wide: bool, encrypted: bool) -> dict[str, str]:
    headers = {
        "Content-Security-Policy": page_policy(),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",  # an address may name a private episode
        "Permissions-Policy": _PERMISSIONS,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "cross-origin" if wide else "same-origin",
    }
    if encrypted:
        headers["Strict-Transport-Security"] = f"max-age={_YEAR_S}"
    return headers


@cache
def page_policy() -> str:
    """The Content-Security-Policy of Streamlit's page with the player in it.

    Its scripts come from here; a component's are made into a blob by Streamlit, and its page has a short one
    of its own, known by its hash. Styles stand in elements and attributes everywhere.
    """
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_bytes()
    digests = [base64.b64encode(hashlib.sha256(script).digest()).decode() for script in _INLINE.findall(page)]
    hashes = " ".join(f"'sha256-{digest}'" for digest in digests)
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' blob: {hashes}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "media-src 'self' blob:",
            "connect-src 'self'",
            "manifest-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


def _by_tls_alone(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """A cookie that the browser sends by TLS alone; Streamlit's own say nothing of it."""
    if name.lower() == b"set-cookie" and b"; secure" not in value.lower():
        return name, value + b"; Secure"
    return name, value

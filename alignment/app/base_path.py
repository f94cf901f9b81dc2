"""The app below a path of its own, as at https://example.org/talks/: by ASGI's `root_path`."""

from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["BasePath", "normal_base", "path_below"]

_ON_BOTH = {"/healthz", "/readyz", "/metrics"}
"""Asked for by what watches this very process, past the proxy."""


def normal_base(text: str) -> str:
    """The base as `/talks`, of `talks`, `/talks/`; "" for none. Raises ValueError for what is no path."""
    parts = [part for part in text.split("/") if part]
    if any(part in {".", ".."} or not part.isascii() or set(part) & set("?#%:\\ ") for part in parts):
        raise ValueError(f"{text!r} is no base path. Give one as /talks, in letters, digits and hyphens.")
    return "".join(f"/{part}" for part in parts)


def path_below(scope: Scope) -> str:
    """The path of a request as it would be without a base."""
    path: str = scope["path"]
    base: str = scope.get("root_path", "")
    return path.removeprefix(base) if path.startswith(f"{base}/") else path


class BasePath:
    """Serves what is asked for below the base; what is not is not here. base: as `normal_base` gives it."""

    def __init__(self, app: ASGIApp, base: str) -> None:
        self._app = app
        self._base = base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer where the app is."""
        if scope["type"] not in {"http", "websocket"} or not self._base:
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        if path.startswith(f"{self._base}/"):
            scope["root_path"] = self._base
            await self._app(scope, receive, send)
        elif path in _ON_BOTH:
            below = {"path": self._base + path, "raw_path": (self._base + path).encode()}
            scope.update(below, root_path=self._base)
            await self._app(scope, receive, send)
        elif scope["type"] == "http" and path in {"", "/", self._base}:
            query = scope["query_string"].decode("latin-1")
            await RedirectResponse(f"{self._base}/" + (f"?{query}" if query else ""))(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse("Not found.", 404)(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1008})

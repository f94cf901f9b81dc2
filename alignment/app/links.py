"""Links to an episode lead to its page however they were made: `/?v=ID&t=9` is `/listen?v=ID&t=9`."""

from urllib.parse import parse_qs

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from alignment.app.base_path import path_below

__all__ = ["EpisodeLinks"]


class EpisodeLinks:
    """Sends a browser that asks for the front page with an episode on to the episode's page.

    Done before Streamlit comes in, so that the address has its final form when the player first reads it, and
    the browser's history holds it once.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        if scope["type"] == "http" and path_below(scope) == "/" and scope["method"] in {"GET", "HEAD"}:
            query = scope["query_string"].decode("latin-1")  # `parse_qs` takes no bytes that stand for "é"
            if parse_qs(query).get("v"):
                where = RedirectResponse(f"listen?{query}")
                await where(scope, receive, send)
                return
        await self._app(scope, receive, send)

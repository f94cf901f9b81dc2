"""What the library is searched with as one types: the lines that say it, as JSON, from the index.

    GET /search.json?q=WORDS&limit=8&offset=0

Whatever is typed is answered: query.py of the library says what it means. Only what the asker may see is
found.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from alignment.app.answers import DATA_HEADERS, Content, given, guarded, not_found
from alignment.app.indexing import indexing
from alignment.app.search import ASSETS
from alignment.app.share_place import Place
from alignment.library import Library
from alignment.library.index import EpisodeHit, Found

__all__ = ["address_of", "described", "search_routes"]

_FILES = {
    "search-box.js": "text/javascript",
    "way-back.js": "text/javascript",
    "search.css": "text/css",
}
_LIMIT = 8
_MOST = 50
_MOST_OFFSET = 10_000


def search_routes(library: Callable[[], Library]) -> list[Route]:
    """The route. library: called at each request; what it shows is found."""

    def search(request: Request) -> Response:
        asked = request.query_params
        limit = max(1, min(_number(asked.get("limit"), _LIMIT), _MOST))
        offset = min(_number(asked.get("offset"), 0), _MOST_OFFSET)
        at_work = indexing(library().whole)
        at_work.glance()
        found = at_work.index.search(asked.get("q", ""), limit=limit, offset=offset, visible=library().shows)
        return JSONResponse(described(found), headers={**DATA_HEADERS, "Cache-Control": "no-store"})

    def file(request: Request) -> Response:
        name = request.path_params["file"]
        if name not in _FILES:
            return not_found(f"The search has no file {name!r}.")
        return given(request, _content(name), _FILES[name])

    return [Route("/search.json", guarded(search)), Route("/search/{file}", file)]


def described(found: Found) -> dict[str, Any]:
    """What was found as a JSON value. Addresses are relative to the app's; marks count code points."""
    return {
        "hits": [_described(hit) for hit in found.hits],
        "next": found.next,
        "pending": found.pending,
    }


def address_of(id: str, start: float | None) -> str:
    """The address of an episode at a time, relative to the app's own."""
    return f"listen?v={id}" if start is None else f"listen?v={id}&{Place(start).query()}"


def _described(hit: EpisodeHit) -> dict[str, Any]:
    episode = hit.episode
    return {
        "id": episode.id,
        "title": episode.title,
        "channel": episode.source.channel,
        "duration": episode.duration,
        "address": address_of(episode.id, None),
        "count": hit.count,
        "lines": [
            {
                "id": line.id,
                "start": line.start,
                "speaker": line.speaker,
                "text": line.text,
                "marks": line.marks,
                "address": address_of(episode.id, line.start),
            }
            for line in hit.lines
        ],
    }


@cache
def _content(name: str) -> Content:
    return Content((ASSETS / name).read_bytes())


def _number(text: str | None, default: int) -> int:
    """The number that the text is; the default where it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else default

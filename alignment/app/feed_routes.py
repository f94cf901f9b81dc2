"""What podcast apps and search engines fetch: transcripts, chapters, the feed, the site map.

    /e/ID                 the transcript in the format that `Accept` asks for; a browser goes to the player
    /e/ID.vtt             the transcript in a format by its name, as a feed's `<podcast:transcript>` names it
    /e/ID/chapters.json   the chapters, as a feed's `<podcast:chapters>` names them
    /feed.xml             the library as a podcast
    /sitemap.xml          its share pages, for search engines

Pages of other sites may fetch all of it.
"""

import json
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from alignment.app.answers import DATA_HEADERS, Content, given, not_found, refused, version_of
from alignment.app.feeds import CHAPTERS_TYPE, chapters_value, feed, site_map
from alignment.app.negotiation import preferred
from alignment.app.once import made_once
from alignment.errors import LibraryError, TranscriptError
from alignment.formats import format_named, writable, write_bytes
from alignment.library import Episode, Library
from alignment.library.corrections import CORRECTIONS
from alignment.library.episode import DESCRIPTION

__all__ = ["OPEN_HEADERS", "feed_routes", "with_json"]

OPEN_HEADERS = {**DATA_HEADERS, "Access-Control-Allow-Origin": "*"}
"""For data that programs on other sites' pages fetch."""

_BY_ACCEPT = {
    "text/vtt": "vtt",
    "application/x-subrip": "srt",
    "application/srt": "srt",
    "application/json": "json",
    "text/plain": "txt",
    "text/html": None,
}
"""The format for what is accepted, the likeliest first; None for the player's page."""


def feed_routes(library: Callable[[], Library], *, public_lists: bool) -> list[Route]:
    """The routes. library: called at each request. public_lists: whether the whole library is listed."""

    def negotiated(request: Request) -> Response:
        return _negotiated(library(), request)

    def named(request: Request) -> Response:
        name = request.path_params["format"]
        if name not in writable():
            known = ", ".join(writable())
            return not_found(f"No transcript is given out as {name!r}, only as {known}.", OPEN_HEADERS)
        return _transcript(library(), request, name, {})

    def chapters(request: Request) -> Response:
        episode = library().episode(request.path_params["id"])
        if not episode.source.chapters:
            return not_found(f"The episode {episode.id} has no chapters.", OPEN_HEADERS)
        data = json.dumps(chapters_value(episode.source.chapters)).encode()
        return given(request, Content(data), CHAPTERS_TYPE, OPEN_HEADERS)

    def feed_of_all(request: Request) -> Response:
        content = Content(feed(library().episodes(), str(request.base_url)))
        return given(request, content, "application/rss+xml; charset=utf-8", OPEN_HEADERS)

    def map_of_all(request: Request) -> Response:
        found = [(episode, _changed(episode)) for episode in library().episodes()]
        content = Content(site_map(found, str(request.base_url)))
        return given(request, content, "application/xml; charset=utf-8", OPEN_HEADERS)

    of_episodes = [
        Route("/e/{id}/chapters.json", with_json(chapters)),
        Route("/e/{id}.{format}", with_json(named)),
        Route("/e/{id}", with_json(negotiated)),
    ]
    of_all = [Route("/feed.xml", with_json(feed_of_all)), Route("/sitemap.xml", with_json(map_of_all))]
    return [*of_episodes, *(of_all if public_lists else [])]


def with_json(endpoint: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """The endpoint, with JSON that says so where the episode is not there."""

    def answer(request: Request) -> Response:
        try:
            return endpoint(request)
        except (LibraryError, TranscriptError) as error:
            return refused(error, OPEN_HEADERS)

    return answer


def _negotiated(library: Library, request: Request) -> Response:
    episode = library.episode(request.path_params["id"])
    kind = preferred(request.headers.get("accept", ""), tuple(_BY_ACCEPT))
    if kind is None:
        headers = {**OPEN_HEADERS, "Vary": "Accept", "Cache-Control": "no-store"}
        message = f"The transcript is given out as {', '.join(_BY_ACCEPT)}."
        return JSONResponse({"error": message}, status_code=406, headers=headers)
    name = _BY_ACCEPT[kind]
    if name is None:
        query = f"&{request.url.query}" if request.url.query else ""
        where = f"../listen?v={episode.id}{query}"
        return RedirectResponse(where, 303, headers={**OPEN_HEADERS, "Vary": "Accept"})
    return _transcript(library, request, name, {"Vary": "Accept, Accept-Encoding"})


def _transcript(library: Library, request: Request, name: str, headers: dict[str, str]) -> Response:
    episode = library.episode(request.path_params["id"])
    versions = (version_of(episode.aligned), version_of(episode.folder / CORRECTIONS))
    content = _written(library, episode, name, versions)
    return given(request, content, format_named(name).media_type, {**OPEN_HEADERS, **headers})


@made_once(32)
def _written(library: Library, episode: Episode, name: str, versions: tuple[object, ...]) -> Content:
    """The transcript in a format, made once for each version of the files that it comes from."""
    return Content(write_bytes(library.transcript(episode.id), name))


def _changed(episode: Episode) -> float:
    """When the episode, its times or its text were changed last, seconds since 1970."""
    files = (episode.folder / DESCRIPTION, episode.aligned, episode.folder / CORRECTIONS)
    return max((found[0] / 1e9 for found in map(version_of, files) if found), default=0.0)

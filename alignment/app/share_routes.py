"""What chats, search engines and other sites' pages fetch to show an episode.

    /s/ID?t=754.25&end=760&h=..    a page that chats unfurl; a person's browser goes on to the player
    /s/ID/picture.png?t=..         its picture
    /embed/ID?t=..                 the player alone, to stand in a frame on any site
    /oembed?url=..                 says to a site how to embed one of these addresses

and, in feed_routes.py, what podcast apps do.

Absolute addresses are made from the request: `Host`, and the scheme of the connection. A proxy in front
should hand `Host` on as it came and set `X-Forwarded-Proto`, which uvicorn takes from this machine (or the
addresses in its FORWARDED_ALLOW_IPS) and from nobody else. `X-Forwarded-Host` is not read.
"""

import asyncio
import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

import anyio.to_thread
from anyio import CapacityLimiter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from alignment.app.answers import DATA_HEADERS, Content, given, has_version, not_found, refused, told
from alignment.app.feed_routes import OPEN_HEADERS, feed_routes, with_json
from alignment.app.oembed import embedding, named_episode, whole_number
from alignment.app.peaks_making import PeaksMaking
from alignment.app.share_page import Addresses, missing_page, page_headers, share_page, time_of
from alignment.app.share_picture import Card, bars, draw
from alignment.app.share_place import Place, find_place
from alignment.errors import AudioError, LibraryError, TranscriptError
from alignment.library import Episode, Library
from alignment.player import page_html
from alignment.transcript import Transcript
from alignment.wording import clock

__all__ = ["share_routes"]

_LONGEST_QUERY = 300
_LONGEST_ADDRESS = 2000
_PEAKS_PATIENCE_S = 3.0
"""How long a picture waits for the waveform of a recording that nobody has opened yet."""
_MOST_WAITING = 32
"""Pictures that wait to be drawn, one at a time, before more are refused."""
_KEEP = "public, max-age=3600"
_SCRIPT = re.compile(r'<script type="module">(.*?)</script>', re.DOTALL)


def share_routes(
    library: Callable[[], Library], making: PeaksMaking, *, public_lists: bool = True
) -> list[Route]:
    """The routes. library: called at each request. making: makes the waveforms that pictures show.

    public_lists: whether the whole library is listed, as a feed and as a site map.
    """
    drawing = CapacityLimiter(1)

    def page(request: Request) -> Response:
        episode, transcript = _found(library(), request.path_params["id"])
        at = Addresses(str(request.base_url), episode.id, _place(request.query_params, transcript))
        return given(request, Content(share_page(episode, at)), "text/html", page_headers())

    async def picture(request: Request) -> Response:
        id = request.path_params["id"]
        try:
            episode, transcript = await run_in_threadpool(_found, library(), id)
            heights, will_stay = await _bars(making, library(), id)
        except (LibraryError, TranscriptError) as error:
            return refused(error)
        card = _card(episode, _place(request.query_params, transcript), heights)
        return await _picture(request, card, drawing, _KEEP if will_stay else "no-cache")

    def embed(request: Request) -> Response:
        return _embedded(request, library().episode(request.path_params["id"]))

    def oembed(request: Request) -> Response:
        return _oembed(library(), request)

    return [
        Route("/s/{id}", _with_page(page)),
        Route("/s/{id}/picture.png", picture),
        Route("/embed/{id}", _with_page(embed, frame_ancestors="*")),
        Route("/oembed", with_json(oembed)),
        *feed_routes(library, public_lists=public_lists),
    ]


def _found(library: Library, id: str) -> tuple[Episode, Transcript]:
    return library.episode(id), library.transcript(id)


def _place(query: Mapping[str, str], transcript: Transcript) -> Place | None:
    """The place of a link; one that is longer than any link of ours leads to the episode as a whole."""
    return find_place(query, transcript) if sum(map(len, query.values())) <= _LONGEST_QUERY else None


async def _bars(making: PeaksMaking, library: Library, id: str) -> tuple[tuple[int, ...], bool]:
    """The waveform, none where it takes too long or cannot be made; and whether that will stay so."""
    try:
        path = await asyncio.wait_for(making.path(library, id), _PEAKS_PATIENCE_S)
        return bars(json.loads(await run_in_threadpool(path.read_text, "utf-8"))["peaks"]), True
    except TimeoutError:
        return (), False
    except (AudioError, OSError, ValueError, KeyError):
        return (), True


def _card(episode: Episode, place: Place | None, heights: tuple[int, ...]) -> Card:
    whole = episode.duration or None
    return Card(
        title=episode.title,
        channel=episode.source.channel or "",
        quotation=place.quotation if place else "",
        speaker=place.speaker if place else "",
        time=time_of(place) if place else "",
        whole=clock(whole) if whole else "",
        bars=heights,
        start=min(place.start / whole, 1.0) if place and whole else None,
        end=min(place.end / whole, 1.0) if place and whole and place.end is not None else None,
    )


async def _picture(request: Request, card: Card, drawing: CapacityLimiter, keep: str) -> Response:
    # What is drawn stands for the picture: who has it already is told so without drawing it again.
    etag = f'W/"{hashlib.sha256(repr(card).encode()).hexdigest()[:32]}"'
    headers = {**DATA_HEADERS, "ETag": etag, "Cache-Control": keep}
    if has_version(request, etag):
        return Response(status_code=304, headers=headers)
    if drawing.statistics().tasks_waiting >= _MOST_WAITING:
        return Response(status_code=503, headers={"Retry-After": "10", "Cache-Control": "no-store"})
    data = await anyio.to_thread.run_sync(_drawn, card, limiter=drawing)
    return Response(data, media_type="image/png", headers=headers)


@lru_cache(maxsize=64)
def _drawn(card: Card) -> bytes:
    return draw(card)


def _embedded(request: Request, episode: Episode) -> Response:
    """The player for listeners alone: it edits nothing, and keeps notes in the browser."""
    here = f"../episodes/{episode.id}"
    options = {
        "episodeId": episode.id,
        "title": episode.title,
        "transcriptUrl": f"{here}/transcript.json",
        "audioUrl": f"{here}/audio",
        "artworkUrl": f"{here}/thumbnail" if episode.thumbnail else None,
        "peaksUrl": f"{here}/peaks.json",
    }
    page = page_html(options, assets="../player/")
    script = _SCRIPT.search(page)
    assert script  # the player's page has one, and a title cannot hold another before it
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": f"default-src 'none'; script-src 'self' 'sha256-{digest}'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors *",
    }
    return given(request, Content(page.encode("utf-8", "replace")), "text/html", headers)


def _oembed(library: Library, request: Request) -> Response:
    query = request.query_params
    if query.get("format", "json") != "json":
        return _refusal(501, f"The format {query['format']!r} is not given out; ask for json.")
    address = query.get("url", "")
    named = named_episode(address, str(request.base_url)) if len(address) <= _LONGEST_ADDRESS else None
    if named is None:
        return not_found("Give as `url` the address of an episode here.", OPEN_HEADERS)
    try:
        most_wide, most_high = (whole_number(query.get(name)) for name in ("maxwidth", "maxheight"))
    except ValueError as error:
        return _refusal(400, str(error))
    id, place = named
    episode, transcript = _found(library, id)
    at = Addresses(str(request.base_url), episode.id, _place(place, transcript))
    value = embedding(episode, at, most_wide, most_high)
    return given(request, Content(json.dumps(value).encode()), "application/json", OPEN_HEADERS)


def _refusal(status: int, message: str) -> Response:
    headers = {**OPEN_HEADERS, "Cache-Control": "no-store"}
    return JSONResponse({"error": message}, status_code=status, headers=headers)


def _with_page(
    endpoint: Callable[[Request], Response], *, frame_ancestors: str = "'none'"
) -> Callable[[Request], Response]:
    """The endpoint, with a page that says so to a person where the episode is not there."""

    def answer(request: Request) -> Response:
        try:
            return endpoint(request)
        except (LibraryError, TranscriptError) as error:
            headers = {**page_headers(frame_ancestors), "Cache-Control": "no-store"}
            status, message = told(error)
            return Response(missing_page(message), status, media_type="text/html", headers=headers)

    return answer

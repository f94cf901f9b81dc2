"""What people take away of an episode with its sound: the page that plays, the book, a clip."""

from collections.abc import Callable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from alignment.app.answers import DATA_HEADERS, guarded, not_found
from alignment.audio import Span
from alignment.books import book_of
from alignment.clips import CLIP_KINDS, clip_sound, encode_clip, part_of, read_sound, tags_of
from alignment.clock import parse_time
from alignment.errors import AudioError
from alignment.library import Library
from alignment.player.standalone import standalone_page

__all__ = ["take_away_routes"]

_LONGEST_CLIP_S = 600.0
_KINDS = {"m4a": "audio/mp4", "mp3": "audio/mpeg"}


def take_away_routes(library: Callable[[], Library]) -> list[Route]:
    """The routes. library: called at each request."""

    def page(request: Request) -> Response:
        episode = library().episode(request.path_params["id"])
        content = standalone_page(
            library().transcript(episode.id),
            episode_id=episode.id,
            title=episode.title,
            audio=episode.audio,
            peaks=episode.peaks.read_text("utf-8") if library().has_peaks(episode.id) else None,
        )
        return StreamingResponse(content, media_type="text/html", headers=_headers(f"{episode.title}.html"))

    def book(request: Request) -> Response:
        episode = library().episode(request.path_params["id"])
        transcript = library().transcript(episode.id)
        content = book_of(transcript, episode.audio, id=episode.id, title=episode.title)
        return Response(content, media_type="application/epub+zip", headers=_headers(f"{episode.title}.epub"))

    def clip(request: Request) -> Response:
        kind = request.path_params["kind"]
        if kind not in CLIP_KINDS:
            return not_found(f"No clip is given out as {kind!r}; ask for m4a or mp3.")
        episode = library().episode(request.path_params["id"])
        start, end = (parse_time(request.query_params.get(name, "")) for name in ("t", "end"))
        if start is None or end is None or not start < end <= start + _LONGEST_CLIP_S:
            return _refusal("Give as `t` and `end` two times of at most ten minutes from one to the other.")
        transcript, span = library().transcript(episode.id), Span(start, end)
        sound = clip_sound(read_sound(episode.audio, span), transcript, span)
        part = part_of(transcript, sound.span)
        content = encode_clip(sound, kind, **tags_of(part))
        return Response(content, media_type=_KINDS[kind], headers=_headers(f"{part.title}.{kind}"))

    return [
        Route("/episodes/{id}/page.html", guarded(page)),
        Route("/episodes/{id}/book.epub", guarded(_audible(book))),
        Route("/episodes/{id}/clip.{kind}", guarded(_audible(clip))),
    ]


def _audible(endpoint: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """The endpoint, with 400 where the sound cannot be given out so."""

    def answer(request: Request) -> Response:
        try:
            return endpoint(request)
        except AudioError as error:
            return _refusal(str(error))

    return answer


def _headers(name: str) -> dict[str, str]:
    """For a file to keep: shown on our address rather than saved, a page could do all that a visitor can."""
    plain = " ".join("".join(c if c.isprintable() and c not in '/\\:*?"<>|' else " " for c in name).split())
    return {
        **DATA_HEADERS,
        "Cache-Control": "no-cache",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(plain)}",
    }


def _refusal(message: str) -> Response:
    return JSONResponse({"error": message}, status_code=400, headers={"Cache-Control": "no-store"})

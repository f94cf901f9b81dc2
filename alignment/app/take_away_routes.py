"""What people take away of an episode with its sound: the page that plays, the book, a clip, its film."""

from collections.abc import Callable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from alignment.app.answers import DATA_HEADERS, guarded, not_found
from alignment.app.film_making import FilmMaking, FilmsBusy
from alignment.audio import Span
from alignment.books import book_of
from alignment.clips import CLIP_KINDS, Sound, clip_sound, encode_clip, part_of, read_sound, tags_of
from alignment.clock import parse_time
from alignment.errors import AudioError, FilmError
from alignment.film import SHAPES
from alignment.library import Episode, Library
from alignment.player.standalone import standalone_page
from alignment.transcript import Transcript
from alignment.wording import length

__all__ = ["take_away_routes"]

_LONGEST_CLIP_S = 600.0
_LONGEST_FILM_S = 120.0
"""It takes a core a third of its length to draw, for one person."""
_KINDS = {"m4a": "audio/mp4", "mp3": "audio/mpeg", "mp4": "video/mp4"}


def take_away_routes(library: Callable[[], Library]) -> list[Route]:
    """The routes. library: called at each request."""

    def page(request: Request) -> Response:
        episode = library().episode(request.path_params["id"])
        content = standalone_page(
            library().transcript(episode.id),
            episode_id=episode.id,
            title=episode.title,
            audio=library().audio_path(episode.id),
            peaks=episode.peaks.read_text("utf-8") if library().has_peaks(episode.id) else None,
        )
        return StreamingResponse(content, media_type="text/html", headers=_headers(f"{episode.title}.html"))

    def book(request: Request) -> Response:
        episode = library().episode(request.path_params["id"])
        transcript = library().transcript(episode.id)
        content = book_of(transcript, library().audio_path(episode.id), id=episode.id, title=episode.title)
        return Response(content, media_type="application/epub+zip", headers=_headers(f"{episode.title}.epub"))

    films = FilmMaking()

    def clip(request: Request) -> Response:
        kind = request.path_params["kind"]
        if kind not in _KINDS:
            return not_found(f"No clip is given out as {kind!r}; ask for m4a, mp3 or mp4.")
        episode = library().episode(request.path_params["id"])
        most = _LONGEST_FILM_S if kind == "mp4" else _LONGEST_CLIP_S
        start, end = (parse_time(request.query_params.get(name, "")) for name in ("t", "end"))
        if start is None or end is None or start >= end:
            return _refusal("Give as `t` and `end` two times, the earlier one first.")
        if end - start > most:
            what = "film" if kind == "mp4" else "clip"
            return _refusal(f"A {what} of {length(end - start)} is too long; give {length(most)} at most.")
        transcript, span = library().transcript(episode.id), Span(start, end)
        sound = clip_sound(read_sound(library().audio_path(episode.id), span), transcript, span)
        part = part_of(transcript, sound.span)
        if kind in CLIP_KINDS:
            content = encode_clip(sound, kind, **tags_of(part))
        else:
            content = film(request, episode, sound, part)
        return Response(content, media_type=_KINDS[kind], headers=_headers(f"{part.title}.{kind}"))

    def film(request: Request, episode: Episode, sound: Sound, part: Transcript) -> bytes:
        shape = request.query_params.get("shape", next(iter(SHAPES)))
        picture = episode.thumbnail if episode.thumbnail and episode.thumbnail.is_file() else None
        return films.film(sound, part, shape=shape, title=episode.title, picture=picture)

    return [
        Route("/episodes/{id}/page.html", guarded(page)),
        Route("/episodes/{id}/book.epub", guarded(_audible(book))),
        Route("/episodes/{id}/clip.{kind}", guarded(_audible(clip))),
    ]


def _audible(endpoint: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """The endpoint, with 400 where the sound cannot be given out so, and 503 where it cannot now."""

    def answer(request: Request) -> Response:
        try:
            return endpoint(request)
        except FilmsBusy as error:
            return _refusal(str(error), 503)
        except (AudioError, FilmError) as error:
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


def _refusal(message: str, status: int = 400) -> Response:
    return JSONResponse({"error": message}, status_code=status, headers={"Cache-Control": "no-store"})

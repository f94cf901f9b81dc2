"""The app's own HTTP routes: what the player fetches, straight from the disk.

Every id is looked up in the library, never joined to a path as it came. What is not there is answered with
404 and a JSON object that says so.
"""

import mimetypes
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    JSONResponse,
    Response,
)
from starlette.routing import Route

from alignment.app.answers import DATA_HEADERS, Content, given, guarded, not_found, refused, version_of
from alignment.app.correction_routes import correction_routes
from alignment.app.gate import Gate
from alignment.app.links import EpisodeLinks
from alignment.app.metrics import metrics
from alignment.app.note_routes import note_routes
from alignment.app.observing import Observing
from alignment.app.once import made_once
from alignment.app.operations_routes import operations_routes
from alignment.app.peaks_making import PeaksMaking
from alignment.app.realign_routes import Submit, realign_routes
from alignment.app.search_routes import search_routes
from alignment.app.security import SecurityHeaders
from alignment.app.settings import Settings
from alignment.app.share_routes import share_routes
from alignment.app.slow_requests import SlowRequests
from alignment.app.sound import SoundAnswers
from alignment.app.take_away_routes import take_away_routes
from alignment.app.unfurling import Unfurling
from alignment.errors import AudioError, LibraryError
from alignment.formats import format_named, writable, write, write_bytes
from alignment.library import Episode, Library, Runner
from alignment.library.corrections import CORRECTIONS
from alignment.player import ASSETS
from alignment.report import report_html

__all__ = ["middleware", "routes"]

_PLAYER_FILES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
# A page of data from elsewhere, which brings its own policy: beside its style nothing is loaded, nothing run.
_PAGE_HEADERS = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}

_PERSONAL = Settings()
_THIS_MACHINE = ("127.0.0.1", "localhost")
"""What watches the process asks it by these names."""


def middleware(library: Callable[[], Library], settings: Settings = _PERSONAL) -> list[Middleware]:
    """What goes around the pages and the routes. library: called at each request that needs it.

    settings: how the app is served; by default to one person.
    """
    hosts = [*settings.hosts, *_THIS_MACHINE]
    return [
        Middleware(Observing, metrics=metrics()),
        Middleware(SecurityHeaders, settings=settings),
        Middleware(SlowRequests),
        *([Middleware(TrustedHostMiddleware, allowed_hosts=hosts)] if settings.hosts else []),
        Middleware(Gate, library=library, settings=settings),
        Middleware(EpisodeLinks),
        Middleware(Unfurling, library=library),
    ]


def routes(
    library: Callable[[], Library],
    runner: Callable[[], Runner] | None = None,
    submit: Submit | None = None,
) -> list[Route]:
    """The routes, to stand before Streamlit's own. library: called at each request.

    runner: of the library's jobs, where this server does them. submit: see `realign_routes`.
    """

    def healthz(request: Request) -> Response:
        return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})

    def player_file(request: Request) -> Response:
        path = _player_files().get(request.path_params["file"])
        if path is None:
            return not_found(f"The player has no file {request.path_params['file']!r}.")
        return _answer(request, path, _PLAYER_FILES[path.suffix])

    sound = SoundAnswers()

    def audio(request: Request) -> Response:
        return sound.answer(request, library(), library().episode(request.path_params["id"]))

    def transcript(request: Request) -> Response:
        episode = library().episode(request.path_params["id"])
        corrections = version_of(episode.folder / CORRECTIONS)
        if corrections is not None:
            content = _corrected(library(), episode, (version_of(episode.aligned), corrections))
            return given(request, content, "application/json", DATA_HEADERS)
        return _answer(request, episode.aligned, "application/json", DATA_HEADERS)

    making = PeaksMaking()

    async def peaks(request: Request) -> Response:
        try:
            path = await making.path(library(), request.path_params["id"])
        except (LibraryError, AudioError) as error:
            return refused(error)
        return await run_in_threadpool(_answer, request, path, "application/json", DATA_HEADERS)

    def written(request: Request) -> Response:
        name = request.path_params["format"]
        if name not in writable():
            return not_found(f"No transcript is given out as {name!r}.")
        content = write_bytes(library().transcript(request.path_params["id"]), name)
        kind = format_named(name).media_type
        return Response(content, media_type=kind, headers={**DATA_HEADERS, "Cache-Control": "no-cache"})

    def report(request: Request) -> Response:
        episode = library().episode(request.path_params["id"])
        versions = (version_of(episode.aligned), version_of(episode.folder / CORRECTIONS))
        content = _report(library(), episode, versions)
        return given(request, content, "text/html; charset=utf-8", _PAGE_HEADERS)

    def thumbnail(request: Request) -> Response:
        episode = library().episode(request.path_params["id"])
        if episode.thumbnail is None or not episode.thumbnail.is_file():
            return not_found(f"The episode {episode.id} has no picture.")
        kind = mimetypes.guess_type(episode.thumbnail.name)[0] or "application/octet-stream"
        headers = {**DATA_HEADERS, "Cache-Control": "max-age=3600"}
        return FileResponse(episode.thumbnail, media_type=kind, headers=headers)

    return [
        Route("/healthz", healthz),
        Route("/player/{file}", player_file),
        Route("/episodes/{id}/audio", guarded(audio)),
        Route("/episodes/{id}/transcript.json", guarded(transcript)),
        Route("/episodes/{id}/peaks.json", peaks),
        Route("/episodes/{id}/transcript.{format}", guarded(written)),
        Route("/episodes/{id}/report", guarded(report)),
        Route("/episodes/{id}/thumbnail", guarded(thumbnail)),
        *operations_routes(library, runner),
        *take_away_routes(library),
        *note_routes(library),
        *correction_routes(library),
        *realign_routes(library, submit),
        *share_routes(library, making),
        *search_routes(library),
    ]


@lru_cache(maxsize=1)
def _player_files() -> dict[str, Path]:
    return {path.name: path for path in ASSETS.iterdir() if path.suffix in _PLAYER_FILES}


def _answer(request: Request, path: Path, kind: str, headers: dict[str, str] | None = None) -> Response:
    """A text file."""
    try:
        status = path.stat()
        content = _content(path, status.st_mtime_ns, status.st_size)
    except FileNotFoundError:
        return not_found(f"{path.name} is missing.")
    return given(request, content, kind, headers)


@made_once(32)
def _content(path: Path, mtime_ns: int, size: int) -> Content:
    """The file's content, packed once for each version of it."""
    return Content(path.read_bytes())


@made_once(16)
def _report(library: Library, episode: Episode, versions: tuple[object, ...]) -> Content:
    """The report, made once for each version of the files that it comes from."""
    page = report_html(library.transcript(episode.id), player=f"../../listen?v={episode.id}")
    return Content(page.encode())


@made_once(16)
def _corrected(library: Library, episode: Episode, versions: tuple[object, ...]) -> Content:
    """The transcript with its corrections, made once for each version of the files that it comes from."""
    return Content(write(library.transcript(episode.id), "json").encode())

"""A real Chromium, and a server on the loopback that gives it the player and episodes made by the tests."""

import json
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from alignment.formats import read_transcript
from alignment.library import Library
from alignment.library.notes import Note
from alignment.player import ASSETS, page_html
from tests.browser.recordings import AudioClip, make_tones, make_transcript

if TYPE_CHECKING:
    from tests.browser.desk import Desk
    from tests.browser.listener import Listener

expect.set_options(timeout=15_000)  # of what is seen soon, but not on a busy machine

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--mute-audio",
)


def find_chromium(*, whole: bool) -> str | None:
    """The path of this machine's Chromium, None where there is none.

    whole: as people have it, rather than its headless shell: the same without windows, at less than half the
    cost of a page. Where that is missing, the other one.
    """
    shell = "chromium-headless-shell"
    names = (*CHROMIUM_NAMES, shell) if whole else (shell, *CHROMIUM_NAMES)
    return next((path for name in names if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium, headless. Its absence is a failure: the player is proved nowhere else."""
    path = find_chromium(whole=False)
    if path is None:
        pytest.fail(
            f"No Chromium found (looked for {', '.join(CHROMIUM_NAMES)} on PATH). "
            "`bash .ci/get-chromium` installs one; `-m 'not browser'` leaves these tests out.",
            pytrace=False,
        )
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_FLAGS))
        yield chromium
        chromium.close()


@dataclass
class PlayerServer:
    """A server with the player's files, one page an episode, and a switch to take it away.

    peaks: what is given out for the episodes that have a `peaksUrl`, at /episodes/ID/peaks.json.
    down: while true every answer is 503, as from a proxy whose server has gone.
    requests: the paths asked for, in order.
    notes: of the episodes added with `with_notes`, by their ids.
    """

    url: str = ""
    episodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    audio: dict[str, Path] = field(default_factory=dict)
    options: dict[str, dict[str, Any]] = field(default_factory=dict)
    peaks: dict[str, Any] = field(default_factory=dict)
    down: bool = False
    requests: list[str] = field(default_factory=list)
    notes: dict[str, dict[str, Note]] = field(default_factory=dict)

    def add(
        self, episode: str, transcript: dict[str, Any], audio: AudioClip | Path, **options: object
    ) -> None:
        """Serve `transcript` (the native JSON as a dict) with `audio` as the episode named."""
        self.episodes[episode] = transcript
        self.audio[episode] = audio.path if isinstance(audio, AudioClip) else audio
        self.options[episode] = {
            "episodeId": episode,
            "title": transcript.get("title") or episode,
            "transcriptUrl": f"/episodes/{episode}/transcript.json",
            "audioUrl": f"/episodes/{episode}/audio",
            **options,
        }

    def with_notes(self, episode: str) -> None:
        """Let the server keep the episode's notes; it has none to begin with."""
        self.notes[episode] = {}
        self.options[episode]["notesUrl"] = f"/episodes/{episode}/notes.json"

    def page_url(self, episode: str, **query: object) -> str:
        """The address of the page that plays the episode, with `t=...` and so on."""
        return f"{self.url}/listen?v={episode}" + "".join(f"&{name}={query[name]}" for name in query)

    def routes(self) -> list[Route]:
        """The same paths as in the app."""

        def guarded(answer: Callable[[Request], Response]) -> Callable[[Request], Response]:
            def endpoint(request: Request) -> Response:
                self.requests.append(request.url.path)
                return Response(status_code=503) if self.down else answer(request)

            return endpoint

        def player_file(request: Request) -> Response:
            path = ASSETS / Path(request.path_params["file"]).name
            return FileResponse(path, headers={"Cache-Control": "max-age=600"})

        def audio(request: Request) -> Response:
            return FileResponse(self.audio[request.path_params["episode"]])

        def transcript(request: Request) -> Response:
            return JSONResponse(self.episodes[request.path_params["episode"]])

        def peaks(request: Request) -> Response:
            found = self.peaks.get(request.path_params["episode"])
            return Response(status_code=404) if found is None else JSONResponse(found)

        def notes(request: Request) -> Response:
            kept = self.notes[request.path_params["episode"]]
            return JSONResponse({"version": 1, "notes": [note.describe() for note in kept.values()]})

        async def keep_note(request: Request) -> Response:
            self.requests.append(f"{request.method} {request.url.path}")
            if self.down:
                return Response(status_code=503)
            kept, id = self.notes[request.path_params["episode"]], request.path_params["note"]
            if request.method == "DELETE":
                kept.pop(id, None)
            else:
                kept[id] = Note.from_description(await request.json())
            return Response(status_code=204)

        def listen(request: Request) -> Response:
            return HTMLResponse(page_html(self.options[request.query_params["v"]], assets="player/"))

        return [
            Route("/listen", guarded(listen)),
            Route("/player/{file}", guarded(player_file)),
            Route("/episodes/{episode}/audio", guarded(audio)),
            Route("/episodes/{episode}/transcript.json", guarded(transcript)),
            Route("/episodes/{episode}/peaks.json", guarded(peaks)),
            Route("/episodes/{episode}/notes.json", guarded(notes)),
            Route("/episodes/{episode}/notes/{note}", keep_note, methods=["PUT", "DELETE"]),
        ]


@contextmanager
def serving(application: Starlette) -> Iterator[str]:
    """Serve on a free port of the loopback; yields the address."""
    config = uvicorn.Config(application, host="127.0.0.1", port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    sockets = [config.bind_socket()]
    # Else what comes in two pieces waits 40 ms for the client's word that it has the first one.
    sockets[0].setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    thread = threading.Thread(target=server.run, kwargs={"sockets": sockets}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    yield f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
    server.should_exit = True
    server.force_exit = True
    thread.join()


@pytest.fixture(scope="session")
def server() -> Iterator[PlayerServer]:
    player_server = PlayerServer()
    with serving(Starlette(routes=player_server.routes())) as url:
        player_server.url = url
        yield player_server


@pytest.fixture(scope="session")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One profile for all pages, as a new one for each costs as much as the test.

    Without the pages' Content-Security-Policy: `wait_for_function` evaluates strings, which that forbids.
    test_hosted.py tries the pages with it.
    """
    context = browser.new_context(
        viewport={"width": 1280, "height": 800},
        permissions=["clipboard-read", "clipboard-write"],
        bypass_csp=True,
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, server: "PlayerServer") -> Iterator[Page]:
    """A page that remembers nothing of another test's, and must end without an uncaught error."""
    page = context.new_page()
    storage = {"origin": server.url, "storageTypes": "local_storage"}
    context.new_cdp_session(page).send("Storage.clearDataForOrigin", storage)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.close()
    assert errors == [], json.dumps(errors, indent=1)


@pytest.fixture(scope="session")
def in_page(context: BrowserContext, server: PlayerServer) -> Iterator[Callable[..., Any]]:
    """Call a module's exported function in the browser: `in_page("time.js", "parseTime", "12:34")`."""
    page = context.new_page()
    page.goto(f"{server.url}/player/time.js")
    script = (
        "async ([module, name, given]) => (await import(new URL(module, document.baseURI)))[name](...given)"
    )
    yield lambda module, name, *given: page.evaluate(script, [module, name, given])
    page.close()


@pytest.fixture(scope="session")
def tones(tmp_path_factory: pytest.TempPathFactory) -> AudioClip:
    """Two minutes with a short tone at the start of every second."""
    return make_tones(tmp_path_factory.mktemp("audio") / "tones.m4a", duration_s=120.0, every_s=1.0)


@pytest.fixture(scope="session")
def river(server: PlayerServer, tones: AudioClip) -> str:
    """The episode that most tests listen to: 60 lines of two seconds, twelve words each."""
    server.add("river", make_transcript(60, words=12), tones)
    return "river"


@pytest.fixture
def listener(page: Page, server: PlayerServer) -> "Listener":
    from tests.browser.listener import Listener

    return Listener(page, server)


@pytest.fixture(scope="session")
def desk_library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("corrected") / "library")


@pytest.fixture(scope="session")
def desk_address(desk_library: Library) -> Iterator[str]:
    from tests.browser.desk import serving_library

    with serving_library(desk_library) as address:
        yield address


@pytest.fixture
def desk(
    context: BrowserContext, desk_library: Library, desk_address: str, tones: AudioClip
) -> Iterator["Desk"]:
    """A desk with an episode of its own: 40 lines of two seconds, six words each."""
    from tests.browser.desk import Desk
    from tests.browser.listener import Listener

    text = json.dumps(make_transcript(40, words=6))
    episode = desk_library.add(transcript=b"river", audio=tones.path, aligned=read_transcript(text))
    page = context.new_page()
    storage = {"origin": desk_address, "storageTypes": "local_storage"}
    context.new_cdp_session(page).send("Storage.clearDataForOrigin", storage)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield Desk(Listener(page, PlayerServer(url=desk_address)), desk_library, episode)
    page.close()
    desk_library.remove(episode.id)
    assert errors == []

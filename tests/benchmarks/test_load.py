"""The load, short and light, against the real routes: it counts what is answered, and what is not."""

import asyncio
import os
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from alignment.app.routes import middleware, routes
from alignment.library import Library
from tests.benchmarks.load import READINGS, Figures, load, resident, told
from tests.browser.conftest import serving
from tests.elsewhere import run_elsewhere
from tests.library.episodes import aligned, audio_file


def loaded(app: Starlette, ids: list[str], audio_bytes: int) -> Figures:
    async def work() -> None:
        await asyncio.sleep(0.5)

    with serving(app) as address:
        return run_elsewhere(
            load(
                int(address.rpartition(":")[2]),
                ids,
                seconds=2.5,
                audio_bytes=audio_bytes,
                listeners=20,
                readers=10,
                memory=lambda: resident(os.getpid()),
                align=work,
            )
        )


def test_a_server_that_works_fails_no_request(tmp_path: Path):
    library = Library(tmp_path / "library")
    sound = audio_file(tmp_path, seconds=30.0)
    episode = library.add(transcript=b"tea", audio=sound, aligned=aligned())
    app = Starlette(routes=routes(lambda: library), middleware=middleware(lambda: library))

    figures = loaded(app, [episode.id], episode.audio_bytes)

    assert figures.failed == {}
    assert {"audio", "peaks.json, made"} < figures.seconds.keys()
    assert figures.received > 80_000
    assert figures.alignments >= 2
    assert "0 failed" in told(figures, 2.5 / 60)


def test_what_fails_is_counted():
    def broken(request: Request) -> Response:
        return PlainTextResponse("Broken", 500)

    figures = loaded(Starlette(routes=[Route("/{rest:path}", broken)]), ["abc"], 10**6)

    assert figures.failed[f"{READINGS[0]}: 500"] > 0
    assert figures.failed["audio: 500"] > 0


def test_memory_that_grows_is_seen():
    grown = Figures(memory=[(float(at), 10_000 * at) for at in range(0, 600, 5)])
    flat = Figures(memory=[(float(at), 10_000) for at in range(0, 600, 5)])

    assert round(grown.growth()) == 600_000
    assert flat.growth() == 0

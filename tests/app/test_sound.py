"""The app over a library in a store: its audio is passed on until it is here."""

import http.client
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response

from alignment.app.answers import guarded
from alignment.app.feed_routes import with_json
from alignment.errors import StoreError
from alignment.library import Episode, Library
from alignment.library.notes import keep_note
from tests.app.servers import served
from tests.library.episodes import GIVEN, aligned, audio_file
from tests.library.stores import bucket, machine, s3_server
from tests.library.test_notes import noted

PATIENCE_S = 30.0


@dataclass(frozen=True)
class Site:
    """The server, the library as another machine works on it, and the server's own copy."""

    host: str
    elsewhere: Library
    copies: Path
    folder: Path

    def add(self, **how: float) -> Episode:
        audio = audio_file(self.folder, **how)
        return self.elsewhere.add(transcript=GIVEN, audio=audio, aligned=aligned())

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(self.host)
        connection.request(method, path, headers={name.replace("_", "-"): v for name, v in headers.items()})
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        body = answer.read()
        connection.close()
        return answer.status, found, body

    def has_audio_of(self, id: str) -> bool:
        return any(self.copies.glob(f"verbatime/libraries/*/episodes/{id}/audio.*"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    with (
        s3_server() as endpoint,
        bucket(endpoint) as address,
        served(address, XDG_CACHE_HOME=str(folder / "server")) as host,
    ):
        elsewhere = machine(address, folder / "elsewhere")
        yield Site(host.removeprefix("http://"), elsewhere, folder / "server", folder)


@pytest.mark.parametrize(
    ("number", "asked", "part"),
    [
        (1, "bytes=0-99", slice(0, 100)),
        (2, "bytes=16000-", slice(16000, None)),
        (3, "bytes=-44", slice(-44, None)),
        (4, "bytes=100-9999999", slice(100, None)),
        (5, "bytes=-9999999", slice(0, None)),
    ],
)
def test_a_range_comes_from_the_store_and_then_from_the_disk(
    site: Site, number: int, asked: str, part: slice
) -> None:
    episode = site.add(pitch_hz=200.0 + number, seconds=40.0)
    whole, path = episode.audio.read_bytes(), f"/episodes/{episode.id}/audio"
    first, last = part.indices(len(whole))[0], part.indices(len(whole))[1] - 1

    for _ in range(2):
        status, headers, body = site.ask(path, Range=asked)
        assert (status, body) == (206, whole[part])
        assert headers["content-range"] == f"bytes {first}-{last}/{len(whole)}"
        assert headers["etag"] == f'"{episode.audio_sha256}"'
        limit = time.monotonic() + PATIENCE_S
        while not site.has_audio_of(episode.id):
            assert time.monotonic() < limit, "the audio does not come"
            time.sleep(0.02)


def test_what_is_away_is_answered_like_what_is_here(site: Site) -> None:
    episode = site.add(pitch_hz=500.0)
    path, size = f"/episodes/{episode.id}/audio", episode.audio_bytes
    status, headers, body = site.ask(path, "HEAD")
    assert (status, headers["content-length"], body) == (200, str(size), b"")
    status, headers, _ = site.ask(path, Range="bytes=9999999-")
    assert (status, headers["content-range"]) == (416, f"bytes */{size}")
    assert site.ask(path, Range="bytes=0-9", If_Range='"another version"')[0] == 200
    assert site.ask(path, Range="bytes=0-9", If_Range=headers["etag"])[0] == 206
    assert site.ask(path)[2] == episode.audio.read_bytes()


def test_what_another_machine_does_is_seen(site: Site) -> None:
    episode = site.add(pitch_hz=600.0)
    assert site.ask(f"/episodes/{episode.id}/transcript.json")[0] == 200
    keep_note(site.elsewhere, episode.id, noted(text="from elsewhere"))
    limit = time.monotonic() + PATIENCE_S
    while b"from elsewhere" not in site.ask(f"/episodes/{episode.id}/notes.json")[2]:
        assert time.monotonic() < limit, "the note does not come"
        time.sleep(0.1)
    site.elsewhere.remove(episode.id)
    while site.ask(f"/episodes/{episode.id}/transcript.json")[0] != 404:
        assert time.monotonic() < limit, "the episode does not go"
        time.sleep(0.1)


@pytest.mark.parametrize("around", [guarded, with_json])
def test_a_store_that_is_away_is_told_without_where_it_is(
    caplog: pytest.LogCaptureFixture, around: Callable[..., Callable[[Request], Response]]
) -> None:
    def endpoint(request: Request) -> Response:
        raise StoreError("The library's store s3://secret/library does not answer.")

    answer = around(endpoint)(Request({"type": "http"}))

    assert answer.status_code == 503 and b"secret" not in bytes(answer.body)
    assert "s3://secret/library" in caplog.text

"""What the player fetches from the real server, and what nobody gets from it."""

import asyncio
import gzip
import http.client
import json
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from alignment.app.peaks_making import PeaksMaking
from alignment.errors import LibraryError
from alignment.library import Episode, Library
from alignment.player import ASSETS
from tests.app.servers import REPOSITORY, served
from tests.elsewhere import run_elsewhere
from tests.library.episodes import GIVEN, aligned, audio_file, opening


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Site:
    """The server, and the episode that it has."""

    host: str
    library: Library
    episode: Episode

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for exactly this path: nothing on the way tidies it up."""
        connection = http.client.HTTPConnection(self.host)
        connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        body = answer.read()
        connection.close()
        return Answer(answer.status, found, body)

    def of_episode(self, part: str, **headers: str) -> Answer:
        return self.get(f"/episodes/{self.episode.id}/{part}", **headers)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    library = Library(folder / "library")
    (folder / "secret.txt").write_text("nobody's business")
    picture = folder / "cover.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    episode = library.add(transcript=GIVEN, audio=audio_file(folder), aligned=aligned(), thumbnail=picture)
    with served(library.root) as address:
        yield Site(address.removeprefix("http://"), library, episode)


def test_health_is_answered(site: Site) -> None:
    answer = site.get("/healthz")

    assert (answer.status, json.loads(answer.body)) == (200, {"status": "ok"})
    assert answer.headers["cache-control"] == "no-store"


def test_the_whole_audio_comes_with_its_kind(site: Site) -> None:
    answer = site.of_episode("audio")

    assert (answer.status, answer.body) == (200, site.episode.audio.read_bytes())
    assert answer.headers["content-type"] == "audio/wav"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-99", 0, 99),
        ("bytes=1000-1999", 1000, 1999),
        ("bytes=16000-", 16000, -1),
        ("bytes=-44", -44, -1),
        ("bytes=100-9999999", 100, -1),
        ("bytes=-9999999", 0, -1),
    ],
)
def test_a_range_of_the_audio_is_that_range(site: Site, asked: str, first: int, last: int) -> None:
    whole = site.episode.audio.read_bytes()
    first, last = first % len(whole), last % len(whole)

    answer = site.of_episode("audio", Range=asked, Accept_Encoding="gzip")

    assert answer.status == 206
    assert answer.body == whole[first : last + 1]
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(whole)}"
    assert "content-encoding" not in answer.headers


def test_a_range_beyond_the_end_says_how_long_the_audio_is(site: Site) -> None:
    answer = site.of_episode("audio", Range="bytes=9999999-")

    assert answer.status == 416
    assert answer.headers["content-range"] == f"bytes */{site.episode.audio_bytes}"


@pytest.mark.parametrize("asked", ["bytes=9-2", "bytes=a-b", "minutes=1-2", "bytes="])
def test_a_range_that_is_none_does_no_harm(site: Site, asked: str) -> None:
    assert site.of_episode("audio", Range=asked).status in {200, 206, 400, 416}


def test_a_range_of_another_version_gives_the_whole(site: Site) -> None:
    answer = site.of_episode("audio", Range="bytes=0-9", If_Range='"another version"')

    assert (answer.status, len(answer.body)) == (200, site.episode.audio_bytes)


def test_the_head_of_the_audio_tells_its_length(site: Site) -> None:
    answer = site.get(f"/episodes/{site.episode.id}/audio", "HEAD")

    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["content-length"] == str(site.episode.audio_bytes)


@pytest.mark.parametrize("encoding", ["gzip, deflate, br", "identity"])
def test_the_transcript_is_the_native_json(site: Site, encoding: str) -> None:
    answer = site.of_episode("transcript.json", Accept_Encoding=encoding)
    packed = answer.headers.get("content-encoding") == "gzip"

    assert answer.status == 200 and packed == ("gzip" in encoding)
    assert answer.headers["content-type"] == "application/json"
    assert "Accept-Encoding" in answer.headers["vary"]
    text = gzip.decompress(answer.body) if packed else answer.body
    assert json.loads(text)["segments"][0]["text"] == "The kettle is on."


def test_a_transcript_that_one_has_is_not_sent_again_until_it_changes(site: Site) -> None:
    tag = site.of_episode("transcript.json").headers["etag"]

    for known in (tag, f'"other", {tag}', tag.removeprefix("W/")):
        again = site.of_episode("transcript.json", If_None_Match=known)
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)

    site.library.replace_alignment(site.episode.id, aligned(shift=0.125))
    changed = site.of_episode("transcript.json", If_None_Match=tag)
    assert changed.status == 200 and changed.headers["etag"] != tag


def test_peaks_are_made_once_kept_and_made_again_when_deleted(site: Site) -> None:
    assert not site.episode.peaks.exists()
    with ThreadPoolExecutor() as many:
        answers = list(many.map(lambda _: site.of_episode("peaks.json"), range(6)))

    assert {answer.status for answer in answers} == {200}
    [body] = {answer.body for answer in answers}
    assert body == site.episode.peaks.read_bytes()
    value = json.loads(body)
    assert value["version"] == 1 and len(value["peaks"]) == 100
    assert min(value["peaks"][1:]) > 200  # a steady tone

    first = answers[0].headers
    assert first["content-type"] == "application/json" and first["cache-control"] == "no-cache"
    transcript = site.of_episode("transcript.json").headers
    for name in ("x-content-type-options", "content-security-policy"):
        assert first[name] == transcript[name]
    again = site.of_episode("peaks.json", If_None_Match=first["etag"])
    assert (again.status, again.body) == (304, b"")

    site.episode.peaks.unlink()
    assert site.of_episode("peaks.json").body == body
    assert site.episode.id not in {damaged.id for damaged in site.library.damaged()}


def test_a_preview_has_peaks_and_the_finished_episode_takes_them_over(site: Site, tmp_path: Path) -> None:
    audio = audio_file(tmp_path, pitch_hz=220.0)
    preview = site.library.show_preview(transcript=GIVEN, audio=audio, aligned=opening())

    answer = site.get(f"/episodes/{preview.id}/peaks.json")
    assert answer.status == 200 and answer.body == preview.peaks.read_bytes()

    made = preview.peaks.stat().st_ino
    episode = site.library.add(transcript=GIVEN, audio=audio, aligned=aligned())
    assert episode.peaks.stat().st_ino == made
    assert site.get(f"/episodes/{episode.id}/peaks.json").body == answer.body
    site.library.remove(episode.id)


def test_audio_that_cannot_be_decoded_has_no_peaks(site: Site, tmp_path: Path) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"RIFF nothing that is sound")
    episode = site.library.add(transcript=GIVEN, audio=broken, aligned=aligned())

    answer = site.get(f"/episodes/{episode.id}/peaks.json")

    assert answer.status == 404
    assert "audio.wav" in json.loads(answer.body)["error"]
    site.library.remove(episode.id)


class SlowLibrary(Library):
    """Peaks that take until they are let go."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.asked: list[str] = []
        self.begun, self.go = threading.Event(), threading.Event()

    def has_peaks(self, id: str) -> bool:
        return False

    def peaks(self, id: str) -> Path:
        self.asked.append(id)
        self.begun.set()
        assert self.go.wait(20)
        if id == "bad":
            raise LibraryError("Nothing there.")
        return self.root / id


class CountingPeaksMaking(PeaksMaking):
    """Knows how many wait, or have waited, for peaks that are made."""

    waiting = 0

    def _promise(self, library: Library, id: str) -> Future[Path]:
        promise = super()._promise(library, id)
        self.waiting += 1
        return promise


def test_who_asks_while_peaks_are_made_waits_for_the_same(tmp_path: Path) -> None:
    library, making = SlowLibrary(tmp_path), CountingPeaksMaking()

    async def ask() -> None:
        first = asyncio.create_task(making.path(library, "a"))
        await asyncio.to_thread(library.begun.wait, 20)
        others = [asyncio.create_task(making.path(library, name)) for name in ("a", "a", "bad")]
        while making.waiting < 4:
            await asyncio.sleep(0.001)
        first.cancel()  # who asked first has gone away
        library.go.set()
        outcomes = await asyncio.gather(*others, return_exceptions=True)
        assert outcomes[:2] == [tmp_path / "a"] * 2 and isinstance(outcomes[2], LibraryError)
        with pytest.raises(asyncio.CancelledError):
            await first

    run_elsewhere(ask())
    assert sorted(library.asked) == ["a", "bad"]


@pytest.mark.parametrize(
    ("format", "kind", "holds"),
    [
        ("srt", "application/x-subrip", "Who left the gate open?"),
        ("vtt", "text/vtt", "WEBVTT"),
        ("txt", "text/plain", "Nobody, it was the wind."),
    ],
)
def test_the_transcript_is_given_out_in_other_formats(site: Site, format: str, kind: str, holds: str) -> None:
    answer = site.of_episode(f"transcript.{format}")

    assert answer.status == 200 and holds in answer.body.decode()
    assert answer.headers["content-type"].startswith(kind)
    assert site.of_episode("transcript.exe").status == 404


def test_the_report_is_a_page_that_may_run_nothing(site: Site) -> None:
    answer = site.of_episode("report")

    assert answer.status == 200 and answer.headers["content-type"].startswith("text/html")
    assert '<h1 dir="auto">At the gate</h1>' in answer.body.decode()
    assert answer.headers["content-security-policy"] == "sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-cache"


def test_the_thumbnail_comes_as_a_picture(site: Site) -> None:
    answer = site.of_episode("thumbnail")

    assert (answer.status, answer.headers["content-type"]) == (200, "image/png")


@pytest.mark.parametrize(
    "name", sorted(file.name for file in ASSETS.iterdir() if file.suffix in {".js", ".css"})
)
def test_every_file_of_the_player_is_served_and_asked_for_each_time(site: Site, name: str) -> None:
    answer = site.get(f"/player/{name}")

    assert answer.status == 200 and answer.body == (ASSETS / name).read_bytes()
    kind = "text/css" if name.endswith("css") else "text/javascript"
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["cache-control"] == "no-cache"
    assert site.get(f"/player/{name}", If_None_Match=answer.headers["etag"]).status == 304


@pytest.mark.parametrize(
    "path",
    [
        "/episodes/aaaaaaaaaaaa/audio",
        "/episodes/AAAAAAAAAAAA/audio",
        "/episodes/short/transcript.json",
        "/episodes/aaaaaaaaaaaa/thumbnail",
        "/episodes/aaaaaaaaaaaa/report",
        "/episodes/aaaaaaaaaaaa/peaks.json",
        "/episodes/short/peaks.json",
        "/player/__init__.py",
        "/player/nothing.js",
        "/player/.js",
    ],
)
def test_what_is_not_there_is_a_404_that_says_so(site: Site, path: str) -> None:
    answer = site.get(path)

    assert answer.status == 404
    assert json.loads(answer.body)["error"]


@pytest.mark.parametrize(
    "path",
    [
        "/episodes/../../secret.txt/audio",
        "/episodes/..%2f..%2fsecret.txt/audio",
        "/episodes/%2e%2e/audio",
        "/episodes/....//....//secret.txt/audio",
        "/episodes/..%5c..%5csecret.txt/audio",
        "/episodes/%00/audio",
        "/episodes/..%2f..%2fsecret.txt/report",
        "/episodes/aaaaaaaaaaaa%00/audio",
        "/episodes//audio",
        "/episodes/..%2f..%2fsecret.txt/peaks.json",
        "/episodes/{id}%2f..%2f{id}/audio",
        "/episodes/{id}/../../../secret.txt",
        "/episodes/{id}/episode.json",
        "/player/..%2fsecret.txt",
        "/player/%2e%2e%2f__init__.py",
        "/player//etc/passwd",
    ],
)
def test_no_path_leads_to_another_file(site: Site, path: str) -> None:
    answer = site.get(path.format(id=site.episode.id))

    # Streamlit answers what is no route with its own page, as every address of the app.
    its_page = answer.status == 200 and b'<div id="root">' in answer.body
    assert its_page or answer.status in {400, 403, 404}
    assert b"nobody's business" not in answer.body and b"The kettle" not in answer.body


def test_a_damaged_episode_is_a_404_with_the_reason(site: Site, tmp_path: Path) -> None:
    damaged = site.library.add(transcript=b"Other.", audio=audio_file(tmp_path), aligned=aligned())
    damaged.audio.unlink()

    answer = site.get(f"/episodes/{damaged.id}/audio")

    assert answer.status == 404 and "audio.wav is missing" in json.loads(answer.body)["error"]


def test_a_link_to_the_front_page_with_an_episode_leads_to_its_page(site: Site) -> None:
    for query in ("v=abc&t=12m34s&q=a%20b", "q=caf%C3%A9&v=abc", "v=abc&q=caf%E9"):
        answer = site.get(f"/?{query}")
        assert (answer.status, answer.headers["location"]) == (307, f"listen?{query}")

    for path in ("/", "/?t=5", "/?v=", "/?q=caf%C3%A9&channel=%FF", "/listen?v=abc", "/add?v=abc"):
        assert site.get(path).status == 200


def test_the_settings_of_a_checkout_and_of_an_installed_package_are_the_same() -> None:
    packaged = REPOSITORY / "alignment" / "app" / "config.toml"

    assert (REPOSITORY / ".streamlit" / "config.toml").read_bytes() == packaged.read_bytes()

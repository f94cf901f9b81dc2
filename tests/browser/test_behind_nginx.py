"""The app where people put it: below a path, behind nginx with TLS, by the example in deploy/."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from alignment.demo import DEMO
from alignment.library.notes import Note, Place
from tests.app.proxied import NGINX, OPENSSL, Served, behind_nginx
from tests.command import until

pytestmark = pytest.mark.skipif(
    not (NGINX and OPENSSL), reason="nginx or openssl is not installed; on Debian: apt install nginx openssl"
)
JSON = "application/json"
NOTE = "0b5f7f9e-5f0a-4c1c-9d5e-0d3c1f6f1a01"


@pytest.fixture(scope="module")
def talks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("proxied")
    with behind_nginx(folder / "library", folder) as served:
        yield served


@pytest.fixture(scope="module")
def episode(talks: Served) -> str:
    """The demo's id."""
    found = re.search(r"/talks/s/(\w+)", talks.ask("/talks/feed.xml").read().decode())
    assert found
    return found[1]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(ignore_https_errors=True, bypass_csp=True)
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def test_an_episode_plays_and_a_file_is_taken(talks: Served, episode: str, page: Page, tmp_path: Path):
    sockets: list[str] = []
    page.on("websocket", lambda opened: sockets.append(opened.url))
    failed: list[str] = []
    page.on("response", lambda answer: answer.status >= 400 and failed.append(answer.url))

    page.goto(f"{talks.url}/talks/?v={episode}&t=20")
    page.wait_for_url(f"{talks.url}/talks/listen?v={episode}&t=20*")
    page.wait_for_selector(".vt[data-ready]")
    page.keyboard.press("Space")
    page.wait_for_function("document.querySelector('audio').currentTime > 20.3")

    page.goto(f"{talks.url}/talks/add")
    upload = tmp_path / "long.wav"
    upload.write_bytes(b"RIFF" + bytes(3_000_000))
    with page.expect_response(lambda answer: "/_stcore/upload_file/" in answer.url) as taken:
        page.locator("input[type=file]").last.set_input_files(upload)
    assert taken.value.status == 204
    expect(page.get_by_text("long.wav")).to_be_visible()
    assert sockets and {address.partition("?")[0] for address in sockets} == {
        f"{talks.url}/talks/_stcore/stream".replace("https", "wss")
    }
    assert [address for address in failed if "/talks/" not in address] == []


def test_audio_is_given_out_in_ranges(talks: Served, episode: str):
    sound = DEMO.audio.read_bytes()

    answer = talks.ask(f"/talks/episodes/{episode}/audio", Range="bytes=1000-4999")

    assert (answer.status, answer.read()) == (206, sound[1000:5000])
    assert answer.headers["Content-Range"] == f"bytes 1000-4999/{len(sound)}"


@pytest.mark.parametrize("path", ["s/{}", "listen?v={}", "feed.xml", "sitemap.xml"])
def test_absolute_addresses_are_those_of_the_proxy(talks: Served, episode: str, path: str):
    text = talks.ask(f"/talks/{path.format(episode)}").read().decode()

    ours = {address for address in re.findall(r"https?://[^\"<\s]+", text) if "localhost" in address}
    assert ours
    assert all(address.startswith(f"{talks.url}/talks/") for address in ours)


def test_a_note_is_kept_for_our_own_pages_alone(talks: Served, episode: str):
    address = f"/talks/episodes/{episode}/notes/{NOTE}"
    moment = datetime(2026, 11, 26, tzinfo=UTC)
    passage = Place(0, 0), Place(0, 1)
    note = Note(NOTE, 0.0, 1.0, *passage, "Listen", "green", "Behind a proxy", moment, moment)
    data = json.dumps(note.describe()).encode()

    def put(**headers: str) -> int:
        return int(talks.ask(address, "PUT", data, Content_Type=JSON, **headers).status)

    assert put(Origin=talks.url, Sec_Fetch_Site="same-origin") == 204
    assert put(Origin=talks.url) == 204
    assert put(Origin="https://elsewhere.example") == 403
    assert put(Origin=talks.url, Sec_Fetch_Site="cross-site") == 403
    assert b"Behind a proxy" in talks.ask(f"/talks/episodes/{episode}/notes.json").read()


def test_an_upload_without_the_page_s_token_is_refused(talks: Served):
    answer = talks.ask("/talks/_stcore/upload_file/a/b", "PUT", b"x", Content_Type="multipart/form-data")

    assert answer.status == 403


def test_cookies_are_for_https_alone(talks: Served):
    cookies = talks.ask("/talks/_stcore/health").headers.get_all("Set-Cookie") or []

    assert cookies
    assert all("secure" in cookie.lower() for cookie in cookies)


@pytest.mark.parametrize("path", ["/talks/metrics", "/talks/readyz", "/", "/episodes/x/audio"])
def test_figures_and_other_paths_are_not_for_visitors(talks: Served, path: str):
    assert talks.ask(path).status == 404


def test_the_log_names_routes_and_no_one_s_question(talks: Served, episode: str):
    talks.ask(f"/talks/e/{episode}.txt?token=secret", Cookie="session=hidden").read()

    until(lambda: "alignment.access: GET /e/{id}.{format} 200" in talks.log.read_text())  # after the answer
    log = talks.log.read_text()
    assert "secret" not in log
    assert "hidden" not in log
    assert episode not in log

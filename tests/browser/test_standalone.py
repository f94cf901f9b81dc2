"""The player as one file from a disk: in step like any other, with the network cut."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from alignment.formats import read_transcript
from alignment.player.standalone import standalone_page
from tests.browser.conftest import PlayerServer
from tests.browser.listener import Listener
from tests.browser.recordings import AudioClip, make_transcript
from tests.browser.test_sync import *  # noqa: F403 - the same tests, of the page below


class Disk(PlayerServer):
    """Pages in files, in place of a server's."""

    folder: Path

    def page_url(self, episode: str, **query: object) -> str:
        path = self.folder / f"{episode}.html"
        if not path.exists():
            write_page(path, self.episodes[episode], self.audio[episode])
        return path.as_uri() + "?" + "&".join(f"{name}={query[name]}" for name in query)


def write_page(path: Path, transcript: dict[str, Any], audio: Path | str, peaks: str | None = None) -> None:
    ends = [segment["end"] for segment in transcript["segments"] if segment["end"] is not None]
    lasting = {**transcript, "duration": max([transcript["duration"], *ends])}
    aligned = read_transcript(json.dumps(lasting))
    pieces = standalone_page(aligned, episode_id=path.stem, title="The river & <b>", audio=audio, peaks=peaks)
    path.write_bytes(b"".join(pieces))


@contextmanager
def cut_off(browser: Browser, *, policed: bool) -> Iterator[Page]:
    """A page of a browser without a network, which must end without an error or having asked for anything.

    policed: whether the page's own policy is in force; some ways to wait for something do not go with it.
    """
    size: ViewportSize = {"width": 1280, "height": 800}
    context = browser.new_context(viewport=size, offline=True, bypass_csp=not policed)
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: troubles.append(request.url) if _leads_out(request.url) else None)
    yield page
    context.close()
    assert [trouble for trouble in troubles if "ERR_FILE_NOT_FOUND" not in trouble] == []


def _leads_out(url: str) -> bool:
    return not url.startswith(("file:", "blob:", "data:"))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with cut_off(browser, policed=False) as page:
        yield page


@pytest.fixture
def server(tmp_path: Path) -> PlayerServer:
    disk = Disk()
    disk.folder = tmp_path
    return disk


@pytest.fixture
def river(server: PlayerServer, tones: AudioClip) -> str:
    server.add("river", make_transcript(60, words=12), tones)
    return "river"


def test_it_has_its_title_its_loudness_and_its_place_in_the_address(
    listener: Listener, server: Disk, tones: AudioClip
) -> None:
    peaks = json.dumps({"version": 1, "peaks": [0, 255] * 50})
    write_page(server.folder / "talk.html", make_transcript(60, words=12), tones.path, peaks)

    listener.open("talk", t=30)

    assert listener.page.title() == "The river & <b>"
    assert listener.page.get_by_role("heading", level=1).inner_text() == "The river & <b>"
    listener.wait_for_line(15)
    listener.press("ArrowRight")
    listener.page.wait_for_url("**/talk.html?t=35*")


def test_it_plays_under_its_own_policy(browser: Browser, server: Disk, river: str) -> None:
    with cut_off(browser, policed=True) as page:
        page.goto(server.page_url(river, t=30))
        page.wait_for_selector(".vt[data-ready]")
        page.keyboard.press("k")
        page.wait_for_selector("[data-line='16'][aria-current=true]")
        assert page.evaluate("document.querySelector('audio').currentTime") > 30


def test_notes_are_kept_in_the_browser(listener: Listener, river: str) -> None:
    listener.open(river, t=30)
    listener.press("n")
    listener.page.get_by_role("textbox", name="Note").fill("It bends here.")
    listener.press("Control+Enter")
    listener.button("Notes, 1").wait_for()

    listener.page.reload()
    listener.wait_until_ready()
    listener.button("Notes, 1").wait_for()


def test_the_audio_may_lie_beside_it(listener: Listener, server: Disk, tones: AudioClip) -> None:
    (server.folder / "the sound.m4a").write_bytes(tones.path.read_bytes())
    write_page(server.folder / "talk.html", make_transcript(60, words=12), "the sound.m4a")

    listener.open("talk", t=30)
    listener.press("k")
    listener.wait_for_position(30.5)
    assert listener.current_line == 15


def test_audio_that_is_not_beside_it_is_missed_by_name(listener: Listener, server: Disk) -> None:
    write_page(server.folder / "talk.html", make_transcript(60, words=12), "the%20sound.m4a")

    listener.page.goto(server.page_url("talk"))

    missed = "The audio file “the sound.m4a” is not where this page looks for it."
    listener.page.get_by_text(missed).wait_for()

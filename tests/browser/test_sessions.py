"""Playback belongs to the listener: a server that restarts does not stop it, nor does anyone else."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from alignment.formats import read_transcript
from alignment.library import Library
from tests.app.servers import free_port, served
from tests.browser.recordings import AudioClip, make_transcript


@pytest.fixture
def library(tmp_path: Path, tones: AudioClip) -> Library:
    library = Library(tmp_path / "library")
    library.root.mkdir()
    (library.root / ".demo").touch()
    text = json.dumps(make_transcript(60, words=12))
    library.add(transcript=b"river", audio=tones.path, aligned=read_transcript(text))
    return library


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.close()
    assert errors == []


def begin(page: Page, address: str, library: Library, seconds: float) -> None:
    """Play the river from a moment, and put a mark on the sound by which it is known again."""
    page.goto(f"{address}/listen?v={library.episodes()[0].id}&t={seconds}")
    page.wait_for_selector(".vt[data-ready]")
    page.evaluate("document.querySelector('audio').mine = true")
    page.keyboard.press("k")
    goes_on(page, seconds)


def goes_on(page: Page, seconds: float) -> None:
    """It is the same sound, it plays, and the mark is on what is said."""
    page.wait_for_function("at => document.querySelector('audio').currentTime > at + 0.5", arg=seconds)
    assert page.evaluate("document.querySelector('audio').mine && !document.querySelector('audio').paused")
    line = int(page.evaluate("document.querySelector('audio').currentTime") // 2)
    page.wait_for_selector(f"[data-line='{line}'][aria-current], [data-line='{line + 1}'][aria-current]")


def position(page: Page) -> float:
    return float(page.evaluate("document.querySelector('audio').currentTime"))


def test_playback_goes_on_while_the_server_restarts(page: Page, library: Library) -> None:
    port = free_port()
    with served(library.root, port=port) as address:
        begin(page, address, library, 10)
    goes_on(page, position(page))
    page.locator("[data-line='30']").click()
    goes_on(page, 60)

    with served(library.root, port=port), page.expect_websocket(timeout=30_000):
        pass  # the page finds the new server by itself
    with served(library.root, port=port):
        goes_on(page, position(page))
        page.get_by_role("button", name="More").click(timeout=30_000)
        expect(page.get_by_role("button", name="Align again")).to_be_visible(timeout=30_000)
        goes_on(page, position(page))


def test_nobody_notices_what_another_listener_does(page: Page, library: Library, browser: Browser) -> None:
    with served(library.root) as address:
        begin(page, address, library, 10)
        other = browser.new_context(bypass_csp=True)
        theirs = other.new_page()
        begin(theirs, address, library, 80)
        theirs.get_by_label("Speed").select_option("2")
        theirs.keyboard.press("/")
        theirs.keyboard.type("bridge")
        theirs.reload()
        theirs.wait_for_selector(".vt[data-ready]")

        goes_on(page, position(page))
        assert 10 < position(page) < 60
        assert page.evaluate("document.querySelector('audio').playbackRate") == 1
        assert page.locator(".vt-search").is_hidden()
        other.close()
        goes_on(page, position(page))

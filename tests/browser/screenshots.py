"""The pictures in the documents: `make screenshots` takes them of the demo, as a person sees it."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from alignment.demo import DEMO
from alignment.formats import read_transcript
from alignment.library import Library
from alignment.transcript import Passage, Segment
from tests.browser.conftest import CHROMIUM_FLAGS, find_chromium

FOLDER = Path(__file__).parents[2] / "docs/screenshots"


@contextmanager
def app() -> Iterator[tuple[str, Path]]:
    """Serve a fresh library; the address of its app, and the library's folder."""
    with socket.socket() as free, tempfile.TemporaryDirectory() as library:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        command = [sys.executable, "-m", "alignment", "serve", "--port", str(port)]
        server = subprocess.Popen(command, env={**os.environ, "ALIGNMENT_LIBRARY": library})
        try:
            _await(f"http://127.0.0.1:{port}/healthz")
            yield f"http://127.0.0.1:{port}", Path(library)
        finally:
            server.terminate()
            server.wait()


def add_flagged(root: Path) -> str:
    """The demo with a passage left out, a line that nobody says and one whose time is estimated; its id."""
    demo = read_transcript(DEMO.aligned)
    lines = list(demo.segments)
    left_out = lines[12:17]
    heard = Passage(left_out[0].start or 0.0, left_out[-1].end or 0.0, " ".join(s.text for s in left_out))
    unsaid = Segment(99, "This line is in the text alone.", turn=lines[10].turn, status="not_in_audio")
    lines[8] = replace(lines[8], status="interpolated", confidence=0.4)
    lines[12:17] = []
    lines.insert(11, unsaid)
    flagged = replace(demo, segments=tuple(lines), untranscribed=(heard,), title="A text with holes")
    return Library(root).add(transcript=b"holes", audio=DEMO.audio, aligned=flagged).id


def _await(address: str) -> None:
    for _ in range(60):
        try:
            urllib.request.urlopen(address).close()
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit(f"{address} does not answer.")


def take(
    browser: Browser, address: str, name: str, size: tuple[int, int], scheme: str, keys: str = ""
) -> None:
    """One picture. keys: pressed one after the other, once the player is ready."""
    page = browser.new_page(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, device_scale_factor=1.5
    )
    page.goto(address)
    if "listen" in address:
        page.wait_for_selector(".vt[data-ready]")
        for key in keys:
            page.keyboard.type(key)
        page.wait_for_timeout(1500)
    else:
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(2500)
    page.screenshot(path=FOLDER / f"{name}.png")
    page.close()


def main() -> None:
    """Take them all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with app() as (address, library), sync_playwright() as playwright:
        chromium = find_chromium(whole=True)
        browser = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))
        page = browser.new_page()
        page.goto(address)
        page.get_by_text("Listening with the text").first.click()
        page.wait_for_selector(".vt[data-ready]")
        listen = page.url.split("&")[0]
        page.close()
        take(browser, f"{listen}&t=54", "player", (1280, 800), "light", " ")
        take(browser, f"{listen}&t=54", "player-dark", (1280, 800), "dark", " ")
        take(browser, f"{listen}&t=54", "player-phone", (390, 780), "light", " ")
        take(browser, f"{listen}&t=20", "search", (1280, 800), "light", "/line")
        take(browser, address, "library", (1280, 800), "light")
        holes = f"{address}/listen?v={add_flagged(library)}"
        take(browser, f"{holes}&t=31", "gaps", (1280, 800), "light")
        take(browser, f"{address}/add", "add", (1280, 900), "light")
        browser.close()


if __name__ == "__main__":
    main()

"""The app in a real browser: find an episode, listen to it, add another, while work goes on."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, WebSocket, expect

from alignment.formats import read_transcript
from alignment.library import Episode, Library
from tests.app.servers import served
from tests.browser.recordings import AudioClip, make_transcript
from tests.library.working import BELL

LINE_S = 2.0
STEPS = ("fetch", "first-half", "second-half", "save")


@dataclass
class App:
    """A running app, its library, and the bell that its jobs wait for."""

    address: str
    library: Library
    river: Episode
    bell: Path

    def let_go(self, *steps: str) -> None:
        for step in steps:
            (self.bell / f"{step}.go").touch()

    def hold(self, *steps: str) -> None:
        for step in steps:
            (self.bell / f"{step}.go").unlink(missing_ok=True)

    def listen(self, **query: object) -> str:
        """The address of the river."""
        more = "".join(f"&{name}={value}" for name, value in query.items())
        return f"{self.address}/?v={self.river.id}{more}"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, tones: AudioClip) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("app")
    bell = folder / "bell"
    bell.mkdir()
    library = Library(folder / "library")
    library.root.mkdir()
    (library.root / ".demo").touch()
    text = json.dumps(make_transcript(60, line_s=LINE_S, words=12))
    river = library.add(transcript=b"river", audio=tones.path, aligned=read_transcript(text))
    with served(library.root, "tests/app/serving.py", **{BELL: str(bell)}) as address:
        yield App(address, library, river, bell)


@pytest.fixture
def page(context: BrowserContext, app: App) -> Iterator[Page]:
    page = context.new_page()
    storage = {"origin": app.address, "storageTypes": "local_storage"}
    context.new_cdp_session(page).send("Storage.clearDataForOrigin", storage)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.close()
    assert errors == []


def wait_until_ready(page: Page) -> None:
    page.wait_for_selector(".vt[data-ready]")
    page.wait_for_function("document.querySelector('audio').readyState >= 1")


def wait_for_line(page: Page, number: int) -> None:
    page.wait_for_selector(f"[data-line='{number}'][aria-current=true]")


def wait_for_position(page: Page, seconds: float) -> None:
    page.wait_for_function("at => document.querySelector('audio').currentTime >= at", arg=seconds)


def position(page: Page) -> float:
    return float(page.evaluate("document.querySelector('audio').currentTime"))


def playing(page: Page) -> bool:
    return bool(page.evaluate("!document.querySelector('audio').paused"))


def marked_word(page: Page) -> str:
    return str(page.evaluate("[...(CSS.highlights.get('vt-word') ?? [])].join()"))


def test_from_the_library_to_the_marked_word(app: App, page: Page) -> None:
    page.goto(app.address)
    card = page.get_by_role("link", name="A river in the afternoon")
    expect(card).to_be_visible()
    expect(page.get_by_text("Riverside Radio · 2 min · all 60 lines timed")).to_be_visible()
    expect(page).to_have_title("Verbatime")

    card.click()
    wait_until_ready(page)
    expect(page).to_have_title("A river in the afternoon · Verbatime")
    assert f"v={app.river.id}" in page.url

    page.keyboard.press("k")
    wait_for_position(page, 0.3)
    first = marked_word(page)
    page.wait_for_function("word => [...(CSS.highlights.get('vt-word') ?? [])].join() !== word", arg=first)
    assert first and marked_word(page) and playing(page)

    page.locator("[data-line='7']").click()
    wait_for_line(page, 7)
    assert 7 * LINE_S <= position(page) < 7 * LINE_S + 1.5 and playing(page)

    page.get_by_role("link", name="Library").click()
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    assert "v=" not in page.url
    page.go_back()
    wait_until_ready(page)


@pytest.mark.parametrize("t", ["41", "41s", "0m41s", "0:41"])
def test_a_shared_link_opens_at_its_line_and_keeps_its_time(app: App, page: Page, t: str) -> None:
    page.goto(app.listen(t=t))
    wait_until_ready(page)

    wait_for_line(page, 20)
    expect(page.locator("[data-line='20']")).to_be_in_viewport()
    assert position(page) == pytest.approx(41.0, abs=0.1)
    assert f"t={t}" in page.url  # no page of ours wrote to the address

    page.reload()
    wait_until_ready(page)
    wait_for_line(page, 20)


def test_an_address_without_an_episode_says_so_and_leads_on(app: App, page: Page) -> None:
    page.goto(f"{app.address}/?v=aaaaaaaaaaaa&t=5")

    expect(page.get_by_text("The library has no episode")).to_be_visible()
    page.get_by_role("link", name="Library").click()
    expect(page.get_by_role("link", name="A river in the afternoon")).to_be_visible()


def test_nothing_is_said_to_the_server_while_one_listens(app: App, page: Page) -> None:
    sockets: list[WebSocket] = []
    page.on("websocket", sockets.append)
    page.goto(app.listen())
    wait_until_ready(page)
    page.keyboard.press("k")
    wait_for_position(page, 0.5)
    said: list[object] = []
    for socket in sockets:
        socket.on("framesent", said.append)
        socket.on("framereceived", said.append)

    page.locator("[data-line='3']").click()
    page.keyboard.press("l")
    page.keyboard.press("/")
    page.keyboard.type("river")
    page.keyboard.press("Escape")
    wait_for_position(page, 22.0)

    assert sockets and said == []


def test_playback_goes_on_through_reruns_and_the_menu(app: App, page: Page) -> None:
    page.goto(app.listen(t=10))
    wait_until_ready(page)
    page.evaluate("document.querySelector('audio').mine = true")
    page.keyboard.press("k")
    wait_for_position(page, 10.5)

    page.get_by_role("button", name="More").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Subtitles (SRT)").click()
    subtitles = download.value.path().read_text()

    assert (
        "00:00:02,000 --> " in subtitles
        and download.value.suggested_filename == "A river in the afternoon.srt"
    )
    assert page.evaluate("document.querySelector('audio').mine") and playing(page)
    wait_for_position(page, position(page) + 0.5)


def test_an_episode_is_aligned_again_while_one_listens_to_it(app: App, page: Page) -> None:
    app.hold(*STEPS)
    page.goto(app.listen(t=20))
    wait_until_ready(page)
    page.evaluate("document.querySelector('audio').mine = true")
    page.keyboard.press("k")
    wait_for_position(page, 20.2)

    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Align again").click()
    expect(page.get_by_text("At first-half · 25% · about 1 min left · waiting")).to_be_visible()
    before = position(page)
    wait_for_position(page, before + 1.5)  # some looks at the job later
    app.let_go(*STEPS)
    expect(page.get_by_text("This episode has been aligned again.")).to_be_visible(timeout=30_000)
    assert page.evaluate("document.querySelector('audio').mine") and playing(page)

    page.get_by_role("button", name="Show the new times").click()
    expect(page.locator("[data-line='0']")).to_contain_text("The kettle is on.")
    expect(page.get_by_text("This episode has been aligned again.")).to_be_hidden()

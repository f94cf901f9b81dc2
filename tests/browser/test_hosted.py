"""The hosted app in a real browser, with a login: who sees what, and that the page keeps to its policy."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from alignment.formats import read_transcript
from alignment.library import Episode, Library
from tests.app.provider import CLIENT_ID, CLIENT_SECRET, Provider, provider
from tests.app.servers import free_port, served
from tests.browser.recordings import AudioClip, make_transcript
from tests.command import until
from tests.library.episodes import LINES, audio_file
from tests.library.working import BELL

ADA, BEN = "ada@example.org", "ben@example.org"
SECRET = "not to be told to anybody, and long enough"
STEPS = ("fetch", "first-half", "second-half", "save")


@dataclass
class App:
    """A hosted app, its provider, and all that it has printed."""

    address: str
    library: Library
    public: Episode
    private: Episode
    provider: Provider
    log: Path
    browser: Browser

    def listen(self, episode: Episode) -> str:
        return f"{self.address}/listen?v={episode.id}"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, tones: AudioClip, browser: Browser) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("hosted")
    bell = folder / "bell"
    bell.mkdir()
    for step in STEPS:
        (bell / f"{step}.go").touch()
    library = Library(folder / "library")
    library.root.mkdir()
    (library.root / ".demo").touch()
    river = read_transcript(json.dumps(make_transcript(60, line_s=2.0, words=12)))
    public = library.add(transcript=b"river", audio=tones.path, aligned=river, owner=BEN)
    private = library.add(transcript=b"bed", audio=tones.path, aligned=river, owner=ADA, private=True)
    library.peaks(public.id)
    port = free_port()
    with provider() as login:
        environment = {
            BELL: str(bell),
            "ALIGNMENT_HOSTED": "1",
            "ALIGNMENT_ADDRESS": f"http://127.0.0.1:{port}/",
            "ALIGNMENT_SECRET": SECRET,
            "ALIGNMENT_LOGIN_METADATA": login.metadata,
            "ALIGNMENT_LOGIN_ID": CLIENT_ID,
            "ALIGNMENT_LOGIN_SECRET": CLIENT_SECRET,
            "ALIGNMENT_MAY_ADD": ADA,
            "STREAMLIT_LOGGER_LEVEL": "debug",
        }
        log = folder / "log.txt"
        script = "tests/app/serving.py"
        with served(library.root, script, port=port, log=log, **environment) as address:
            yield App(address, library, public, private, login, log, browser)


@pytest.fixture
def visitor(app: App) -> Iterator[Page]:
    """Somebody who comes for the first time. The browser must not have had to refuse anything."""
    context = app.browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(15_000)
    page = context.new_page()
    refused: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Permissions policy" in message.text:
            refused.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: refused.append(str(error)))
    yield page
    context.close()
    assert refused == []


def sign_in(app: App, page: Page, email: str) -> None:
    app.provider.email = email
    page.goto(app.address)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Account")).to_be_visible()


def wait_until_ready(page: Page) -> None:
    page.wait_for_selector(".vt[data-ready]")


def wait_until_settled(page: Page) -> None:
    page.wait_for_selector("[data-test-script-state=notRunning]")


def test_a_visitor_signs_in_adds_and_signs_out(app: App, visitor: Page, tmp_path: Path) -> None:
    visitor.goto(f"{app.address}/add")
    expect(visitor.get_by_role("button", name="Sign in")).to_be_visible()
    expect(visitor.get_by_label("Paste it")).to_have_count(0)

    sign_in(app, visitor, ADA)
    visitor.get_by_role("link", name="Add an episode").click()
    expect(visitor.get_by_label("Paste it")).to_be_visible()
    wait_until_settled(visitor)
    visitor.get_by_label("Paste it").fill("\n".join(LINES))
    visitor.get_by_label("Paste it").blur()
    expect(visitor.get_by_text("3 lines, 14 words")).to_be_visible()
    wait_until_settled(visitor)
    visitor.locator("input[type=file]").nth(1).set_input_files(audio_file(tmp_path, "Hers.wav"))
    expect(visitor.get_by_text("Hers.wav")).to_be_visible()
    visitor.get_by_text("Private: for you alone").click()
    visitor.get_by_role("button", name="Align").click()
    visitor.get_by_role("link", name="Listen now").click(timeout=30_000)
    wait_until_ready(visitor)
    expect(visitor.get_by_text("Private", exact=True)).to_be_visible()
    hers = visitor.url
    episode = next(each for each in app.library.episodes() if each.id in hers)
    assert (episode.owner, episode.private) == (ADA, True)

    visitor.goto(app.address)
    visitor.get_by_role("button", name="Account").click()
    visitor.get_by_role("button", name="Sign out").click()
    expect(visitor.get_by_role("button", name="Sign in")).to_be_visible()
    expect(visitor.get_by_role("link", name="A river in the afternoon")).to_have_count(1)
    visitor.goto(hers)
    expect(visitor.get_by_text("The library has no episode")).to_be_visible()


def test_who_has_signed_in_but_is_not_named_only_listens(app: App, visitor: Page) -> None:
    sign_in(app, visitor, "eve@elsewhere.net")

    expect(visitor.get_by_role("link", name="Add an episode")).to_have_count(0)
    visitor.goto(app.listen(app.public))
    wait_until_ready(visitor)
    visitor.get_by_role("button", name="More").click()
    expect(visitor.get_by_role("link", name="How it was aligned")).to_be_visible()
    for act in ("Align again", "Remove", "Make private", "Share a link for 7 days"):
        expect(visitor.get_by_role("button", name=act)).to_have_count(0)


def test_an_address_that_nobody_has_verified_is_nobodys(app: App, visitor: Page) -> None:
    app.provider.email, app.provider.verified = ADA, False
    try:
        visitor.goto(app.address)
        visitor.get_by_role("button", name="Sign in").click()
        expect(visitor.get_by_text("has not been verified")).to_be_visible()
        expect(visitor.get_by_role("link", name="A river in the afternoon")).to_have_count(1)
    finally:
        app.provider.verified = True


def test_a_link_for_seven_days_lets_others_listen_until_it_is_taken_back(app: App, visitor: Page) -> None:
    sign_in(app, visitor, ADA)
    visitor.goto(app.listen(app.private))
    wait_until_ready(visitor)
    visitor.get_by_role("button", name="More").click()
    visitor.get_by_role("button", name="Share a link for 7 days").click()
    link = visitor.get_by_role("dialog").locator("code").inner_text()
    friend = app.browser.new_page()
    friend.goto(app.listen(app.private))
    expect(friend.get_by_text("The library has no episode")).to_be_visible()

    friend.goto(link)

    wait_until_ready(friend)
    assert friend.url == app.listen(app.private)
    until(lambda: friend.evaluate("document.querySelector('audio').readyState >= 1"))
    expect(friend.get_by_role("button", name=re.compile("^Edit"))).to_have_count(0)
    assert friend.evaluate("document.cookie").find("verbatime_key") == -1

    visitor.keyboard.press("Escape")
    visitor.get_by_role("button", name="More").click()
    visitor.get_by_role("button", name="Take all links back").click()
    expect(visitor.get_by_text("No link that was given out")).to_be_visible()
    friend.reload()
    expect(friend.get_by_text("The library has no episode")).to_be_visible()
    answer = friend.goto(link)
    assert answer and answer.status == 404
    friend.context.close()


def test_every_page_keeps_to_its_policy(app: App, visitor: Page) -> None:
    """The fixture fails where the browser had to refuse something."""
    sign_in(app, visitor, BEN)
    visitor.goto(app.listen(app.public))
    wait_until_ready(visitor)
    visitor.keyboard.press("k")
    until(lambda: visitor.evaluate("document.querySelector('audio').currentTime > 0.2"))
    visitor.keyboard.press("k")
    visitor.keyboard.press("n")
    visitor.get_by_role("dialog", name="Note", exact=True).get_by_label("Note", exact=True).fill("Here")
    with visitor.expect_response(re.compile("/notes/")) as kept:
        visitor.keyboard.press("Control+Enter")
    assert kept.value.status == 204
    visitor.keyboard.press("/")
    visitor.keyboard.type("bridge")
    visitor.keyboard.press("Escape")
    visitor.keyboard.press("Escape")
    with visitor.expect_response("**/corrections.json"):
        visitor.locator(".vt").press("w")
    expect(visitor.get_by_role("textbox", name="Text of the line")).to_be_focused()

    for path in ("", "/add", f"/episodes/{app.public.id}/report", f"/s/{app.public.id}"):
        visitor.goto(app.address + path)
        visitor.wait_for_load_state("networkidle")
    visitor.goto(f"{app.address}/embed/{app.public.id}")
    wait_until_ready(visitor)
    visitor.keyboard.press("k")
    until(lambda: visitor.evaluate("document.querySelector('audio').currentTime > 0.2"))


def test_scripts_from_elsewhere_do_not_run(app: App) -> None:
    page = app.browser.new_page()
    page.goto(app.address)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()

    ran = page.evaluate(
        """() => {
          const run = (how) => document.body.append(Object.assign(document.createElement("script"), how));
          run({ textContent: "window.inline = true" });
          run({ src: "data:text/javascript,window.data = true" });
          document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.handler = true'>");
          return new Promise((done) => setTimeout(() => {
            let evaluated = true;
            try { eval("1"); } catch { evaluated = false; }
            done([window.inline, window.data, window.handler, evaluated]);
          }, 200));
        }"""
    )

    assert ran == [None, None, None, False]
    page.context.close()


def test_the_log_of_all_this_tells_no_secret(app: App, visitor: Page) -> None:
    """Stands last in this file: the log has all that happened above."""
    sign_in(app, visitor, ADA)
    visitor.goto(f"{app.listen(app.private)}&key=forged.key.of-nobody")
    cookies = [cookie["value"] for cookie in visitor.context.cookies()]
    log = app.log.read_text()

    assert len(log.splitlines()) > 20
    secrets = [SECRET, CLIENT_SECRET, "forged.key", "verbatime_key_", "Bearer ", *cookies]
    assert [secret for secret in secrets if secret in log] == []
    assert re.findall(r"[?&](?:key|code|state|provider)=[^…\s]", log) == []

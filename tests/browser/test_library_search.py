"""The library page: search as one types, keys, links to the second, order and filters, page by page."""

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import deno
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, expect

from alignment.app.search import ASSETS
from alignment.library import Library
from alignment.player import ASSETS as PLAYER
from alignment.transcript import Source
from tests.app.servers import served
from tests.library.episodes import aligned, audio_file

EPISODES = 64


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("library-page")
    library = Library(folder / "library")
    library.root.mkdir()
    (library.root / ".demo").touch()
    for number in range(EPISODES):
        talk = aligned(f"Talk {number:02}", source=Source(channel=("Radio <i>Uno</i>", "Garden")[number % 2]))
        library.add(transcript=b"%d" % number, audio=audio_file(folder), aligned=replace(talk, duration=2.0))
    with served(library.root) as address:
        yield address


@pytest.fixture
def library_page(context: BrowserContext, app: str) -> Iterator[Page]:
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(app)
    field(page).wait_for()
    yield page
    page.close()
    assert errors == []


def field(page: Page) -> Locator:
    return page.get_by_role("searchbox", name="Search in all episodes")


def test_what_is_found_shows_as_one_types_and_opens_at_its_second(library_page: Page) -> None:
    page = library_page
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(field(page)).to_be_focused()
    page.keyboard.type("left the ga")
    line = page.locator(".ls-line").first
    expect(line).to_contain_text("Who left the gate open?")
    expect(line.locator("mark")).to_have_text(["left", "the", "gate"])
    expect(page.get_by_role("status").filter(has_text="Found")).to_have_text("Found in 8+ episodes.")
    assert page.locator(".ls i").count() == 0  # a channel's name is no markup

    page.get_by_role("button", name="More", exact=True).click()
    expect(page.locator(".ls-episode")).to_have_count(16)

    page.keyboard.press("/")
    page.keyboard.press("Enter")
    page.wait_for_url("**/listen?v=*&t=0.25*")
    page.go_back()
    expect(field(page)).to_have_value("left the ga")
    expect(page.locator(".ls-line").first).to_be_visible()


def test_the_keyboard_reaches_everything(library_page: Page) -> None:
    page = library_page
    field(page).fill("kettle")
    expect(page.locator(".ls-episode")).to_have_count(8)
    page.keyboard.press("ArrowDown")
    expect(page.locator(".ls-title").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".ls-line").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(field(page)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(field(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(field(page)).to_have_value("")
    expect(page.locator(".ls-episode")).to_have_count(0)


def test_nothing_found_is_said(library_page: Page) -> None:
    field(library_page).fill("zebra")

    expect(library_page.get_by_text("Nothing found.")).to_be_visible()


def test_episodes_are_sorted_filtered_and_shown_page_by_page(library_page: Page, app: str) -> None:
    page = library_page
    cards = page.locator("[class*=st-key-page-card-]")
    expect(cards).to_have_count(60)
    page.get_by_role("button", name="Show 4 more").click()
    expect(cards).to_have_count(EPISODES)

    page.goto(f"{app}/?sort=By+title&channel=Garden")
    expect(cards).to_have_count(EPISODES // 2)
    expect(cards.first).to_contain_text("Talk 01")

    # From an episode back to the same choice, the same place in it, and the same address.
    chosen, scrolled = page.url, "document.querySelector('[data-testid=stMain]').scrollTop"
    page.get_by_role("link", name="Talk 49").scroll_into_view_if_needed()
    before = page.evaluate(scrolled)
    page.get_by_role("link", name="Talk 49").click()
    page.wait_for_selector(".vt[data-ready]")
    page.go_back()
    expect(cards).to_have_count(EPISODES // 2)
    assert before > 0 and page.url == chosen
    page.wait_for_function(f"before => {scrolled} === before", arg=before)

    with page.context.expect_page() as another:
        page.get_by_role("link", name="Talk 49").click(modifiers=["ControlOrMeta"])
    another.value.wait_for_selector(".vt[data-ready]")
    another.value.close()
    assert page.url == chosen

    # The episode's link to the library leads to the choice, too.
    page.get_by_role("link", name="Talk 49").click()
    page.wait_for_selector(".vt[data-ready]")
    page.get_by_role("link", name="Library").click()
    expect(cards).to_have_count(EPISODES // 2)
    expect(cards.first).to_contain_text("Talk 01")
    assert parse_qs(urlsplit(page.url).query) == {"sort": ["By title"], "channel": ["Garden"]}


@pytest.mark.parametrize(
    ("width", "height", "scheme"),
    [(1280, 800, "light"), (1280, 800, "dark"), (360, 740, "light"), (360, 740, "dark")],
)
def test_the_page_breaks_no_rule(library_page: Page, width: int, height: int, scheme: str) -> None:
    page = library_page
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    field(page).fill("gate")
    page.locator(".ls-line").first.wait_for()
    page.keyboard.press("ArrowDown")

    assert [found["id"] for found in Axe().run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("task", [["check"], ["lint"], ["fmt", "--check"]])
def test_the_module_keeps_its_types_and_rules(task: list[str]) -> None:
    files = [str(path) for path in ASSETS.glob("*.js")]
    done = subprocess.run(
        [deno.find_deno_bin(), *task, "--config", str(PLAYER / "deno.json"), *files],
        capture_output=True,
        text=True,
        env={"NO_COLOR": "1", "DENO_NO_UPDATE_CHECK": "1", "PATH": "/usr/bin:/bin", "HOME": "/tmp"},
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr

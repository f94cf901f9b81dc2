"""Choosing among the recordings of a feed, on the page that adds them: a real feed, a real browser."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from alignment.library import Jobs, JobStatus, Library
from tests.app.servers import served
from tests.browser.test_accessibility import assert_no_violation, settle
from tests.command import until
from tests.library.episodes import tone
from tests.sources.servers import Page as SitePage
from tests.sources.servers import Reply, Site, html, media

MANY = 200
ITEM = """<item><title>Part {n}{more}</title><guid isPermaLink="false">{n}</guid>
<pubDate>Mon, 02 Mar 2026 23:30:00 +0000</pubDate><enclosure url="/{n}.wav" type="audio/wav" length="1"/>
{text}</item>"""
TEXT = '<podcast:transcript url="/text.vtt" type="text/vtt"/>'
VTT = "WEBVTT\n\n00:00.100 --> 00:00.900\nThe lamp is lit.\n"


def feed(count: int) -> str:
    """Every third part has no text of its own, every tenth a café in its title."""
    items = (
        ITEM.format(n=n, more=" at the Café" if n % 10 == 0 else "", text=TEXT if n % 3 else "")
        for n in range(count, 0, -1)
    )
    return (
        '<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0">'
        f"<channel><title>Salt</title>{''.join(items)}</channel></rss>"
    )


@dataclass
class App:
    """A running app, its library, and the site with the feeds."""

    address: str
    library: Library
    site: Site

    def sources(self) -> set[str]:
        """What came of it: the addresses that the library's episodes are from."""
        return {episode.source.url or "" for episode in self.library.episodes()}


@pytest.fixture(scope="module")
def served_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    library = Library(tmp_path_factory.mktemp("choosing") / "library")
    library.root.mkdir()
    (library.root / ".demo").touch()
    sounds: dict[str, SitePage] = {
        f"/{n}.wav": media(tone(pitch_hz=200.0 + n), "audio/wav") for n in range(1, MANY + 1)
    }
    pages = {"/many.xml": html(feed(MANY)), "/text.vtt": html(VTT)}
    with (
        Site(pages | sounds) as site,
        served(library.root, "tests/app/serving.py", SERVED_TOOLS="fetching_tools") as address,
    ):
        yield App(address, library, site)


@pytest.fixture
def app(served_app: App) -> Iterator[App]:
    """With nothing in the library, and nothing to do."""
    pages, jobs = dict(served_app.site.pages), Jobs(served_app.library.root)
    yield served_app
    for job in jobs.all():
        jobs.cancel(job.id)
    served_app.site.released.set()
    until(lambda: all(job.status.ended for job in jobs.all()))
    for job in jobs.all():
        jobs.dismiss(job.id)
    for episode in served_app.library.episodes():
        served_app.library.remove(episode.id)
    served_app.site.pages = pages
    served_app.site.released.clear()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Somebody on a small screen; the page's policy holds."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, permissions=["clipboard-read", "clipboard-write"]
    )
    context.set_default_timeout(30_000)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


def give(app: App, page: Page, path: str, text: str = "Captions that the source has") -> None:
    """Open the page and paste an address of the site."""
    page.goto(f"{app.address}/add")
    page.get_by_text(text).click()
    page.wait_for_selector("[data-test-script-state=notRunning]", state="attached")
    page.evaluate("text => navigator.clipboard.writeText(text)", app.site.address(path))
    page.get_by_role("textbox", name="Its address").click()
    page.keyboard.press("ControlOrMeta+v")


def test_two_of_many_are_chosen_and_added_once(app: App, page: Page) -> None:
    give(app, page, "/many.xml")
    expect(page.get_by_text(f"There are {MANY} recordings at this address.")).to_be_visible()
    status = page.get_by_text(f"{MANY} recordings, 0 chosen")
    expect(status).to_be_visible()
    expect(page.get_by_role("checkbox", name="Part 198")).to_be_disabled()  # it brings no text
    expect(page.get_by_text("Still needed: a choice of recordings.")).to_be_visible()

    page.get_by_role("searchbox", name="Filter the recordings").fill("CAFE part 19")
    expect(page.get_by_text(f"1 of {MANY} recordings, 0 chosen")).to_be_visible()
    page.get_by_role("checkbox", name="Part 190 at the Café 2 March 2026 · brings its text").check()
    page.get_by_role("searchbox").fill("part 1 2026")
    page.get_by_role("checkbox", name="Part 1 2 March").check()
    page.get_by_role("button", name="Add 2 recordings").click()

    expect(page.get_by_role("heading", name="Adding 2 recordings")).to_be_visible()
    expect(page.get_by_text("2 of 2 recordings done.")).to_be_visible()
    expect(page.get_by_role("link", name="Listen now")).to_have_count(2)
    place = app.site.address("/many.xml")
    assert app.sources() == {f"{place}#190", f"{place}#1"}

    page.get_by_role("button", name="Choose more").click()
    page.get_by_role("searchbox").fill("part 190")
    here = page.get_by_role("checkbox", name="Part 190 at the Café in the library")
    expect(here).to_be_disabled()
    page.get_by_role("searchbox").fill("")
    expect(page.get_by_text(f"{MANY} recordings, 0 chosen", exact=True)).to_be_visible()
    # What is typed counts at once, although the list is sifted a moment later.
    page.get_by_role("searchbox").evaluate(
        """filter => {
            filter.value = "part 19";
            filter.dispatchEvent(new Event("input"));
            filter.closest(".ch").querySelector(".ch-all input").click();
        }"""
    )
    # All with 19 but 190, which is here, and 192, 195 and 198, which bring no text.
    expect(page.get_by_role("button", name="Add 8 recordings")).to_be_visible()


def test_one_of_many_takes_a_transcript_and_several_take_theirs_from_elsewhere(app: App, page: Page) -> None:
    give(app, page, "/many.xml", text="I have it")
    page.get_by_role("checkbox", name="Part 198").check()
    page.get_by_role("checkbox", name="Part 199").check()
    expect(page.get_by_text("A transcript is of one recording.")).to_be_visible()
    expect(page.get_by_role("button", name="Add 2 recordings")).to_be_disabled()
    expect(page.get_by_text("Still needed: a source of their texts.")).to_be_visible()
    page.get_by_role("checkbox", name="Part 199").uncheck()
    expect(page.get_by_text("Still needed: a transcript.")).to_be_visible()
    page.get_by_label("Paste it").fill("The kettle is on.\nWho left the gate open?")
    page.get_by_label("Paste it").blur()

    page.get_by_role("button", name="Align").click()

    page.get_by_role("link", name="Listen now").wait_for()
    (made,) = app.library.episodes()
    assert made.source.url == f"{app.site.address('/many.xml')}#198"
    assert made.transcript.read_text().startswith("The kettle")

    give(app, page, "/many.xml", text="I have it")
    for part in ("Part 199", "Part 197"):
        page.get_by_role("checkbox", name=part).check()
    page.get_by_role("button", name="Recognise what is said").click()
    page.get_by_role("button", name="Add 2 recordings").click()
    page.get_by_role("heading", name="Adding 2 recordings").wait_for()
    asked = {job.request.title: job.request.text for job in Jobs(app.library.root).all()}
    assert asked.items() >= {"Part 199": "recognised", "Part 197": "recognised"}.items()


def test_the_list_is_gone_through_with_the_keyboard_and_fits_a_small_screen(app: App, page: Page) -> None:
    page.set_viewport_size(ViewportSize(width=360, height=740))
    give(app, page, "/many.xml")
    page.get_by_role("searchbox").click()

    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("checkbox", name="Part 200")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("checkbox", name="Part 197")).to_be_focused()  # past what cannot be chosen
    page.keyboard.press("Shift+Space")
    page.keyboard.press("End")
    expect(page.get_by_role("checkbox", name="Part 1 2 March")).to_be_focused()
    page.keyboard.press("Space")

    expect(page.get_by_role("button", name="Add 4 recordings")).to_be_visible()
    page.keyboard.press("Tab")  # out of the whole list
    assert page.evaluate("document.activeElement.closest('.ch') === null")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        settle(page)
        assert_no_violation(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_look_can_be_stopped_and_one_recording_needs_no_further_step(app: App, page: Page) -> None:
    def hold(reply: Reply) -> None:
        app.site.released.wait()
        html(feed(1))(reply)

    app.site.pages["/slow.xml"] = hold
    give(app, page, "/slow.xml")
    expect(page.get_by_text("Looking what is at this address")).to_be_visible()
    page.get_by_role("button", name="Align").click()
    expect(page.get_by_text("It begins as soon as that is known.")).to_be_visible()

    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("It was not found out")).to_be_visible()
    assert Jobs(app.library.root).all() == []

    page.get_by_role("button", name="Look again").click()
    page.get_by_role("button", name="Align").click()
    expect(page.get_by_text("It begins as soon as that is known.")).to_be_visible()
    app.site.released.set()
    page.get_by_role("link", name="Listen now").wait_for()
    assert app.sources() == {f"{app.site.address('/slow.xml')}#1"}


def test_a_list_that_gives_nothing_says_why(app: App, page: Page) -> None:
    app.site.pages |= {
        "/mute.xml": html(feed(9).replace(TEXT, "")),
    }
    for path, why in (
        ("/gone.xml", "Nothing is found at"),
        ("/mute.xml", "None of the 9 recordings brings its text."),
    ):
        give(app, page, path)
        expect(page.get_by_text(why)).to_be_visible()
    expect(page.get_by_role("button", name="Align")).to_be_disabled()

    page.get_by_text("None: recognise what is said").first.click()
    page.get_by_role("checkbox", name="Select all shown").check()
    expect(page.get_by_role("button", name="Add 9 recordings")).to_be_enabled()


def test_many_that_wait_are_counted_and_cancelled_together(app: App, page: Page) -> None:
    jobs = Jobs(app.library.root)

    def hold(reply: Reply) -> None:
        app.site.released.wait()

    app.site.pages |= {f"/{n}.wav": hold for n in range(1, MANY + 1)}
    give(app, page, "/many.xml", text="None: recognise what is said")
    page.get_by_role("searchbox").fill("part 19")
    page.get_by_role("checkbox", name="Select all shown").check()
    page.get_by_role("button", name="Add 12 recordings").click()

    page.get_by_role("heading", name="Adding 12 recordings").wait_for()
    expect(page.get_by_text("And 6 more: 6 waiting.")).to_be_visible()
    page.goto(app.address)
    page.get_by_role("button", name="Cancel all that wait").click()
    page.get_by_role("button", name="Cancel 11 recordings").click()
    until(lambda: sum(job.status is JobStatus.CANCELLED for job in jobs.all()) == 11)
    expect(page.get_by_text("more: ")).to_have_count(0)
    expect(page.get_by_role("button", name="Cancel", exact=True)).to_have_count(1)

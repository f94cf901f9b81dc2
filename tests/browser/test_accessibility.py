"""No page breaks a rule that axe-core knows, in light and dark, on the desktop and on a phone."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from alignment.formats import read_transcript
from alignment.library import JobRequest, Jobs, JobStatus, Library
from alignment.report import report_html
from tests.app.servers import served
from tests.browser.conftest import PlayerServer
from tests.browser.listener import Listener
from tests.browser.recordings import AudioClip, make_transcript
from tests.report.transcripts import eventful as reported

SIZES = {"desktop": (1280, 800), "phone": (360, 740)}


@pytest.fixture(scope="module")
def eventful(server: PlayerServer, tones: AudioClip) -> str:
    """An episode with everything that a page can show: speakers, chapters, gaps, flagged lines."""
    transcript = make_transcript(40, words=12)
    del transcript["segments"][10:14]
    transcript["segments"][20]["status"] = "interpolated"
    transcript["segments"][22] |= {"status": "not_in_audio", "start": None, "end": None, "words": []}
    transcript["untranscribed"] = [{"start": 24.0, "end": 27.0, "heard": "somebody sings"}]
    transcript["source"]["chapters"] = [{"start": 0, "title": "Source"}, {"start": 40, "title": "Mouth"}]
    server.add("eventful", transcript, tones)
    return "eventful"


def nothing(listener: Listener) -> None:
    """The page as it opens."""


def playing(listener: Listener) -> None:
    listener.press("k")
    listener.wait_for_position(15.3)
    listener.press("k")


def searching(listener: Listener) -> None:
    listener.press("/")
    listener.page.keyboard.type("bridge")
    listener.press("Enter")


def helped(listener: Listener) -> None:
    listener.press("?")


def selecting(listener: Listener) -> None:
    listener.select(9)


def writing(listener: Listener) -> None:
    listener.press("n")


def looking_at_notes(listener: Listener) -> None:
    listener.press("n")
    listener.page.keyboard.type("A thought")
    listener.press("Control+Enter")
    listener.press("]", "h", "N")
    listener.page.get_by_role("region", name="Notes").get_by_role("listitem").nth(1).wait_for()


def elsewhere(listener: Listener) -> None:
    listener.line(8).click()
    listener.page.mouse.move(150, 300)
    listener.page.mouse.wheel(0, 2000)
    listener.page.get_by_text("Back to current").wait_for()


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
@pytest.mark.parametrize(
    "act", [nothing, playing, searching, helped, selecting, writing, looking_at_notes, elsewhere]
)
def test_the_player_breaks_no_rule(
    listener: Listener, eventful: str, scheme: str, size: str, act: Callable[[Listener], None]
) -> None:
    width, height = SIZES[size]
    listener.page.set_viewport_size({"width": width, "height": height})
    listener.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    listener.open(eventful, t=15)
    act(listener)

    assert_no_violation(listener.page)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, tones: AudioClip) -> Iterator[str]:
    """The address of an app with one episode."""
    library = Library(tmp_path_factory.mktemp("accessible") / "library")
    library.root.mkdir()
    (library.root / ".demo").touch()
    text = json.dumps(make_transcript(60, words=12))
    library.add(transcript=b"river", audio=tones.path, aligned=read_transcript(text))
    jobs = Jobs(library.root)
    folder = jobs.folder(jobs.submit(JobRequest("A talk", "https://example.org/talk"), b"Hello.").id)
    with folder.held():
        folder.end(JobStatus.FAILED, "The video is private. Give the audio file instead.")
    with served(library.root) as address:
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_the_app_breaks_a_rule(page: Page, app: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.goto(app)
    page.get_by_role("link", name="A river in the afternoon").wait_for()
    settle(page)
    assert_no_violation(page)
    page.get_by_text("Details", exact=True).click()
    page.locator(".page-log").get_by_text("The video is private.").wait_for()
    settle(page)
    assert_no_violation(page)

    page.get_by_role("link", name="A river in the afternoon").click()
    page.wait_for_selector(".vt[data-ready]")
    settle(page)
    assert_no_violation(page)
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Align again").wait_for()
    page.mouse.move(5, 300)
    page.wait_for_timeout(400)  # the menu's colours fade in
    settle(page)
    assert_no_violation(page)

    page.goto(f"{app}/add")
    page.get_by_label("Paste it").wait_for()
    page.get_by_text("Language and model").click()
    page.get_by_label("Model").wait_for()
    page.wait_for_timeout(400)
    settle(page)
    assert_no_violation(page)
    page.get_by_text("Still needed").scroll_into_view_if_needed()  # axe judges the colours of what is seen
    assert_no_violation(page)


def settle(page: Page) -> None:
    """Wait until Streamlit is done: while it works it shows a button of its own, not dark enough."""
    page.wait_for_selector("[data-test-script-state=notRunning]", state="attached")
    page.wait_for_function(
        "[...document.querySelectorAll('[data-testid=stElementContainer]')]"
        ".every(element => getComputedStyle(element).opacity === '1')"
    )  # what may have changed is pale until then


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_breaks_no_rule(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    # Without its policy, which lets no script run: not the one that looks either.
    page.set_content(re.sub(r"<meta[^>]*Content-Security-Policy[^>]*>", "", report_html(reported())))

    assert_no_violation(page)


def test_a_broken_rule_is_found(page: Page) -> None:
    page.set_content("<html lang='en'><title>A page</title><main><h1>A page</h1><button></button></main>")

    assert [found["id"] for found in violations(page)] == ["button-name"]


def assert_no_violation(page: Page) -> None:
    """Of what stays: colours may still be fading in at the first look."""
    found = violations(page)
    if found:
        page.wait_for_timeout(2000)
        found = violations(page)
    assert found == [], json.dumps(found, indent=1)


def violations(page: Page) -> list[dict[str, Any]]:
    """What axe-core finds, with the elements; without what Streamlit's own file field does by itself."""
    context = {"exclude": [["[data-testid=stFileUploaderDropzone]"]]}
    results = Axe().run(page, context=context)
    return [
        {"id": found["id"], "help": found["help"], "nodes": [node["html"] for node in found["nodes"]]}
        for found in results.response["violations"]
    ]

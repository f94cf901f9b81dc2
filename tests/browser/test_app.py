"""The app in a real browser: find an episode, listen to it, add another, while work goes on."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, WebSocket, expect

from alignment.demo import DEMO
from alignment.formats import read_transcript
from alignment.library import Episode, JobRequest, Jobs, Library
from tests.app.servers import served
from tests.browser.recordings import AudioClip, make_transcript
from tests.command import opening
from tests.library.episodes import LINES, aligned, audio_file
from tests.library.working import BELL
from tests.sources.captioned import captioned_site

LINE_S = 2.0
PAGE = """A walk in the rain
Video Statistics and Information
Captions Word Cloud
Reddit Comments
Lovely weather for it. 👍︎︎ 3 👤︎︎ u/Umbrella 📅︎︎ Mar 28 2023 🗁︎︎ 0 replies
Captions
It rains,\N{NO-BREAK SPACE}\N{NO-BREAK SPACE} and we walk on. \N{NO-BREAK SPACE} Do we?
Info
Channel: Garden talk
Views: 12
Id: abcdefghijk
Length: 1min 5sec (65 seconds)
Published: Mon Mar 27 2023
Related Videos
Note
"""
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


def paste(page: Page, text: str) -> None:
    """As people do: from the clipboard, into the field, and no more."""
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.get_by_label("Paste it").click()
    page.keyboard.press("ControlOrMeta+v")


def open_menu(page: Page) -> None:
    page.get_by_role("button", name="More").click()
    expect(page.get_by_role("button", name="Align again", exact=True)).to_be_visible()
    page.wait_for_selector("[data-test-script-state=notRunning]")


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
    assert page.url == f"{app.address}/listen?v={app.river.id}"
    page.wait_for_selector(".vt-track[data-wave]")
    assert page.evaluate("document.querySelector('.stMain').scrollTop") == 0  # the whole title can be seen

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
    assert page.url == f"{app.address}/"
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
    page.on("websocket", lambda socket: sockets.append(socket))  # noqa: PLW0108 - takes no built-in
    page.goto(app.listen())
    wait_until_ready(page)
    page.keyboard.press("k")
    wait_for_position(page, 0.5)
    said: list[object] = []

    def note(frame: str | bytes) -> None:
        said.append(frame)

    for socket in sockets:
        socket.on("framesent", note)
        socket.on("framereceived", note)

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

    open_menu(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Subtitles (SRT)").click()
    subtitles = download.value.path().read_text()

    assert (
        "00:00:02,000 --> " in subtitles
        and download.value.suggested_filename == "A river in the afternoon.srt"
    )
    assert page.evaluate("document.querySelector('audio').mine") and playing(page)
    wait_for_position(page, position(page) + 0.5)


def test_the_menu_leads_to_the_report_and_the_report_back_to_the_sound(app: App, page: Page) -> None:
    doubtful = make_transcript(8)
    doubtful["segments"][6] |= {"confidence": 0.3, "text": "<script>alert(1)</script> 6."}
    unsure = app.library.add(
        transcript=b"unsure", audio=app.river.audio, aligned=read_transcript(json.dumps(doubtful))
    )
    page.goto(f"{app.address}/listen?v={unsure.id}")
    wait_until_ready(page)

    open_menu(page)
    with page.expect_popup() as opened:
        page.get_by_role("link", name="How it was aligned").click()
    report = opened.value
    expect(report.get_by_role("listitem")).to_contain_text("<script>alert(1)</script> 6.")
    report.get_by_role("listitem").get_by_role("link", name="0:12").click()
    report.wait_for_url("**/listen?v=*&t=12.00")
    wait_for_line(report, 6)

    report.close()
    app.library.remove(unsure.id)


def test_an_episode_is_aligned_again_while_one_listens_to_it(app: App, page: Page) -> None:
    app.hold(*STEPS)
    page.goto(app.listen(t=20))
    wait_until_ready(page)
    page.evaluate("document.querySelector('audio').mine = true")
    page.keyboard.press("k")
    wait_for_position(page, 20.2)

    open_menu(page)
    page.get_by_role("button", name="Align again", exact=True).click()
    expect(page.get_by_text("At first-half · 25% · about 1 min left · waiting")).to_be_visible()
    before = position(page)
    wait_for_position(page, before + 1.5)  # some looks at the job later
    app.let_go(*STEPS)
    expect(page.get_by_text("This episode has been aligned again.")).to_be_visible(timeout=30_000)
    assert page.evaluate("document.querySelector('audio').mine") and playing(page)

    page.get_by_role("button", name="Show the new times").click()
    expect(page.locator("[data-line='0']")).to_contain_text("The kettle is on.")
    expect(page.get_by_text("This episode has been aligned again.")).to_be_hidden()


def test_a_pasted_transcript_and_an_audio_file_become_playable(app: App, page: Page, tmp_path: Path) -> None:
    app.hold(*STEPS)
    page.goto(app.address)
    page.get_by_role("link", name="Add an episode").click()
    expect(page.get_by_role("button", name="Align")).to_be_disabled()

    paste(page, "\n".join(LINES))
    page.locator("input[type=file]").nth(1).set_input_files(audio_file(tmp_path, "At the gate.wav"))
    expect(page.get_by_text("3 lines, 14 words")).to_be_visible()
    page.get_by_role("button", name="Align").click()
    expect(page.get_by_text("At fetch · 25% · about 1 min left · waiting")).to_be_visible()

    # One listens to something else meanwhile, and the work shows there, too.
    page.get_by_role("link", name="Listen to something else").click()
    expect(page.get_by_text("At fetch · 25%")).to_be_visible()
    page.get_by_role("link", name="A river in the afternoon").click()
    wait_until_ready(page)
    page.keyboard.press("k")
    app.let_go(*STEPS)
    wait_for_position(page, 1.0)
    page.get_by_role("link", name="Library").click()
    page.get_by_role("link", name="Fetched").click(timeout=30_000)

    wait_until_ready(page)
    page.locator("[data-line='2']").click()
    wait_for_line(page, 2)
    assert marked_word(page) in LINES[2].split()


def test_the_beginning_is_listened_to_while_the_rest_is_aligned(app: App, page: Page, tmp_path: Path) -> None:
    app.hold(*STEPS)
    page.goto(f"{app.address}/add")
    paste(page, "\n".join([*LINES, "The kettle sings."]))
    audio = audio_file(tmp_path, "Kettle.wav", seconds=2.0)
    page.locator("input[type=file]").nth(1).set_input_files(audio)
    page.get_by_role("button", name="Align").click()
    app.let_go("fetch", "first-half")
    page.get_by_role("link", name="Listen already").click(timeout=30_000)

    wait_until_ready(page)
    expect(page.locator(".vt-pending")).to_have_count(len(LINES) - 1)
    expect(page.get_by_text("At second-half · 25%")).to_be_visible()
    page.evaluate("document.querySelector('audio').mine = true")
    page.get_by_role("button", name="More").click()
    expect(page.get_by_text("as soon as every line has its time")).to_be_visible()
    page.keyboard.press("Escape")

    app.let_go(*STEPS)
    expect(page.locator(".vt-pending")).to_have_count(0, timeout=30_000)
    assert page.evaluate("document.querySelector('audio').mine")
    expect(page.get_by_text("At save")).to_be_hidden()
    page.reload()
    wait_until_ready(page)
    expect(page.locator(".vt-pending")).to_have_count(0)


def test_a_beginning_that_came_to_nothing_says_why(app: App, page: Page, tmp_path: Path) -> None:
    app.hold(*STEPS)
    page.goto(f"{app.address}/add")
    paste(page, "\n".join([*LINES, "The kettle is cold."]))
    audio = audio_file(tmp_path, "Cold.wav", seconds=2.5)
    page.locator("input[type=file]").nth(1).set_input_files(audio)
    page.get_by_role("button", name="Align").click()
    app.let_go("fetch", "first-half")
    page.get_by_role("link", name="Listen already").click(timeout=30_000)
    wait_until_ready(page)

    page.get_by_role("button", name="Cancel").click()

    expect(page.get_by_text("Stopped, as you asked.")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_text("It may have been removed.")).to_be_visible()
    app.let_go(*STEPS)


def test_a_job_waits_on_its_page_can_be_stopped_and_goes_on(app: App, page: Page, tmp_path: Path) -> None:
    app.hold(*STEPS)
    page.goto(f"{app.address}/add")
    paste(page, "\n".join([*LINES, "And so it went."]))
    page.locator("input[type=file]").nth(1).set_input_files(audio_file(tmp_path, "Stopped.wav"))
    page.get_by_role("button", name="Align").click()
    expect(page.get_by_text("At fetch")).to_be_visible()

    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Stopped, as you asked.")).to_be_visible()
    app.let_go(*STEPS)
    page.get_by_role("button", name="Try again").click()

    page.get_by_role("link", name="Listen now").click(timeout=30_000)
    wait_until_ready(page)


def test_jobs_stand_in_line_and_tell_what_happened_to_them(app: App, page: Page, tmp_path: Path) -> None:
    app.hold(*STEPS)
    jobs = Jobs(app.library.root)
    for name in ("The first", "The second", "The third"):
        jobs.submit(JobRequest(name, str(audio_file(tmp_path, f"{name}.wav"))), name.encode())
    page.goto(app.address)
    expect(page.get_by_text("Next in line")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("2nd in line")).to_be_visible()
    episodes = page.get_by_role("link", name="fetched")
    there = episodes.count()

    page.get_by_text("Details", exact=True).first.click()

    expect(page.locator(".page-log").get_by_text("Started")).to_be_visible()
    app.let_go(*STEPS)
    expect(episodes).to_have_count(there + 3, timeout=30_000)


def test_a_job_without_a_network_is_tried_again_when_somebody_says_so(
    app: App, page: Page, tmp_path: Path
) -> None:
    app.let_go(*STEPS)
    jobs = Jobs(app.library.root)
    job = jobs.submit(JobRequest("A talk on rivers", str(audio_file(tmp_path, "River.wav"))), b"Water.")
    with jobs.folder(job.id).held(timeout_s=30):
        jobs.folder(job.id).put_off("There is no connection to the internet.", 600)
    page.goto(app.address)
    expect(page.get_by_text("There is no connection to the internet.")).to_be_visible()
    expect(page.get_by_text("Tries again by itself in")).to_be_visible()

    page.get_by_role("button", name="Try now").click()

    expect(page.get_by_text("There is no connection")).to_have_count(0, timeout=30_000)


def test_what_cannot_be_fetched_is_said_and_can_be_changed(app: App, page: Page, tmp_path: Path) -> None:
    app.let_go(*STEPS)
    page.goto(f"{app.address}/add")
    paste(page, "\n".join([*LINES, "Or was it?"]))
    page.get_by_label("Its address", exact=True).fill("https://example.org/gone.mp3")
    page.get_by_label("Its address", exact=True).blur()
    page.get_by_role("button", name="Align").click()
    expect(page.get_by_text("There is no such recording. Give the audio file instead.")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()

    page.get_by_role("button", name="Change what was given").click()
    expect(page.get_by_label("Paste it")).to_have_value("\n".join([*LINES, "Or was it?"]))
    page.locator("input[type=file]").nth(1).set_input_files(audio_file(tmp_path, "Found.wav"))
    page.get_by_role("button", name="Align").click()
    page.get_by_role("link", name="Listen now").click(timeout=30_000)
    wait_until_ready(page)
    assert not [job for job in Jobs(app.library.root).all() if job.message]


def test_a_page_of_video_transcripts_is_recognised_before_any_work(app: App, page: Page) -> None:
    page.goto(f"{app.address}/add")
    paste(page, PAGE)

    expect(page.locator(".page-recognised strong")).to_have_text("A walk in the rain")
    expect(page.get_by_text("Garden talk · 1 min 5 s · 27 March 2023 · 1 comment")).to_be_visible()
    expect(page.get_by_label("Its address", exact=True)).to_have_value(
        "https://www.youtube.com/watch?v=abcdefghijk"
    )


def test_what_is_no_transcript_is_said_in_plain_words(app: App, page: Page) -> None:
    page.goto(f"{app.address}/add")
    paste(page, r"{\rtf1 Not at all}")
    page.get_by_label("Its address", exact=True).fill("https://example.org/talk.mp3")
    page.get_by_label("Its address", exact=True).blur()

    expect(page.get_by_text("This is rich text (RTF). Expected the text of a transcript")).to_be_visible()
    expect(page.get_by_role("button", name="Align")).to_be_disabled()


def test_a_damaged_episode_takes_nothing_down_and_can_be_removed(
    app: App, page: Page, tmp_path: Path
) -> None:
    damaged = app.library.add(transcript=b"Lost.", audio=audio_file(tmp_path), aligned=aligned())
    damaged.audio.unlink()

    page.goto(app.address)
    expect(page.get_by_text("Its audio.wav is missing.")).to_be_visible()
    expect(page.get_by_role("link", name="A river in the afternoon")).to_be_visible()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Its audio.wav is missing.")).to_be_hidden()
    assert app.library.damaged() == []


def test_an_episode_is_removed_and_had_back(app: App, page: Page, tmp_path: Path) -> None:
    title = "*Not* <b>bold</b> & :red[plain]"
    episode = app.library.add(transcript=b"Gone.", audio=audio_file(tmp_path), aligned=aligned(title))
    page.goto(app.address)
    page.get_by_role("link", name=title).click()
    wait_until_ready(page)

    open_menu(page)
    page.get_by_role("button", name="Remove", exact=True).click()

    expect(page.get_by_text(f"“{title}” was moved to the bin.")).to_be_visible()
    expect(page.get_by_role("link", name=title)).to_be_hidden()
    assert not episode.folder.exists()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name=title)).to_be_visible()
    assert app.library.episode(episode.id) == episode

    app.library.remove(episode.id)
    page.reload()
    page.get_by_role("button", name="Bin (").click()
    page.locator(f"[class*='st-key-page-binned-{episode.id}']").get_by_role(
        "button", name="Delete now"
    ).click()
    expect(page.locator(f"[class*='st-key-page-binned-{episode.id}']")).to_be_hidden()
    assert episode.id not in {entry.id for entry in app.library.binned()}


def test_an_episode_is_renamed_and_put_into_a_collection(app: App, page: Page, tmp_path: Path) -> None:
    episode = app.library.add(transcript=b"Named.", audio=audio_file(tmp_path), aligned=aligned("Old name"))
    page.goto(f"{app.address}/listen?v={episode.id}")
    wait_until_ready(page)

    # By keyboard, too, it is a few steps from the button to what the menu holds, all of which can be seen.
    page.get_by_role("button", name="More").press("Enter")
    expect(page.get_by_role("link", name="Subtitles (SRT)")).to_be_focused()
    expect(page.get_by_role("button", name="Remove", exact=True)).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Rename", exact=True).press("Enter")
    page.get_by_label("Title", exact=True).fill("New name")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="New name")).to_be_visible()

    open_menu(page)
    page.get_by_role("button", name="Collections", exact=True).click()
    page.get_by_role("textbox", name="Name a collection").fill("Radio")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert app.library.episode(episode.id).collections == ("Radio",)

    page.goto(app.address)
    page.get_by_role("combobox", name="Collection").click()
    page.get_by_role("option", name="Radio").click()
    expect(page.get_by_role("link", name="A river in the afternoon")).to_be_hidden()
    expect(page.get_by_role("link", name="New name")).to_be_visible()
    app.library.remove(episode.id)


@pytest.mark.parametrize("path", ["/", "/add", "/listen?v={id}&t=30"])
def test_no_page_is_wider_than_the_window(app: App, page: Page, path: str) -> None:
    page.goto(app.address + path.format(id=app.river.id))
    page.wait_for_selector(":is(.st-key-page-form, .st-key-page-cards, .vt-dock)")
    page.wait_for_selector("[data-test-script-state=notRunning]")

    for width in (360, 390, 768, 1600):
        page.set_viewport_size({"width": width, "height": 760})
        widths = "[document.querySelector('.stMain').scrollWidth, document.documentElement.scrollWidth]"
        assert max(page.evaluate(widths)) <= width

    # The letters are as large as the person has set the browser, and still fit.
    page.set_viewport_size({"width": 390, "height": 760})
    larger = {"fontSizes": {"standard": 24, "fixed": 20}}
    page.context.new_cdp_session(page).send("Page.setFontSizes", larger)
    page.wait_for_function("getComputedStyle(document.documentElement).fontSize === '24px'")
    assert max(page.evaluate(widths)) <= 390


def test_a_new_library_has_the_demo_ready_and_aligns_it_live(context: BrowserContext, tmp_path: Path) -> None:
    with served(tmp_path / "library") as address:
        page = context.new_page()
        page.goto(address)
        page.get_by_role("link", name=DEMO.title).click()
        wait_until_ready(page)
        page.keyboard.press("k")
        wait_for_line(page, 1)
        assert marked_word(page) and playing(page)

        open_menu(page)
        page.get_by_role("button", name="Align again", exact=True).click()
        expect(page.get_by_text("This episode has been aligned again.")).to_be_visible(timeout=120_000)
        assert playing(page)
        page.get_by_role("button", name="Show the new times").click()
        wait_until_ready(page)

        open_menu(page)
        page.get_by_role("button", name="Remove", exact=True).click()
        expect(page.get_by_text("Nothing here yet")).to_be_visible()
        page.close()
    with served(tmp_path / "library") as address:
        page = context.new_page()
        page.goto(address)
        expect(page.get_by_text("Nothing here yet")).to_be_visible()
        page.close()


def test_captions_and_a_podcast_become_playable(context: BrowserContext, tmp_path: Path) -> None:
    talk = opening(tmp_path / "talk", 2)
    library = Library(tmp_path / "library")
    library.root.mkdir()
    (library.root / ".demo").touch()
    with captioned_site(talk) as site, served(library.root) as address:
        page = context.new_page()
        for path, title in (("/page", "A page"), ("/feed.xml", "Two people")):
            page.goto(f"{address}/add")
            page.get_by_text("Captions that the source has").click()
            page.get_by_label("Its address", exact=True).fill(site.address(path))
            page.keyboard.press("Enter")
            page.get_by_role("button", name="Align").click()
            page.get_by_role("link", name="Listen now").click(timeout=90_000)

            wait_until_ready(page)
            expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
            expect(page.get_by_text("Captions of the source")).to_be_visible()
            expect(page.locator("[data-line='0']")).to_contain_text(talk.lines[0].text)
            expect(page.get_by_role("heading", name="Hello")).to_have_count(int(path == "/feed.xml"))
        page.close()
    assert {episode.title for episode in library.episodes()} == {"A page", "Two people"}


def test_a_line_is_corrected_in_the_app_and_the_downloads_have_it(app: App, page: Page) -> None:
    short = read_transcript(json.dumps(make_transcript(8)))
    id = app.library.add(transcript=b"corrected", audio=app.river.audio, aligned=short).id
    page.goto(f"{app.address}/listen?v={id}&t=4")
    wait_until_ready(page)
    page.evaluate("document.querySelector('audio').mine = true")
    page.get_by_role("button", name="Edit the transcript").click()
    field = page.get_by_role("textbox", name="Text of the line")
    expect(field).to_be_focused()

    page.keyboard.type("rc, ")  # Streamlit's own keys
    page.keyboard.press("Enter")
    expect(page.locator("[data-line='2']")).to_contain_text("rc, ")
    assert page.evaluate("document.querySelector('audio').mine")

    open_menu(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Plain text").click()
    assert "rc, " in download.value.path().read_text()

    # What is being typed is not lost on the way to another page.
    page.keyboard.press("Escape")
    field.press("Home")
    page.keyboard.type("Oh, ")
    with page.expect_response(f"{app.address}/episodes/{id}/corrections"):
        page.get_by_role("link", name="Library").click()
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    page.go_back()
    expect(page.locator("[data-line='2']")).to_contain_text("Oh, rc, ")
    app.library.remove(id)

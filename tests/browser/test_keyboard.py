"""All that the player can do is done by keyboard alone, on pages where any pointer is an error."""

import json
from collections.abc import Callable, Iterator
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse
from starlette.routing import Route

from alignment.app.routes import routes
from alignment.formats import read_transcript
from alignment.library import Library
from alignment.library.corrections import read_corrections
from alignment.library.notes import Note, read_notes
from alignment.player import ASSETS, page_html
from tests.browser.conftest import PlayerServer, serving
from tests.browser.listener import Listener
from tests.browser.recordings import AudioClip, make_transcript

# A button that is pressed by key has a click, too, but one without a pointer; and where something comes under
# a pointer that rests, a move is told that is none. Noted is what gets the focus, and what awaits a pointer.
WITHOUT_POINTER = """
for (const type of ["pointerdown", "pointerup", "pointermove", "mousedown", "mouseup", "mousemove",
    "wheel", "touchstart", "touchmove", "click", "auxclick", "dblclick", "contextmenu"]) {
    window.addEventListener(type, (event) => {
        const isKey = type === "click" && event.detail === 0 && !event.pointerType;
        const rests = type.endsWith("move") && !event.movementX && !event.movementY;
        if (!event.isTrusted || isKey || rests) return;
        window.pointed = type;
        throw new Error(`A pointer was used: ${type}`);
    }, true);
}
window.reached = new WeakSet();
window.addEventListener("focusin", ({ target }) => window.reached.add(target), true);
window.clickable = new Set();
const listen = EventTarget.prototype.addEventListener;
EventTarget.prototype.addEventListener = function (type, ...rest) {
    const isPointed = ["click", "dblclick", "pointerdown", "mousedown"].includes(type);
    if (isPointed && this instanceof Element) window.clickable.add(this);
    return listen.call(this, type, ...rest);
};
"""

NAME = """(it) => it === document.body ? "" : (it.getAttribute("aria-label") ??
    it.labels?.[0]?.querySelector("span").textContent ?? it.textContent).trim()"""

TABS = 90
"""More stops than any page of the player has."""


class Typist(Listener):
    """Who has a keyboard and no mouse; at an episode of a library of its own."""

    def __init__(self, page: Page, address: str, library: Library, episode: str) -> None:
        super().__init__(page, PlayerServer(url=address))
        self.library = library
        self.episode = episode
        self.errors: list[str] = []

    def start(self, **query: object) -> "Typist":
        """Open the episode."""
        self.open(self.episode, **query)
        return self

    def go(self, role: Any, name: str, *, back: bool = False, within: Locator | None = None) -> Locator:
        """Press Tab until the control of that name has the focus."""
        target = (within or self.page).get_by_role(role, name=name, exact=True)
        for _ in range(TABS):
            self.press("Shift+Tab" if back else "Tab")
            # At most stops this is enough, and a fifth of the work.
            if not self.evaluate(f"name => ({NAME})(document.activeElement) === name", name):
                continue
            if target.evaluate_all("found => found.includes(document.activeElement)"):
                return target
        raise AssertionError(f"Tab does not lead to {role} {name!r}; it has been at {self.stops()}")

    def use(
        self, name: str, *, key: str = "Enter", back: bool = False, within: Locator | None = None
    ) -> None:
        """Go to a button and press it."""
        self.go("button", name, back=back, within=within)
        self.press(key)

    def stops(self) -> list[str]:
        """Where Tab leads from here, until it comes round."""
        names: list[str] = []
        for _ in range(TABS):
            self.press("Tab")
            name = self.evaluate(f"({NAME})(document.activeElement)")
            if name in names:
                break
            names.append(name)
        return names

    def wait_until(self, script: str, argument: object = None) -> None:
        self.page.wait_for_function(script, arg=argument)

    def wait_until_at(self, seconds: float) -> None:
        self.wait_until("at => Math.abs(document.querySelector('audio').currentTime - at) < 0.05", seconds)

    def wait_until_playing(self, playing: bool = True) -> None:
        self.wait_until("playing => document.querySelector('audio').paused !== playing", playing)

    def text(self, line: int) -> str:
        return str(self.line(line).evaluate("line => line.lastChild.data"))

    @property
    def selected(self) -> str:
        return cast(str, self.evaluate("String(getSelection())"))

    @property
    def focused(self) -> Locator:
        return self.page.locator(":focus")

    @property
    def said(self) -> Locator:
        """What the player says of what was done."""
        return self.page.locator(".vt-notice")

    def notes(self) -> list[Note]:
        """As the library keeps them."""
        return read_notes(self.library, self.episode)

    def wait_until_noted(self, holds: Callable[[list[Note]], bool]) -> list[Note]:
        """Wait until what the library keeps of the notes is so."""
        for _ in range(200):
            notes = self.notes()
            if holds(notes):
                return notes
            self.page.wait_for_timeout(25)
        raise AssertionError(f"The notes are {notes}")


def everything() -> dict[str, Any]:
    """A minute with all that a page can show, and a minute without a text."""
    transcript = make_transcript(30, words=6)
    segments = transcript["segments"]
    segments[5] |= {"status": "interpolated", "words": []}
    segments[8] |= {"status": "not_in_audio", "start": None, "end": None, "confidence": None, "words": []}
    segments[11] |= {"confidence": 0.5}
    transcript |= {"duration": 120.0, "untranscribed": [{"start": 62, "end": 70, "heard": "somebody sings"}]}
    transcript["source"] |= {
        "url": "https://www.youtube.com/watch?v=abcdefghijk",
        "description": "0:40 the bridge, and https://example.org/river",
        "chapters": [{"start": 0, "title": "Source"}, {"start": 48, "title": "Mouth"}],
    }
    comment = {"text": f"“{segments[20]['text']}” Oh.", "author": "Reed", "date": None, "votes": 2}
    transcript["about"] = {"views": 7, "info": {}, "comments": [comment], "related": [], "note": None}
    return transcript


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("typed") / "library")


@pytest.fixture(scope="module")
def address(library: Library) -> Iterator[str]:
    """The app's own routes, and a page for each episode with the player alone."""

    def player_file(request: Request) -> FileResponse:
        # Asked for once, as each test opens a page or more.
        return FileResponse(ASSETS / request.path_params["file"], headers={"Cache-Control": "max-age=600"})

    def listen(request: Request) -> HTMLResponse:
        base = f"episodes/{request.query_params['v']}"
        options = {
            "episodeId": request.query_params["v"],
            "title": "A river",
            "transcriptUrl": f"{base}/transcript.json?version=1",
            "audioUrl": f"{base}/audio",
            "notesUrl": f"{base}/notes.json",
            "correctionsUrl": f"{base}/corrections",
            "clipsUrl": f"{base}/clip",
        }
        return HTMLResponse(page_html(options, assets="player/"))

    own = [Route("/listen", listen), Route("/player/{file}", player_file)]
    with serving(Starlette(routes=[*own, *routes(lambda: library)])) as url:
        yield url


@pytest.fixture
def typist(context: BrowserContext, library: Library, address: str, tones: AudioClip) -> Iterator[Typist]:
    text = json.dumps(everything())
    episode = library.add(transcript=b"river", audio=tones.path, aligned=read_transcript(text))
    page = context.new_page()
    page.add_init_script(WITHOUT_POINTER)
    page.emulate_media(reduced_motion="reduce")
    storage = {"origin": address, "storageTypes": "local_storage"}
    context.new_cdp_session(page).send("Storage.clearDataForOrigin", storage)
    typist = Typist(page, address, library, episode.id)
    page.on("pageerror", lambda error: typist.errors.append(str(error)))
    yield typist
    page.close()
    library.remove(episode.id)
    assert typist.errors == []


def test_a_pointer_is_an_error_here(typist: Typist) -> None:
    typist.start()
    typist.page.mouse.click(5, 5)
    typist.wait_until("window.pointed === 'click'")
    assert "A pointer was used: mousedown" in typist.errors
    typist.errors.clear()


def test_the_bar(typist: Typist) -> None:
    typist.start()
    audio = "document.querySelector('audio')"
    slider = typist.go("slider", "Position in the recording")
    hover = typist.page.locator(".vt-hover")
    typist.press("ArrowRight", "ArrowRight")
    typist.wait_until_at(10)
    # What a pointer would show there.
    expect(hover).to_contain_text("0:10Source")
    expect(hover).to_contain_text(typist.text(5))
    expect(slider).to_have_attribute("aria-valuetext", f"10 seconds of 2 minutes. {typist.text(5)}")
    typist.press("PageUp", "ArrowLeft")
    typist.wait_until_at(65)
    expect(hover).to_contain_text("Not in the transcript: somebody sings")
    typist.press("End")
    typist.wait_until_at(120)
    typist.press("Home")
    typist.wait_until_at(0)

    typist.go("combobox", "Speed")
    expect(hover).to_be_hidden()
    expect(slider).to_have_attribute("aria-valuetext", "0 seconds of 2 minutes")
    typist.press("ArrowDown")
    typist.wait_until(f"{audio}.playbackRate === 1.25")
    typist.use("On 30 seconds")
    typist.wait_until_at(30)
    typist.use("Next line", key="Space")
    typist.wait_until_at(32)
    typist.use("Back 15 seconds", back=True)
    typist.wait_until_at(17)
    typist.use("Previous line", back=True)
    typist.wait_until_at(14)

    typist.use("Play")
    typist.wait_until_playing()
    typist.press("Space")
    typist.wait_until_playing(False)
    typist.use("Sound off")
    typist.wait_until(f"{audio}.muted && document.querySelector('.vt-volume').value === '0'")
    typist.go("slider", "Volume")
    typist.press("ArrowRight")
    typist.wait_until(f"!{audio}.muted && {audio}.volume === 0.05")
    typist.use("Copy a link to this moment")
    expect(typist.said).to_contain_text("Link copied.")
    assert 14 <= float(link(typist)["t"]) < 30
    typist.use("Keys and help")
    expect(typist.page.get_by_role("dialog", name="Keys and help")).to_contain_text("Previous word")
    typist.use("Close")
    expect(typist.page.get_by_role("dialog")).to_have_count(0)
    typist.use("Search the transcript", back=True)
    expect(typist.page.get_by_role("searchbox", name="Search the transcript")).to_be_focused()


def link(typist: Typist) -> dict[str, str]:
    """The query of the link that was copied, without its hash."""
    query = parse_qs(urlsplit(typist.clipboard()).query)
    return {name: value for name, (value,) in query.items() if name != "h"}


def test_reading_along_and_playing_from_a_word_a_line_a_gap(typist: Typist) -> None:
    typist.start(t=20)
    typist.press(".", ".", "Space")
    typist.wait_until_playing()
    typist.press("k", ",")
    typist.wait_until_playing(False)
    assert typist.current_line == 10

    typist.go("button", "Play from 20 seconds")
    typist.press("ArrowDown", "Enter")
    typist.wait_until_playing()
    typist.wait_for_line(11)
    typist.press("k", *["ArrowUp"] * 3)
    expect(typist.focused).to_have_accessible_name(f"Not in the audio: {typist.text(8)}")
    typist.press("Enter")
    expect(typist.said).to_contain_text("This line is not in the audio.")
    typist.press(*["ArrowDown"] * 22)
    expect(typist.focused).to_have_accessible_name("Play from 1 minute 2 seconds")
    typist.press("Space")
    typist.page.wait_for_selector("[data-gap][aria-current=true]")
    typist.press("k", "Home")

    typist.press("PageDown")
    back = typist.page.get_by_role("button", name="Back to current, above")
    expect(back).to_be_visible()
    typist.use("Back to current, above")
    expect(back).to_be_hidden()
    typist.wait_until_still()
    assert 0 < typist.place_of(0) < 0.62
    typist.press("PageDown")
    expect(back).to_be_visible()
    typist.press("b")
    expect(back).to_be_hidden()

    typist.use("One line a row", back=True)
    expect(typist.page.locator(".vt")).to_have_attribute("data-layout", "lines")
    typist.use("As paragraphs", back=True)
    expect(typist.page.locator(".vt")).to_have_attribute("data-layout", "paragraphs")


def test_words_and_lines_are_selected(typist: Typist) -> None:
    typist.start(t=20)
    words = [typist.text(line).split(" ") for line in range(12)]

    typist.press(".", "Shift+ArrowRight")
    assert typist.selected == words[10][1]
    expect(typist.said).to_contain_text(f"“{words[10][1]}” is selected. Tab leads to")
    typist.press("Shift+ArrowRight")
    assert typist.selected == " ".join(words[10][1:3])
    typist.press("Shift+ArrowLeft")
    assert typist.selected == words[10][1]
    typist.press("Shift+ArrowLeft")
    assert typist.selected == ""
    expect(typist.said).to_contain_text("Nothing is selected.")
    # Backwards, over the end of the line before.
    typist.press(*["Shift+ArrowLeft"] * 3)
    assert typist.selected == " ".join([words[9][-1], *words[10][:2]])
    typist.press("Shift+ArrowUp")
    assert typist.selected == " ".join([*words[9], *words[10][:2]])
    typist.press("Escape")
    assert typist.selected == ""
    expect(typist.said).to_be_hidden()

    typist.go("button", "Play from 20 seconds")
    typist.press("ArrowUp", "ArrowUp", "Shift+ArrowDown")
    assert typist.selected == typist.text(8)
    expect(typist.said).not_to_contain_text("Tab")
    typist.press("Shift+ArrowDown")
    assert typist.selected == f"{typist.text(8)} {typist.text(9)}"
    typist.press("Shift+ArrowUp", "Shift+ArrowUp")
    assert typist.selected == ""
    expect(typist.focused).to_have_accessible_name(f"Not in the audio: {typist.text(8)}")
    assert typist.position == pytest.approx(20 + 1 / 3, abs=0.01)


def test_a_selection_that_grows_out_of_sight_scrolls(typist: Typist) -> None:
    typist.start()
    typist.press(*["Shift+ArrowDown"] * 30)
    assert typist.selected.endswith(" 29.")
    assert typist.place_of(29) < 1


def test_words_without_spaces_between_them(in_page: Callable[..., Any]) -> None:
    def words(text: str, language: str | None) -> list[str]:
        return [text[it["from"] : it["to"]] for it in in_page("text-pieces.js", "wordsIn", text, language)]

    assert words(" “Don't”, she said … ", "en") == ["“Don't”,", "she", "said", "…"]
    assert words("「今天，天气。」 OK", "zh") == ["「今天，", "天气。」", "OK"]
    assert words("……", "not a language") == ["……"]


def test_what_can_be_done_with_selected_text(typist: Typist) -> None:
    typist.start(t=20)
    toolbar = typist.page.get_by_role("toolbar", name="Selected text")
    first = " ".join(typist.text(10).split(" ")[:2])

    def choose(name: str, *keys: str, line: bool = False) -> None:
        """Select two words or the line, go along the toolbar with arrows, press a button in it."""
        typist.press(*(["Shift+ArrowDown"] if line else ["Shift+ArrowRight"] * 2), "Tab", *keys)
        expect(typist.focused).to_have_accessible_name(name)
        typist.press("Enter")
        expect(toolbar).to_be_hidden()
        assert typist.selected == ""

    choose("Play what is selected")
    typist.wait_until_playing()
    typist.press("k", "Home", "4", "5")
    typist.evaluate("document.querySelector('audio').currentTime = 20")
    typist.wait_for_line(10)
    choose("Copy link", "ArrowRight")
    expect(typist.said).to_contain_text("It opens at 0:20.")
    assert link(typist) == {"v": typist.episode, "t": "20"}
    choose("Copy clip link", "ArrowRight", "ArrowRight", line=True)
    expect(typist.said).to_contain_text("It plays 0:20 – 0:22.")
    assert link(typist) == {"v": typist.episode, "t": "20", "end": "22"}

    typist.press("Shift+ArrowRight", "Shift+ArrowRight", "Tab", *["ArrowRight"] * 4, "Enter")
    expect(typist.focused).to_have_accessible_name("How to quote")
    typist.press("ArrowRight", "ArrowRight", "Enter")
    expect(typist.focused).to_have_attribute("aria-pressed", "true")
    expect(typist.focused).to_have_accessible_name("Markdown")
    typist.press("ArrowRight", "ArrowRight", "Enter")
    expect(typist.focused).to_have_accessible_name("Link to YouTube")
    typist.press("Home", *["ArrowRight"] * 3, "Space")
    expect(typist.said).to_contain_text("Quote copied as Markdown.")
    assert typist.clipboard().startswith(f"> {first}\n")
    assert "youtube.com/watch?v=abcdefghijk&t=20" in typist.clipboard()

    choose("Highlight", "ArrowLeft", "ArrowLeft")
    typist.wait_until_noted(lambda notes: [note.quote for note in notes] == [first])
    # From the line whose time has the focus; there the focus returns.
    typist.go("button", "Play from 20 seconds")
    typist.press("ArrowDown")
    typist.press("Shift+ArrowDown", "Tab", "End")
    expect(typist.focused).to_have_accessible_name("Note")
    typist.press("Escape")
    expect(toolbar).to_be_hidden()
    expect(typist.focused).to_have_accessible_name("Play from 22 seconds")
    typist.press("Shift+ArrowDown", "Tab", "Shift+Tab")
    expect(typist.focused).to_have_accessible_name("Play from 22 seconds")
    expect(toolbar).to_be_visible()
    typist.press("Tab", "End", "Enter")
    expect(typist.page.get_by_role("textbox", name="Note")).to_be_focused()
    typist.page.keyboard.type("Mine")
    typist.press("Control+Enter")
    typist.wait_until_noted(lambda notes: [note.text for note in notes] == ["", "Mine"])
    expect(typist.focused).to_have_accessible_name("Play from 22 seconds")


def test_a_clip_of_selected_text_is_saved(typist: Typist) -> None:
    typist.start(t=20)
    typist.press("Shift+ArrowRight", "Tab", *["ArrowRight"] * 5, "Enter")
    expect(typist.focused).to_have_accessible_name("Save clip")
    typist.press("ArrowRight")
    expect(typist.focused).to_have_accessible_name("Sound (M4A)")
    with typist.page.expect_download() as download:
        typist.press("Enter")
    assert download.value.suggested_filename.endswith(".m4a")


def test_links_are_made_and_followed(typist: Typist) -> None:
    typist.start(t=30)
    expect(typist.button("Play from 0:30")).to_be_visible()
    typist.use("Dismiss")
    expect(typist.button("Play from 0:30")).to_be_hidden()
    typist.press("s")
    expect(typist.said).to_contain_text("It opens at 0:30.")
    typist.go("button", "Play from 30 seconds", back=True)
    typist.press("ArrowDown")
    typist.use("Copy a link to this line")
    expect(typist.said).to_contain_text("It opens at 0:32.")
    assert link(typist) == {"v": typist.episode, "t": "32"}
    # The notice offers the line as a quotation.
    typist.press("u")
    expect(typist.said).to_contain_text("Quote copied")
    assert typist.text(16) in typist.clipboard()

    typist.start(t=30, end=30.3)
    typist.use("Play from 0:30 – 0:30")
    expect(typist.said).to_contain_text("The clip ends here.")
    assert not typist.playing
    typist.use("Play on")
    typist.wait_for_position(30.5)

    typist.press("k")
    typist.start()
    expect(typist.said).to_contain_text("You left at 0:3")
    typist.press("u")
    typist.wait_until_at(0)


def test_searching(typist: Typist) -> None:
    typist.start()
    count = typist.page.locator(".vt-count")
    typist.press("/")
    typist.page.keyboard.type("boats")
    total = sum("boats" in segment["text"].lower() for segment in everything()["segments"])
    expect(count).to_have_text(str(total))
    typist.press("Enter", "Enter")
    expect(count).to_have_text(f"2 of {total}")
    typist.press("Shift+Enter")
    expect(count).to_have_text(f"1 of {total}")
    typist.use("Next hit")
    expect(count).to_have_text(f"2 of {total}")
    typist.use("Previous hit", back=True)
    expect(count).to_have_text(f"1 of {total}")
    typist.use("Play the hits")
    expect(typist.button("Play the hits")).to_have_attribute("aria-pressed", "true")
    typist.wait_until_playing()
    typist.press("Enter")
    typist.wait_until_playing(False)
    typist.use("Close search")
    expect(typist.page.get_by_role("search")).to_be_hidden()
    typist.press("/", "Escape")
    expect(typist.page.get_by_role("search")).to_be_hidden()


def test_about_the_episode(typist: Typist) -> None:
    typist.start()
    panel = typist.page.get_by_role("dialog", name="About this episode")

    def about() -> None:
        """Where it is closed, its button has the focus again."""
        expect(typist.button("About and comments")).to_be_focused()
        typist.press("Enter")
        expect(panel).to_be_visible()

    typist.go("button", "About and comments")
    about()
    expect(typist.go("link", "youtube.com")).to_have_attribute(
        "href", "https://www.youtube.com/watch?v=abcdefghijk"
    )
    expect(typist.go("link", "https://example.org/river")).to_have_attribute("target", "_blank")
    typist.use("0:40: play from 40 seconds", back=True)
    expect(panel).to_be_hidden()
    typist.wait_until_playing()
    assert typist.position >= 40
    typist.press("k")
    about()
    typist.use("Play the passage, 0:40")
    expect(panel).to_be_hidden()
    typist.press("k", "Home")
    about()
    name = str(panel.locator(".vt-cloud button").first.get_attribute("aria-label"))
    typist.use(name)
    expect(typist.page.get_by_role("searchbox")).to_have_value(name.partition(",")[0])
    typist.press("Escape")
    about()
    expect(typist.button("Close")).to_be_focused()
    typist.press("Enter")
    expect(panel).to_be_hidden()
    about()
    typist.press("Escape")
    expect(panel).to_be_hidden()


@pytest.fixture
def tools(typist: Typist) -> Locator:
    """The listening tools, opened at 20 s."""
    typist.start(t=20)
    panel = typist.page.get_by_role("dialog", name="Listening")
    typist.use("Listening tools")
    expect(panel).to_be_visible()
    return panel


def test_loops_and_words(typist: Typist, tools: Locator) -> None:
    state = typist.page.locator(".vt-state")
    typist.use("Loop from here", within=tools)
    typist.press("l", "Space")
    expect(state).to_have_text("Loop 0:20 – 0:30")
    expect(typist.focused).to_have_text("End the loop")
    typist.press("Enter")
    expect(state).to_be_empty()
    typist.use("Repeat this line")
    expect(state).to_have_text("Loop 0:30 – 0:32")
    typist.press("Enter", "k")
    expect(state).to_be_empty()
    typist.wait_until_playing(False)
    at = typist.position
    typist.use("One word on")
    typist.wait_until("at => document.querySelector('audio').currentTime > at", at)
    typist.use("One word back", back=True)
    typist.wait_until("at => document.querySelector('audio').currentTime <= at", at)

    typist.use("Close", back=True, within=tools)
    expect(tools).to_be_hidden()
    typist.press("a")
    expect(state).to_contain_text("Loop 0:3")
    typist.press("l", "a", "a", "e")
    expect(state).to_contain_text("Loop 0:4")
    typist.press("e")
    expect(state).to_be_empty()


def test_line_by_line_pauses_sleep_and_headphones(typist: Typist, tools: Locator) -> None:
    state = typist.page.locator(".vt-state")
    typist.go("combobox", "Hear each line")
    typist.press("ArrowDown")
    expect(state).to_have_text("Each line 2 times")
    typist.press("Home")
    for name, said in {
        "Pause after each line": "Pause after each line",
        "Skip silence": "Silence skipped",
    }.items():
        typist.go("checkbox", name)
        typist.press("Space")
        expect(state).to_have_text(said)
        typist.press("Space")
        expect(state).to_be_empty()
    rewinds = typist.go("checkbox", "Go back a little after a long pause")
    was = rewinds.is_checked()
    typist.press("Space")
    expect(rewinds).to_be_checked(checked=not was)

    typist.go("combobox", "Sleep timer")
    typist.press("ArrowDown")
    expect(state).to_have_text("Sleep in 5:00")
    typist.use("5 more minutes")
    expect(state).to_have_text("Sleep in 10:00")
    sleep = typist.go("combobox", "Sleep timer", back=True)
    typist.press("End")
    expect(sleep).to_have_value("episode")
    typist.press("ArrowUp")
    expect(sleep).to_have_value("chapter")
    typist.press("Home")
    expect(state).to_be_empty()
    typist.use("Mark later")
    expect(state).to_have_text("Mark +50 ms")
    typist.use("Mark earlier", back=True)
    expect(state).to_be_empty()

    typist.press("Escape")
    expect(tools).to_be_hidden()
    expect(typist.focused).to_have_accessible_name("Listening tools")
    typist.press("t")
    expect(tools).to_be_visible()
    typist.press("t")
    expect(tools).to_be_hidden()


def editor(typist: Typist) -> Locator:
    return typist.page.get_by_role("dialog", name="Note", exact=True)


def notes_panel(typist: Typist) -> Locator:
    return typist.page.get_by_role("region", name="Notes")


def note_items(typist: Typist) -> Locator:
    """What leads to each note, in the list."""
    return notes_panel(typist).locator(".vt-note-go")


def write_two_notes(typist: Typist) -> None:
    """At 20 and at 24 s."""
    typist.start(t=20)
    for text in ("First", "Second"):
        typist.press("n")
        typist.page.keyboard.type(text)
        typist.press("Control+Enter")
        expect(editor(typist)).to_be_hidden()
        typist.press("]", "]")
    typist.wait_until_noted(lambda notes: [note.text for note in notes] == ["First", "Second"])


def test_notes_are_written(typist: Typist) -> None:
    typist.start(t=20)
    typist.press("h")
    typist.wait_until_noted(lambda notes: [note.start for note in notes] == [20])
    expect(typist.said).to_contain_text("Highlighted.")
    typist.press("u")
    expect(editor(typist)).to_be_visible()
    typist.page.keyboard.type("First")
    typist.go("radio", "Green")
    typist.press("ArrowRight")
    typist.use("Save")
    expect(editor(typist)).to_be_hidden()
    typist.wait_until_noted(lambda notes: [(it.text, it.colour) for it in notes] == [("First", "blue")])

    typist.press("]", "]", "n")
    typist.page.keyboard.type("Draft")
    typist.press("Escape")
    expect(typist.said).to_contain_text("The note was not saved.")
    typist.use("Write on")
    expect(editor(typist).get_by_role("textbox")).to_have_value("Draft")
    typist.press("End")
    typist.page.keyboard.type(" 2")
    typist.press("Control+Enter")
    typist.wait_until_noted(lambda notes: [note.text for note in notes] == ["First", "Draft 2"])
    typist.press("n")
    expect(editor(typist).get_by_role("textbox")).to_have_value("Draft 2")
    typist.use("Close")
    expect(editor(typist)).to_be_hidden()


def test_notes_are_gone_to_changed_deleted_and_brought_back(typist: Typist) -> None:
    write_two_notes(typist)
    items = note_items(typist)
    typist.use("Notes, 2")
    expect(items.nth(1)).to_be_focused()
    typist.press("ArrowUp", "Enter")
    typist.wait_until_playing()
    assert 20 <= typist.position < 24
    typist.press("k")
    typist.use("Edit note: First")
    typist.press("End", "!", "Control+Enter")
    typist.wait_until_noted(lambda notes: [note.text for note in notes] == ["First!", "Second"])
    expect(typist.focused).to_have_accessible_name("Edit note: First!")
    typist.use("Delete note: First!")
    typist.wait_until_noted(lambda notes: [note.text for note in notes] == ["Second"])
    expect(items.first).to_be_focused()
    typist.press("Control+z")
    typist.wait_until_noted(lambda notes: len(notes) == 2)
    typist.press("Delete")
    typist.wait_until_noted(lambda notes: len(notes) == 1)
    typist.press("u")
    typist.wait_until_noted(lambda notes: len(notes) == 2)
    typist.press("Escape")
    expect(notes_panel(typist)).to_be_hidden()

    # The sign in the text comes after the time of its line.
    typist.go("button", "Play from 20 seconds", back=True)
    typist.press("ArrowDown", "ArrowDown")
    typist.use("Note: Second")
    expect(items.nth(1)).to_be_focused()
    typist.use("Close notes", back=True)
    expect(typist.focused).to_have_accessible_name("Note: Second")
    typist.press("N", "ArrowDown")
    typist.use("Edit note: Second")
    typist.use("Delete", within=editor(typist))
    typist.wait_until_noted(lambda notes: [note.text for note in notes] == ["First!"])


def test_notes_are_filtered_and_taken_along(typist: Typist) -> None:
    write_two_notes(typist)
    typist.press("N")
    typist.go("searchbox", "Filter notes", back=True)
    typist.page.keyboard.type("second")
    expect(notes_panel(typist).locator(".vt-notes-count")).to_have_text("1 of 2")
    typist.press("Control+a", "Backspace")
    for name, ending in {"Markdown": "md", "CSV": "csv", "JSON": "json"}.items():
        typist.go("link", name, within=notes_panel(typist))
        with typist.page.expect_download() as download:
            typist.press("Enter")
        assert download.value.suggested_filename.endswith(f".{ending}")
        assert "Second" in download.value.path().read_text("utf-8")


@pytest.fixture
def row(typist: Typist) -> Locator:
    """The row of the line at 20 s that is edited."""
    typist.start(t=20)
    with typist.page.expect_response("**/corrections.json"):
        typist.use("Edit the transcript")
    expect(edited_text(typist)).to_be_focused()
    return typist.page.get_by_role("group", name="Edit the line")


def edited_text(typist: Typist) -> Locator:
    return typist.page.get_by_role("textbox", name="Text of the line")


def corrected(typist: Typist, line: int) -> tuple[str, float | None]:
    """Text and start of a line, as the library has them."""
    segment = typist.library.transcript(typist.episode).segments[line]
    return segment.text, segment.start


def test_a_text_is_corrected_split_and_joined(typist: Typist, row: Locator) -> None:
    field, before = edited_text(typist), typist.text(10)
    typist.page.keyboard.type("Lo. ")
    typist.press("Enter")
    expect(typist.line(10)).to_contain_text("Lo. ")
    assert corrected(typist, 10)[0] == f"Lo. {before}"
    typist.press("Control+Enter")
    expect(field).to_have_value(before)
    assert corrected(typist, 10)[0] == "Lo."
    typist.press("Backspace")
    expect(field).to_have_value(f"Lo. {before}")
    typist.press("z", "Escape")
    expect(field).to_have_value(f"Lo. {before}")
    typist.press("y")
    typist.use("Cancel: Leave the text as it was", within=row)
    expect(field).to_have_value(f"Lo. {before}")
    typist.go("textbox", "Text of the line", back=True)
    typist.press("Home", "x")
    typist.use("Save: Save the text", within=row)
    expect(typist.line(10)).to_contain_text("xLo.")

    typist.use("Edit the line below", back=True, within=row)
    expect(field).to_be_focused()
    below = typist.text(11)
    expect(field).to_have_value(below)
    typist.press("ArrowLeft", "ArrowLeft", "ArrowLeft")
    typist.use("Split: Split at the caret", within=row)
    expect(field).to_have_value("11.")
    assert corrected(typist, 12)[0] == "11."
    typist.use("Join: Join with the line above", within=row)
    expect(field).to_have_value(below)
    expect(typist.line(12)).to_contain_text(" 12.")
    typist.use("Edit the line above", within=row)
    expect(field).to_have_value(typist.text(10))
    typist.press("Alt+ArrowDown", "Alt+ArrowDown", "Alt+ArrowUp")
    expect(field).to_have_value(typist.text(11))
    # Another line's time takes the row along.
    typist.go("button", "Play from 20 seconds. Corrected: words, beginning or end", back=True)
    expect(field).to_have_value(typist.text(10))
    typist.use("Done: End editing", within=row)
    expect(row).to_have_count(0)
    typist.press("w")
    expect(field).to_be_focused()
    typist.press("Escape")
    expect(row).to_have_count(0)


def test_times_are_corrected_and_all_is_undone_and_done_again(typist: Typist, row: Locator) -> None:
    start = row.locator(".vt-edit-time")

    def press(name: str, then: str, *, back: bool = False) -> None:
        typist.use(name, back=back, within=row)
        expect(start).to_have_text(then)

    typist.use("Play: Play from this line", within=row)
    typist.wait_until_playing()
    typist.press("k", "]", "[")
    typist.wait_until_playing(False)
    press("+0.1: A tenth of a second later", "0:20.1")
    press("−0.1: A tenth of a second earlier", "0:20.0", back=True)
    typist.press("2", "ArrowLeft", "ArrowLeft", "ArrowLeft", "l")
    typist.wait_until_at(19)
    press("Start now: Let the line start at what is played now", "0:19.0")
    typist.press("l")
    typist.wait_until_at(29)
    press("Shift all from here: Move this line and all after it to what is played now", "0:29.0")
    assert corrected(typist, 12)[1] == pytest.approx(34, abs=0.01)
    press("Not in the audio", "no time")
    assert corrected(typist, 10)[1] is None
    press("Undo", "0:29.0")
    press("Redo", "no time")
    typist.press("Control+z", "Control+z")
    expect(start).to_have_text("0:19.0")
    typist.press("Control+y")
    expect(start).to_have_text("0:29.0")
    assert len(read_corrections(typist.library, typist.episode).done) == 4


def test_what_is_to_be_checked(typist: Typist) -> None:
    typist.start()
    panel = typist.page.get_by_role("region", name="To check")
    items = panel.get_by_role("listitem").get_by_role("button")
    typist.use("4 to check")
    expect(items.first).to_be_focused()
    typist.press("ArrowDown", "ArrowDown", "Enter")
    typist.wait_for_line(11)
    expect(panel).to_contain_text("3 of 4")
    typist.use("Previous to check", back=True)
    expect(panel).to_contain_text("2 of 4")
    typist.press("Tab", "Enter")
    expect(panel).to_contain_text("3 of 4")
    typist.use("Close the list")
    expect(panel).to_be_hidden()
    typist.press("x", "End", "Enter")
    typist.wait_until_at(62)
    typist.press("Escape")
    expect(panel).to_be_hidden()


def test_what_could_not_be_loaded_is_asked_for_again(typist: Typist) -> None:
    pattern = "**/transcript.json*"
    typist.page.route(pattern, lambda route: route.abort())
    typist.page.goto(typist.server.page_url(typist.episode))
    expect(typist.page.get_by_role("alert")).to_contain_text("could not be loaded")
    typist.page.unroute(pattern)
    typist.use("Try again")
    typist.wait_until_ready()


def nothing(typist: Typist) -> None:
    """The page as it opens."""


def everything_beside_the_text(typist: Typist) -> None:
    typist.press("PageDown")
    expect(typist.page.locator(".vt-back")).to_be_visible()
    typist.press("h", "]", "n")
    typist.page.keyboard.type("Mine")
    typist.press("Control+Enter")
    expect(editor(typist)).to_be_hidden()
    typist.press("N")
    expect(note_items(typist)).to_have_count(2)
    typist.press("x", "/")
    typist.page.keyboard.type("boats")


def correcting(typist: Typist) -> None:
    with typist.page.expect_response("**/corrections.json"):
        typist.press("w")
    typist.press("x")


def selecting(typist: Typist) -> None:
    typist.press("Shift+ArrowRight", "Tab", *["ArrowRight"] * 4, "Enter")
    expect(typist.focused).to_have_attribute("aria-expanded", "true")


def listening(typist: Typist) -> None:
    typist.press("a", "t")
    typist.go("combobox", "Sleep timer")
    typist.press("ArrowDown")


def reading_about(typist: Typist) -> None:
    typist.use("About and comments")


def helped(typist: Typist) -> None:
    typist.press("?")


def writing(typist: Typist) -> None:
    typist.press("h", "n")
    expect(editor(typist)).to_be_visible()


PANELS = [
    nothing,
    everything_beside_the_text,
    correcting,
    selecting,
    listening,
    reading_about,
    helped,
    writing,
]

# What can be operated and be seen; behind a dialog nothing can.
OPERABLE = """() => {
    const root = document.querySelector("dialog[open]") ?? document.querySelector(".vt");
    const kinds = "button, a[href], input, select, textarea, summary, [tabindex]:not(.vt-listening), " +
        "[contenteditable], [role=button], [role=link], [role=slider], [role=checkbox], [role=option]";
    return [...root.querySelectorAll(kinds)].filter((it) => it.checkVisibility() && !it.disabled);
}"""

# Where Tab has led: whether for the first time, and how many arrows lead on from there.
STOP = """(rows) => {
    const at = document.activeElement;
    const isNew = !window.walked.has(at);
    window.walked.add(at);
    const kinds = ".vt-checks ol, .vt-note-list, [role=toolbar], fieldset.vt-colours";
    const group = at.closest(rows ? `${kinds}, .vt-transcript` : kinds);
    const roving = at.matches("button, [type=radio]") && group && !at.closest(".vt-edit");
    if (!roving || window.walked.has(group)) return [isNew, 0];
    window.walked.add(group);
    return [isNew, group.querySelectorAll("button, input").length];
}"""


@pytest.mark.parametrize("panel", PANELS)
def test_every_control_is_come_to_and_has_a_name_of_its_own(
    typist: Typist, panel: Callable[[Typist], None]
) -> None:
    typist.start(t=20)
    panel(typist)

    assert nameless_and_alike(typist) == ([], [])

    # From line to line once is enough.
    rows = panel is nothing
    typist.evaluate("() => { window.walked = new Set(); }")
    known = 0
    while known < 20:
        typist.press("Tab")
        is_new, arrows = typist.evaluate(STOP, rows)
        typist.press(*["ArrowUp"] * arrows, *["ArrowDown"] * arrows)
        known = 0 if is_new else known + 1
    # What stands beside a line or a note is a stop while one is at that.
    beside = ".vt-sign[tabindex='-1'], .vt-note-acts [tabindex='-1']"
    missed = f"""([rows, beside]) => ({OPERABLE})().filter((it) => !window.reached.has(it) &&
        (rows || !it.matches(".vt-time")) && !it.matches(beside)).map({NAME})"""
    assert typist.evaluate(missed, [rows, beside]) == []


# Elements in which one can point, but which neither take the focus nor hold what does.
POINTED_ONLY = """() => [...window.clickable].filter((it) => it.isConnected && it.textContent &&
    it.tabIndex < 0 && !it.querySelector("button, a[href], input, select, textarea"))
    .map((it) => it.outerHTML.slice(0, 200))"""


def test_nothing_waits_for_a_pointer_alone(typist: Typist) -> None:
    typist.start(t=20)
    everything_beside_the_text(typist)
    assert typist.evaluate("window.clickable.size") > 50
    # Those that belong to a roving group have -1 as their place among the tab stops, and are buttons.
    pointed = [html for html in typist.evaluate(POINTED_ONLY) if not html.startswith("<button")]
    assert pointed == []
    typist.evaluate("document.querySelector('.vt-gap').addEventListener('click', () => {})")
    typist.evaluate("document.querySelector('.vt-speaker').addEventListener('click', () => {})")
    pointed = [html for html in typist.evaluate(POINTED_ONLY) if not html.startswith("<button")]
    assert [html.split(" ")[1] for html in pointed] == ['class="vt-speaker">Ada</bdi>']


OPERABLE_ROLES = {
    "button",
    "checkbox",
    "combobox",
    "dialog",
    "group",
    "link",
    "list",
    "radio",
    "region",
    "searchbox",
    "slider",
    "spinbutton",
    "switch",
    "tab",
    "textbox",
    "toolbar",
}


def nameless_and_alike(typist: Typist) -> tuple[list[str], list[str]]:
    """What in the accessibility tree has no name, and what is called like another one of its kind."""
    session = typist.page.context.new_cdp_session(typist.page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    found: list[tuple[str, str]] = []
    for node in nodes:
        role = node.get("role", {}).get("value", "")
        if node.get("ignored") or role.lower() not in OPERABLE_ROLES:
            continue
        found.append((role, node.get("name", {}).get("value", "").strip()))
    assert len(found) > 1
    nameless = [role for role, name in found if not name and role not in {"list", "group"}]
    alike = sorted({f"{role} {name}" for role, name in found if name and found.count((role, name)) > 1})
    return nameless, alike

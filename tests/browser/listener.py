"""What a listener does at the player, and what a listener sees."""

from typing import Any, cast

from playwright.sync_api import Locator, Page

from tests.browser.conftest import PlayerServer

LAG_S = 0.4
"""How much a timer of the page may be late where other tests run beside it.

Such a test asks whether the player stops or leaps at a place at all; those that run alone ask how exactly.
"""


class Listener:
    """The player on a page."""

    def __init__(self, page: Page, server: PlayerServer) -> None:
        self.page = page
        self.server = server

    def open(self, episode: str, **query: object) -> "Listener":
        """Open an episode, with `t=...` and so on in its address, and wait until it can be played."""
        self.page.goto(self.server.page_url(episode, **query))
        return self.wait_until_ready()

    def wait_until_ready(self) -> "Listener":
        """Wait for the text and for the sound's length."""
        self.page.wait_for_selector(".vt[data-ready]")
        self.page.wait_for_function("document.querySelector('audio').readyState >= 1")
        return self

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def line(self, number: int) -> Locator:
        return self.page.locator(f"[data-line='{number}']")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    @property
    def position(self) -> float:
        """Seconds."""
        return cast(float, self.page.evaluate("document.querySelector('audio').currentTime"))

    @property
    def playing(self) -> bool:
        return cast(bool, self.page.evaluate("!document.querySelector('audio').paused"))

    @property
    def current_line(self) -> int | None:
        """The number of the line that is marked."""
        return cast(
            int | None,
            self.page.evaluate(
                """() => {
                    const marked = document.querySelectorAll("[data-line][aria-current=true]");
                    if (marked.length > 1) throw new Error("more than one line is marked");
                    return marked.length ? Number(marked[0].dataset.line) : null;
                }"""
            ),
        )

    @property
    def current_word(self) -> str:
        """The word that is marked, "" for none."""
        return cast(str, self.page.evaluate("[...(CSS.highlights.get('vt-word') ?? [])].join()"))

    @property
    def scrolled(self) -> float:
        """Pixels from the page's top."""
        return cast(float, self.page.evaluate("document.scrollingElement.scrollTop"))

    def wait_for_line(self, number: int) -> None:
        self.page.wait_for_selector(f"[data-line='{number}'][aria-current=true]")

    def wait_for_position(self, seconds: float) -> None:
        """Wait until the playback has come to a time."""
        # By timer, not by frame: in a hidden page there are none.
        self.page.wait_for_function(
            "at => document.querySelector('audio').currentTime >= at", arg=seconds, polling=40
        )

    def wait_until_still(self) -> float:
        """Wait until the page has not scrolled for 8 frames; returns where it is."""
        return cast(
            float,
            self.page.evaluate(
                """() => new Promise((resolve) => {
                    let last = NaN, frames = 0;
                    const look = () => {
                        const now = document.scrollingElement.scrollTop;
                        frames = now === last ? frames + 1 : 0;
                        last = now;
                        if (frames >= 8) resolve(now); else requestAnimationFrame(look);
                    };
                    look();
                })"""
            ),
        )

    def place_of(self, number: int) -> float:
        """Where a line begins, as a share of the height from the window's top (0) to the bar (1)."""
        return cast(
            float,
            self.page.evaluate(
                """number => {
                    const line = document.querySelector(`[data-line='${number}']`).getClientRects()[0];
                    return line.top / document.querySelector(".vt-dock").getBoundingClientRect().top;
                }""",
                number,
            ),
        )

    def select(self, line: int, until: int | None = None) -> str:
        """Drag over a line's text, or from there into another; returns what is selected."""
        start, end = self._text_box(line, 0), self._text_box(line if until is None else until, -1)
        mouse = self.page.mouse
        mouse.move(start["x"] + 1, start["y"] + start["height"] / 2)
        mouse.down()
        mouse.move(end["x"] + end["width"], end["y"] + end["height"] / 2, steps=6)
        mouse.up()
        return cast(str, self.page.evaluate("String(getSelection())"))

    def click_word(self, line: int, word: int) -> None:
        """Click in the middle of the line's nth word."""
        box = self._text_box(line, word)
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def _text_box(self, line: int, word: int) -> dict[str, float]:
        return cast(
            dict[str, float],
            self.page.evaluate(
                """([line, word]) => {
                    const text = document.querySelector(`[data-line='${line}']`).lastChild;
                    const words = [...text.data.matchAll(/\\S+/g)];
                    const found = words.at(word);
                    const range = document.createRange();
                    range.setStart(text, found.index);
                    range.setEnd(text, found.index + found[0].length);
                    const { x, y, width, height } = range.getBoundingClientRect();
                    return { x, y, width, height };
                }""",
                [line, word],
            ),
        )

    def clipboard(self) -> str:
        return cast(str, self.page.evaluate("navigator.clipboard.readText()"))

    def evaluate(self, script: str, argument: object = None) -> Any:
        return self.page.evaluate(script, argument)

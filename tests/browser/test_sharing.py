"""Shared links in a real browser: on to the player, and the player in a frame of another site."""

import pytest
from playwright.sync_api import expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from alignment.app.share_place import short_hash
from alignment.clock import parse_time
from tests.browser.conftest import serving
from tests.browser.desk import Desk


def test_a_shared_link_goes_on_to_the_player_at_its_line(desk: Desk) -> None:
    address = desk.listener.server.url
    desk.page.goto(f"{address}/s/{desk.episode.id}?t=0:24")

    desk.page.wait_for_url(f"{address}/listen?v={desk.episode.id}&t=24")
    desk.listener.wait_until_ready().wait_for_line(12)


def test_the_player_plays_in_a_frame_of_another_site(desk: Desk) -> None:
    source = f"{desk.listener.server.url}/embed/{desk.episode.id}?t=24&end=25"

    def page(request: Request) -> HTMLResponse:
        return HTMLResponse(f'<!doctype html><iframe src="{source}" width="640" height="480"></iframe>')

    said: list[str] = []
    desk.page.on("console", lambda message: said.append(message.text))
    with serving(Starlette(routes=[Route("/", page)])) as other:
        # By another name it is another site, not only another origin.
        desk.page.goto(other.replace("127.0.0.1", "localhost"))
        frame = desk.page.frame_locator("iframe")
        frame.locator(".vt[data-ready]").wait_for()
        expect(frame.locator("[data-line='12'][aria-current=true]")).to_be_visible()
        inside = desk.page.frames[1]
        # Noted where a locator sees it: the page's policy forbids to evaluate text, also that of a test.
        inside.evaluate(
            """() => {
                const audio = document.querySelector("audio");
                audio.addEventListener("pause", () => {
                    document.documentElement.dataset.pausedAt = String(audio.currentTime);
                });
            }"""
        )
        frame.get_by_role("button", name="Play from 0:24").click()
        paused = frame.locator("html[data-paused-at]")
        assert float(paused.get_attribute("data-paused-at") or "0") == pytest.approx(25, abs=0.5)
        frame.locator("body").press("w")
        expect(frame.get_by_role("textbox", name="Text of the line")).to_have_count(0)
    assert not [text for text in said if "Security Policy" in text or "Refused" in text]


def test_the_share_page_stands_in_no_frame(desk: Desk) -> None:
    source = f"{desk.listener.server.url}/s/{desk.episode.id}?t=24"

    def page(request: Request) -> HTMLResponse:
        return HTMLResponse(f'<!doctype html><iframe src="{source}"></iframe>')

    with serving(Starlette(routes=[Route("/", page)])) as other:
        with desk.page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            desk.page.goto(other)
        expect(desk.page.frame_locator("iframe").locator("h1")).to_have_count(0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Who left the gate open?",
        "Größe — ÇA VA",
        "ﬁne № ①",
        "谁把门打开了？",
        "ΣΟΦΟΣ",
        "𝔄 😀 ½",
        "İstanbul",
        "e\u0301",
    ],
)
def test_a_line_has_the_same_hash_on_both_sides(in_page, text: str) -> None:  # type: ignore[no-untyped-def]
    assert short_hash(text) == in_page("sharing.js", "shortHash", text)


@pytest.mark.parametrize(
    "text",
    ["754", "754.25", "1h", "12m34s", "12:34", "1:02:34.5", "90:00", "12:99", "5:", "s", "1.s", "٧", " 7 "],
)
def test_a_time_is_the_same_on_both_sides(in_page, text: str) -> None:  # type: ignore[no-untyped-def]
    assert parse_time(text) == in_page("time.js", "parseTime", text)

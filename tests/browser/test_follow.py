"""The page goes along with the voice, until the reader goes elsewhere."""

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import PlayerServer
from tests.browser.listener import Listener
from tests.browser.recordings import AudioClip, make_transcript

BACK = "Back to current"


@pytest.fixture
def following(listener: Listener, river: str) -> Listener:
    """Someone listening, 40 s into the recording, at line 20."""
    listener.open(river, t=40)
    listener.press("k")
    listener.wait_for_position(40.1)
    listener.wait_until_still()
    return listener


def back(listener: Listener) -> object:
    return listener.page.locator(".vt-back")


def wheel(listener: Listener, pixels: int) -> float:
    listener.page.mouse.move(640, 300)
    listener.page.mouse.wheel(0, pixels)
    return listener.wait_until_still()


def test_the_current_line_is_brought_to_a_quarter_of_the_height(following: Listener) -> None:
    assert following.place_of(20) == pytest.approx(0.25, abs=0.06)
    following.press("8")
    following.wait_for_line(48)
    following.wait_until_still()
    assert following.place_of(48) == pytest.approx(0.25, abs=0.06)


def test_the_page_does_not_move_while_the_line_is_in_the_comfort_band(following: Listener) -> None:
    before = following.scrolled
    following.press("]")
    following.wait_for_line(21)
    assert following.wait_until_still() == before


def test_the_page_moves_by_itself_when_the_line_leaves_the_band(following: Listener) -> None:
    before = following.scrolled
    following.press("l", "l", "l")
    following.wait_for_line(35)
    following.wait_until_still()
    assert following.scrolled > before
    assert 0.05 < following.place_of(35) < 0.65
    assert following.playing


def test_the_wheel_stops_it_and_the_button_brings_it_back(following: Listener) -> None:
    place = wheel(following, 1500)
    button = following.page.locator(".vt-back")
    expect(button).to_have_accessible_name(f"{BACK}, above")
    following.wait_for_line(21)
    assert following.wait_until_still() == place

    button.click()
    following.wait_until_still()
    expect(button).to_be_hidden()
    assert 0 < following.place_of(21) < 0.6


def test_the_button_tells_that_the_voice_is_below(following: Listener) -> None:
    wheel(following, -1500)
    expect(following.page.locator(".vt-back")).to_have_accessible_name(f"{BACK}, below")


@pytest.mark.parametrize("gesture", ["touch", "page key"])
def test_other_ways_of_scrolling_stop_it_too(following: Listener, gesture: str) -> None:
    if gesture == "touch":
        following.evaluate(
            """() => document.querySelector("[data-line='22']").dispatchEvent(
                new TouchEvent("touchmove", { bubbles: true, cancelable: true }))"""
        )
    else:
        following.press("PageDown")
    expect(following.page.locator(".vt-back")).to_be_visible()


def test_small_scrolling_with_the_line_in_sight_is_respected(following: Listener) -> None:
    place = wheel(following, 60)
    following.wait_for_line(21)
    assert following.wait_until_still() == place
    expect(following.page.locator(".vt-back")).to_be_visible()


def test_it_resumes_when_the_reader_meets_the_voice(following: Listener) -> None:
    wheel(following, 1500)
    expect(following.page.locator(".vt-back")).to_be_visible()
    wheel(following, -1500)
    expect(following.page.locator(".vt-back")).to_be_hidden()
    following.press("8")
    following.wait_for_line(48)
    following.wait_until_still()
    assert 0 < following.place_of(48) < 0.65


def test_it_resumes_when_the_voice_meets_the_reader(following: Listener) -> None:
    wheel(following, 500)
    expect(following.page.locator(".vt-back")).to_have_accessible_name(f"{BACK}, above")
    place = following.scrolled
    number = next(n for n in range(20, 60) if following.place_of(n) > 0.3)
    following.evaluate("at => { document.querySelector('audio').currentTime = at }", number * 2 + 0.1)
    following.wait_for_line(number)
    expect(following.page.locator(".vt-back")).to_be_hidden()
    assert following.scrolled == place


def test_it_resumes_on_a_click_on_a_line(following: Listener) -> None:
    wheel(following, 1500)
    number = next(n for n in range(20, 60) if following.place_of(n) > 0.3)
    following.line(number).click()
    following.wait_for_line(number)
    expect(following.page.locator(".vt-back")).to_be_hidden()


def test_skipping_does_not_take_the_reader_back(following: Listener) -> None:
    place = wheel(following, 1500)
    following.press("ArrowRight", "ArrowLeft", "j")
    assert following.wait_until_still() == place


def test_the_page_stays_while_text_is_selected(following: Listener) -> None:
    following.press("k")
    following.select(21)
    place = following.scrolled
    following.evaluate("document.querySelector('audio').currentTime = 100")
    following.wait_for_line(50)
    assert following.wait_until_still() == place
    following.evaluate("getSelection().removeAllRanges()")
    following.page.wait_for_function("before => document.scrollingElement.scrollTop > before", arg=place)


def test_the_page_stays_while_the_search_is_open(following: Listener) -> None:
    following.press("k", "/")
    place = following.wait_until_still()
    following.evaluate("document.querySelector('audio').currentTime = 100")
    following.wait_for_line(50)
    assert following.wait_until_still() == place
    following.press("Escape")
    following.page.wait_for_function("before => document.scrollingElement.scrollTop > before", arg=place)


def test_at_the_end_of_the_text_nothing_jumps(listener: Listener, river: str) -> None:
    listener.open(river, t=116.5)
    listener.wait_until_still()
    listener.evaluate(
        "() => { window.scrolls = 0; document.addEventListener('scroll', () => window.scrolls++, true); }"
    )
    listener.press("k")
    listener.wait_for_line(59)
    listener.wait_until_still()
    assert listener.evaluate("window.scrolls") == 0


def test_reduced_motion_jumps(listener: Listener, river: str) -> None:
    listener.page.emulate_media(reduced_motion="reduce")
    listener.open(river, t=40)
    listener.wait_until_still()
    places = listener.evaluate(
        """() => new Promise((resolve) => {
            const places = new Set();
            document.addEventListener("scroll", () => places.add(document.scrollingElement.scrollTop));
            document.dispatchEvent(new KeyboardEvent("keydown", { key: "l" }));
            document.dispatchEvent(new KeyboardEvent("keydown", { key: "l" }));
            setTimeout(() => resolve([...places]), 400);
        })"""
    )
    assert len(places) == 1
    listener.page.emulate_media(reduced_motion="no-preference")


@pytest.mark.parametrize("follows", [True, False])
def test_resizing_keeps_the_place(listener: Listener, river: str, follows: bool) -> None:
    listener.open(river, t=60)
    listener.wait_until_still()
    if not follows:
        wheel(listener, 700)
    number = 30 if follows else next(n for n in range(60) if listener.place_of(n) >= 0)
    listener.page.set_viewport_size({"width": 480, "height": 800})
    listener.wait_until_still()
    assert -0.1 < listener.place_of(number) < 0.4
    listener.page.set_viewport_size({"width": 1280, "height": 800})
    listener.wait_until_still()
    assert -0.1 < listener.place_of(number) < 0.4


def test_another_layout_keeps_the_place(listener: Listener, river: str) -> None:
    listener.open(river, t=60)
    listener.evaluate("document.querySelector('[data-kind=lines]').click()")
    listener.wait_until_still()
    assert listener.place_of(30) == pytest.approx(0.25, abs=0.06)


def test_following_in_a_pane_of_its_own(listener: Listener, river: str) -> None:
    def in_a_pane(route: Route) -> None:
        page = route.fetch()
        style = "<style>#player { margin-top: 90px; block-size: 500px; overflow: auto }</style></head>"
        route.fulfill(response=page, body=page.text().replace("</head>", style))

    listener.page.route("**/listen?*", in_a_pane)
    listener.open(river, t=60)
    listener.page.wait_for_function("document.querySelector('#player').scrollTop > 0")
    pane = "document.querySelector('#player').getBoundingClientRect()"
    line = "document.querySelector(\"[data-line='30']\").getBoundingClientRect()"
    share = listener.evaluate(f"({line}.top - {pane}.top) / {pane}.height")
    assert 0.1 < share < 0.5
    assert listener.scrolled == 0
    bar = listener.page.locator(".vt-bar").bounding_box()
    assert bar and bar["y"] + bar["height"] == pytest.approx(590, abs=1)


def test_a_word_deep_in_a_long_line_stays_in_sight(
    listener: Listener, server: PlayerServer, tones: AudioClip
) -> None:
    server.add("long", make_transcript(1, line_s=120, words=1200), tones)
    listener.open("long", t=1)
    listener.press("9")
    listener.page.wait_for_function("[...CSS.highlights.get('vt-word')].join() !== 'Slow'")
    listener.wait_until_still()
    top = listener.evaluate("[...CSS.highlights.get('vt-word')][0].getBoundingClientRect().top")
    assert 0 < top < 500

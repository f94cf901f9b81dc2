"""What a reader may want to check, in a list that leads there."""

from copy import deepcopy
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import PlayerServer
from tests.browser.listener import Listener
from tests.browser.recordings import AudioClip, make_transcript
from tests.browser.test_looks import CONTRAST


def doubtful() -> dict[str, Any]:
    """60 lines: 5 estimated, 20 not in the audio, 40 uncertain; 50 to 55 not said, but something else."""
    transcript = make_transcript(60, words=12)
    segments = transcript["segments"]
    segments[5] |= {"status": "interpolated", "words": []}
    segments[20] |= {"status": "not_in_audio", "start": None, "end": None, "confidence": None, "words": []}
    segments[40] |= {"confidence": 0.79}
    segments[41] |= {"confidence": 0.8}
    segments[49]["end"] = 100.0
    transcript["segments"] = segments[:50] + segments[55:]
    transcript["untranscribed"] = [
        {"start": 101, "end": 108, "heard": "an unwritten word of thanks"},
        {"start": 30, "end": 31, "heard": "yes"},  # too short for a place on the page
    ]
    return transcript


@pytest.fixture
def checked(listener: Listener, server: PlayerServer, tones: AudioClip) -> Listener:
    server.add("checked", doubtful(), tones)
    return listener.open("checked")


def items(listener: Listener) -> Locator:
    return panel(listener).get_by_role("listitem").get_by_role("button")


def panel(listener: Listener) -> Locator:
    return listener.page.get_by_role("region", name="To check")


def test_it_lists_every_kind_in_the_order_of_the_page(checked: Listener) -> None:
    expect(panel(checked)).to_be_hidden()
    opener = checked.button("4 to check")
    expect(opener).to_have_attribute("aria-expanded", "false")
    opener.click()
    expect(opener).to_have_attribute("aria-expanded", "true")
    texts = [segment["text"] for segment in checked.server.episodes["checked"]["segments"]]
    found = [item.inner_text().split("\n") for item in items(checked).all()]
    assert found == [
        ["0:10", "time estimated", texts[5]],
        ["–", "not in the audio", texts[20]],
        ["1:20", "uncertain", texts[40]],
        ["1:41", "not in the transcript", "an unwritten word of thanks"],
    ]


def test_with_nothing_to_check_there_is_no_button(listener: Listener, river: str) -> None:
    listener.open(river)
    expect(listener.page.locator(".vt-open-checks")).to_be_hidden()
    listener.press("x")
    expect(panel(listener)).to_be_hidden()


def test_a_click_goes_there_and_the_list_stays(checked: Listener) -> None:
    checked.button("4 to check").click()
    items(checked).nth(2).click()
    checked.wait_for_line(40)
    assert checked.position == pytest.approx(80) and not checked.playing
    checked.wait_until_still()
    assert 0.05 < checked.place_of(40) < 0.62
    expect(panel(checked)).to_contain_text("3 of 4")
    expect(items(checked).nth(2)).to_have_attribute("aria-current", "true")


def test_a_line_without_a_time_is_scrolled_to_and_framed(checked: Listener) -> None:
    checked.press("End")
    checked.wait_until_still()
    checked.press("x")
    items(checked).nth(1).click()
    checked.wait_until_still()
    assert 0.05 < checked.place_of(20) < 0.62
    assert checked.position == pytest.approx(120, abs=0.1)
    style = "getComputedStyle(document.querySelector('[data-line=\"20\"]')).outlineStyle"
    assert checked.evaluate(style) == "dashed"
    checked.wait_until_still()
    assert 0.05 < checked.place_of(20) < 0.62  # the page does not go back to the voice

    checked.button("Close the list").click()
    assert checked.evaluate(style) == "none"


def test_a_passage_that_is_not_written_is_gone_to(checked: Listener) -> None:
    checked.press("x")
    items(checked).nth(3).click()
    checked.page.wait_for_selector("[data-gap][aria-current=true]")
    assert checked.position == pytest.approx(101)
    expect(checked.page.locator("[data-gap][aria-current=true]")).to_contain_text("an unwritten word")


def test_next_and_previous_go_around(checked: Listener) -> None:
    checked.open("checked", t=50)
    checked.press("x")
    expect(panel(checked)).to_contain_text("To check4")
    checked.button("Next to check").click()  # from where one is
    checked.wait_for_line(40)
    for said in ("4 of 4", "1 of 4", "2 of 4"):
        checked.button("Next to check").click()
        expect(panel(checked)).to_contain_text(said)
    checked.button("Previous to check").click()
    expect(panel(checked)).to_contain_text("1 of 4")
    checked.wait_for_line(5)


def test_the_keyboard_alone_is_enough(checked: Listener) -> None:
    checked.line(3).get_by_role("button").focus()
    checked.press("x")
    expect(items(checked).nth(0)).to_be_focused()
    volume = checked.evaluate("document.querySelector('audio').volume")
    checked.press("ArrowDown", "ArrowDown")
    expect(items(checked).nth(2)).to_be_focused()
    assert checked.evaluate("document.querySelector('audio').volume") == volume
    checked.press("Enter")
    checked.wait_for_line(40)
    checked.press("End")
    expect(items(checked).nth(3)).to_be_focused()
    checked.press("Home", "ArrowUp")
    expect(items(checked).nth(0)).to_be_focused()
    stops = "document.querySelectorAll('.vt-checks li button[tabindex=\"0\"]').length"
    assert checked.evaluate(stops) == 1
    checked.press("Shift+Tab")
    expect(checked.button("Close the list")).to_be_focused()
    checked.press("k")  # the player's keys go on
    assert checked.playing
    checked.press("Escape")
    expect(panel(checked)).to_be_hidden()
    expect(checked.line(3).get_by_role("button")).to_be_focused()


def test_scrolling_the_list_does_not_leave_the_voice(
    listener: Listener, server: PlayerServer, tones: AudioClip
) -> None:
    transcript = make_transcript(60, words=12)
    for segment in transcript["segments"]:
        segment["confidence"] = 0.2
    server.add("all", transcript, tones)
    listener.open("all", t=60)
    listener.press("x")
    expect(items(listener).nth(30)).to_be_focused()
    box = panel(listener).locator("ol").bounding_box()
    assert box
    listener.page.mouse.move(box["x"] + 50, box["y"] + 100)
    top = "document.querySelector('.vt-checks ol').scrollTop"
    before = listener.evaluate(top)
    listener.page.mouse.wheel(0, 300)
    listener.page.wait_for_function(f"before => {top} > before", arg=before)
    listener.press("PageDown")
    expect(listener.page.locator(".vt-back")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_it_fits_and_can_be_read(checked: Listener, scheme: str, width: int) -> None:
    checked.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    checked.page.set_viewport_size({"width": width, "height": 740})
    checked.press("Home", "x", "Enter")
    checked.wait_for_line(5)
    checked.wait_until_still()
    assert checked.evaluate("document.documentElement.scrollWidth") <= width
    box, bar = panel(checked).bounding_box(), checked.page.locator(".vt-bar").bounding_box()
    assert box and bar and box["x"] >= 0 and box["x"] + box["width"] <= width
    assert box["y"] >= 0 and box["y"] + box["height"] <= bar["y"] + 1
    line = checked.line(5).bounding_box()
    assert line and (line["y"] + line["height"] <= box["y"] or line["x"] + line["width"] <= box["x"])
    for item in items(checked).all():
        assert (item.bounding_box() or {"height": 0})["height"] >= 32
    checked.evaluate("Promise.all(document.getAnimations().map((animation) => animation.finished))")
    texts = (
        ".vt-open-checks",
        ".vt-checks h2",
        ".vt-checks-count",
        ".vt-kind",
        ".vt-check-text",
        "[aria-current] > .vt-kind",
        "[aria-current] > .vt-check-text",
    )
    assert {text: r for text in texts if (r := checked.evaluate(CONTRAST, text)) < 4.5} == {}
    checked.page.emulate_media(color_scheme="light")


def test_with_new_times_the_list_goes_on(checked: Listener, server: PlayerServer, tones: AudioClip) -> None:
    again = deepcopy(doubtful())
    again["segments"][5]["status"] = "aligned"
    server.add("checked-again", again, tones)
    checked.press("x", "ArrowDown", "ArrowDown", "Enter")
    expect(panel(checked)).to_contain_text("3 of 4")

    checked.evaluate(
        """() => {
            const options = JSON.parse(document.getElementById("options").textContent);
            player.update({ ...options, transcriptUrl: "/episodes/checked-again/transcript.json" });
        }"""
    )

    expect(panel(checked)).to_contain_text("2 of 3")
    expect(items(checked)).to_have_count(3)
    expect(items(checked).nth(1)).to_be_focused()
    expect(checked.button("3 to check")).to_have_attribute("aria-expanded", "true")
    checked.press("ArrowUp", "Enter")
    checked.wait_until_still()
    assert 0.05 < checked.place_of(20) < 0.62

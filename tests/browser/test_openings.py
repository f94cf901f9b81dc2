"""An episode whose beginning is played while the rest is aligned: further times come without a stop."""

from copy import deepcopy
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PlayerServer
from tests.browser.listener import LAG_S, Listener
from tests.browser.recordings import AudioClip, make_transcript

OPENING_LINES = 20


def opening_of(transcript: dict[str, Any]) -> dict[str, Any]:
    """The transcript as it is while only its first lines are placed."""
    opening = deepcopy(transcript)
    for segment in opening["segments"][OPENING_LINES:]:
        segment |= {"start": None, "end": None, "status": None, "confidence": None}
        for word in segment["words"]:
            word |= {"start": None, "end": None}
    return opening


@pytest.fixture
def opening(server: PlayerServer, tones: AudioClip, listener: Listener) -> Listener:
    """At an episode of 60 lines of two seconds of which the first 20 have times; `whole` has them all."""
    transcript = make_transcript(60, words=12)
    transcript["segments"][30]["status"] = "interpolated"
    server.add("whole", transcript, tones)
    server.add("opening", opening_of(transcript), tones)
    return listener.open("opening")


def give_the_rest(listener: Listener) -> None:
    """As the page does when the episode is finished."""
    listener.page.evaluate(
        """() => {
            document.querySelector("audio").mine = true;
            const options = JSON.parse(document.getElementById("options").textContent);
            player.update({ ...options, transcriptUrl: "/episodes/whole/transcript.json" });
        }"""
    )
    expect(listener.page.locator(".vt-pending")).to_have_count(0)
    assert listener.page.evaluate("document.querySelector('audio').mine")


def test_lines_without_a_time_say_so_and_nothing_is_taken_for_silence(opening: Listener) -> None:
    expect(opening.page.locator(".vt-pending")).to_have_count(60 - OPENING_LINES)
    expect(opening.page.locator(".vt-gap")).to_have_count(0)

    opening.line(40).click()

    expect(opening.page.get_by_text("This line has no time yet.")).to_be_visible()
    expect(opening.line(40).get_by_role("button", name="No time yet")).to_have_attribute(
        "aria-disabled", "true"
    )
    assert not opening.playing


def test_where_it_is_not_known_what_is_said_nothing_is_marked_and_the_page_stays(opening: Listener) -> None:
    opening.line(OPENING_LINES - 1).click()
    opening.wait_for_line(OPENING_LINES - 1)
    opening.wait_for_position(2.0 * OPENING_LINES + 0.2)
    before = opening.wait_until_still()

    assert opening.current_line is None
    assert opening.current_word == ""
    opening.wait_for_position(2.0 * OPENING_LINES + 1.0)
    assert opening.wait_until_still() == before > 0


def test_the_rest_comes_while_one_listens_and_the_mark_goes_on(opening: Listener) -> None:
    opening.line(OPENING_LINES - 1).click()
    opening.wait_for_position(2.0 * OPENING_LINES + 0.1)

    give_the_rest(opening)

    assert opening.playing
    opening.wait_for_line(OPENING_LINES + 1)
    assert 0 < opening.place_of(OPENING_LINES + 1) < 0.7
    expect(opening.line(30)).to_have_attribute("title", "Time estimated from the lines around it")


def test_a_link_into_the_rest_is_scrolled_to_when_it_has_its_time(opening: Listener) -> None:
    opening.open("opening", t=100)
    assert opening.position == 100
    assert opening.current_line is None

    give_the_rest(opening)

    opening.wait_for_line(50)
    opening.wait_until_still()
    assert 0.15 < opening.place_of(50) < 0.35


def test_a_reader_elsewhere_stays_there(opening: Listener) -> None:
    opening.line(2).click()
    opening.page.mouse.move(600, 300)
    opening.page.mouse.wheel(0, 700)
    opening.wait_until_still()
    before = opening.place_of(25)
    expect(opening.button("Back to current, above")).to_be_visible()

    give_the_rest(opening)

    opening.wait_until_still()
    assert opening.place_of(25) == pytest.approx(before, abs=0.01)
    expect(opening.button("Back to current, above")).to_be_visible()


def test_a_search_stays_open_at_its_hit(opening: Listener) -> None:
    opening.press("/")
    opening.page.keyboard.type("bridge")
    opening.press("Enter", "Enter")
    said = opening.page.locator(".vt-count").inner_text()
    assert said.startswith("2 of ")

    give_the_rest(opening)

    expect(opening.page.locator(".vt-count")).to_have_text(said)
    opening.press("Enter")
    expect(opening.page.locator(".vt-count")).to_have_text(said.replace("2 of", "3 of"))


def test_who_is_at_a_line_with_the_keyboard_stays_at_it(opening: Listener) -> None:
    opening.line(3).get_by_role("button").focus()

    give_the_rest(opening)

    expect(opening.line(3).get_by_role("button")).to_be_focused()


def test_lines_wait_for_the_end_of_a_selection(opening: Listener) -> None:
    chosen = opening.select(4)
    opening.page.evaluate(
        """() => {
            const options = JSON.parse(document.getElementById("options").textContent);
            player.update({ ...options, transcriptUrl: "/episodes/whole/transcript.json" });
        }"""
    )
    opening.page.wait_for_timeout(500)
    assert opening.page.evaluate("String(getSelection())") == chosen
    expect(opening.page.locator(".vt-pending")).to_have_count(60 - OPENING_LINES)

    opening.page.evaluate("getSelection().removeAllRanges()")
    expect(opening.page.locator(".vt-pending")).to_have_count(0)


def test_a_clip_ends_where_it_did(opening: Listener) -> None:
    opening.open("opening", t=10, end=12)
    give_the_rest(opening)
    opening.button("Play from 0:10 – 0:12").click()

    expect(opening.page.get_by_text("The clip ends here.")).to_be_visible()
    assert opening.position == pytest.approx(12, abs=LAG_S)


def test_new_times_that_cannot_be_loaded_are_asked_for_again(opening: Listener, server: PlayerServer) -> None:
    server.down = True
    try:
        opening.page.evaluate(
            """() => {
                const options = JSON.parse(document.getElementById("options").textContent);
                player.update({ ...options, transcriptUrl: "/episodes/whole/transcript.json" });
            }"""
        )
        expect(opening.page.get_by_text("The new times cannot be loaded.")).to_be_visible()
    finally:
        server.down = False

    opening.button("Try again").click()

    expect(opening.page.locator(".vt-pending")).to_have_count(0)

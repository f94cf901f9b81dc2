"""Playing from where one points at."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PlayerServer
from tests.browser.listener import Listener
from tests.browser.recordings import AudioClip, make_transcript


def test_a_click_on_a_word_plays_from_it(listener: Listener, river: str) -> None:
    listener.open(river, t=8)
    listener.click_word(6, 4)
    listener.wait_for_line(6)
    assert listener.playing
    start = listener.server.episodes[river]["segments"][6]["words"][4]["start"]
    assert start - 0.001 <= listener.position < start + 1


def test_a_lines_time_is_a_button_that_plays_from_its_start(listener: Listener, river: str) -> None:
    listener.open(river, t=8)
    button = listener.page.get_by_role("button", name="Play from 16 seconds", exact=True)
    expect(button).to_be_visible()
    button.click()
    listener.wait_for_line(8)
    assert listener.playing
    assert 16 <= listener.position < 17


def test_digits_of_times_are_not_in_what_is_copied(listener: Listener, river: str) -> None:
    listener.open(river)
    texts = [segment["text"] for segment in listener.server.episodes[river]["segments"]]
    assert listener.select(1, until=2) == f"{texts[1]} {texts[2]}"
    whole = listener.evaluate("document.querySelector('.vt-transcript').textContent")
    assert ":" not in whole


def test_a_drag_selects_and_does_not_seek(listener: Listener, river: str) -> None:
    listener.open(river, t=4)
    selected = listener.select(3)
    assert selected == listener.server.episodes[river]["segments"][3]["text"]
    assert listener.position == pytest.approx(4)
    assert not listener.playing


def test_a_click_that_takes_a_selection_away_does_only_that(listener: Listener, river: str) -> None:
    listener.open(river, t=4)
    listener.select(3)
    listener.click_word(5, 2)
    assert listener.evaluate("getSelection().isCollapsed")
    assert not listener.playing
    listener.click_word(5, 2)
    listener.wait_for_line(5)


def test_selected_text_can_be_played(listener: Listener, river: str) -> None:
    listener.open(river)
    listener.select(3)
    listener.page.get_by_role("toolbar", name="Selected text").get_by_role("button", name="Play").click()
    listener.wait_for_line(3)
    assert listener.playing
    assert listener.evaluate("getSelection().isCollapsed")


def test_the_timeline_seeks_and_tells_the_line_under_the_pointer(listener: Listener, river: str) -> None:
    listener.open(river)
    box = listener.page.locator(".vt-track").bounding_box()
    assert box
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    listener.page.mouse.move(*middle)
    hover = listener.page.locator(".vt-hover")
    expect(hover).to_contain_text("1:00")
    expect(hover).to_contain_text(listener.server.episodes[river]["segments"][30]["text"][:20])
    listener.page.mouse.click(*middle)
    listener.wait_for_line(30)
    slider = listener.page.get_by_role("slider", name="Position in the recording")
    expect(slider).to_have_attribute("aria-valuetext", "1 minute of 2 minutes")


def test_skipping_back_and_on(listener: Listener, river: str) -> None:
    listener.open(river, t=50)
    listener.button("Back 15 seconds").click()
    assert listener.position == pytest.approx(35)
    listener.button("On 30 seconds").click()
    assert listener.position == pytest.approx(65)
    listener.button("Previous line").click()
    assert listener.position == pytest.approx(62)
    listener.button("Next line").click()
    assert listener.position == pytest.approx(64)


def test_a_line_that_is_not_in_the_audio_says_so(
    listener: Listener, server: PlayerServer, tones: AudioClip
) -> None:
    transcript = make_transcript(10)
    transcript["segments"][4] |= {"status": "not_in_audio", "start": None, "end": None, "words": []}
    transcript["segments"][6] |= {"status": "interpolated", "words": []}
    server.add("flagged", transcript, tones)
    listener.open("flagged")

    missing, estimated = listener.line(4), listener.line(6)
    expect(missing).to_have_attribute("title", "Not in the audio")
    expect(missing.get_by_role("button")).to_have_accessible_name(
        f"Not in the audio: {transcript['segments'][4]['text'][:40].strip()}"
    )
    expect(estimated).to_have_attribute("title", "Time estimated from the lines around it")
    expect(estimated.get_by_role("button", include_hidden=True)).to_have_accessible_name(
        "Play from 12 seconds. Time estimated from the lines around it"
    )
    missing.click()
    expect(listener.page.get_by_role("status")).to_contain_text("This line is not in the audio.")
    assert not listener.playing
    listener.press("Home", "]", "]", "]", "]")
    listener.wait_for_line(5)
    estimated.click()
    listener.wait_for_line(6)
    assert listener.current_word == ""

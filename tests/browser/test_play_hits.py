"""Playing only what a search has found."""

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import PlayerServer
from tests.browser.listener import LAG_S, Listener
from tests.browser.recordings import AudioClip, make_transcript

WORD_S = 2 / 12

WATCH = """() => {
    const audio = document.querySelector("audio");
    window.heard = [];
    const note = () => {
        if (audio.paused || audio.seeking) return;
        const last = window.heard.at(-1);
        const now = audio.currentTime;
        if (last && now >= last[1] && now < last[1] + 0.6) last[1] = now;
        else window.heard.push([now, now]);
    };
    setInterval(note, 8);
    audio.addEventListener("timeupdate", note);
}"""


def make_hits(*lines: int, word: int = 6, shift: float = 0.0) -> dict[str, Any]:
    """60 lines of two seconds; in some of them one word, which sounds for a sixth of a second, is "zebra"."""
    transcript = make_transcript(60, words=12)
    for line in lines:
        segment = transcript["segments"][line]
        words = [each["text"] for each in segment["words"]]
        words[word] = "zebra"
        segment["text"] = " ".join(words)
        for each, text in zip(segment["words"], words, strict=True):
            each["text"] = text
    for segment in transcript["segments"]:
        for timed in (segment, *segment["words"]):
            timed["start"] += shift
            timed["end"] += shift
    return transcript


def hit_span(first: int, last: int | None = None, word: int = 6) -> list[float]:
    """What is heard of the hits in these lines: a second around them."""
    last = first if last is None else last
    return [max(0.0, 2 * first + word * WORD_S - 1), 2 * last + (word + 1) * WORD_S + 1]


@pytest.fixture
def zebras(listener: Listener, server: PlayerServer, tones: AudioClip) -> Listener:
    """At a search with four hits, of which the second and third are near each other."""
    server.add("zebras", make_hits(0, 20, 21, 40), tones)
    listener.open("zebras")
    listener.evaluate(WATCH)
    listener.press("/")
    listener.page.keyboard.type("zebra")
    expect(count(listener)).to_have_text("4")
    return listener


def toggle(listener: Listener) -> Locator:
    return listener.button("Play the hits")


def count(listener: Listener) -> Locator:
    return listener.page.locator(".vt-count")


def wait_until_stopped(listener: Listener) -> None:
    listener.page.wait_for_function("document.querySelector('audio').paused", polling=40)


def test_each_hit_is_played_with_a_second_around_it(zebras: Listener) -> None:
    toggle(zebras).click()
    expect(toggle(zebras)).to_have_attribute("aria-pressed", "true")
    for number in (1, 2, 3, 4):
        expect(count(zebras)).to_have_text(f"{number} of 4")
    wait_until_stopped(zebras)

    expect(toggle(zebras)).to_have_attribute("aria-pressed", "false")
    heard = [span for span in zebras.evaluate("window.heard") if span[1] - span[0] > 0.15]
    expected = [hit_span(0), hit_span(20, 21), hit_span(40)]  # near ones are joined
    assert len(heard) == len(expected)
    for (begin, end), (first, last) in zip(heard, expected, strict=True):
        assert first - 0.02 <= begin <= first + LAG_S
        assert last - LAG_S <= end <= last + LAG_S
    assert -0.06 < zebras.position - hit_span(40)[1] < LAG_S
    zebras.wait_until_still()
    assert 0 < zebras.place_of(40) < 0.9
    expect(zebras.page.locator(".vt-search")).to_be_visible()


def test_it_begins_at_the_hit_that_one_is_at(zebras: Listener) -> None:
    zebras.press("Enter", "Enter", "Enter", "Enter")
    expect(count(zebras)).to_have_text("4 of 4")
    toggle(zebras).click()
    zebras.wait_for_position(hit_span(40)[0] + 0.1)
    expect(count(zebras)).to_have_text("4 of 4")


def test_a_step_goes_to_that_hit_in_the_sound_too(zebras: Listener) -> None:
    toggle(zebras).click()
    expect(count(zebras)).to_have_text("1 of 4")
    zebras.button("Previous hit").click()
    zebras.wait_for_position(hit_span(40)[0] + 0.1)
    expect(count(zebras)).to_have_text("4 of 4")
    expect(toggle(zebras)).to_have_attribute("aria-pressed", "true")
    wait_until_stopped(zebras)


def test_a_pause_is_a_pause(zebras: Listener) -> None:
    toggle(zebras).click()
    zebras.wait_for_position(0.3)
    zebras.button("Pause").click()
    expect(toggle(zebras)).to_have_attribute("aria-pressed", "true")
    zebras.button("Play").click()
    expect(count(zebras)).to_have_text("2 of 4")


@pytest.mark.parametrize("way", ["line", "key", "search"])
def test_going_elsewhere_or_closing_the_search_ends_it_and_the_sound_goes_on(
    zebras: Listener, way: str
) -> None:
    toggle(zebras).click()
    zebras.wait_for_position(0.2)
    if way == "line":
        zebras.click_word(3, 2)
    elif way == "key":
        zebras.button("On 30 seconds").click()
    else:
        zebras.button("Close search").click()
    begun = zebras.position
    zebras.page.wait_for_function(
        "begun => document.querySelector('audio').currentTime > begun + 2.8", arg=begun, polling=40
    )
    assert zebras.playing and zebras.position < begun + 5
    if way != "search":
        expect(toggle(zebras)).to_have_attribute("aria-pressed", "false")


def test_a_seek_within_the_hit_does_not_end_it(zebras: Listener) -> None:
    zebras.press("Enter", "Enter")
    toggle(zebras).click()
    zebras.wait_for_position(hit_span(20)[0] + 0.1)
    zebras.evaluate("document.querySelector('.vt-search input').blur()")
    zebras.press("]")
    expect(toggle(zebras)).to_have_attribute("aria-pressed", "true")
    expect(count(zebras)).to_have_text("4 of 4")


def test_another_press_and_another_query_stop_it(zebras: Listener) -> None:
    toggle(zebras).click()
    zebras.wait_for_position(0.2)
    toggle(zebras).click()
    wait_until_stopped(zebras)
    expect(toggle(zebras)).to_have_attribute("aria-pressed", "false")

    toggle(zebras).click()
    zebras.page.wait_for_function("!document.querySelector('audio').paused")
    zebras.page.get_by_role("searchbox").fill("quiet barley")
    wait_until_stopped(zebras)
    expect(toggle(zebras)).to_have_attribute("aria-pressed", "false")
    zebras.page.get_by_role("searchbox").fill("no such words")
    expect(toggle(zebras)).to_be_hidden()


def test_it_goes_on_in_a_hidden_tab(zebras: Listener) -> None:
    zebras.evaluate(
        """() => {
            Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
            window.requestAnimationFrame = () => 0;
        }"""
    )
    zebras.press("Enter", "Enter")
    toggle(zebras).click()
    zebras.page.wait_for_function("document.querySelector('audio').currentTime > 79", polling=40)
    wait_until_stopped(zebras)
    assert -0.06 < zebras.position - hit_span(40)[1] < LAG_S


def test_a_hit_without_a_time_is_passed_over(
    listener: Listener, server: PlayerServer, tones: AudioClip
) -> None:
    transcript = make_hits(2, 10, 59, word=11)
    transcript["segments"][2] |= {"status": "not_in_audio", "start": None, "end": None}
    for word in transcript["segments"][2]["words"]:
        word |= {"start": None, "end": None}
    server.add("unsaid", transcript, tones)
    listener.open("unsaid")
    listener.press("/")
    listener.page.keyboard.type("zebra")
    toggle(listener).click()
    expect(count(listener)).to_have_text("2 of 3")
    expect(count(listener)).to_have_text("3 of 3")
    # The last one ends with the recording.
    wait_until_stopped(listener)
    expect(toggle(listener)).to_have_attribute("aria-pressed", "false")


def test_the_clip_of_a_link_does_not_stop_the_hits(zebras: Listener) -> None:
    zebras.open("zebras", t=100, end=101)
    zebras.press("/")
    zebras.page.keyboard.type("zebra")
    toggle(zebras).click()
    zebras.wait_for_position(hit_span(0)[0] + 1.5)
    zebras.wait_for_position(hit_span(20)[0] + 0.1)
    assert zebras.playing


def test_with_new_times_the_hits_go_on(zebras: Listener, server: PlayerServer, tones: AudioClip) -> None:
    later = make_hits(0, 20, 21, 40, shift=0.25)
    later["source"]["channel"] = "With new times"
    server.add("zebras-later", later, tones)
    zebras.press("Enter", "Enter")
    toggle(zebras).click()
    zebras.wait_for_position(hit_span(20)[0] + 0.5)
    zebras.evaluate(
        """() => {
            const options = JSON.parse(document.getElementById("options").textContent);
            player.update({ ...options, transcriptUrl: "/episodes/zebras-later/transcript.json" });
        }"""
    )
    expect(zebras.page.get_by_text("With new times")).to_be_attached()
    expect(count(zebras)).to_have_text("4 of 4")
    expect(toggle(zebras)).to_have_attribute("aria-pressed", "true")
    wait_until_stopped(zebras)
    assert -0.06 < zebras.position - (hit_span(40)[1] + 0.25) < LAG_S

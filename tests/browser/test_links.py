"""Links open at their line, and clips stop at their end."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PlayerServer
from tests.browser.listener import Listener
from tests.browser.recordings import AudioClip, make_transcript


def query(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@pytest.mark.parametrize("written", ["84", "1m24s"])
def test_a_link_opens_at_its_line(listener: Listener, river: str, written: str) -> None:
    listener.open(river, t=written)
    listener.wait_for_line(42)
    listener.wait_until_still()
    assert listener.place_of(42) == pytest.approx(0.25, abs=0.06)
    assert not listener.playing
    assert listener.position == pytest.approx(84)


def test_a_link_offers_to_play_from_there(listener: Listener, river: str) -> None:
    listener.open(river, t=84)
    listener.button("Play from 1:24").click()
    listener.wait_for_position(84.1)
    expect(listener.page.locator(".vt-offer")).to_be_hidden()


def test_on_a_phone_that_ignores_seeks_before_the_first_tap(listener: Listener, river: str) -> None:
    listener.page.add_init_script(
        """const time = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "currentTime");
        document.addEventListener("play", (event) => (event.target.tapped = true), true);
        Object.defineProperty(HTMLMediaElement.prototype, "currentTime", {
            get: time.get,
            set(value) { if (this.tapped) time.set.call(this, value); },
        });"""
    )
    listener.open(river, t=84)
    listener.wait_for_line(42)
    assert listener.position == 0
    listener.button("Play from 1:24").click()
    listener.wait_for_position(84)
    assert listener.current_line == 42


@pytest.mark.alone
@pytest.mark.parametrize("hidden", [False, True])
def test_a_clip_stops_at_its_end(listener: Listener, river: str, hidden: bool) -> None:
    if hidden:
        listener.page.add_init_script(
            """window.requestAnimationFrame = () => 0;
            Object.defineProperty(document, "visibilityState", { get: () => "hidden" });"""
        )
    listener.open(river, t=20, end=20.8)
    listener.evaluate(
        """() => {
            const audio = document.querySelector("audio");
            audio.addEventListener("pause", () => (window.paused_at = audio.currentTime));
        }"""
    )
    listener.button("Play from 0:20 – 0:20").click()
    listener.page.wait_for_function("window.paused_at !== undefined", polling=50)
    assert listener.evaluate("window.paused_at") == pytest.approx(20.8, abs=0.05)
    expect(listener.page.locator(".vt-notice")).to_contain_text("The clip ends here.")
    listener.evaluate("document.querySelector('.vt-notice button').click()")
    listener.wait_for_position(21.1)


def test_going_elsewhere_ends_the_clip(listener: Listener, river: str) -> None:
    listener.open(river, t=20, end=21)
    listener.press("k", "3")
    listener.wait_for_position(36.2)
    listener.evaluate("document.querySelector('audio').currentTime = 20.8")
    listener.page.wait_for_function(
        "(at => at > 21.2 && at < 30)(document.querySelector('audio').currentTime)"
    )
    assert listener.playing


@pytest.mark.parametrize("written", ["soon", "12:99"])
def test_a_time_that_is_none_is_left_out_with_a_word(listener: Listener, river: str, written: str) -> None:
    listener.open(river, t=written)
    expect(listener.page.get_by_role("status")).to_contain_text(f"“{written}” in the link is not a time")
    assert listener.position == 0


def test_copying_a_link_to_this_moment(listener: Listener, river: str) -> None:
    listener.open(river, t=31)
    listener.press("s")
    expect(listener.page.get_by_role("status")).to_contain_text("Link copied. It opens at 0:31.")
    link = listener.clipboard()
    assert query(link)["v"] == river and query(link)["t"] == "31"
    assert listener.page.url.split("?")[0] == link.split("?")[0]
    listener.page.goto(link)
    listener.wait_until_ready().wait_for_line(15)
    assert listener.position == pytest.approx(31)


def test_copying_a_link_to_a_line(listener: Listener, river: str) -> None:
    listener.open(river)
    listener.line(5).hover()
    button = listener.button("Copy a link to this line")
    expect(button).to_be_visible()
    button.click()
    expect(listener.page.get_by_role("status")).to_contain_text("It opens at 0:10.")
    assert query(listener.clipboard())["t"] == "10"


def test_copying_a_clip_of_selected_words(listener: Listener, river: str) -> None:
    listener.open(river)
    listener.select(3, until=4)
    listener.button("Copy clip link").click()
    expect(listener.page.get_by_role("status")).to_contain_text("It plays 0:06 – 0:10.")
    link = query(listener.clipboard())
    assert (link["t"], link["end"]) == ("6", "10")


def test_a_link_finds_its_line_after_the_times_have_moved(
    listener: Listener, server: PlayerServer, tones: AudioClip, river: str
) -> None:
    listener.open(river, t=30)
    listener.press("s")
    expect(listener.page.get_by_role("status")).to_contain_text("Link copied")
    link = listener.clipboard()
    moved = make_transcript(60, words=12)
    for timed in [*moved["segments"], *(word for line in moved["segments"] for word in line["words"])]:
        timed["start"], timed["end"] = timed["start"] + 2.4, timed["end"] + 2.4
    server.add("moved", moved, tones)
    listener.page.goto(link.replace("v=river", "v=moved"))
    listener.wait_until_ready().wait_for_line(15)
    assert listener.position == pytest.approx(32.4)


def test_a_start_that_is_no_round_number_opens_at_its_own_line(
    listener: Listener, server: PlayerServer, tones: AudioClip
) -> None:
    transcript = make_transcript(12, line_s=1.23457)
    server.add("uneven", transcript, tones)
    listener.open("uneven")
    for number in (1, 4, 7):
        listener.line(number).hover()
        listener.page.wait_for_selector(f"[data-line='{number}'][data-pointed]")
        listener.button("Copy a link to this line").click()
        seconds = query(listener.clipboard())["t"]
        start = transcript["segments"][number]["start"]
        assert 0 <= float(seconds) - start <= 0.01


def test_the_address_says_where_one_is(listener: Listener, river: str) -> None:
    listener.open(river, t=10, end=11, h="abc")
    listener.press("5")
    listener.page.wait_for_url("**t=60*")
    assert query(listener.page.url) == {"v": river, "t": "60"}
    before = listener.evaluate("history.length")
    listener.press("ArrowRight")
    listener.page.wait_for_url("**t=65*")
    assert listener.evaluate("history.length") == before


def test_listening_goes_on_where_one_left(listener: Listener, river: str) -> None:
    listener.open(river)
    listener.press("k", "5")
    listener.wait_for_position(60.2)
    listener.press("k")
    listener.open(river)
    listener.wait_for_line(30)
    expect(listener.page.get_by_role("status")).to_contain_text("You left at 1:00.")
    listener.button("From the beginning").click()
    listener.wait_for_line(0)


def test_speed_volume_and_layout_are_remembered(listener: Listener, river: str) -> None:
    listener.open(river)
    listener.press(">", "ArrowDown", "ArrowDown")
    listener.button("One line a row").click()
    listener.open(river)
    state = listener.evaluate(
        "(({ playbackRate, volume, preservesPitch }) => [playbackRate, volume, preservesPitch])"
        "(document.querySelector('audio'))"
    )
    assert state == [1.25, 0.9, True]
    expect(listener.button("One line a row")).to_have_attribute("aria-pressed", "true")
    assert listener.evaluate("getComputedStyle(document.querySelector('.vt-line')).display") == "block"


def test_without_storage_everything_else_works(listener: Listener, river: str) -> None:
    listener.page.add_init_script(
        """Object.defineProperty(window, "localStorage", { get() { throw new DOMException("blocked"); } });"""
    )
    listener.open(river)
    listener.press("5", ">", "ArrowDown")
    listener.wait_for_line(30)

"""Everything by keyboard, and no key taken from anybody else."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PlayerServer
from tests.browser.listener import Listener
from tests.browser.recordings import AudioClip, make_transcript

MOVES = {
    "l": 60,
    "j": 40,
    "ArrowRight": 55,
    "ArrowLeft": 45,
    "[": 48,
    "]": 52,
    "Home": 0,
    "End": 120,
    "7": 84,
    "0": 0,
}


def test_keys_that_move(listener: Listener, river: str) -> None:
    listener.open(river)
    for key, position in MOVES.items():
        listener.page.wait_for_function("!document.querySelector('audio').seeking")
        listener.evaluate("document.querySelector('audio').currentTime = 50")
        listener.page.wait_for_function("!document.querySelector('audio').seeking")
        listener.press(key)
        assert listener.position == pytest.approx(position, abs=0.05), key


# As a browser's own controls do, once the seek before has ended.
SEEK = """async (seconds) => {
    const audio = document.querySelector("audio");
    const ended = () => new Promise((resolve) => audio.addEventListener("seeked", resolve, { once: true }));
    if (audio.seeking) await ended();
    audio.currentTime = seconds;
    await ended();
}"""


def test_keys_that_move_by_words(listener: Listener, river: str) -> None:
    listener.open(river, t=50)
    lines = listener.server.episodes[river]["segments"]
    before, here = lines[24]["words"], lines[25]["words"]

    def expect_at(word: dict[str, Any]) -> None:
        assert listener.position == pytest.approx(word["start"], abs=1e-5)
        assert listener.current_word == word["text"]

    listener.press(".", ".")
    expect_at(here[2])
    listener.press(",", ",", ",")
    expect_at(before[-1])
    listener.press(*["."] * 13)
    expect_at(lines[26]["words"][0])
    assert not listener.playing

    # From within a word back to its own beginning.
    listener.evaluate(SEEK, 50.1)
    listener.press(",")
    expect_at(here[0])
    listener.press("Home", ",")
    assert listener.position == 0
    listener.press("End", ",", ".")
    expect_at(lines[59]["words"][-1])


def test_a_line_without_times_of_its_words_is_one_step(
    listener: Listener, server: PlayerServer, tones: AudioClip
) -> None:
    transcript = make_transcript(10)
    transcript["segments"][3] |= {"status": "interpolated", "words": []}
    transcript["segments"][4] |= {"status": "not_in_audio", "start": None, "end": None, "words": []}
    server.add("wordless", transcript, tones)
    listener.open("wordless", t=5.6)
    found = []
    for _ in range(3):
        listener.press(".")
        found.append(round(listener.position, 2))
    assert found == [6, 10, 10.4]


def test_word_by_word_while_it_plays(listener: Listener, river: str) -> None:
    listener.open(river)
    starts = [word["start"] for word in listener.server.episodes[river]["segments"][25]["words"]]
    listener.evaluate(
        """() => {
            const audio = document.querySelector("audio");
            audio.playbackRate = 0.1;
            window.sought = [];
            audio.addEventListener("seeking", () => window.sought.push(audio.currentTime));
        }"""
    )
    listener.press("Space")
    listener.wait_for_position(0.001)
    listener.evaluate("document.querySelector('audio').currentTime = 50.34")
    listener.press(",")
    # The voice is not yet deep in the third word.
    listener.page.wait_for_function(
        "start => window.sought.some((seconds) => Math.abs(seconds - start) < 1e-5)", arg=starts[1]
    )
    assert listener.playing


def test_word_by_word_with_buttons(listener: Listener, river: str) -> None:
    listener.open(river, t=50)
    listener.press("t")
    listener.button("One word on").click()
    assert listener.position == pytest.approx(50 + 2 / 12, abs=1e-5)
    listener.button("One word back").click()
    assert listener.position == pytest.approx(50)


def test_keys_that_set_the_sound(listener: Listener, river: str) -> None:
    listener.open(river)
    audio = "document.querySelector('audio')"
    state = f"['paused', 'muted', 'volume', 'playbackRate'].map((name) => {audio}[name])"
    assert listener.evaluate(state) == [True, False, 1, 1]
    listener.press("Space")
    assert listener.evaluate(state)[0] is False
    listener.press("k", "m", "<", "<")
    assert listener.evaluate(state) == [True, True, 1, 0.5]
    listener.press("<")
    assert listener.evaluate(state)[3] == 0.5
    listener.press(*[">"] * 12)
    assert listener.evaluate(state)[3] == 3
    listener.press("ArrowDown", "ArrowDown", "ArrowUp")
    assert listener.evaluate(state)[1:3] == [False, 0.95]


def test_every_key_is_in_the_help_and_r_and_c_are_streamlits(listener: Listener, river: str) -> None:
    listener.open(river)
    listener.evaluate(
        "() => { window.heard = []; document.addEventListener('keydown', (e) => window.heard.push(e.key)); }"
    )
    listener.press("r", "c", "k", "Control+k", "?")
    assert [key for key in listener.evaluate("window.heard") if len(key) == 1] == ["r", "c", "k"]
    assert listener.playing
    help_dialog = listener.page.get_by_role("dialog", name="Keys and help")
    expect(help_dialog).to_contain_text("Copy a link to this moment")
    listener.press("j")
    assert listener.position < 5
    listener.press("Escape")
    expect(help_dialog).to_be_hidden()


def test_keys_belong_to_the_control_that_has_the_focus(listener: Listener, river: str) -> None:
    listener.open(river, t=30)
    listener.evaluate(
        """() => {
            const field = document.createElement("textarea");
            document.body.prepend(field);
            field.focus();
        }"""
    )
    listener.page.keyboard.type("kjl5")
    assert listener.position == pytest.approx(30)
    assert not listener.playing
    listener.button("Copy a link to this moment").focus()
    listener.press("Space")
    expect(listener.page.get_by_role("status")).to_contain_text("Link copied")
    assert not listener.playing
    listener.page.get_by_role("slider", name="Position in the recording").focus()
    listener.press("ArrowRight")
    assert listener.position == pytest.approx(35)
    # So it is with those of the page around; its buttons take no letters, as its lists do.
    listener.evaluate(
        """() => {
            document.body.insertAdjacentHTML("afterbegin", "<button>More</button>" +
                "<ul role=listbox><li role=option tabindex=0>Jam</li></ul>");
            document.querySelector("body > button").onclick = () => (window.pressed = true);
        }"""
    )
    listener.button("More").focus()
    listener.press("j", "Space")
    assert listener.position == pytest.approx(25) and listener.evaluate("window.pressed")
    listener.page.get_by_role("option", name="Jam").focus()
    listener.press("j")
    assert listener.position == pytest.approx(25) and not listener.playing


def test_a_click_on_a_button_leaves_space_to_play_and_pause(listener: Listener, river: str) -> None:
    listener.open(river, t=50)
    listener.button("Back 15 seconds").click()
    listener.press("Space")
    listener.wait_for_position(35.1)
    assert listener.playing


def test_one_tab_stop_among_the_lines(listener: Listener, river: str) -> None:
    listener.open(river, t=20)
    listener.wait_for_line(10)
    stops = listener.page.locator(".vt-transcript [tabindex='0']")
    expect(stops).to_have_count(1)
    for _ in range(6):
        listener.press("Tab")
        if listener.evaluate("document.activeElement.classList.contains('vt-time')"):
            break
    focused = listener.page.locator(":focus")
    expect(focused).to_have_accessible_name("Play from 20 seconds")
    expect(focused).to_be_visible()

    listener.press("ArrowDown", "ArrowDown", "ArrowUp")
    expect(focused).to_have_accessible_name("Play from 22 seconds")
    outline = "getComputedStyle(document.activeElement.closest('.vt-line')).outlineStyle"
    assert listener.evaluate(outline) == "solid"
    assert listener.position == pytest.approx(20)
    listener.press("Enter")
    listener.wait_for_line(11)
    assert listener.playing

    listener.press("Tab")
    expect(focused).to_have_accessible_name("Copy a link to this line")
    listener.press("Enter")
    expect(listener.page.get_by_role("status")).to_contain_text("It opens at 0:22.")


def test_the_bar_can_be_walked_through_and_says_what_it_is(listener: Listener, river: str) -> None:
    listener.open(river)
    bar = listener.page.get_by_role("group", name="Player", exact=True)
    names = bar.evaluate(
        "bar => [...bar.querySelectorAll('button, input, select')].map((it) => it.getAttribute('aria-label'))"
    )
    assert names == [
        "Position in the recording",
        "Speed",
        "Listening tools",
        "Notes",
        "Previous line",
        "Back 15 seconds",
        "Play",
        "On 30 seconds",
        "Next line",
        "Sound off",
        "Volume",
        "Search the transcript",
        "Copy a link to this moment",
        "Keys and help",
    ]
    assert listener.page.locator("[aria-live]").count() == 0
    assert listener.page.locator(".vt-transcript [role=status], .vt-transcript [role=alert]").count() == 0

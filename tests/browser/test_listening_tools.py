"""Loops, line by line, skipped silence, the sleep timer, the short rewind, and the mark for late sound."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Locator, ViewportSize, expect

from tests.browser.conftest import PlayerServer
from tests.browser.listener import LAG_S, Listener
from tests.browser.recordings import AudioClip, make_transcript
from tests.browser.test_links import query
from tests.browser.test_looks import CONTRAST

HIDDEN = """window.requestAnimationFrame = () => 0;
Object.defineProperty(document, "visibilityState", { get: () => "hidden" });"""

# From where to where the playback leaps, as it is sent.
WATCH_LEAPS = """() => {
    const time = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "currentTime");
    window.leaps = [];
    Object.defineProperty(HTMLMediaElement.prototype, "currentTime", {
        get: time.get,
        set(value) {
            const from = time.get.call(this);
            // A seek that has not arrived when it plays is asked for again; that is no other leap.
            if (Math.abs(value - from) > 0.15) window.leaps.push([from, value]);
            time.set.call(this, value);
        },
    });
}"""

WATCH_PAUSES = """() => {
    window.pauses = [];
    const audio = document.querySelector("audio");
    const pause = audio.pause.bind(audio);
    audio.pause = () => { if (!audio.paused) window.pauses.push(audio.currentTime); pause(); };
}"""


def leaps(listener: Listener, count: int) -> list[tuple[float, float]]:
    """The first leaps since `WATCH_LEAPS`, once there are so many."""
    # By timer, not by frame: in a hidden page there are none.
    listener.page.wait_for_function("count => window.leaps.length >= count", arg=count, polling=40)
    return [(start, end) for start, end in listener.evaluate("window.leaps")][:count]


def pauses(listener: Listener, count: int) -> list[float]:
    """Where the player has paused since `WATCH_PAUSES`, once it has so often."""
    listener.page.wait_for_function("count => window.pauses.length >= count", arg=count, polling=40)
    return [float(at) for at in listener.evaluate("window.pauses")][:count]


def go(listener: Listener, seconds: float) -> None:
    """As with a drag of the slider."""
    listener.evaluate(
        """seconds => {
            const audio = document.querySelector("audio");
            const slider = document.querySelector(".vt-track input");
            slider.step = "any";
            slider.value = (seconds / audio.duration) * slider.max;
            slider.dispatchEvent(new Event("change"));
        }""",
        seconds,
    )


def panel(listener: Listener) -> Locator:
    """The panel, opened."""
    found = listener.page.get_by_role("dialog", name="Listening", exact=True)
    if not found.is_visible():
        listener.press("t")
    return found


def tools_button(listener: Listener) -> Locator:
    return listener.page.locator(".vt-open-listening")


def set_loop(listener: Listener, start: float, end: float) -> None:
    go(listener, start)
    listener.press("a")
    go(listener, end)
    listener.press("a")
    go(listener, start)


@pytest.fixture
def quiet(server: PlayerServer, tones: AudioClip) -> str:
    """Lines of 2 s; nobody speaks from 8 to 20 s and from 28 to 40 s, save what is hummed at 32 s."""
    transcript = make_transcript(40)
    segments = transcript["segments"]
    segments[:] = [line for line in segments if not (8 <= line["start"] < 20 or 28 <= line["start"] < 40)]
    transcript["untranscribed"] = [{"start": 32.0, "end": 36.0, "heard": "somebody hums a word"}]
    transcript["duration"] = 120.0
    for number, segment in enumerate(segments):
        segment["id"] = number
    server.add("quiet", transcript, tones)
    return "quiet"


@pytest.mark.alone
@pytest.mark.parametrize("hidden", [False, True])
def test_a_loop_goes_back_at_its_end(listener: Listener, river: str, hidden: bool) -> None:
    if hidden:
        listener.page.add_init_script(HIDDEN)
    listener.open(river)
    set_loop(listener, 20, 20.8)
    listener.evaluate(WATCH_LEAPS)
    listener.press("k")
    for left, arrived in leaps(listener, 3):
        assert left == pytest.approx(20.8, abs=0.05)
        assert arrived == pytest.approx(20, abs=0.01)
    assert listener.playing


def test_one_key_sets_a_then_b_then_neither(listener: Listener, river: str) -> None:
    listener.open(river)
    status = listener.page.get_by_role("status")
    go(listener, 30)
    listener.press("a")
    expect(status).to_contain_text("The loop starts at 0:30.")
    expect(tools_button(listener)).to_have_accessible_name("Listening tools, 1 on")
    listener.press("a")
    expect(status).to_contain_text("too near")
    go(listener, 24)
    listener.press("a")
    expect(status).to_contain_text("Loop 0:24 – 0:30.")
    expect(listener.page.locator(".vt-state")).to_have_text("Loop 0:24 – 0:30")
    listener.press("a")
    expect(status).to_contain_text("The loop is off.")
    expect(tools_button(listener)).to_have_accessible_name("Listening tools")


def test_the_loop_is_drawn_on_the_timeline(listener: Listener, river: str) -> None:
    listener.open(river)
    painted = """(seconds) => {
        const canvas = document.querySelector(".vt-marks");
        const x = Math.round((seconds / 120) * canvas.width);
        return canvas.getContext("2d").getImageData(x, canvas.height / 2 - 6, 1, 1).data[3];
    }"""
    assert listener.evaluate(painted, 35) == 0
    set_loop(listener, 30, 40)
    assert listener.evaluate(painted, 35) > 0
    assert listener.evaluate(painted, 45) == 0
    listener.press("a")
    assert listener.evaluate(painted, 35) == 0


def test_going_elsewhere_by_hand_ends_the_loop(listener: Listener, river: str) -> None:
    listener.open(river)
    set_loop(listener, 20, 24)
    go(listener, 22)
    expect(listener.page.locator(".vt-state")).to_have_text("Loop 0:20 – 0:24")
    go(listener, 60)
    expect(listener.page.locator(".vt-state")).to_have_text("")
    status = listener.page.get_by_role("status")
    expect(status).to_contain_text("The loop has ended.")
    status.get_by_role("button", name="Back to it").click()
    expect(listener.page.locator(".vt-state")).to_have_text("Loop 0:20 – 0:24")
    listener.wait_for_line(10)
    assert listener.playing


def test_a_line_is_repeated(listener: Listener, river: str) -> None:
    listener.open(river)
    go(listener, 21.5)
    listener.press("e")
    expect(listener.page.get_by_role("status")).to_contain_text("0:20 – 0:22.")
    listener.page.wait_for_function("(at => at > 20 && at < 21)(document.querySelector('audio').currentTime)")
    listener.evaluate(WATCH_LEAPS)
    [(left, arrived)] = leaps(listener, 1)
    assert arrived == pytest.approx(20)
    assert left == pytest.approx(22, abs=LAG_S)
    listener.press("e")
    expect(listener.page.get_by_role("status")).to_contain_text("no longer repeated")
    listener.wait_for_position(22.2)


def test_the_last_line_is_repeated_although_the_recording_ends(listener: Listener, river: str) -> None:
    # No timer comes before the end of the recording does.
    listener.page.add_init_script(
        "const wait = window.setTimeout; window.setTimeout = (act, time) => wait(act, time + 2000);"
    )
    listener.open(river)
    go(listener, 119)
    listener.press("e")
    go(listener, 119.3)
    listener.evaluate(WATCH_LEAPS)
    [(left, arrived)] = leaps(listener, 1)
    assert left == pytest.approx(120, abs=LAG_S)
    assert arrived == pytest.approx(118)
    listener.wait_for_line(59)
    listener.page.wait_for_function(
        "(audio => !audio.paused && !audio.ended)(document.querySelector('audio'))"
    )


def test_a_loop_takes_the_place_of_a_clip(listener: Listener, river: str) -> None:
    listener.open(river, t=20, end=20.5)
    expect(listener.page.locator(".vt-offer")).to_be_visible()
    listener.press("e")
    expect(listener.page.locator(".vt-offer")).to_be_hidden()
    listener.wait_for_position(20.1)
    listener.evaluate(WATCH_LEAPS)
    [(left, arrived)] = leaps(listener, 1)
    assert left == pytest.approx(22, abs=LAG_S)
    assert arrived == pytest.approx(20)


@pytest.mark.alone
@pytest.mark.parametrize("hidden", [False, True])
def test_it_pauses_after_each_line(listener: Listener, river: str, hidden: bool) -> None:
    if hidden:
        listener.page.add_init_script(HIDDEN)
    listener.open(river)
    panel(listener).get_by_label("Pause after each line").check()
    go(listener, 20)
    listener.evaluate(WATCH_PAUSES)
    listener.evaluate("document.querySelector('audio').play()")
    assert pauses(listener, 1) == pytest.approx([22], abs=0.05)
    # The line that was heard is the one that is marked, and going on does not stop at once.
    assert listener.current_line == 10
    listener.evaluate("document.querySelector('audio').play()")
    assert pauses(listener, 2)[1] == pytest.approx(24, abs=0.05)
    assert listener.current_line == 11


def test_each_line_is_heard_as_often_as_wished(listener: Listener, river: str) -> None:
    listener.open(river)
    panel(listener).get_by_label("Hear each line").select_option("3")
    panel(listener).get_by_label("Pause after each line").check()
    go(listener, 21)
    listener.evaluate(WATCH_LEAPS)
    listener.evaluate(WATCH_PAUSES)
    listener.evaluate("document.querySelector('audio').playbackRate = 2")
    listener.evaluate("document.querySelector('audio').play()")
    assert pauses(listener, 1) == pytest.approx([22], abs=2 * LAG_S)
    assert leaps(listener, 2)[0] == (pytest.approx(22, abs=2 * LAG_S), pytest.approx(20, abs=0.1))
    assert leaps(listener, 2)[1] == (pytest.approx(22, abs=2 * LAG_S), pytest.approx(20, abs=0.1))


def test_a_repeated_line_pauses_too(listener: Listener, river: str) -> None:
    listener.open(river)
    panel(listener).get_by_label("Pause after each line").check()
    listener.press("Escape")
    go(listener, 20.5)
    listener.evaluate(WATCH_PAUSES)
    listener.press("e")
    assert pauses(listener, 1) == pytest.approx([22], abs=LAG_S)
    assert listener.position == pytest.approx(20)
    listener.press("k")
    assert pauses(listener, 2)[1] == pytest.approx(22, abs=LAG_S)


@pytest.mark.parametrize("hidden", [False, True])
def test_silence_is_skipped_and_unwritten_speech_is_not(listener: Listener, quiet: str, hidden: bool) -> None:
    if hidden:
        listener.page.add_init_script(HIDDEN)
    listener.open(quiet)
    panel(listener).get_by_label("Skip silence").check()
    go(listener, 7.5)
    listener.evaluate(WATCH_LEAPS)
    listener.evaluate("document.querySelector('audio').play()")
    [(left, arrived)] = leaps(listener, 1)
    assert left == pytest.approx(8.3, abs=LAG_S)
    assert arrived == pytest.approx(19.7)

    go(listener, 27.8)
    assert leaps(listener, 3)[2] == (pytest.approx(28.3, abs=LAG_S), pytest.approx(31.7))
    listener.evaluate("document.querySelector('audio').playbackRate = 3")
    assert leaps(listener, 4)[3] == (pytest.approx(36.3, abs=3 * LAG_S), pytest.approx(39.7))


def test_what_counts_as_speech(in_page: Callable[..., Any]) -> None:
    def line(start: float | None, end: float | None, status: str = "aligned") -> dict[str, Any]:
        return {"text": "", "start": start, "end": end, "speaker": None, "turn": 0, "status": status}

    def words(*times: float | None) -> list[dict[str, Any]]:
        return [{"text": "", "start": time, "end": time and time + 0.5} for time in times]

    def silences(lines: list[Any], said: list[Any], passages: list[Any]) -> list[tuple[float, float]]:
        return [
            (it["start"], it["end"]) for it in in_page("silences.js", "findSilences", lines, said, passages)
        ]

    ten = line(10, 20)
    # Between the words of a line, too; but not where they, or the line, are not sure.
    assert silences([ten], [words(10, 19.5)], []) == [pytest.approx((10.8, 19.2))]
    assert silences([ten], [words(10, None)], []) == []
    assert silences([line(10, 20, "interpolated")], [words(10, 19.5)], []) == []
    assert silences([ten], [[]], []) == []
    # Not before the first word nor after the last, not in a short pause, not around a line without a time.
    assert silences([ten, line(None, None, "not_in_audio"), line(22, 23)], [[], [], []], []) == []
    assert silences([ten, line(22.1, 23)], [[], []], []) == [pytest.approx((20.3, 21.8))]
    # A long line that goes on under short ones, and speech that is not in the transcript.
    assert silences([line(0, 30), line(5, 6), line(31, 32)], [[], [], []], []) == []
    assert silences([ten, line(30, 31)], [[], []], [{"start": 21, "end": 29, "heard": ""}]) == []


def test_a_silence_is_heard_where_it_is_not_skipped(listener: Listener, quiet: str) -> None:
    listener.open(quiet)
    go(listener, 8.1)
    listener.press("k")
    listener.wait_for_position(9)
    assert listener.position < 15


def test_a_leap_does_not_leave_the_loop(listener: Listener, quiet: str) -> None:
    listener.open(quiet)
    panel(listener).get_by_label("Skip silence").check()
    set_loop(listener, 7, 12)
    go(listener, 7.8)
    listener.evaluate(WATCH_LEAPS)
    listener.press("k")
    first, second = leaps(listener, 2)
    assert first == (pytest.approx(8.3, abs=LAG_S), pytest.approx(12))
    assert second == (pytest.approx(12, abs=LAG_S), pytest.approx(7))


def let_pass(listener: Listener, seconds: float) -> None:
    """Put both clocks forward, without waiting."""
    listener.evaluate(
        """seconds => {
            for (const clock of [Date, performance]) {
                const now = clock.now.bind(clock);
                clock.now = () => now() + 1000 * seconds;
            }
        }""",
        seconds,
    )


def test_the_sleep_timer_fades_and_pauses(listener: Listener, river: str) -> None:
    listener.open(river, t=10)
    tools = panel(listener)
    tools.get_by_label("Sleep timer").select_option("5")
    expect(tools).to_contain_text("5:00 left")
    listener.press("Escape", "k")
    expect(listener.page.locator(".vt-state")).to_contain_text("Sleep in 4:5")
    let_pass(listener, 293)
    volume = "document.querySelector('audio').volume"
    listener.page.wait_for_function(f"{volume} < 0.3")
    assert listener.playing
    expect(listener.page.get_by_role("slider", name="Volume")).to_have_value("1")
    listener.page.wait_for_function("document.querySelector('audio').paused")
    expect(listener.page.get_by_role("status")).to_contain_text("The sleep timer has paused.")
    listener.page.wait_for_function(f"{volume} === 1")
    assert listener.evaluate("JSON.parse(localStorage['verbatime:volume'] ?? '1')") == 1
    expect(listener.page.locator(".vt-state")).to_have_text("")
    listener.button("Play on").click()
    listener.page.wait_for_function("!document.querySelector('audio').paused")


def test_any_press_while_it_fades_gives_five_minutes(listener: Listener, river: str) -> None:
    listener.open(river, t=10)
    panel(listener).get_by_label("Sleep timer").select_option("5")
    listener.press("Escape", "k")
    listener.wait_for_position(10.1)
    let_pass(listener, 294)
    listener.page.wait_for_function("document.querySelector('audio').volume < 0.9")
    listener.press("Shift")
    assert listener.evaluate("document.querySelector('audio').volume") == 1
    status = listener.page.get_by_role("status")
    expect(status).to_contain_text("5 more minutes.")
    expect(listener.page.locator(".vt-state")).to_contain_text("Sleep in 5:0")
    status.get_by_role("button", name="No sleep timer").click()
    expect(listener.page.locator(".vt-state")).to_have_text("")
    assert listener.playing


def test_time_counts_for_the_sleep_timer_only_while_it_plays(listener: Listener, river: str) -> None:
    listener.open(river)
    panel(listener).get_by_label("Sleep timer").select_option("15")
    let_pass(listener, 600)
    go(listener, 3)
    listener.press("Escape", "k")
    listener.wait_for_position(3.6)
    expect(listener.page.locator(".vt-state")).to_contain_text("Sleep in 14:5")


def test_sleep_comes_at_the_end_of_the_chapter(
    listener: Listener, server: PlayerServer, tones: AudioClip
) -> None:
    transcript = make_transcript(60)
    transcript["source"]["chapters"] = [{"start": 0, "title": "Source"}, {"start": 40, "title": "Mouth"}]
    server.add("chapters", transcript, tones)
    listener.open("chapters", t=10)
    panel(listener).get_by_label("Sleep timer").select_option("chapter")
    expect(panel(listener)).to_contain_text("0:30 left")
    go(listener, 38.5)
    listener.evaluate(WATCH_PAUSES)
    listener.evaluate("document.querySelector('audio').play()")
    assert pauses(listener, 1) == pytest.approx([40], abs=LAG_S)


def test_chapters_are_on_offer_only_where_there_are_any(listener: Listener, river: str) -> None:
    listener.open(river)
    chapter = panel(listener).get_by_label("Sleep timer").locator("option[value=chapter]")
    expect(chapter).to_be_disabled()


@pytest.mark.parametrize(("paused_s", "back_s"), [(20, 0), (31, 2), (700, 5)])
def test_a_long_pause_is_followed_by_a_short_rewind(
    listener: Listener, river: str, paused_s: float, back_s: float
) -> None:
    listener.open(river, t=20)
    listener.press("k")
    listener.wait_for_position(20.2)
    listener.press("k")
    listener.page.wait_for_function("document.querySelector('audio').paused")
    listener.wait_until_still()
    at = listener.position
    let_pass(listener, paused_s)
    listener.evaluate(WATCH_LEAPS)
    listener.press("k")
    if back_s:
        assert leaps(listener, 1)[0][1] == pytest.approx(at - back_s, abs=0.15)
    listener.wait_for_position(at - back_s + 0.1)
    assert len(listener.evaluate("window.leaps")) == (1 if back_s else 0)


def pause_for_long(listener: Listener, meanwhile: float | None = None) -> float:
    """Pause for ten minutes; returns where. meanwhile: a place that is gone to during the pause."""
    listener.press("k")
    listener.page.wait_for_function("document.querySelector('audio').paused")
    listener.wait_until_still()
    at = listener.position
    if meanwhile is not None:
        go(listener, meanwhile)
    let_pass(listener, 700)
    listener.evaluate(WATCH_LEAPS)
    listener.press("k")
    return at


def test_no_rewind_over_the_start_of_the_loop(listener: Listener, river: str) -> None:
    listener.open(river)
    set_loop(listener, 20, 30)
    listener.press("k")
    listener.wait_for_position(20.6)
    pause_for_long(listener)
    assert leaps(listener, 1)[0][1] == pytest.approx(20)


def test_no_rewind_from_a_place_that_was_chosen_nor_where_it_is_switched_off(
    listener: Listener, river: str
) -> None:
    listener.open(river, t=20)
    listener.press("k")
    listener.wait_for_position(20.1)
    pause_for_long(listener, meanwhile=60)
    listener.wait_for_position(60.1)
    assert listener.evaluate("window.leaps") == []

    panel(listener).get_by_label("Go back a little").uncheck()
    listener.press("Escape")
    at = pause_for_long(listener)
    listener.wait_for_position(at + 0.1)
    assert listener.evaluate("window.leaps") == []


WORD_CHANGES = """() => new Promise((resolve) => {
    const audio = document.querySelector("audio");
    const changes = [];
    let last = null;
    const look = () => {
        const [range] = CSS.highlights.get("vt-word") ?? [];
        const place = range && `${range.startContainer.parentElement.dataset.line}:${range.startOffset}`;
        if (last !== null && place !== last) changes.push(audio.currentTime);
        last = place;
        if (changes.length < 3) requestAnimationFrame(look); else resolve(changes);
    };
    look();
})"""


@pytest.mark.alone
@pytest.mark.parametrize(
    ("button", "presses", "shown", "late_s"), [("later", 6, "+300", 0.3), ("earlier", 4, "−200", -0.2)]
)
def test_the_mark_moves_with_the_sound_that_is_heard(
    listener: Listener,
    server: PlayerServer,
    tones: AudioClip,
    button: str,
    presses: int,
    shown: str,
    late_s: float,
) -> None:
    server.add("seconds", make_transcript(60, words=2), tones)
    listener.open("seconds", t=20)
    tools = panel(listener)
    for _ in range(presses):
        tools.get_by_role("button", name=f"Mark {button}").click()
    expect(tools).to_contain_text(f"{shown} ms")
    listener.press("Escape")
    listener.wait_for_line(10)
    listener.press("k")
    listener.wait_for_position(20.2)
    late = [(change - late_s + 0.5) % 1 - 0.5 for change in listener.evaluate(WORD_CHANGES)]
    # A busy machine looks late, never early: the promptest look tells.
    assert -0.03 < min(late) < 0.05
    listener.press("k")
    # Places that are gone to are marked and linked to as they are.
    go(listener, 30)
    listener.wait_for_line(15)
    assert listener.current_word == server.episodes["seconds"]["segments"][15]["words"][0]["text"]
    listener.press("s")
    expect(listener.page.get_by_role("status")).to_contain_text("It opens at 0:30.")
    assert query(listener.clipboard())["t"] == "30"


def test_the_nudge_has_its_bounds(listener: Listener, river: str) -> None:
    listener.open(river)
    later = panel(listener).get_by_role("button", name="Mark later")
    for _ in range(10):
        later.click()
    expect(panel(listener)).to_contain_text("+500 ms")
    expect(later).to_be_disabled()


def settings(listener: Listener) -> list[Any]:
    tools = panel(listener)
    return [
        tools.get_by_label("Pause after each line").is_checked(),
        tools.get_by_label("Hear each line").input_value(),
        tools.get_by_label("Skip silence").is_checked(),
        tools.get_by_label("Go back a little").is_checked(),
        tools.locator(".vt-lag").inner_text(),
    ]


def test_what_was_set_is_remembered(listener: Listener, river: str) -> None:
    listener.open(river)
    assert settings(listener) == [False, "1", False, True, "0 ms"]
    tools = panel(listener)
    tools.get_by_label("Pause after each line").check()
    tools.get_by_label("Hear each line").select_option("5")
    tools.get_by_label("Skip silence").check()
    tools.get_by_label("Go back a little").uncheck()
    tools.get_by_role("button", name="Mark earlier").click()
    listener.open(river)
    assert settings(listener) == [True, "5", True, False, "−50 ms"]
    expect(tools_button(listener)).to_have_accessible_name("Listening tools, 4 on")


@pytest.mark.parametrize(
    "kept",
    ["7", '"x"', "{", "[]", '{"times": 1e9, "lag": "much", "pauses": "yes", "rewinds": null}', '{"lag": 75}'],
)
def test_nonsense_in_the_storage_is_passed_over(listener: Listener, river: str, kept: str) -> None:
    listener.open(river)
    listener.evaluate("kept => localStorage.setItem('verbatime:listening', kept)", kept)
    listener.open(river)
    assert settings(listener) == [False, "1", False, True, "0 ms"]


def test_without_storage_the_tools_work(listener: Listener, river: str) -> None:
    listener.page.add_init_script(
        """Object.defineProperty(window, "localStorage", { get() { throw new DOMException("blocked"); } });"""
    )
    listener.open(river)
    panel(listener).get_by_label("Pause after each line").check()
    go(listener, 21)
    listener.evaluate(WATCH_PAUSES)
    listener.evaluate("document.querySelector('audio').play()")
    assert pauses(listener, 1) == pytest.approx([22], abs=LAG_S)


def test_the_panel_by_keyboard_alone(listener: Listener, river: str) -> None:
    listener.open(river)
    tools_button(listener).focus()
    listener.press("Enter")
    tools = listener.page.get_by_role("dialog", name="Listening", exact=True)
    expect(tools).to_be_focused()
    # Keys go on to work, save where a control takes them.
    listener.press("l")
    assert listener.position == pytest.approx(10)
    walked = []
    for _ in range(12):
        listener.press("Tab")
        focused = listener.page.locator(":focus")
        expect(focused).to_be_visible()
        walked.append(
            focused.evaluate(
                "it => it.getAttribute('aria-label') ?? it.labels?.[0]?.textContent ?? it.textContent"
            )
        )
        if walked[-1] == "Skip silence":
            listener.press("Space")
    assert [name.split("Once")[0].split("Off")[0] for name in walked] == [
        "Close",
        "Loop from here",
        "Repeat this line",
        "One word back",
        "One word on",
        "Hear each line",
        "Pause after each line",
        "Skip silence",
        "Go back a little after a long pause",
        "Sleep timer",
        "Mark earlier",
        "Mark later",
    ]
    expect(tools.get_by_label("Skip silence")).to_be_checked()
    assert not listener.playing
    listener.press("Escape")
    expect(tools).to_be_hidden()
    expect(tools_button(listener)).to_be_focused()
    expect(tools_button(listener)).to_have_accessible_name("Listening tools, 1 on")
    expect(tools_button(listener)).to_have_attribute("title", "Listening tools, 1 on (t)")


def test_every_key_has_its_button(listener: Listener, river: str) -> None:
    listener.open(river)
    tools_button(listener).click()
    tools = listener.page.get_by_role("dialog", name="Listening", exact=True)
    tools.get_by_role("button", name="Loop from here").click()
    go(listener, 10)
    tools.get_by_role("button", name="Loop to here").click()
    expect(listener.page.locator(".vt-state")).to_have_text("Loop 0:00 – 0:10")
    tools.get_by_role("button", name="End the loop").click()
    repeat = tools.get_by_role("button", name="Repeat this line")
    repeat.click()
    expect(repeat).to_have_attribute("aria-pressed", "true")
    tools.get_by_role("button", name="Close").click()
    expect(tools).to_be_hidden()


TEXTS = (
    ".vt-listening h2",
    ".vt-listening legend",
    ".vt-listening label > span",
    ".vt-listening select",
    ".vt-choice",
    ".vt-choice[aria-pressed=true]",
    ".vt-listening .vt-hint",
    ".vt-lag",
    ".vt-state",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_panel_fits_and_can_be_read(listener: Listener, river: str, scheme: str) -> None:
    listener.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    listener.open(river, t=20)
    panel(listener).get_by_label("Sleep timer").select_option("60")
    panel(listener).get_by_role("button", name="Repeat this line").click()
    poor = {text: ratio for text in TEXTS if (ratio := listener.evaluate(CONTRAST, text)) < 4.5}
    assert poor == {}
    for width, height in ((360, 740), (360, 480), (768, 740), (1280, 800)):
        listener.page.set_viewport_size(ViewportSize(width=width, height=height))
        listener.wait_until_still()
        assert listener.evaluate("document.documentElement.scrollWidth") <= width
        tools = panel(listener)
        assert tools.evaluate("it => it.scrollWidth <= it.clientWidth")
        box = tools.bounding_box()
        bar = listener.page.locator(".vt-bar").bounding_box()
        assert box and bar
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        assert box["y"] >= 0 and box["y"] + box["height"] <= bar["y"]
        buttons = listener.evaluate(
            """() => [...document.querySelectorAll(".vt-bar :is(button, select)")]
                .filter((it) => it.offsetWidth)
                .map((it) => it.getBoundingClientRect().toJSON())"""
        )
        apart = sorted(buttons, key=lambda button: button["left"])
        for left, right in pairwise(apart):
            assert left["right"] <= right["left"] + 0.5
    listener.page.emulate_media(color_scheme="light")


def test_new_times_leave_the_tools_as_they_are(
    listener: Listener, server: PlayerServer, tones: AudioClip, river: str
) -> None:
    server.add("river-again", make_transcript(60, words=12), tones)
    listener.open(river)
    tools = panel(listener)
    tools.get_by_label("Pause after each line").check()
    listener.press("Escape")
    set_loop(listener, 21, 27)
    listener.press("k")
    listener.wait_for_position(21.2)
    listener.evaluate(WATCH_PAUSES)
    listener.evaluate(WATCH_LEAPS)
    listener.evaluate(
        """() => {
            document.querySelector(".vt-transcript").old = true;
            const options = JSON.parse(document.getElementById("options").textContent);
            player.update({ ...options, transcriptUrl: "/episodes/river-again/transcript.json" });
        }"""
    )
    listener.page.wait_for_function("!document.querySelector('.vt-transcript').old")
    assert pauses(listener, 1) == pytest.approx([22], abs=LAG_S)
    expect(listener.page.locator(".vt-state")).to_have_text("Loop 0:21 – 0:27 · Pause after each line")
    go(listener, 26.5)
    listener.press("k")
    left, arrived = leaps(listener, len(listener.evaluate("window.leaps")) + 1)[-1]
    assert (left, arrived) == (pytest.approx(27, abs=LAG_S), pytest.approx(21))


def test_timers_run_only_while_it_plays(listener: Listener, river: str) -> None:
    listener.page.add_init_script(
        """const wait = window.setTimeout;
        window.waits = 0;
        window.setTimeout = (act, time, ...rest) => {
            if (String(act).includes("look")) window.waits++;
            return wait(act, time, ...rest);
        };"""
    )
    listener.open(river, t=20)
    listener.press("e")
    listener.wait_for_position(20.3)
    assert listener.evaluate("window.waits") > 0
    listener.press("k")
    listener.page.wait_for_function("document.querySelector('audio').paused")
    listener.wait_until_still()
    before = listener.evaluate("window.waits")
    listener.wait_until_still()
    assert listener.evaluate("window.waits") == before

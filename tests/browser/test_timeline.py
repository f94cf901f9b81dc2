"""The timeline: how loud it is, who speaks, chapters, what is in doubt; drawn when something changes."""

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import PlayerServer
from tests.browser.listener import Listener
from tests.browser.recordings import AudioClip, make_transcript

LOUD_HALF = {"version": 1, "peaks": [0] * 900 + [255] * 900}
STEADY = {"version": 1, "peaks": [200] * 1800}

COLUMNS = """([selector, name]) => {
    const canvas = document.querySelector(selector);
    const paint = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    paint.fillStyle = getComputedStyle(document.querySelector(".vt-track")).getPropertyValue(name);
    paint.fillRect(0, 0, 1, 1);
    const sought = paint.getImageData(0, 0, 1, 1).data;
    const { width, height } = canvas;
    const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
    const middle = (height / devicePixelRatio - 4) / 2 * devicePixelRatio;
    const found = { above: new Array(width).fill(0), below: new Array(width).fill(0) };
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
        const at = 4 * (y * width + x);
        const same = [0, 1, 2].every((part) => Math.abs(data[at + part] - sought[part]) <= 3);
        if (same && data[at + 3] > 200) found[y < middle ? "above" : "below"][x]++;
    }
    return found;
}"""

COUNT_DRAWINGS = """() => {
    window.drawings = 0;
    const { clearRect, fillRect, fill } = CanvasRenderingContext2D.prototype;
    for (const [name, old] of Object.entries({ clearRect, fillRect, fill })) {
        CanvasRenderingContext2D.prototype[name] = function (...given) {
            window.drawings++;
            return old.apply(this, given);
        };
    }
}"""


def columns(listener: Listener, name: str, canvas: str = ".vt-marks") -> tuple[list[int], list[int]]:
    """For each column of pixels, how many are of that colour above the axis and below it."""
    found = listener.evaluate(COLUMNS, [canvas, name])
    return found["above"], found["below"]


def add(server: PlayerServer, tones: AudioClip, name: str, peaks: Any, transcript: dict[str, Any]) -> None:
    server.peaks[name] = peaks
    server.add(name, transcript, tones, peaksUrl=f"/episodes/{name}/peaks.json")


def alone(lines: int = 60) -> dict[str, Any]:
    """A transcript of one speaker."""
    transcript = make_transcript(lines, words=12)
    for segment in transcript["segments"]:
        segment["speaker"] = None
    return transcript


def open_with_wave(listener: Listener, name: str, **query: object) -> None:
    listener.open(name, **query)
    listener.page.wait_for_selector(".vt-track[data-wave]")


@pytest.mark.parametrize("canvas", [".vt-marks", ".vt-played"])
def test_notes_have_a_sign_where_they_are(
    listener: Listener, server: PlayerServer, tones: AudioClip, canvas: str
) -> None:
    add(server, tones, "noted", STEADY, alone())
    open_with_wave(listener, "noted", t=60)
    assert not any(columns(listener, "--vt-note-1", canvas)[0])

    listener.press("h")

    listener.page.get_by_text("Highlighted.").wait_for()
    above, _ = columns(listener, "--vt-note-1", canvas)
    found = [column for column, count in enumerate(above) if count]
    assert len(above) / 2 == pytest.approx((found[0] + found[-1]) / 2, abs=3)
    assert found[-1] - found[0] < 10
    bars = columns(listener, "--vt-wave" if canvas == ".vt-marks" else "--vt-tint", canvas)[1]
    assert sum(count > 4 for count in bars) > len(bars) / 4


def test_what_is_loud_is_high(listener: Listener, server: PlayerServer, tones: AudioClip) -> None:
    add(server, tones, "loud", LOUD_HALF, alone())
    open_with_wave(listener, "loud")

    above, below = columns(listener, "--vt-wave")
    half = len(above) // 2
    assert max(above[: half - 4]) <= 2
    assert max(above[half + 4 :]) >= 10
    assert sum(1 for pixels in above[half + 4 :] if pixels >= 10) > half / 3
    assert max(below) == pytest.approx(max(above), abs=1)  # one voice alone stands on both sides


def test_the_text_does_not_wait_for_the_peaks(
    listener: Listener, server: PlayerServer, tones: AudioClip
) -> None:
    add(server, tones, "waits", STEADY, alone())
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    listener.page.route("**/episodes/waits/peaks.json", hold)
    with listener.page.expect_request("**/episodes/waits/peaks.json"):
        listener.open("waits")
    listener.page.wait_for_selector(".vt[data-ready]")
    listener.press("]")
    listener.wait_for_line(1)
    expect(listener.page.locator(".vt-track[data-wave]")).to_have_count(0)

    held[0].continue_()
    listener.page.wait_for_selector(".vt-track[data-wave]")


@pytest.mark.parametrize("peaks", [None, {"version": 2, "peaks": [1]}, {"version": 1, "peaks": []}, "none"])
def test_without_peaks_it_is_a_plain_rail(
    listener: Listener, server: PlayerServer, tones: AudioClip, peaks: Any
) -> None:
    add(server, tones, "bare", peaks, alone())
    with listener.page.expect_response("**/episodes/bare/peaks.json"):
        listener.open("bare")
    expect(listener.page.locator(".vt-rail")).to_be_visible()
    assert max(columns(listener, "--vt-wave")[0]) == 0
    box = listener.page.locator(".vt-track").bounding_box()
    assert box
    listener.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    listener.wait_for_line(30)


def test_speakers_differ_in_colour_and_in_height(
    listener: Listener, server: PlayerServer, tones: AudioClip
) -> None:
    add(server, tones, "talk", STEADY, make_transcript(60, words=12, lines_per_turn=30))
    open_with_wave(listener, "talk")

    (ada_up, ada_down), (ben_up, ben_down) = (
        columns(listener, "--vt-speaker-0"),
        columns(listener, "--vt-speaker-1"),
    )
    half = len(ada_up) // 2
    assert max(ada_up[half + 4 :]) == 0 == max(ben_up[: half - 4])
    assert max(ada_up) > 2 * max(ada_down) > 0
    assert max(ben_down) > 2 * max(ben_up) > 0


def test_long_after_the_last_line_nobody_in_particular_is_heard(
    listener: Listener, server: PlayerServer, tones: AudioClip
) -> None:
    transcript = make_transcript(45, words=12, lines_per_turn=15)
    transcript["duration"] = 120.0
    add(server, tones, "tail", STEADY, transcript)
    open_with_wave(listener, "tail")

    ada, _ = columns(listener, "--vt-speaker-0")
    nobody_up, nobody_down = columns(listener, "--vt-wave")
    tail = round(len(ada) * 93 / 120)
    assert max(ada[:tail]) > 0 == max(ada[tail:])
    assert max(nobody_up[tail:]) == pytest.approx(max(nobody_down[tail:]), abs=1)


def test_chapters_take_the_place_of_speakers(
    listener: Listener, server: PlayerServer, tones: AudioClip
) -> None:
    transcript = make_transcript(60, words=12)
    # Not in order, as some pages have them.
    transcript["source"]["chapters"] = [
        {"start": 90, "title": "Mouth"},
        {"start": 0, "title": "Source"},
        {"start": 30, "title": "Middle"},
    ]
    add(server, tones, "chapters", STEADY, transcript)
    open_with_wave(listener, "chapters")

    above, _ = columns(listener, "--vt-tick")
    ticks = [place / len(above) for place, pixels in enumerate(above) if pixels >= 10]
    assert ticks and {round(tick, 2) for tick in ticks} == {0.25, 0.75}
    assert max(columns(listener, "--vt-speaker-0")[0]) == 0

    box = listener.page.locator(".vt-track").bounding_box()
    assert box
    hover = listener.page.locator(".vt-hover")
    for share, title in ((0.1, "Source"), (0.26, "Middle"), (0.9, "Mouth")):
        listener.page.mouse.move(box["x"] + share * box["width"], box["y"] + 5)
        expect(hover.locator(".vt-part")).to_have_text(title)
        line = int(share * 60)
        expect(hover).to_contain_text(transcript["segments"][line]["text"][:20])
    listener.page.mouse.move(box["x"], box["y"] - 200)
    expect(hover).to_be_hidden()


def test_the_pointer_on_silence_finds_no_line(
    listener: Listener, server: PlayerServer, tones: AudioClip
) -> None:
    transcript = make_transcript(40, words=12)
    transcript["duration"] = 120.0
    transcript["untranscribed"] = [{"start": 100, "end": 110, "heard": "some more words"}]
    add(server, tones, "quiet", STEADY, transcript)
    open_with_wave(listener, "quiet")
    box = listener.page.locator(".vt-track").bounding_box()
    assert box
    hover = listener.page.locator(".vt-hover")
    listener.page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 5)
    expect(hover).to_have_text("1:30No speech")
    listener.page.mouse.move(box["x"] + 0.87 * box["width"], box["y"] + 5)
    expect(hover).to_contain_text("Not in the transcript: some more words")
    listener.page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 5)
    expect(hover.locator(".vt-part")).to_have_text("Ben")


def test_what_the_pointer_finds_stays_on_a_narrow_screen(
    listener: Listener, server: PlayerServer, tones: AudioClip
) -> None:
    add(server, tones, "narrow", STEADY, make_transcript(60, words=30))
    listener.page.set_viewport_size({"width": 360, "height": 740})
    open_with_wave(listener, "narrow")
    box = listener.page.locator(".vt-track").bounding_box()
    assert box and 24 <= box["height"] <= 32
    for share in (0.01, 0.5, 0.99):
        listener.page.mouse.move(box["x"] + share * box["width"], box["y"] + 5)
        hover = listener.page.locator(".vt-hover").bounding_box()
        assert hover and hover["x"] >= 0 and hover["x"] + hover["width"] <= 360
        assert hover["y"] + hover["height"] <= box["y"]


@pytest.mark.parametrize("with_peaks", [True, False])
def test_a_line_stands_under_what_is_in_doubt(
    listener: Listener, server: PlayerServer, tones: AudioClip, with_peaks: bool
) -> None:
    transcript = make_transcript(50, words=12)
    for line in range(10, 15):  # 20 to 30 s
        transcript["segments"][line]["confidence"] = 0.5
    for line in range(25, 30):  # 50 to 60 s
        transcript["segments"][line]["status"] = "interpolated"
    transcript["duration"] = 120.0
    transcript["untranscribed"] = [{"start": 104, "end": 114, "heard": "more"}]
    add(server, tones, "doubts", STEADY if with_peaks else None, transcript)
    with listener.page.expect_response("**/episodes/doubts/peaks.json"):
        listener.open("doubts")
    if with_peaks:
        listener.page.wait_for_selector(".vt-track[data-wave]")

    _, below = columns(listener, "--vt-doubt")
    marked = [120 * place / len(below) for place, pixels in enumerate(below) if pixels]
    solid, dotted, dashed = (
        [at for at in marked if first - 0.3 <= at <= last + 0.3]
        for first, last in ((20, 30), (50, 60), (104, 114))
    )
    assert len(solid) + len(dotted) + len(dashed) == len(marked)
    assert len(dotted) < 0.6 * len(solid)  # told apart by more than their place
    assert len(dotted) < len(dashed) < 0.9 * len(solid)


def test_a_line_is_in_doubt_from_the_same_bound_as_in_the_report(listener: Listener, river: str) -> None:
    from alignment.report.findings import DOUBTFUL

    listener.open(river)
    kinds = listener.evaluate(
        """async (bound) => {
            const { findingsOf } = await import(new URL("player/findings.js", document.baseURI));
            const line = (confidence) => ({ status: "aligned", confidence, start: 0, end: 1, text: "" });
            const lines = [line(bound), line(bound - 0.001), line(null)];
            return findingsOf({ lines, gaps: [] }).map(({ cue }) => cue);
        }""",
        DOUBTFUL,
    )
    assert kinds == [1]


def test_the_played_part_is_clipped_and_nothing_is_painted_while_it_plays(
    listener: Listener, server: PlayerServer, tones: AudioClip
) -> None:
    add(server, tones, "plays", STEADY, alone())
    open_with_wave(listener, "plays", t=60)
    above, _ = columns(listener, "--vt-tint", ".vt-played")
    assert max(above) >= 8
    clip = "getComputedStyle(document.querySelector('.vt-played')).clipPath"
    assert listener.evaluate(clip) == "inset(0px 50% 0px 0px)"

    listener.page.wait_for_function(  # all of it has been loaded: no more `progress`
        "(({ buffered, duration }) => buffered.length && buffered.end(0) >= duration - 0.2)"
        "(document.querySelector('audio'))"
    )
    listener.press("k")
    listener.wait_for_position(60.3)
    listener.evaluate(COUNT_DRAWINGS)
    listener.wait_for_position(61.5)
    assert listener.evaluate("window.drawings") == 0
    assert listener.evaluate(clip) != "inset(0px 50% 0px 0px)"

    listener.page.set_viewport_size({"width": 700, "height": 700})
    listener.page.wait_for_function("window.drawings > 0")
    above, _ = columns(listener, "--vt-wave")
    assert len(above) < 700 and max(above) >= 8


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_can_be_seen_and_follow_the_scheme(
    listener: Listener, server: PlayerServer, tones: AudioClip, scheme: str
) -> None:
    add(server, tones, "scheme", STEADY, alone())
    listener.page.emulate_media(color_scheme="light" if scheme == "dark" else "dark")
    open_with_wave(listener, "scheme")
    listener.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    listener.page.wait_for_function(
        f"(arguments) => Math.max(...({COLUMNS})(arguments).above) >= 8", arg=[".vt-marks", "--vt-wave"]
    )
    ratios = listener.evaluate(
        """() => {
            const paint = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
            const luminance = (colour) => {
                paint.fillStyle = colour;
                paint.fillRect(0, 0, 1, 1);
                const [r, g, b] = [...paint.getImageData(0, 0, 1, 1).data].map((part) => part / 255)
                    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const style = getComputedStyle(document.querySelector(".vt-track"));
            const paper = luminance(getComputedStyle(document.querySelector(".vt-bar")).backgroundColor);
            const speakers = [0, 1, 2, 3].map((number) => `speaker-${number}`);
            const names = ["wave", "tint", "tick", "hit-tick", "doubt", ...speakers];
            return Object.fromEntries(names.map((name) => {
                const ink = luminance(style.getPropertyValue(`--vt-${name}`));
                return [name, (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05)];
            }));
        }"""
    )
    assert {name: ratio for name, ratio in ratios.items() if ratio < 3} == {}
    listener.page.emulate_media(color_scheme="light")


def test_new_times_move_the_marks(listener: Listener, server: PlayerServer, tones: AudioClip) -> None:
    early, late = alone(), alone()
    early["segments"][5]["confidence"] = late["segments"][50]["confidence"] = 0.1
    add(server, tones, "early", STEADY, early)
    server.add("late", late, tones)
    open_with_wave(listener, "early")

    def doubt() -> float:
        _, below = columns(listener, "--vt-doubt")
        return 120 * next(place for place, pixels in enumerate(below) if pixels) / len(below)

    assert doubt() == pytest.approx(10, abs=0.5)
    listener.evaluate(
        """() => {
            const options = JSON.parse(document.getElementById("options").textContent);
            player.update({ ...options, transcriptUrl: "/episodes/late/transcript.json" });
        }"""
    )
    expect(listener.page.get_by_role("button", name="1 to check")).to_be_visible()
    listener.page.wait_for_function(
        f"(given) => ({COLUMNS})(given).below.findIndex(Boolean) > 300", arg=[".vt-marks", "--vt-doubt"]
    )
    assert doubt() == pytest.approx(100, abs=0.5)
    assert max(columns(listener, "--vt-wave")[0]) >= 8
    assert server.requests.count("/episodes/early/peaks.json") == 1

"""Fits every screen, and can be read in light and dark."""

import pytest
from playwright.sync_api import ViewportSize

from tests.browser.conftest import PlayerServer
from tests.browser.listener import Listener
from tests.browser.recordings import AudioClip, make_transcript


@pytest.fixture
def flagged(server: PlayerServer, tones: AudioClip) -> str:
    """An episode with everything that a page can show."""
    transcript = make_transcript(50, words=12)
    transcript["segments"][1] |= {"status": "interpolated"}
    transcript["segments"][2] |= {"status": "not_in_audio", "start": None, "end": None, "words": []}
    transcript["duration"] = 120.0
    transcript["untranscribed"] = [{"start": 101, "end": 108, "heard": "an unwritten word of thanks"}]
    transcript["source"]["chapters"] = [{"start": 0, "title": "Source"}, {"start": 40, "title": "Mouth"}]
    server.add("looks", transcript, tones)
    return "looks"


@pytest.mark.parametrize("layout", ["As paragraphs", "One line a row"])
def test_it_fits_the_screen(listener: Listener, flagged: str, layout: str) -> None:
    listener.open(flagged, t=20)
    listener.button(layout).dispatch_event("click")
    for width in (360, 580, 768, 1280, 1600):  # 580 is a desktop's at 200 %
        listener.page.set_viewport_size(ViewportSize(width=width, height=740))
        listener.wait_until_still()
        assert listener.evaluate("document.documentElement.scrollWidth") <= width
        bar = listener.page.locator(".vt-bar").bounding_box()
        assert bar and bar["y"] + bar["height"] == pytest.approx(740, abs=1)
        assert bar["height"] < 740 / 4
        boxes = listener.evaluate(
            """() => [...document.querySelectorAll(".vt-bar :is(button, select)")]
                .filter((it) => it.offsetWidth)
                .map((it) => it.getBoundingClientRect().toJSON())"""
        )
        assert all(box["left"] >= 0 and box["right"] <= width for box in boxes)
        assert all(box["width"] >= 32 and box["height"] >= 32 for box in boxes)
        assert listener.button("Keys and help").is_visible() == (width > 360)
        row = listener.evaluate("document.querySelector('.vt-paragraph').getBoundingClientRect().width")
        assert row <= 680


def test_a_short_text_leaves_the_bar_at_the_bottom(
    listener: Listener, server: PlayerServer, tones: AudioClip
) -> None:
    server.add("short", make_transcript(2), tones)
    listener.open("short")
    bar = listener.page.locator(".vt-bar").bounding_box()
    assert bar and bar["y"] + bar["height"] == pytest.approx(800, abs=1)
    assert listener.evaluate("document.documentElement.scrollHeight") == 800


CONTRAST = """(selector) => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const pixel = (colours) => {
        canvas.clearRect(0, 0, 1, 1);
        for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const luminance = (rgb) => {
        const [r, g, b] = rgb.map((part) => part / 255)
            .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const found = document.querySelector(selector);
    if (!found) throw new Error(`nothing is ${selector}`);
    const grounds = [];
    for (let it = found; it; it = it.parentElement) grounds.unshift(getComputedStyle(it).backgroundColor);
    const ink = luminance(pixel([...grounds, getComputedStyle(found).color]));
    const paper = luminance(pixel(grounds));
    return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
}"""

TEXTS = (
    "h1",
    ".vt-about",
    ".vt-chapter",
    ".vt-speaker",
    ".vt-line",
    ".vt-line[aria-current]",
    ".vt-line[aria-current] > .vt-time",
    ".vt-interpolated",
    ".vt-not_in_audio",
    ".vt-gap",
    ".vt-gap > q",
    ".vt-time",
    ".vt-elapsed",
    ".vt-total",
    ".vt-speed select",
    ".vt-accept",
    ".vt-button",
    ".vt-play",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("theme", ["own", "Streamlit's"])
def test_contrast_is_enough(listener: Listener, flagged: str, scheme: str, theme: str) -> None:
    listener.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    listener.open(flagged, t=20)
    if theme == "Streamlit's":
        ink, paper = ("#fafafa", "#0e1117") if scheme == "dark" else ("#31333f", "#ffffff")
        listener.evaluate(
            """([ink, paper]) => {
                const { style } = document.querySelector("#player");
                style.setProperty("--st-text-color", ink);
                style.setProperty("--st-background-color", paper);
                style.setProperty("--st-primary-color", "#ff4b4b");
            }""",
            [ink, paper],
        )
    listener.page.wait_for_timeout(0)
    listener.evaluate("Promise.all(document.getAnimations().map((animation) => animation.finished))")
    poor = {text: ratio for text in TEXTS if (ratio := listener.evaluate(CONTRAST, text)) < 4.5}
    assert poor == {}
    # A mark that is only a colour apart from its paper still has to be seen: the word has its underline.
    line = "getComputedStyle(document.querySelector('.vt-line'), '::highlight(vt-word)').textDecorationLine"
    assert listener.evaluate(line) == "underline"
    listener.page.emulate_media(color_scheme="light")


def test_the_current_line_is_marked_by_more_than_colour(listener: Listener, flagged: str) -> None:
    listener.open(flagged, t=21)
    listener.wait_for_line(10)
    pointer = (
        "getComputedStyle(document.querySelector('.vt-line[aria-current] > .vt-time'), '::after').content"
    )
    assert listener.evaluate(pointer) == '""'
    listener.page.set_viewport_size({"width": 360, "height": 740})
    underline = "getComputedStyle(document.querySelector('.vt-line[aria-current]')).textDecorationLine"
    assert listener.evaluate(underline) == "underline"


def test_the_whole_text_is_in_the_page(listener: Listener, flagged: str) -> None:
    listener.open(flagged)
    assert listener.page.locator("[data-line]").count() == 50
    assert (
        listener.evaluate("getComputedStyle(document.querySelector('.vt-chunk')).contentVisibility") == "auto"
    )

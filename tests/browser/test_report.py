"""The alignment report as a browser shows it: asking nobody, on every screen, in light and dark, on paper."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, ViewportSize, expect

from alignment.report import report_html
from alignment.transcript import Transcript
from tests.browser.test_looks import CONTRAST
from tests.report.transcripts import eventful, hostile

TEXTS = (
    "h1",
    ".facts",
    ".verdict a",
    "dt",
    "dd",
    "dd small",
    "figcaption p",
    "summary",
    ".key dd",
    ".time",
    "li .uncertain",
    "li .interpolated",
    "li .not_in_audio",
    "li .not_in_text",
    "li p",
    "footer",
)


class Reader:
    """Somebody who opens the report's file."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self._file = folder / "report.html"
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        self.asked.append(request.url)

    def open(self, transcript: Transcript) -> None:
        self._file.write_text(report_html(transcript), "utf-8")
        self.page.goto(self._file.as_uri())
        self.page.wait_for_load_state("networkidle")

    @property
    def address(self) -> str:
        return self._file.as_uri()


@pytest.fixture
def reader(browser: Browser, tmp_path: Path) -> Iterator[Reader]:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    yield Reader(page, tmp_path)
    page.close()


def test_it_asks_for_nothing_but_itself(reader: Reader) -> None:
    reader.open(eventful())

    assert reader.asked == [reader.address]
    assert reader.complaints == []
    assert reader.page.evaluate("getComputedStyle(document.body).maxWidth") != "none"  # its style is let in


def test_text_from_elsewhere_runs_nothing_and_loads_nothing(reader: Reader) -> None:
    reader.open(hostile())

    assert reader.page.title().startswith("<script>")
    expect(reader.page.get_by_role("heading", level=1)).to_have_text(hostile().title or "")
    assert reader.asked == [reader.address]
    assert reader.complaints == []


def test_it_fits_the_screen(reader: Reader) -> None:
    reader.open(eventful())

    for width in (320, 390, 768, 1280):
        reader.page.set_viewport_size(ViewportSize(width=width, height=740))
        assert reader.page.evaluate("document.documentElement.scrollWidth") <= width
        small = reader.page.evaluate(
            """() => [...document.querySelectorAll("svg text")]
                .filter((text) => text.textContent)
                .map((text) => text.getBoundingClientRect())
                .filter((box) => box.height < 12 || box.left < 0 || box.right > innerWidth).length"""
        )
        assert small == 0


def test_the_labels_of_an_axis_do_not_run_into_each_other(reader: Reader) -> None:
    three_hours = eventful()
    reader.open(Transcript(three_hours.segments, duration=10_900.0))
    reader.page.set_viewport_size(ViewportSize(width=320, height=740))

    boxes = reader.page.evaluate(
        """() => [...document.querySelectorAll("svg.confidence .axis")]
            .map((text) => { const { left, right } = text.getBoundingClientRect(); return [left, right]; })"""
    )

    assert len(boxes) >= 4
    assert all(one[1] + 4 <= other[0] for one, other in pairwise(boxes))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_is_enough(reader: Reader, scheme: str) -> None:
    reader.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    reader.open(eventful())

    poor = {text: ratio for text in TEXTS if (ratio := reader.page.evaluate(CONTRAST, text)) < 4.5}
    paper = reader.page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert poor == {}
    assert paper == ("rgb(21, 24, 27)" if scheme == "dark" else "rgb(251, 250, 247)")


def test_a_mark_leads_to_its_place_in_the_list(reader: Reader) -> None:
    reader.open(eventful())

    reader.page.locator("circle.uncertain").click()

    place = reader.page.locator("li:target")
    expect(place).to_contain_text("Tonight we speak of rivers.")
    expect(place).to_be_in_viewport()


def test_keys_reach_the_links_and_the_tables_and_not_each_mark(reader: Reader) -> None:
    reader.open(eventful())

    reached = []
    for _ in range(6):
        reader.page.keyboard.press("Tab")
        reached.append(reader.page.evaluate("document.activeElement.textContent"))

    assert reached[:5] == [
        "4 places to check",
        "Stretch by stretch",
        "Stretch by stretch",
        "The longest pauses",
        "In figures",
    ]


def test_on_paper_it_is_light_and_whole(reader: Reader) -> None:
    reader.page.emulate_media(color_scheme="dark")
    reader.open(eventful())
    reader.page.emulate_media(color_scheme="dark", media="print")

    assert reader.page.evaluate("getComputedStyle(document.body).color") == "rgb(35, 39, 43)"
    assert reader.page.locator("figure:visible").count() == 4
    assert reader.page.locator("li:visible").count() == 4
    assert reader.page.pdf().startswith(b"%PDF")

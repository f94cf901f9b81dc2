"""The page: whole, in order, self-contained, and with nothing in it that a text could turn into HTML."""

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

import pytest

from alignment.errors import TranscriptError
from alignment.formats import read_transcript
from alignment.report import report_html
from alignment.transcript import Transcript
from tests.report.transcripts import HOSTILE, eventful, hostile, line

VOID = {"meta", "img", "br", "link"}


@dataclass
class Element:
    name: str
    attributes: dict[str, str | None]
    text: str = ""
    parts: "list[Element]" = field(default_factory=list)

    def all(self, name: str) -> "list[Element]":
        """The elements inside that have the name."""
        inside = [found for part in self.parts for found in part.all(name)]
        return ([self] if self.name == name else []) + inside

    def whole_text(self) -> str:
        return self.text + "".join(part.whole_text() for part in self.parts)


class _Reader(HTMLParser):
    """Reads a page as a tree; every element has to be closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag, attrs):
        element = Element(tag, dict(attrs))
        self.open[-1].parts.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.open[-1].parts.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop().name == tag

    def handle_data(self, data):
        self.open[-1].parts.append(Element("text", {}, data))


def read(page: str) -> Element:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    (root,) = reader.open
    return root


def every(element: Element) -> list[Element]:
    return [element, *(found for part in element.parts for found in every(part))]


def test_it_says_how_it_went():
    page = read(report_html(eventful()))

    text = " ".join(page.whole_text().split())
    assert "Of rivers · Alignment report" in text
    assert "Riverside Radio · 1 min 30 s · 5 lines · language: en" in text
    assert "4 of 5 lines have their time. 4 places to check." in text
    figures = {d.all("dt")[0].whole_text(): d.all("dd")[0].whole_text() for d in page.all("dl")[0].all("div")}
    assert figures == {
        "Found": "3lines",
        "Estimated": "1line",
        "Not in the audio": "1line",
        "Uncertain": "1below 0.8",
        "Words placed": "20of 23",
        "Speech with text": "62.5 %6 s without",
        "Mean confidence": "0.71of the lines",
        "Longest pause": "47.5 sat 0:42",
    }
    assert "Aligned by verbatime 1 with the model base." in text


def test_every_place_is_listed_with_its_time_and_what_is_the_matter():
    page = read(report_html(eventful()))

    assert [" ".join(item.whole_text().split()) for item in page.all("li")] == [
        "0:06uncertain 0.62Tonight we speak of rivers.",
        "after 0:09not in the audioSlide seven, please.",
        "0:12not in the textis this thing on no it is not",
        "0:20estimated 0.30They are older than the hills.",
    ]


def test_of_a_line_that_is_in_doubt_in_part_the_words_are_marked():
    told = eventful()
    sure_but_one = line(1, "Tonight we speak of rivers.", 6.5, confidence=0.9, unsure=2)
    in_part = replace(sure_but_one, confidence=0.7)

    page = read(report_html(replace(told, segments=(told.segments[0], in_part))))

    assert [mark.whole_text() for mark in page.all("mark")] == ["speak"]
    assert "Tonight we speak of rivers." in page.all("li")[0].whole_text()


def test_times_lead_to_the_player_where_there_is_one():
    assert not [
        link for link in read(report_html(eventful())).all("a") if "t=" in str(link.attributes["href"])
    ]

    page = read(report_html(eventful(), player="../../listen?v=abc&q='x'"))

    links = [link.attributes["href"] for item in page.all("li") for link in item.all("a")]
    assert links == [f"../../listen?v=abc&q='x'&t={at}" for at in ("6.50", "9.00", "12.00", "20.00")]


def test_a_transcript_without_doubt_says_so():
    page = read(report_html(replace(eventful(), segments=(eventful().segments[0],), untranscribed=())))

    assert "Every line has its time. Nothing needs a second look." in page.whole_text()
    assert page.all("li") == []


def test_each_picture_has_a_name_a_description_and_its_figures_beside_it():
    page = read(report_html(eventful()))

    pictures = [svg for svg in page.all("svg") if svg.attributes.get("role") in {"img", "group"}]
    named = {element.attributes["id"]: element for element in every(page) if "id" in element.attributes}
    names = []
    for svg in pictures:
        names.append(named[svg.attributes["aria-labelledby"]].whole_text())
        assert named[svg.attributes["aria-describedby"]].whole_text()
    assert names == [
        "Confidence over time",
        "Words per minute over time",
        "Text, pauses and gaps over time",
        "Lines by confidence",
    ]
    assert all(figure.all("table") for figure in page.all("figure"))


def test_names_are_given_once_and_links_inside_lead_somewhere():
    page = read(report_html(eventful()))

    names = [element.attributes["id"] for element in every(page) if "id" in element.attributes]
    assert len(names) == len(set(names))
    links = [str(link.attributes["href"]) for link in page.all("a")]
    assert len(links) == 5  # to the list, two dots, a passage and a line that is not said
    assert all(link.startswith("#") and link[1:] in names for link in links)


def test_a_dot_stands_where_its_line_does():
    page = read(report_html(eventful()))

    dots = [(c.attributes["class"], c.attributes["cx"], c.attributes["cy"]) for c in page.all("circle")]
    assert dots == [("uncertain", "7.222%", "38.00%"), ("interpolated", "22.222%", "70.00%")]


def test_text_from_elsewhere_stays_text():
    page = read(report_html(hostile(), player="listen?v=a"))

    assert page.all("script") == page.all("img") == page.all("b") == []
    assert all(not name.startswith("on") for element in every(page) for name in element.attributes)
    assert page.all("h1")[0].whole_text() == HOSTILE
    assert [item.all("p")[0].whole_text() for item in page.all("li")] == [HOSTILE] * 4


def test_nothing_is_asked_of_anybody():
    page = report_html(eventful())

    assert not re.search(r"""(src|srcset|action|data|poster)=|url\(|@import|https?:""", page)
    policy = next(m for m in read(page).all("meta") if m.attributes.get("http-equiv"))
    assert str(policy.attributes["content"]).startswith("default-src 'none'; style-src 'sha256-")


@pytest.mark.parametrize(
    "transcript",
    [
        Transcript((line(0, "Unsaid."),)),
        Transcript((line(0, "Unsaid."),), duration=30.0),
        Transcript((line(0, "So.", 0.0),), duration=0.5),
        Transcript((replace(line(0, "So.", 0.0), confidence=None, words=()),), duration=400_000.0),
        Transcript((replace(line(0, "So.", 0.0), end=0.0, words=()),)),
    ],
)
def test_the_least_and_the_longest_make_a_page(transcript: Transcript):
    page = report_html(transcript)

    assert "nan" not in page and "inf" not in page
    assert len(read(page).all("figure")) in {1, 4}


def test_what_has_not_been_aligned_has_no_page():
    with pytest.raises(TranscriptError, match="not been aligned yet"):
        report_html(read_transcript("Seeds first, then water."))

"""Copying a quotation: the words as they stand, who says them, when, in what, and a link."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PlayerServer
from tests.browser.listener import Listener
from tests.browser.recordings import AudioClip, make_transcript
from tests.browser.test_links import query

LINES = [
    {"text": "Don’t “shout”, it's", "speaker": "Ada", "turn": 0},
    {"text": "a café & <b>quiet</b>.", "speaker": "Ada", "turn": 0},
    {"text": "  ", "speaker": "Ada", "turn": 0},
    {"text": "# *Why* [so]?", "speaker": "Ben_1", "turn": 1},
    {"text": "小河慢慢地流着，", "speaker": None, "turn": 2},
    {"text": "人们谈论着天气。", "speaker": None, "turn": 2},
    {"text": "One turn", "speaker": "Ada", "turn": 3},
    {"text": "and another.", "speaker": "Ada", "turn": 4},
]


def said(in_page: Callable[..., Any], line: int, start: int, end_line: int, to: int) -> list[dict[str, Any]]:
    place = {"line": line, "from": start, "endLine": end_line, "to": to}
    found: list[dict[str, Any]] = in_page("quotation.js", "saidIn", LINES, place)
    return found


def test_lines_are_joined_as_they_are_read(in_page: Callable[..., Any]) -> None:
    assert said(in_page, 0, 6, 1, 6) == [{"speaker": "Ada", "text": "“shout”, it's a café"}]
    assert said(in_page, 4, 2, 5, 4) == [{"speaker": None, "text": "慢慢地流着，人们谈论"}]
    assert said(in_page, 0, 5, 0, 14) == [{"speaker": "Ada", "text": "“shout”,"}]
    assert said(in_page, 1, 17, 3, 7) == [
        {"speaker": "Ada", "text": "</b>."},
        {"speaker": "Ben_1", "text": "# *Why*"},
    ]
    # One voice is named once.
    assert said(in_page, 6, 0, 7, 12) == [
        {"speaker": "Ada", "text": "One turn"},
        {"speaker": None, "text": "and another."},
    ]


def written(
    in_page: Callable[..., Any], kind: str, parts: list[dict[str, Any]], **other: Any
) -> dict[str, Any]:
    quotation = {
        "said": parts,
        "title": "Tea & [Sea]",
        "start": 754.9,
        "link": "https://x.example/?v=a(b)&t=754",
        **other,
    }
    found: dict[str, Any] = in_page("quotation.js", "writeQuotation", kind, quotation)
    return found


def test_as_plain_text(in_page: Callable[..., Any]) -> None:
    one = written(in_page, "text", said(in_page, 0, 0, 1, 6))
    assert one == {
        "text": "“Don’t “shout”, it's a café”\n— Ada, Tea & [Sea], 12:34\nhttps://x.example/?v=a(b)&t=754",
        "html": None,
    }
    two = written(in_page, "text", said(in_page, 1, 0, 3, 7), start=3661)
    assert two["text"].split("\n")[:3] == [
        "Ada: “a café & <b>quiet</b>.”",
        "Ben_1: “# *Why*”",
        "— Tea & [Sea], 1:01:01",
    ]
    nobody = written(in_page, "text", said(in_page, 4, 0, 4, 8))
    assert nobody["text"].split("\n")[1] == "— Tea & [Sea], 12:34"


def test_as_markdown(in_page: Callable[..., Any]) -> None:
    two = written(in_page, "markdown", said(in_page, 1, 0, 3, 13))
    assert two == {
        "text": "> **Ada:** a café & \\<b\\>quiet\\</b\\>.\n"
        ">\n"
        "> **Ben\\_1:** \\# \\*Why\\* \\[so\\]?\n"
        "\n"
        "— [Tea & \\[Sea\\], 12:34](https://x.example/?v=a%28b%29&t=754)",
        "html": None,
    }
    one = written(in_page, "markdown", said(in_page, 0, 0, 0, 5))
    assert one["text"].startswith("> Don’t\n\n— Ada, [Tea")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Don't (ever) stop! 1 + 1 = 2.", "Don't (ever) stop! 1 + 1 = 2."),
        ("# no heading", "\\# no heading"),
        ("- no list", "\\- no list"),
        ("1. no list", "1\\. no list"),
        ("1.5 litres", "1.5 litres"),
        ("---", "\\---"),
        ("***", "\\*\\*\\*"),
        ("a_b `c` ~d~ |e| \\f", "a\\_b \\`c\\` \\~d\\~ \\|e\\| \\\\f"),
        ("![i](j) <k>", "!\\[i\\](j) \\<k\\>"),
        ("Q&A &amp; &#38; & more", "Q\\&A \\&amp; \\&#38; & more"),
        ("one\n\n  two\u2028three", "one two three"),
    ],
)
def test_markdown_shows_the_text_as_it_is(in_page: Callable[..., Any], text: str, plain: str) -> None:
    assert in_page("quotation.js", "plainMarkdown", text) == plain


def test_as_html(in_page: Callable[..., Any], listener: Listener) -> None:
    parts = said(in_page, 1, 0, 3, 13)
    two = written(in_page, "html", parts, link='https://x.example/?a="><script>&t=1')
    assert two["text"] == written(in_page, "text", parts, link='https://x.example/?a="><script>&t=1')["text"]
    shown = listener.evaluate(
        """html => {
            const page = new DOMParser().parseFromString(html, "text/html");
            return {
                tags: [...page.body.querySelectorAll("*")].map((it) => it.localName).join(" "),
                paragraphs: [...page.querySelectorAll("p")].map((it) => it.textContent),
                href: page.querySelector("a").getAttribute("href"),
                cite: page.querySelector("blockquote").cite,
            };
        }""",
        two["html"],
    )
    assert shown["tags"] == "blockquote p b p b p cite a"
    assert shown["paragraphs"] == [
        "Ada: a café & <b>quiet</b>.",
        "Ben_1: # *Why* [so]?",
        "— Tea & [Sea], 12:34",
    ]
    assert shown["href"] == 'https://x.example/?a="><script>&t=1'


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://www.youtube.com/watch?v=abcdefghijk", "abcdefghijk"),
        ("https://m.youtube.com/watch?list=x&v=abc-_fghijk&t=5", "abc-_fghijk"),
        ("http://youtu.be/abcdefghijk?si=1", "abcdefghijk"),
        ("https://www.youtube.com/shorts/abcdefghijk", "abcdefghijk"),
        ("https://www.youtube-nocookie.com/embed/abcdefghijk", "abcdefghijk"),
        ("https://www.youtube.com/@channel", None),
        ("https://www.youtube.com/watch?v=<script>", None),
        ("https://youtube.com.evil.example/watch?v=abcdefghijk", None),
        ("https://example.org/watch?v=abcdefghijk", None),
        ("javascript://youtube.com/watch?v=abcdefghijk", None),
        ("no address", None),
        (None, None),
    ],
)
def test_links_into_the_original_video(
    in_page: Callable[..., Any], address: str | None, link: str | None
) -> None:
    expected = link and f"https://www.youtube.com/watch?v={link}&t=754s"
    assert in_page("quotation.js", "originalLink", address, 754.99) == expected


@pytest.fixture
def quoted(listener: Listener, server: PlayerServer, tones: AudioClip) -> Listener:
    """At an episode from YouTube."""
    transcript = make_transcript(20)
    transcript["source"]["url"] = "https://www.youtube.com/watch?v=abcdefghijk"
    transcript["segments"][3] |= {"text": "“Don’t” say café <b>no</b>", "words": []}
    transcript["segments"][10] |= {"status": "not_in_audio", "start": None, "end": None, "words": []}
    server.add("quoted", transcript, tones)
    return listener.open("quoted")


def clipboard(listener: Listener) -> dict[str, str]:
    kinds: dict[str, str] = listener.evaluate(
        """async () => {
            const [item] = await navigator.clipboard.read();
            const read = async (type) => [type, await (await item.getType(type)).text()];
            return Object.fromEntries(await Promise.all(item.types.map(read)));
        }"""
    )
    return kinds


def test_copying_what_is_selected(quoted: Listener) -> None:
    quoted.select(3)
    quoted.button("Copy quote").click()
    expect(quoted.page.get_by_role("status")).to_contain_text("Quote copied as Plain text.")
    words, source, link = quoted.clipboard().split("\n")
    assert words == "““Don’t” say café <b>no</b>”"
    assert source == "— Ada, A river in the afternoon, 0:06"
    assert query(link)["v"] == "quoted" and query(link)["t"] == "6"
    assert quoted.evaluate("getSelection().isCollapsed")
    quoted.page.goto(link)
    quoted.wait_until_ready().wait_for_line(3)


@pytest.mark.parametrize("line", [1, 3, 9], ids=["inside a turn", "at its end", "before one without a time"])
@pytest.mark.parametrize("layout", ["As paragraphs", "One line a row"])
def test_a_triple_click_quotes_one_line(quoted: Listener, layout: str, line: int) -> None:
    quoted.button(layout).click()

    def triple_click() -> None:
        quoted.evaluate("document.querySelector('audio').pause()")
        quoted.wait_until_still()
        box = quoted.line(line).bounding_box()
        assert box
        quoted.page.mouse.click(box["x"] + 60, box["y"] + box["height"] - 10, click_count=3)

    triple_click()
    quoted.button("Copy clip link").click()
    expect(quoted.page.get_by_role("status")).to_contain_text("Link copied")
    assert query(quoted.clipboard())["end"] == str(2 * line + 2)

    triple_click()
    quoted.button("Copy quote").click()
    expect(quoted.page.get_by_role("status")).to_contain_text("Quote copied")
    words = quoted.server.episodes["quoted"]["segments"][line]["text"]
    assert quoted.clipboard().split("\n")[0] == f"“{words}”"


def test_nothing_is_offered_for_what_is_selected_outside_the_text(quoted: Listener) -> None:
    quoted.select(3)
    expect(quoted.button("Copy quote")).to_be_visible()
    quoted.evaluate("getSelection().selectAllChildren(document.querySelector('h1'))")
    expect(quoted.button("Copy quote")).to_be_hidden()
    quoted.evaluate("getSelection().selectAllChildren(document.body)")
    quoted.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))")
    expect(quoted.button("Copy quote")).to_be_hidden()


def test_what_two_people_say_is_quoted_as_a_talk(quoted: Listener) -> None:
    quoted.select(3, until=4)
    quoted.button("Copy quote").click()
    expect(quoted.page.get_by_role("status")).to_contain_text("Quote copied")
    first, second, source, _ = quoted.clipboard().split("\n")
    fourth = quoted.server.episodes["quoted"]["segments"][4]["text"]
    assert first == "Ada: ““Don’t” say café <b>no</b>”"
    assert second == f"Ben: “{fourth}”"
    assert source == "— A river in the afternoon, 0:06"


def test_the_format_and_where_the_link_leads_are_remembered(quoted: Listener) -> None:
    quoted.select(3)
    more = quoted.button("How to quote")
    expect(more).to_have_attribute("aria-expanded", "false")
    expect(quoted.button("Markdown")).to_be_hidden()
    more.click()
    expect(more).to_have_attribute("aria-expanded", "true")
    expect(quoted.button("Plain text")).to_have_attribute("aria-pressed", "true")
    quoted.button("Markdown").click()
    quoted.button("Link to YouTube").click()
    expect(quoted.button("Plain text")).to_have_attribute("aria-pressed", "false")
    assert not quoted.evaluate("getSelection().isCollapsed")

    quoted.open("quoted")
    quoted.select(3)
    quoted.button("Copy quote").click()
    expect(quoted.page.get_by_role("status")).to_contain_text("Quote copied as Markdown.")
    assert quoted.clipboard() == (
        "> “Don’t” say café \\<b\\>no\\</b\\>\n\n"
        "— Ada, [A river in the afternoon, 0:06](https://www.youtube.com/watch?v=abcdefghijk&t=6s)"
    )


@pytest.mark.parametrize("permitted", [True, False])
def test_html_comes_with_its_text(quoted: Listener, permitted: bool) -> None:
    if not permitted:  # as on a page that came over plain HTTP
        quoted.evaluate("() => { navigator.clipboard.write = () => Promise.reject(new DOMException()); }")
    quoted.select(3)
    quoted.button("How to quote").click()
    quoted.button("HTML").click()
    quoted.button("Copy quote").click()
    expect(quoted.page.get_by_role("status")).to_contain_text("Quote copied as HTML.")
    kinds = clipboard(quoted)
    assert kinds["text/plain"].startswith("““Don’t” say café <b>no</b>”\n— Ada, A river")
    shown = quoted.evaluate(
        "html => new DOMParser().parseFromString(html, 'text/html').querySelector('blockquote').textContent",
        kinds["text/html"],
    )
    assert shown == "“Don’t” say café <b>no</b>"


def test_an_episode_from_elsewhere_links_here(listener: Listener, river: str) -> None:
    listener.page.add_init_script(
        """localStorage.setItem("verbatime:quote", '{"format": "constructor", "original": true}')"""
    )
    listener.open(river)
    listener.select(3)
    listener.button("How to quote").click()
    expect(listener.button("Plain text")).to_have_attribute("aria-pressed", "true")
    expect(listener.button("Link to YouTube")).to_have_count(0)
    listener.button("Copy quote").click()
    expect(listener.page.get_by_role("status")).to_contain_text("Quote copied")
    assert query(listener.clipboard().split("\n")[-1])["v"] == river


def test_a_line_can_be_quoted_after_its_link(quoted: Listener) -> None:
    quoted.line(3).hover()
    quoted.button("Copy a link to this line").click()
    expect(quoted.page.get_by_role("status")).to_contain_text("It opens at 0:06.")
    quoted.page.get_by_role("status").get_by_role("button", name="Copy quote").click()
    expect(quoted.page.get_by_role("status")).to_contain_text("Quote copied")
    assert quoted.clipboard().startswith(
        "““Don’t” say café <b>no</b>”\n— Ada, A river in the afternoon, 0:06\n"
    )


@pytest.mark.parametrize("width", [360, 1200])
def test_the_menu_fits_the_screen(quoted: Listener, width: int) -> None:
    quoted.page.set_viewport_size({"width": width, "height": 740})
    quoted.select(3)
    quoted.button("How to quote").click()
    boxes = quoted.page.locator(".vt-selection button").evaluate_all(
        "all => all.map((it) => it.getBoundingClientRect().toJSON())"
    )
    assert len(boxes) == 11
    assert all(box["left"] >= 0 and box["right"] <= width for box in boxes)
    assert all(box["height"] >= 24 for box in boxes)
    assert quoted.evaluate("document.documentElement.scrollWidth") <= width

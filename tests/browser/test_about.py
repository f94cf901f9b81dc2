"""The panel about an episode: where it is from, the words that tell, comments that lead to passages."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, ViewportSize, expect

from tests.browser.conftest import PlayerServer
from tests.browser.listener import Listener
from tests.browser.recordings import AudioClip, make_transcript
from tests.browser.test_looks import CONTRAST

DESCRIPTION = """A slow talk, by boat.

0:00 Source
1:02:03 Too late
at 1m24s the bridge: https://example.org/a_(b)?c=1. And javascript:window.harmed=1"""

COMMENTS = [
    {"text": "Listen at 0:50!", "author": "Reed", "date": "2023-03-27", "votes": 1234, "replies": 1},
    {
        "text": "They say: “carries small boats 12”. Lovely.",
        "author": "Heron",
        "date": "some day",
        "votes": 1,
        "replies": 3,
    },
    {"text": "Nothing to go to, at 3:16 pm or 99:99.", "author": None, "date": None, "votes": None},
]


@pytest.fixture
def told(server: PlayerServer, tones: AudioClip) -> str:
    """An episode of which much is known."""
    transcript = make_transcript(60, words=5)
    transcript["segments"][12] |= {"text": "Fen carries small boats 12.", "words": []}
    transcript["source"] |= {
        "published": "2023-03-27",
        "description": DESCRIPTION,
        "url": "https://www.youtube.com/watch?v=abcdefghijk",
    }
    transcript["about"] = {"views": 419795, "info": {}, "comments": COMMENTS, "related": [], "note": None}
    server.add("told", transcript, tones)
    return "told"


def open_panel(listener: Listener) -> Locator:
    listener.page.get_by_role("button", name="About").click()
    panel = listener.page.get_by_role("dialog", name="About this episode")
    expect(panel).to_be_visible()
    return panel


def test_it_says_where_the_recording_is_from(listener: Listener, told: str) -> None:
    listener.open(told)
    panel = open_panel(listener)
    facts = panel.locator(".vt-facts > div")
    day = listener.evaluate(
        "new Intl.DateTimeFormat(navigator.languages, { dateStyle: 'long' }).format(new Date(2023, 2, 27))"
    )
    assert [fact.inner_text().split("\n") for fact in facts.all()] == [
        ["Channel", "Riverside Radio"],
        ["Published", day],
        ["Length", "2 min"],
        ["Views", "419,795"],
        ["Source", "youtube.com"],
    ]
    expect(panel.locator(".vt-facts time")).to_have_attribute("datetime", "2023-03-27")
    source = panel.get_by_role("link", name="youtube.com")
    expect(source).to_have_attribute("href", "https://www.youtube.com/watch?v=abcdefghijk")
    expect(source).to_have_attribute("rel", "noopener noreferrer")
    expect(source).to_have_attribute("target", "_blank")


def test_dates_are_written_as_the_reader_writes_them(in_page: Callable[..., Any]) -> None:
    assert in_page("time.js", "formatDay", "2023-03-27", ["en-GB"]) == "27 March 2023"
    assert in_page("time.js", "formatDay", "2023-03-27T23:30:00Z", ["de"]) == "27. März 2023"
    assert in_page("time.js", "formatDay", "2023-13-27", ["en"]) == "2023-13-27"
    assert in_page("time.js", "formatDay", "last spring", ["en"]) == "last spring"


def test_comments_say_who_when_and_how_they_were_taken(listener: Listener, told: str) -> None:
    listener.open(told)
    panel = open_panel(listener)
    expect(panel.get_by_role("heading", name="3 comments")).to_be_visible()
    comments = panel.get_by_role("article")
    first, second, third = (comments.nth(number) for number in range(3))
    assert [part.inner_text() for part in first.locator(".vt-comment-by > *").all()][::2] == [
        "Reed",
        "1,234 votes",
    ]
    assert "1 reply" in first.inner_text()
    assert [part.inner_text() for part in second.locator(".vt-comment-by > *").all()] == [
        "Heron",
        "some day",
        "1 vote",
        "3 replies",
    ]
    assert third.locator(".vt-comment-by").count() == 0
    assert third.get_by_role("button").count() == 0


def test_a_time_in_a_comment_or_the_description_plays_from_there(listener: Listener, told: str) -> None:
    listener.open(told)
    panel = open_panel(listener)
    moments = panel.locator(".vt-moment")
    assert [moment.inner_text() for moment in moments.all()] == ["0:00", "1m24s", "0:50"]
    panel.get_by_role("button", name="0:50: play from 50 seconds").click()
    expect(panel).to_be_hidden()
    listener.wait_for_position(50.1)
    listener.wait_for_line(25)
    listener.wait_until_still()
    assert 0 < listener.place_of(listener.current_line or 0) < 0.7

    panel = open_panel(listener)
    panel.get_by_role("button", name="1m24s: play from 1 minute 24 seconds").click()
    listener.wait_for_position(84.1)
    assert listener.position < 100


def test_a_passage_that_a_comment_quotes_plays(listener: Listener, told: str) -> None:
    listener.open(told)
    panel = open_panel(listener)
    panel.get_by_role("button", name="Play the passage, 0:24").click()
    expect(panel).to_be_hidden()
    listener.wait_for_line(12)
    assert listener.playing


QUOTED = [
    "The tide — it doesn’t wait,",
    "and São Tomé's boats know it.",
    "We were there, I think.",
    "We were there, I think.",
    "小河慢慢地流着，人们谈论",
    "着今天的天气和面包。",
]


@pytest.mark.parametrize(
    ("comment", "found"),
    [
        (
            "as he said the TIDE it doesnt wait and sao tomes boats",
            ["The tide — it doesn’t wait,|and São Tomé's boats"],
        ),
        ("the tide it doesn't wait", []),  # five words may be chance
        ("“the tide it doesn't wait” is it", ["The tide — it doesn’t wait"]),
        ('"Tide: it doesn\'t"', ["tide — it doesn’t"]),
        ("„boats know it“ und »wait and São Tomé’s«", ["boats know it", "wait,|and São Tomé's"]),
        ("> tide it\n> doesn't wait\nIndeed.", ["tide — it doesn’t wait"]),
        ("&gt; tide it doesn't wait", ["tide — it doesn’t wait"]),
        ("“The tide … boats know it”", ["boats know it"]),
        ("“We were there”", []),  # it is said twice
        ("“We were there I think we were there”", ["We were there, I think.|We were there"]),
        ("“the tide it does wait”", []),
        ("“wait, and”", []),  # two words are chance even in quotation marks
        ("他说小河慢慢地流着人们谈论着今天", ["小河慢慢地流着，人们谈论|着今天"]),
        ("小河慢慢地流着", []),
        ("「小河慢慢地流着」", ["小河慢慢地流着"]),
        ("no word of it", []),
        ("", []),
        ("“”>\n>\n“", []),
    ],
)
def test_quoted_passages_are_found(in_page: Callable[..., Any], comment: str, found: list[str]) -> None:
    passages = []
    for hit in in_page("passages.js", "quotedPassages", [{"text": line} for line in QUOTED], comment):
        lines = QUOTED[hit["line"] : hit["endLine"] + 1]
        lines[-1] = lines[-1][: hit["to"]]
        lines[0] = lines[0][hit["from"] :]
        passages.append("|".join(lines))
    assert passages == found


def test_of_passages_that_begin_alike_the_longest_is_meant(in_page: Callable[..., Any]) -> None:
    lines = [{"text": "one two three four five six nine"}] * 80
    lines.append({"text": "one two three four five six seven"})
    hits = in_page("passages.js", "quotedPassages", lines[60:], "one two three four five six seven eight")
    assert [hit["line"] for hit in hits] == [20]
    # One voice that says the same over and over must not make every comment slow.
    assert len(in_page("passages.js", "quotedPassages", lines * 100, "one two three four five six")) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12:34", [("12:34", 754)]),
        ("(1:02:03), then 0:05-0:10.", [("1:02:03", 3723), ("0:05", 5), ("0:10", 10)]),
        ("at 12m34s or 12m 34s or 1h 2m 3s or 12 min 34 sec", None),
        ("3:16 pm, 3:16 p.m., 12:30 Uhr, 3:16pm", []),
        ("12:345, 12:34:56:01, x12:34, 12:60, 1.12:34, 99:99, 12:34.5", []),
        ("1:30:00", []),  # after the end
        ("https://example.org/?t=12:34", [("https://example.org/?t=12:34", "https://example.org/?t=12:34")]),
        ("(see http://a.example/b_(c)).", [("http://a.example/b_(c)", "http://a.example/b_(c)")]),
        ("https://a.example/ü…", [("https://a.example/ü", "https://a.example/%C3%BC")]),
        ("javascript:alert(1) data:text/html,x ftp://a.example https:// http://", []),
        ("https://bank.example@evil.example/", []),
        (
            "https://a.example/\u202egnp.exe",
            [("https://a.example/", "https://a.example/")],
        ),
    ],
)
def test_times_and_links_in_a_text(
    in_page: Callable[..., Any], text: str, found: list[tuple[str, float | str]] | None
) -> None:
    parts = in_page("mentions.js", "mentions", text, 5000)
    assert "".join(part["text"] for part in parts) == text
    named = [
        (part["text"], part.get("href", part.get("seconds"))) for part in parts if part["kind"] != "text"
    ]
    assert named == (
        found
        if found is not None
        else [("12m34s", 754), ("12m 34s", 754), ("1h 2m 3s", 3723), ("12 min 34 sec", 754)]
    )
    assert in_page("mentions.js", "mentions", "12:34", None) == [{"kind": "text", "text": "12:34"}]


def cloud(in_page: Callable[..., Any], lines: list[str], language: str | None) -> dict[str, int]:
    found = in_page("word-cloud.js", "tellingWords", [{"text": line} for line in lines], language)
    return {word["word"]: word["count"] for word in found}


def test_the_cloud_of_an_english_text(in_page: Callable[..., Any]) -> None:
    lines = [
        "Heron! Heron! Isn’t the heron",
        "a bird? It’s true: the OpenSea’s herons",
        "fly. Herons, they fly.",
    ] * 2
    # As written most often, not counting the beginnings of sentences.
    assert cloud(in_page, lines, "en") == {
        "bird": 2,
        "fly": 4,
        "heron": 6,
        "herons": 4,
        "OpenSea’s": 2,
        "true": 2,
    }
    assert list(cloud(in_page, lines, "en")) == ["bird", "fly", "heron", "herons", "OpenSea’s", "true"]
    assert cloud(in_page, lines, None) == cloud(in_page, lines, "en")


def test_the_cloud_of_a_german_text(in_page: Callable[..., Any]) -> None:
    lines = ["Der Fluss ist die Straße der Schiffe,", "und über die Straße gehen wir nicht zum Fluss."] * 3
    assert cloud(in_page, lines, "de-AT") == {"Fluss": 6, "gehen": 3, "Schiffe": 3, "Straße": 6}


def test_the_cloud_of_a_chinese_text_whose_words_run_over_lines(in_page: Callable[..., Any]) -> None:
    found = cloud(in_page, ["我们喜欢面", "包，我们的面包很好。", "天气很好，但是面包没有了。"] * 2, "zh")
    assert found["面包"] == 6 and found["天气"] == 2
    assert not {"我们", "但是", "没有", "的"} & set(found)


def test_the_cloud_of_a_language_without_a_list(in_page: Callable[..., Any]) -> None:
    # "ka" and "mo" are short, frequent and everywhere; the others stand where they are spoken of.
    topics = ["velunto", "harmeka", "sorpido", "talveno", "brinuka", "koldera"]
    lines = [f"ka {topic} mo ka {topic} lir{number}" for topic in topics for number in range(20)]
    found = cloud(in_page, lines, "qaa")
    assert set(found) == set(topics)
    assert set(cloud(in_page, [line.upper() for line in lines], "qaa")) == {topic.upper() for topic in topics}


def test_the_cloud_holds_sixty_words_and_is_of_words(in_page: Callable[..., Any]) -> None:
    lines = [f"word{number} word{number}" for number in range(100)] + [
        "2030 2030 x x",
        "constructor __proto__",
    ] * 2
    found = cloud(in_page, lines, "en")
    assert len(found) == 60
    assert not {"2030", "x"} & set(found)
    assert cloud(in_page, ["constructor toString"] * 2, "constructor") == {"constructor": 2, "toString": 2}
    assert cloud(in_page, [], "en") == {}
    assert cloud(in_page, ["Heron heron"], "no such language!") == {"heron": 2}


def test_a_word_of_the_cloud_is_searched(listener: Listener, server: PlayerServer, tones: AudioClip) -> None:
    transcript = make_transcript(8)
    for segment, text in zip(
        transcript["segments"], ["Rain fell.", "The train in rain,", "drained again: RAIN."] * 2, strict=False
    ):
        segment |= {"text": text, "words": []}
    server.add("rain", transcript, tones)
    listener.open("rain")
    panel = open_panel(listener)
    panel.get_by_role("button", name="rain, 6 times").click()

    expect(panel).to_be_hidden()
    field = listener.page.get_by_role("searchbox")
    expect(field).to_have_value("rain")
    expect(field).to_be_focused()
    expect(listener.page.locator(".vt-count")).to_have_text("6")  # as the cloud says: no "train"
    field.press("End")
    field.type(" ")
    expect(listener.page.locator(".vt-count")).to_have_text(
        "10"
    )  # what one types is found in longer words, too
    listener.press("Escape")
    expect(listener.page.get_by_role("button", name="About")).to_be_visible()


def test_nothing_is_computed_before_it_is_opened(listener: Listener, told: str) -> None:
    listener.page.add_init_script(
        """const all = String.prototype.matchAll;
        window.matched = 0;
        String.prototype.matchAll = function (...given) {
            window.matched++;
            return all.apply(this, given);
        };"""
    )
    listener.open(told)
    assert listener.page.locator(".vt-about-panel :is(article, section, dl)").count() == 0
    assert listener.evaluate("window.matched") == 0
    open_panel(listener)
    once = listener.evaluate("window.matched")
    assert once > 0
    listener.press("Escape")
    open_panel(listener)
    assert listener.evaluate("window.matched") == once


def test_with_the_keyboard_alone(listener: Listener, told: str) -> None:
    listener.open(told, t=20)
    about = listener.page.get_by_role("button", name="About and comments")
    for _ in range(10):
        listener.press("Tab")
        if about.evaluate("it => it === document.activeElement"):
            break
    expect(about).to_be_focused()
    listener.press("Enter")
    panel = listener.page.get_by_role("dialog", name="About this episode")
    expect(panel).to_be_visible()
    expect(panel.get_by_role("button", name="Close")).to_be_focused()
    listener.press("k", "l", "PageDown")
    assert not listener.playing and listener.position == pytest.approx(20)
    expect(listener.page.locator(".vt-back")).to_be_hidden()  # the page behind is still followed
    listener.press("Escape")
    expect(panel).to_be_hidden()
    expect(about).to_be_focused()

    listener.press("Enter")
    passage = panel.get_by_role("button", name="Play the passage, 0:24")
    for _ in range(60):
        listener.press("Tab")
        if passage.evaluate("it => it === document.activeElement"):
            break
    expect(passage).to_be_focused()
    outline = passage.evaluate("it => getComputedStyle(it).outlineStyle")
    assert outline == "solid"
    listener.press("Enter")
    listener.wait_for_line(12)


def test_after_a_click_the_space_key_plays(listener: Listener, told: str) -> None:
    listener.open(told)
    open_panel(listener)
    listener.page.mouse.click(5, 5)  # beside it
    expect(listener.page.get_by_role("dialog")).to_be_hidden()
    listener.press("Space")
    listener.page.wait_for_function("!document.querySelector('audio').paused")


HOSTILE = (
    "<script>window.harmed = 1</script> <img src=x onerror='window.harmed = 1'> &lt;b&gt; \u202e\u2066 evil"
)


def test_hostile_comments_and_descriptions_stay_text(
    listener: Listener, server: PlayerServer, tones: AudioClip
) -> None:
    transcript = make_transcript(4, title=HOSTILE)
    transcript["segments"][0] |= {"text": "<b>bold</b> <b>bold</b>", "words": [], "speaker": HOSTILE}
    transcript["source"] |= {
        "description": f"{HOSTILE} javascript:window.harmed=1 [x](javascript:window.harmed=1)",
        "url": "javascript:window.harmed=1",
        "channel": HOSTILE,
        "published": HOSTILE,
    }
    comment = {"text": HOSTILE, "author": HOSTILE, "date": HOSTILE, "votes": -3, "replies": 0}
    transcript["about"] = {"views": 1, "comments": [comment, {"text": "x" * 5000}, {"text": ""}]}
    server.add("hostile-about", transcript, tones)
    listener.page.set_viewport_size(ViewportSize(width=360, height=740))
    listener.open("hostile-about")
    panel = open_panel(listener)
    assert panel.locator("script, img, b, a").count() == 0
    assert panel.locator(".vt-said").nth(1).evaluate("it => it.textContent") == HOSTILE
    assert panel.locator(".vt-author").evaluate("it => it.textContent") == HOSTILE
    # What turns the direction around ends where the author's name does.
    assert panel.locator(".vt-author").evaluate("it => getComputedStyle(it).unicodeBidi") == "isolate"
    expect(panel.locator(".vt-comment-by").first).to_contain_text("-3 votes")
    assert listener.evaluate("window.harmed") is None
    assert panel.evaluate("it => it.scrollWidth <= it.clientWidth")
    assert listener.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
def test_it_fits_and_can_be_read(listener: Listener, told: str, width: int, scheme: str) -> None:
    listener.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    listener.page.set_viewport_size(ViewportSize(width=width, height=740))
    listener.open(told)
    panel = open_panel(listener)
    assert panel.evaluate("it => it.scrollWidth <= it.clientWidth")
    box = panel.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= width and box["height"] <= 740
    for control in panel.locator(":is(button, a):not(p *)").all():
        size = control.bounding_box()
        assert size and size["x"] >= box["x"] and size["x"] + size["width"] <= box["x"] + box["width"]
        assert size["height"] >= 24 or control.evaluate("it => it.tagName") == "A"
    texts = (
        "h2",
        "h3",
        ".vt-facts dt",
        ".vt-facts a",
        ".vt-cloud button",
        ".vt-said",
        ".vt-comment-by",
        ".vt-author",
        ".vt-moment",
        ".vt-play-passage",
    )
    selectors = [f".vt-about-panel {text}" for text in texts] + [".vt-open-about"]
    poor = {it: ratio for it in selectors if (ratio := listener.evaluate(CONTRAST, it)) < 4.5}
    listener.page.emulate_media(color_scheme="light")
    assert poor == {}


def test_without_anything_known_the_words_are_left(listener: Listener, river: str) -> None:
    listener.open(river)
    panel = open_panel(listener)
    assert panel.get_by_role("article").count() == 0
    assert [it.inner_text() for it in panel.get_by_role("heading", level=3).all()] == ["Often said"]
    expect(panel.get_by_role("list").get_by_role("button").first).to_have_accessible_name("anymore, 21 times")


def test_when_the_transcript_is_replaced_the_panel_is_about_the_new_one(
    listener: Listener, server: PlayerServer, tones: AudioClip, told: str
) -> None:
    moved = make_transcript(60, words=5)
    moved["about"] = {"comments": [*COMMENTS, {"text": "One more, at 0:58"}]}
    moved["segments"][40] |= {"text": "Fen carries small boats 12.", "words": []}
    server.add("retold", moved, tones)
    listener.open(told)
    panel = open_panel(listener)
    passage = panel.get_by_role("button", name="Play the passage, 0:24")
    passage.focus()
    listener.evaluate(
        """() => {
            const options = JSON.parse(document.getElementById("options").textContent);
            player.update({ ...options, transcriptUrl: "/episodes/retold/transcript.json" });
        }"""
    )
    expect(panel.get_by_role("heading", name="4 comments")).to_be_visible()
    expect(panel).to_be_visible()
    assert panel.evaluate("it => it.contains(document.activeElement)")
    panel.get_by_role("button", name="Play the passage, 1:20").click()
    listener.wait_for_line(40)
    listener.wait_until_still()  # the page goes to the line; a click on its head would miss meanwhile
    panel = open_panel(listener)
    panel.get_by_role("list").get_by_role("button").first.click()
    expect(listener.page.locator(".vt-search")).to_be_visible()
    assert listener.page.locator(".vt-search").count() == 1

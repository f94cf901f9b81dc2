"""Finding words in the transcript."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PlayerServer
from tests.browser.listener import Listener
from tests.browser.recordings import AudioClip, make_transcript


@pytest.mark.parametrize(
    ("lines", "query", "found"),
    [
        (["Don’t stop. Dont!"], "dont", ["Don’t", "Dont"]),
        (["Don’t stop"], "don't", ["Don’t"]),
        (["Le café, où est-il ?"], "cafe ou", ["café, où"]),
        (["cafe\u0301 and caf\u00e9"], "CAFÉ", ["cafe", "café"]),
        (["well - known facts"], "well-known", ["well - known"]),
        (["the end of one", "line. And the next"], "one line and", ["one|line. And"]),
        (["Die Straße"], "strasse", ["Straße"]),
        (["a.b a+b axb"], "a+b", ["a.b", "a+b"]),
        (["[x] (y) *z*"], "(y", ["y"]),
        (["今天天气很好。", "我们出去吧"], "好我们", ["好。|我们"]),
        (["مَرْحَبًا بكم"], "مرحبا", ["مَرْحَبًا"]),
        (["rivers 😀 run"], "rivers run", ["rivers 😀 run"]),
        (["anything"], "...", []),
        (["anything"], "   ", []),
        (["aaaa"], "aa", ["aa", "aa"]),
        (["𝒉ello there"], "hello", ["𝒉ello"]),
        (["x" * 100_000 + " needle"], "needle", ["needle"]),
    ],
)
def test_words_are_found_as_people_type_them(
    in_page: Callable[..., Any], lines: list[str], query: str, found: list[str]
) -> None:
    def units(text: str) -> bytes:  # offsets are in UTF-16 units
        return text.encode("utf-16-le")

    hits = []
    for hit in in_page("search.js", "find", [{"text": line} for line in lines], query)["hits"]:
        if hit["line"] == hit["endLine"]:
            pieces = [units(lines[hit["line"]])[2 * hit["from"] : 2 * hit["to"]]]
        else:
            pieces = [
                units(lines[hit["line"]])[2 * hit["from"] :],
                units(lines[hit["endLine"]])[: 2 * hit["to"]],
            ]
        hits.append("|".join(piece.decode("utf-16-le") for piece in pieces))
    # The marks on the last letter may be left out of a hit.
    bare = [re.sub("[\u0300-\u036f\u064b-\u0652]+$", "", hit) for hit in hits]
    assert bare == [re.sub("[\u0300-\u036f\u064b-\u0652]+$", "", hit) for hit in found]


def test_counting_and_going_from_hit_to_hit(listener: Listener, river: str) -> None:
    listener.open(river, t=60)
    listener.press("/")
    field = listener.page.get_by_role("searchbox", name="Search the transcript")
    expect(field).to_be_focused()
    field.fill("slow river")
    count = listener.page.locator(".vt-count")
    texts = " ".join(s["text"] for s in listener.server.episodes[river]["segments"])
    total = len(re.findall(r"slow river", texts, re.IGNORECASE))
    assert total > 3
    expect(count).to_have_text(str(total))
    assert listener.evaluate("CSS.highlights.get('vt-hit').size") == total

    listener.press("Enter")
    first = int(count.inner_text().split(" of ")[0])
    hit = "[...CSS.highlights.get('vt-hit-current')][0]"
    line = int(listener.evaluate(f"{hit}.startContainer.parentElement.dataset.line"))
    assert line >= 30  # from where one is, not from the top
    listener.wait_until_still()
    assert 0 < listener.place_of(line) < 0.9
    listener.press("Shift+Enter")
    expect(count).to_have_text(f"{first - 1} of {total}")
    for _ in range(total - first + 2):
        listener.press("Enter")
    expect(count).to_have_text(f"1 of {total}")

    listener.press("Escape")
    expect(field).to_be_hidden()
    assert listener.evaluate("CSS.highlights.get('vt-hit').size") == 0


def test_playback_goes_on_and_keys_are_typed(listener: Listener, river: str) -> None:
    listener.open(river, t=10)
    listener.press("k", "/")
    listener.page.keyboard.type("k m 5 r c")
    assert listener.playing
    listener.wait_for_position(10.3)
    assert listener.position < 30
    expect(listener.page.get_by_role("searchbox")).to_have_value("k m 5 r c")
    expect(listener.page.locator(".vt-count")).to_have_text("Not found")
    expect(listener.page.locator(".vt-search")).to_be_visible()


def test_hits_show_on_the_timeline(listener: Listener, river: str) -> None:
    listener.open(river)
    pixels = """() => {
        const canvas = document.querySelector(".vt-marks");
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        const orange = ([red, green, blue]) => red > 180 && green > 90 && green < 160 && blue < 60;
        let count = 0;
        for (let at = 0; at < data.length; at += 4) count += orange(data.subarray(at, at + 3)) ? 1 : 0;
        return count;
    }"""
    assert listener.evaluate(pixels) == 0
    listener.press("/")
    listener.page.keyboard.type("bridge")
    listener.page.wait_for_function(pixels)
    listener.press("Escape")
    assert listener.evaluate(pixels) == 0


def test_a_click_on_a_hit_plays_from_it(listener: Listener, river: str) -> None:
    listener.open(river)
    listener.press("/")
    listener.page.keyboard.type("nobody")
    listener.press("Enter", "Enter")
    listener.wait_until_still()
    rect = listener.evaluate(
        "(({ x, y, width, height }) => [x + width / 2, y + height / 2])"
        "([...CSS.highlights.get('vt-hit-current')][0].getBoundingClientRect())"
    )
    listener.page.mouse.click(*rect)
    listener.page.wait_for_function("[...CSS.highlights.get('vt-word')].join() === 'nobody'")
    assert listener.playing


def test_more_hits_than_anyone_needs_are_cut_off(
    listener: Listener, server: PlayerServer, tones: AudioClip
) -> None:
    transcript = make_transcript(2)
    transcript["segments"][0] |= {"text": "a " * 6000, "words": []}
    server.add("many", transcript, tones)
    listener.open("many")
    listener.press("/", "a")
    expect(listener.page.locator(".vt-count")).to_have_text("5,000+")

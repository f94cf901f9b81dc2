"""Any text stays text, in any script."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PlayerServer
from tests.browser.listener import Listener
from tests.browser.recordings import AudioClip, make_transcript

HOSTILE = [
    "<script>window.harmed = 1</script>",
    "<img src=x onerror='window.harmed = 1'> & &lt;b&gt;",
    "</script><!-- ${assets} %s {{x}} javascript:alert(1)",
    "evil \u202e gnp.exe \u2066 and \u2069 marks",
    "a zero \x00 in the middle",
    "👩‍👩‍👧‍👦 🇺🇳 e\u0301\u0301\u0301 \U0001f600",
    "x" * 100_000,
    "",
    "   ",
]


def test_hostile_text_stays_text(listener: Listener, server: PlayerServer, tones: AudioClip) -> None:
    transcript = make_transcript(len(HOSTILE) + 1, title="<script>window.harmed = 1</script>")
    for segment, text in zip(transcript["segments"], HOSTILE, strict=False):
        words = [
            {"text": word, "start": segment["start"], "end": segment["end"]}
            for word in text.split(" ")
            if word
        ]
        segment |= {"text": text, "words": words, "speaker": "<b>Eve</b>"}
    transcript["source"]["chapters"] = [{"start": 0, "title": "<h1>One</h1>"}]
    transcript["untranscribed"] = [{"start": 4, "end": 7, "heard": "<i>heard</i>"}]
    server.add("hostile", transcript, tones)

    listener.open("hostile")
    for number, text in enumerate(HOSTILE):
        assert listener.line(number).evaluate("line => line.textContent") == text
        assert listener.line(number).evaluate("line => line.childElementCount") == 1  # its time
    assert listener.page.locator("h1").inner_text() == transcript["title"]
    expect(listener.page.locator(".vt-chapter")).to_have_text("<h1>One</h1>")
    listener.press(*["]"] * 9)
    listener.wait_for_line(9)
    assert listener.evaluate("window.harmed") is None
    assert listener.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_right_to_left_text_reads_and_seeks(
    listener: Listener, server: PlayerServer, tones: AudioClip
) -> None:
    texts = ["كان النهر بطيئا", "والناس يتحدثون عن الطقس", "ثم عادوا إلى البيت"]
    server.add("arabic", spoken(texts), tones)
    listener.open("arabic")
    paragraph = listener.page.locator(".vt-paragraph").first
    assert paragraph.evaluate("it => getComputedStyle(it).direction") == "rtl"
    line, time = listener.line(0).bounding_box(), listener.line(0).locator(".vt-time").bounding_box()
    assert line and time and time["x"] > line["x"]  # times hang in the margin where lines begin
    listener.click_word(1, 2)
    listener.wait_for_line(1)
    listener.page.wait_for_function("[...CSS.highlights.get('vt-word')].join() === 'عن'")

    # What hangs in the margin where lines end is not cut off, either, and leaves their times alone.
    listener.press("k", "h")
    listener.page.set_viewport_size({"width": 390, "height": 780})
    listener.line(1).hover()
    link, sign = listener.button("Copy a link to this line"), listener.line(1).locator(".vt-sign")
    expect(link).to_be_visible()
    for hanging in (link.bounding_box(), sign.bounding_box()):
        assert hanging and 0 <= hanging["x"] < line["x"]


def test_text_without_spaces_reads_and_seeks(
    listener: Listener, server: PlayerServer, tones: AudioClip
) -> None:
    texts = ["小河慢慢地流着。", "人们谈论着天气，", "然后走回家。"]
    server.add("chinese", spoken(texts, letters=True), tones)
    listener.open("chinese")
    assert listener.page.locator(".vt-paragraph").first.evaluate("it => it.textContent") == "Ada" + "".join(
        texts
    )
    listener.line(1).click()
    listener.wait_for_line(1)
    assert len(listener.current_word) == 1


def spoken(texts: list[str], *, letters: bool = False) -> dict[str, object]:
    transcript = make_transcript(len(texts), line_s=4)
    for segment, text in zip(transcript["segments"], texts, strict=True):
        words = list(text) if letters else text.split()
        step = 4 / len(words)
        segment["text"] = text
        segment["words"] = [
            {"text": word, "start": segment["start"] + n * step, "end": segment["start"] + (n + 1) * step}
            for n, word in enumerate(words)
        ]
    return transcript


def test_turns_are_paragraphs_with_the_speaker_named_once(listener: Listener, river: str) -> None:
    listener.open(river)
    paragraphs = listener.page.locator(".vt-paragraph")
    assert paragraphs.count() == 15
    assert [paragraphs.nth(n).locator(".vt-speaker").inner_text() for n in range(3)] == ["Ada", "Ben", "Ada"]


def test_a_long_turn_is_cut_at_the_end_of_a_sentence(
    listener: Listener, server: PlayerServer, tones: AudioClip
) -> None:
    server.add("monologue", make_transcript(40, words=10, lines_per_turn=1000), tones)
    listener.open("monologue")
    lengths = listener.evaluate(
        "[...document.querySelectorAll('.vt-paragraph')].map((p) => p.innerText.length)"
    )
    assert len(lengths) > 3 and all(300 < length < 700 for length in lengths[:-1])
    assert listener.page.locator(".vt-speaker").count() == 1


@pytest.mark.parametrize("what", ["not JSON", "another version", "no segments"])
def test_a_transcript_that_is_none_is_refused_in_words(
    listener: Listener, server: PlayerServer, tones: AudioClip, what: str
) -> None:
    server.add("broken", {}, tones)
    bodies = {"not JSON": "<html>", "another version": '{"version": 9, "segments": []}', "no segments": "{}"}
    listener.page.route(
        "**/broken/transcript.json", lambda route: route.fulfill(status=200, body=bodies[what])
    )
    listener.page.goto(server.page_url("broken"))
    expect(listener.page.get_by_role("alert")).to_contain_text("The transcript could not be read")

"""The mark is on what is being said."""

from bisect import bisect_right

import pytest

from tests.browser.conftest import PlayerServer
from tests.browser.listener import Listener
from tests.browser.recordings import AudioClip, make_transcript

SAMPLER = """(seconds) => new Promise((resolve) => {
    const audio = document.querySelector("audio");
    const samples = [];
    const end = performance.now() + seconds * 1000;
    const look = () => {
        const [range] = CSS.highlights.get("vt-word") ?? [];
        const line = document.querySelector("[data-line][aria-current=true]");
        samples.push({
            time: audio.currentTime,
            line: line && Number(line.dataset.line),
            word: range ? [Number(range.startContainer.parentElement.dataset.line), range.startOffset] : null,
        });
        if (performance.now() < end) requestAnimationFrame(look); else resolve(samples);
    };
    requestAnimationFrame(look);
})"""


@pytest.mark.alone
@pytest.mark.parametrize("speed", [1, 2])
def test_the_marked_word_is_the_one_being_said(listener: Listener, river: str, speed: int) -> None:
    transcript = listener.server.episodes[river]
    starts, places = [], []
    for segment in transcript["segments"]:
        offset = 0
        for word in segment["words"]:
            starts.append(word["start"])
            places.append([segment["id"], segment["text"].index(word["text"], offset)])
            offset = places[-1][1] + len(word["text"])

    def said(time: float) -> list[int]:
        return places[bisect_right(starts, time + 0.004) - 1]

    listener.open(river, t=20)
    listener.page.get_by_label("Speed").select_option(str(speed))
    listener.press("k")
    listener.wait_for_position(20.1)
    samples = listener.evaluate(SAMPLER, 3)

    # This sampler's frame may come before the player's: then the mark is that of the frame before.
    right = [s for s in samples if s["word"] in (said(s["time"]), said(s["time"] - 0.02 * speed))]
    assert len({str(s["word"]) for s in samples}) >= 12 * speed
    assert len(right) >= 0.99 * len(samples)
    assert all(s["line"] == s["word"][0] for s in samples)


def test_a_seek_while_paused_moves_the_mark(listener: Listener, river: str) -> None:
    listener.open(river)
    listener.press("5")
    listener.wait_for_line(30)
    assert not listener.playing
    assert listener.current_word == listener.server.episodes[river]["segments"][30]["words"][0]["text"]
    listener.press("ArrowRight")
    listener.wait_for_line(32)


def test_nothing_is_touched_while_the_same_word_is_said(
    listener: Listener, server: PlayerServer, tones: AudioClip
) -> None:
    server.add("slow", make_transcript(4, line_s=30, words=2), tones)
    listener.open("slow", t=3)
    listener.press("k")
    listener.wait_for_position(3.2)
    changes = listener.evaluate(
        """() => new Promise((resolve) => {
            let count = 0;
            const observer = new MutationObserver((records) => (count += records.length));
            const everything = { attributes: true, childList: true, characterData: true, subtree: true };
            observer.observe(document.querySelector(".vt-transcript"), everything);
            let frames = 0;
            const next = () => (++frames < 60 ? requestAnimationFrame(next) : resolve(count));
            requestAnimationFrame(next);
        })"""
    )
    assert changes == 0


def test_the_loop_runs_only_while_playing(listener: Listener, river: str) -> None:
    listener.page.add_init_script(
        """const request = window.requestAnimationFrame;
        window.frames_asked = 0;
        window.requestAnimationFrame = (act) => { window.frames_asked++; return request(act); };"""
    )
    listener.open(river, t=10)
    listener.press("k")
    listener.wait_for_position(10.3)
    listener.press("k")
    count_over_ten_frames = """() => new Promise((resolve) => {
        const before = window.frames_asked;
        setTimeout(() => resolve(window.frames_asked - before), 170);
    })"""
    listener.wait_until_still()
    assert listener.evaluate(count_over_ten_frames) == 0
    listener.press("k")
    assert listener.evaluate(count_over_ten_frames) > 3


def test_before_the_first_line_nothing_is_marked(
    listener: Listener, server: PlayerServer, tones: AudioClip
) -> None:
    transcript = make_transcript(40, words=12)
    for timed in [*transcript["segments"], *(w for s in transcript["segments"] for w in s["words"])]:
        timed["start"] += 3
        timed["end"] += 3
    server.add("late", transcript, tones)
    listener.open("late", t=9)
    listener.press("Home")
    listener.page.wait_for_function("document.scrollingElement.scrollTop === 0")
    listener.press("k")
    listener.wait_for_position(0.2)
    assert listener.current_line is None
    listener.wait_for_line(0)
    assert listener.position >= 3 - 0.004


def test_a_gap_is_current_while_it_lasts(listener: Listener, server: PlayerServer, tones: AudioClip) -> None:
    transcript = make_transcript(30)
    del transcript["segments"][10:15]
    transcript["untranscribed"] = [{"start": 24.0, "end": 30.0, "heard": "somebody sings"}]
    transcript["duration"] = 120.0
    server.add("gappy", transcript, tones)
    listener.open("gappy", t=19)
    assert listener.current_line == 9
    listener.press("ArrowRight")
    gap = listener.page.locator("[data-gap][aria-current=true]")
    gap.wait_for()
    assert "Not in the transcript, 6 s" in gap.inner_text()
    assert "somebody sings" in gap.inner_text()
    assert listener.current_line is None and listener.current_word == ""
    assert listener.page.locator("[data-gap]").count() == 3  # 20-24 s, 24-30 s, 60-120 s

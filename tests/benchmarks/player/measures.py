"""What is measured of a page that plays an episode."""

import random
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import PlayerServer

__all__ = ["Links", "Load", "Seeks", "Sync", "links", "load", "seeks", "sync"]

_EARLY_S = 0.004
"""What the player allows a seek to fall short: see `transcript.js`."""

# Keeps when the player became ready.
_WATCH = """
new MutationObserver((_, observer) => {
    if (!document.querySelector(".vt[data-ready]")) return;
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame((now) => (globalThis.readyAt = now)));
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-ready"] });
"""

# Looks at every frame, and keeps each word as it is marked.
_SAMPLE = """(seconds) => new Promise((resolve) => {
    const audio = document.querySelector("audio");
    const samples = [], frames = [], marks = [];
    const add = Highlight.prototype.add;
    Highlight.prototype.add = function (range) {
        const line = range.startContainer.parentElement?.dataset.line;
        if (line !== undefined && this === CSS.highlights.get("vt-word")) {
            marks.push([audio.currentTime, Number(line), range.startOffset]);
        }
        return add.call(this, range);
    };
    const end = performance.now() + seconds * 1000;
    const look = (now) => {
        const [range] = CSS.highlights.get("vt-word") ?? [];
        frames.push(now);
        samples.push([
            audio.currentTime,
            range ? Number(range.startContainer.parentElement.dataset.line) : -1,
            range ? range.startOffset : -1,
        ]);
        if (performance.now() < end) return requestAnimationFrame(look);
        Highlight.prototype.add = add;
        resolve([samples, frames, marks]);
    };
    requestAnimationFrame(look);
})"""

# By a click on a line's time, as a person does it; ends when the line is marked and in sight.
_SEEK = """(number) => new Promise((resolve) => {
    const began = performance.now();
    const line = document.querySelector(`[data-line='${number}']`);
    line.querySelector("button").click();
    const look = () => {
        const { top, bottom } = line.getBoundingClientRect();
        const edge = document.querySelector(".vt-dock").getBoundingClientRect().top;
        const passed = performance.now() - began;
        const there = line.ariaCurrent === "true" && top >= 0 && top < edge;
        if (there || passed > 3000) resolve(there ? passed : null); else requestAnimationFrame(look);
    };
    look();
})"""


@dataclass(frozen=True, slots=True)
class Sync:
    """right: share of frames whose marked word is the one being said.

    late_ms: 95th percentile of how long after its start, by the listener's clock, a word is marked.
    frame_ms: 95th percentile of the time between two frames. script: share of one core that scripts take.
    tasks: the same with layout and painting.
    """

    right: float
    late_ms: float
    frame_ms: float
    script: float
    tasks: float


@dataclass(frozen=True, slots=True)
class Seeks:
    """milliseconds: from the click until the line is marked and in sight, 95th percentile. missed: of all."""

    milliseconds: float
    missed: int
    count: int


@dataclass(frozen=True, slots=True)
class Load:
    """ready_ms: from the address to a page that is painted and can be played. megabytes: of its process."""

    ready_ms: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Links:
    """wrong: addresses of `count` that did not open at their line, marked and in sight."""

    wrong: tuple[str, ...]
    count: int


def load(browser: Browser, server: PlayerServer, context: BrowserContext, episode: str) -> tuple[Page, Load]:
    """A page that plays the episode; measured twice, with the server's files in the browser's cache."""
    page = context.new_page()
    page.add_init_script(_WATCH)
    for _ in range(2):
        page.goto(server.page_url(episode))
        page.wait_for_function("globalThis.readyAt")
    ready = cast(float, page.evaluate("globalThis.readyAt"))
    page.wait_for_function("document.querySelector('audio').readyState >= 2")
    page.wait_for_timeout(1000)
    return page, Load(ready, _resident(browser))


def sync(page: Page, transcript: dict[str, Any], speed: float, seconds: float) -> Sync:
    """Play from where it is: for a while alone, to see what that costs; then looking at every frame."""
    page.get_by_label("Speed").select_option(f"{speed:g}")
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    if page.evaluate("document.querySelector('audio').paused"):
        page.keyboard.press("k")
    page.wait_for_timeout(500)
    before = _metrics(session)
    page.wait_for_timeout(1e3 * seconds)
    after = _metrics(session)
    samples, frames, marks = page.evaluate(_SAMPLE, seconds)
    page.keyboard.press("k")
    starts, places = _said(transcript)
    start_of = dict(zip(places, starts, strict=True))

    def said(time: float) -> tuple[int, int]:
        return places[bisect_right(starts, time + _EARLY_S) - 1]

    # This look may come before the player's in the same frame: then the mark is that of the frame before.
    frame_s = 0.02 * speed
    spoken = [(time, (line, offset)) for time, line, offset in samples if line >= 0]
    right = [mark in {said(time), said(time - frame_s)} for time, mark in spoken]
    late = [(time - start_of[line, offset]) / speed for time, line, offset in marks]
    passed = after["Timestamp"] - before["Timestamp"]
    return Sync(
        right=float(np.mean(right)),
        late_ms=1e3 * float(np.percentile(late, 95)),
        frame_ms=float(np.percentile(np.diff(frames), 95)),
        script=(after["ScriptDuration"] - before["ScriptDuration"]) / passed,
        tasks=(after["TaskDuration"] - before["TaskDuration"]) / passed,
    )


def seeks(page: Page, transcript: dict[str, Any], count: int, seed: int = 0) -> Seeks:
    """Click on the times of lines here and there."""
    timed = [segment["id"] for segment in transcript["segments"] if segment["start"] is not None]
    chosen = random.Random(seed).sample(timed, count)
    took = [page.evaluate(_SEEK, number) for number in chosen]
    if not page.evaluate("document.querySelector('audio').paused"):
        page.keyboard.press("k")
    found = [milliseconds for milliseconds in took if milliseconds is not None]
    return Seeks(float(np.percentile(found, 95)), count - len(found), count)


def links(page: Page, server: PlayerServer, episode: str, count: int, seed: int = 0) -> Links:
    """Open addresses with a time, a time and an end, or a time that is off and the line's hash."""
    choose = random.Random(seed)
    lines = [line for line in server.episodes[episode]["segments"] if line["start"] is not None]
    wrong = []
    for number, line in enumerate(choose.sample(lines, count)):
        query = _query(page, choose, line, number % 4)
        page.goto(server.page_url(episode, **query))
        page.wait_for_selector(".vt[data-ready]")
        there = page.evaluate(
            """number => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => {
                const line = document.querySelector(`[data-line='${number}']`);
                const { top } = line.getBoundingClientRect();
                const edge = document.querySelector(".vt-dock").getBoundingClientRect().top;
                resolve(line.ariaCurrent === "true" && top >= 0 && top < edge);
            })))""",
            line["id"],
        )
        if not there:
            wrong.append(page.url)
    return Links(tuple(wrong), count)


def _query(page: Page, choose: random.Random, line: dict[str, Any], kind: int) -> dict[str, Any]:
    start, end = line["start"], line["end"]
    if kind == 0:
        return {"t": round(choose.uniform(start, max(start, end - 0.05)), 2)}
    if kind == 1:
        return {"t": f"{start:.3f}", "end": f"{end + 2:.3f}"}
    if kind == 2:
        seconds = -(-start // 1)  # the next full second is still the line's own, or the link is to another
        if seconds >= end:
            return {"t": f"{start:.3f}"}
        return {"t": f"{int(seconds // 60)}m{int(seconds % 60)}s"}
    script = "async text => (await import(new URL('player/sharing.js', document.baseURI))).shortHash(text)"
    return {"t": f"{max(0.0, start - 2):.2f}", "h": page.evaluate(script, line["text"])}


def _said(transcript: dict[str, Any]) -> tuple[list[float], list[tuple[int, int]]]:
    """When each word begins, and its line with its offset there, in UTF-16 units."""
    starts, places = [], []
    for segment in transcript["segments"]:
        after = 0
        for word in segment["words"]:
            at = segment["text"].index(word["text"], after)
            after = at + len(word["text"])
            if word["start"] is not None:
                starts.append(word["start"])
                places.append((segment["id"], len(segment["text"][:at].encode("utf-16-le")) // 2))
    return starts, places


def _metrics(session: Any) -> dict[str, float]:
    found = session.send("Performance.getMetrics")["metrics"]
    return {entry["name"]: entry["value"] for entry in found}


def _resident(browser: Browser) -> float:
    """Resident megabytes of the largest page's process."""
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    sizes = []
    for process in processes:
        if process["type"] == "renderer":
            status = Path(f"/proc/{process['id']}/status").read_text("ascii").splitlines()
            sizes += [int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS")]
    return max(sizes)

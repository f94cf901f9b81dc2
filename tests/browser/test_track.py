"""What other players make of our captions: Chromium's own, with a `<track>`."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page
from starlette.applications import Starlette
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from alignment.formats import read_transcript, write
from tests.browser.conftest import serving
from tests.browser.recordings import AudioClip, make_transcript

FRAME_S = 1 / 60
SHOWN = "[...document.querySelector('track').track.cues].map((cue) => [cue.startTime, cue.endTime])"
PAGE = """<!doctype html><audio src="/audio" preload="auto"></audio>
<script>
const audio = document.querySelector("audio");
const track = document.createElement("track");
Object.assign(track, { kind: "captions", srclang: "en", src: "/captions.vtt", default: true });
globalThis.entered = [];
track.addEventListener("load", () => {
    for (const cue of track.track.cues) {
        cue.addEventListener("enter", () => entered.push(audio.currentTime));
    }
    globalThis.ready = true;
});
audio.append(track);
track.track.mode = "hidden";
</script>"""


@pytest.mark.alone
def test_cues_come_at_the_times_of_the_transcript(page: Page, tones: AudioClip) -> None:
    given: dict[str, Any] = make_transcript(24, line_s=0.5, words=2)
    aligned = read_transcript(json.dumps(given))
    routes = [
        Route("/", lambda request: HTMLResponse(PAGE)),
        Route("/audio", lambda request: FileResponse(tones.path)),
        Route("/captions.vtt", lambda request: Response(write(aligned, "vtt"), media_type="text/vtt")),
    ]
    with serving(Starlette(routes=routes)) as url:
        page.goto(url)
        page.wait_for_function("globalThis.ready")
        shown = page.evaluate(SHOWN)
        page.evaluate("audio.play()")
        page.wait_for_function("entered.length >= 20", polling=100)
        entered = page.evaluate("entered")

    lines = aligned.segments
    assert [tuple(times) for times in shown] == [
        (pytest.approx(line.start, abs=0.0006), pytest.approx(line.end, abs=0.0006)) for line in lines
    ]
    late = [at - line.start for at, line in zip(entered, lines, strict=False) if line.start is not None]
    assert max(late) <= FRAME_S and min(late) >= -FRAME_S

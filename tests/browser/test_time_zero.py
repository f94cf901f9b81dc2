"""Chromium finds the sound of a prepared recording where every other decoder finds it."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from alignment.sources.playable import make_playable
from tests.sources.recordings import CLICKS, HEARD_RATE, click_times, click_track, write_recording
from tests.sources.servers import Site, html, media

DECODE = """async (address) => {
  const context = new OfflineAudioContext(1, 1, %d);
  const audio = await context.decodeAudioData(await (await fetch(address)).arrayBuffer());
  return Array.from(audio.getChannelData(0));
}"""


@pytest.mark.parametrize(
    ("name", "codec", "kind"),
    [
        ("talk.wav", "pcm_s16le", "audio/mp4"),
        ("talk.mp3", "libmp3lame", "audio/mp4"),
        ("talk.m4a", "aac", "audio/mp4"),
        ("talk.mkv", "aac", "audio/mp4"),
        ("talk.ogg", "libopus", "audio/webm"),
    ],
)
def test_clicks_are_where_they_were(
    name: str, codec: str, kind: str, browser: Browser, tmp_path: Path
) -> None:
    recording = write_recording(tmp_path / name, click_track(48_000), 48_000, codec)
    playable = make_playable(recording, tmp_path)
    with Site() as site, browser.new_page() as page:
        site.pages |= {"/": html("<title>Listen</title>"), "/audio": media(playable.path.read_bytes(), kind)}
        page.goto(site.address("/"))

        heard = np.array(page.evaluate(DECODE % HEARD_RATE, site.address("/audio")))

    assert click_times(heard) == pytest.approx(CLICKS, abs=0.002)

"""A recording may cost so much and no more, whatever its server or its file says of it."""

import gzip
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from alignment.errors import AudioError, FetchError, TranscriptError
from alignment.library.work import standard_tools
from alignment.sources import fetch, gate
from alignment.sources.limits import Limits
from alignment.sources.rules import PUBLIC, FetchRules, Reach
from tests.sources.recordings import write_recording
from tests.sources.servers import Page, Reply, Site, html, media

_MB = 1 << 20


def _rules(**limits: float) -> FetchRules:
    """Those of a public server, for sites on the loopback."""
    return FetchRules(Reach.PUBLIC, replace(Limits(), **limits), also_public=("127.0.0.1/32",))  # type: ignore[arg-type]


def _endless(announced: int | None, sent: Callable[[int], None] = lambda count: None) -> Page:
    """A page that sends for ever, and says what it likes of its length."""

    def page(reply: Reply) -> None:
        length = {} if announced is None else {"Content-Length": str(announced)}
        reply.start(200, {"Content-Type": "audio/mpeg", **length})
        if announced is None:
            reply.break_off()
        for count in range(1000):
            sent(count)
            reply.send(bytes(_MB // 4))

    return page


@pytest.mark.parametrize("announced", [None, 1 << 40, 100 * _MB])
def test_a_download_ends_where_it_is_too_large(site: Site, tmp_path: Path, announced: int | None):
    pieces: list[int] = []
    site.pages["/talk.mp3"] = _endless(announced, pieces.append)

    with pytest.raises(FetchError, match="is larger than 1 MB, the most that is taken here"):
        fetch(site.address("/talk.mp3"), tmp_path, rules=_rules(bytes=_MB))

    assert sum(path.stat().st_size for path in tmp_path.rglob("*")) < 2 * _MB


def test_the_parts_of_a_playlist_are_counted_together(site: Site, tmp_path: Path):
    names = [f"/{number}.ts" for number in range(50)]
    lines = "".join(f"#EXTINF:1,\n{name}\n" for name in names)
    site.pages["/talk.m3u8"] = html(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n{lines}#EXT-X-ENDLIST\n")
    site.pages |= {name: media(bytes(_MB // 4), "video/mp2t") for name in names}

    with pytest.raises(FetchError, match="is larger than 1 MB"):
        fetch(site.address("/talk.m3u8"), tmp_path, rules=_rules(bytes=_MB))

    assert len({asked.path for asked in site.asked if asked.path.endswith(".ts")}) < 8


def test_a_packed_page_that_swells_is_not_read_to_its_end(site: Site, tmp_path: Path):
    swelling = gzip.compress(b"<title>A</title>" + bytes(200 * _MB), compresslevel=1)

    def page(reply: Reply) -> None:
        headers = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
        reply.start(200, {**headers, "Content-Length": str(len(swelling))})
        reply.send(swelling)

    site.pages["/page"] = page

    with pytest.raises(FetchError, match="is longer than 32 MB; that is no page"):
        fetch(site.address("/page"), tmp_path, rules=_rules())


def test_a_server_that_drips_is_left(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gate, "_WINDOW_S", 0.3)
    monkeypatch.setattr(gate, "_LOOK_EVERY_S", 0.05)

    def page(reply: Reply) -> None:
        reply.start(200, {"Content-Type": "audio/mpeg", "Content-Length": str(_MB)})
        while not site.released.wait(0.02):
            reply.send(b"\0")

    site.pages["/talk.mp3"] = page

    with pytest.raises(FetchError, match="sends fewer than 2,000 bytes a second"):
        fetch(site.address("/talk.mp3"), tmp_path, rules=_rules(bytes_a_second=2000.0))


def test_nobody_waits_for_ever(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gate, "_LOOK_EVERY_S", 0.05)

    def page(reply: Reply) -> None:
        reply.start(200, {"Content-Type": "audio/mpeg", "Content-Length": str(_MB)})
        site.released.wait(20.0)

    site.pages["/talk.mp3"] = page

    with pytest.raises(FetchError, match="took longer than 0:01, the most that is waited here"):
        fetch(site.address("/talk.mp3"), tmp_path, rules=_rules(patience_s=0.6))


def test_the_gate_ends_with_the_fetch(site: Site, talk: bytes, tmp_path: Path):
    site.pages["/talk.m4a"] = media(talk)

    fetch(site.address("/talk.m4a"), tmp_path, rules=_rules(bytes=_MB))

    assert "gate" not in {thread.name for thread in threading.enumerate()}


def test_a_recording_that_says_it_is_too_long_is_not_fetched(site: Site, tmp_path: Path):
    lines = "".join(f"#EXTINF:3600,\n/{number}.ts\n" for number in range(3))
    site.pages["/talk.m3u8"] = html(f"#EXTM3U\n#EXT-X-TARGETDURATION:3600\n{lines}#EXT-X-ENDLIST\n")
    site.pages |= {f"/{number}.ts": media(bytes(1000), "video/mp2t") for number in range(3)}

    with pytest.raises(AudioError, match="longer than 1:00:00, the most that is taken here"):
        fetch(site.address("/talk.m3u8"), tmp_path, rules=_rules(seconds=3600.0))

    assert "/2.ts" not in {asked.path for asked in site.asked}


@pytest.mark.parametrize(("name", "codec"), [("silence.flac", "flac"), ("silence.m4a", "aac")])
def test_a_small_file_that_plays_for_hours_is_refused_once_it_has(tmp_path: Path, name: str, codec: str):
    """Silence packs well: it is the sound that counts, decoded no further than is allowed."""
    path = tmp_path / name
    write_recording(path, np.zeros(8000 * 600, np.int16), 8000, codec)

    with pytest.raises(AudioError, match="longer than 1:00, the most that is taken here"):
        fetch(path, tmp_path / "work", rules=_rules(seconds=60.0))

    assert not list((tmp_path / "work").glob("audio*"))


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path):
    path = tmp_path / "huge.wav"
    with path.open("wb") as file:
        file.truncate(1 << 33)

    with pytest.raises(FetchError, match=r"huge\.wav is larger than 1 MB"):
        fetch(path, tmp_path / "work", rules=_rules(bytes=_MB))


def test_captions_that_are_too_large_are_refused(site: Site, talk: bytes, tmp_path: Path):
    site.pages["/talk.m4a"] = media(talk)
    site.pages["/talk.vtt"] = html("WEBVTT\n\n" + "00:00.000 --> 00:01.000\nHello\n\n" * 1000)
    site.pages["/page"] = html(
        "<title>A</title><audio src='/talk.m4a'><track srclang='en' src='/talk.vtt'></audio>"
    )

    with pytest.raises(TranscriptError, match="The transcript is larger than 1,000 bytes"):
        fetch(site.address("/page"), tmp_path, captions="", rules=_rules(text_bytes=1000))


def test_a_job_works_by_the_rules_that_it_is_given(tmp_path: Path):
    tools = standard_tools(rules=PUBLIC)

    with pytest.raises(FetchError, match="leads to an address inside this network"):
        tools.fetch("http://127.0.0.1:8501/talk.m4a", tmp_path)


def test_a_job_refuses_a_transcript_that_is_too_large(tmp_path: Path):
    path = tmp_path / "transcript"
    path.write_text("Hello.\n" * 1000)

    with pytest.raises(TranscriptError, match="The transcript is larger than 1,000 bytes"):
        standard_tools(rules=_rules(text_bytes=1000)).read(path)
    assert standard_tools().read(path).segments

"""Fetching with the real yt-dlp from servers on this machine that behave well and badly."""

import json
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import pytest
import yt_dlp
import yt_dlp.downloader.common
from hypothesis import given
from hypothesis import strategies as st

from alignment.errors import AlignmentError, AudioError, Cancelled, FetchError
from alignment.progress import Progress
from alignment.sources import as_address, fetch, url
from alignment.sources.url import choose_format
from alignment.transcript import Chapter
from tests.sources.recordings import click_track, write_recording
from tests.sources.servers import Reply, Site, html, media, status

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def downloads(directory: Path) -> list[Path]:
    return sorted(directory.glob("download-*"))


def test_a_media_file_is_fetched_whole(site: Site, talk: bytes, tmp_path: Path) -> None:
    site.pages["/first%20talk.m4a"] = media(talk)
    events: list[Progress] = []

    fetched = fetch(site.address("/first%20talk.m4a"), tmp_path, progress=events.append)

    assert fetched.path == tmp_path / "audio.m4a"
    assert fetched.path.read_bytes() == talk
    assert fetched.title == "first talk"
    assert fetched.duration == pytest.approx(30, abs=0.05)
    assert (fetched.source.url, fetched.source.id) == (site.address("/first%20talk.m4a"), None)
    assert events[0].stage == "Fetching audio"
    assert downloads(tmp_path) == []


def test_a_page_with_one_recording_gives_that(site: Site, talk: bytes, tmp_path: Path) -> None:
    site.pages["/talk.m4a"] = media(talk)
    site.pages["/page"] = html("<title>On tides</title><p>Hear it:<audio src='/talk.m4a' controls></audio>")

    fetched = fetch(site.address("/page"), tmp_path)

    assert fetched.path.read_bytes() == talk
    assert fetched.title == "On tides"
    assert fetched.source.url == site.address("/page")


def test_a_page_s_picture_is_kept_beside_the_audio(site: Site, talk: bytes, tmp_path: Path) -> None:
    site.pages["/talk.m4a"] = media(talk)
    site.pages["/tide.png"] = media(PNG, "image/png")
    site.pages["/page"] = video_page("<h1>", "/talk.m4a", "/tide.png")

    fetched = fetch(site.address("/page"), tmp_path)

    assert fetched.thumbnail == tmp_path / "thumbnail.png"
    assert fetched.thumbnail.read_bytes() == PNG
    assert fetched.source.thumbnail == site.address("/tide.png")


def video_page(title: str, audio: str, picture: str) -> Callable[[Reply], None]:
    """A page that describes its recording in JSON-LD, as most sites do."""

    def page(reply: Reply) -> None:
        origin = f"http://{reply.asked.headers['host']}"
        about = {
            "@context": "https://schema.org",
            "@type": "VideoObject",
            "name": title,
            "description": "First line\nSecond\x00 line",
            "contentUrl": origin + audio,
            "thumbnailUrl": origin + picture,
            "uploadDate": "2024-03-27",
            "duration": "PT30S",
            "author": {"@type": "Person", "name": "Ada\nExample"},
        }
        html(f'<title>x</title><script type="application/ld+json">{json.dumps(about)}</script>')(reply)

    return page


def test_what_the_page_says_is_kept_in_printable_form(site: Site, talk: bytes, tmp_path: Path) -> None:
    site.pages["/talk.m4a"] = media(talk)
    site.pages["/page"] = video_page(
        "../../etc/passwd\n\x1b[31m%(id)s $HOME " + "x" * 400, "/talk.m4a", "/no.png"
    )

    fetched = fetch(site.address("/page"), tmp_path)

    assert fetched.title.startswith("../../etc/passwd [31m%(id)s $HOME xxx")
    assert len(fetched.title) == 300
    assert fetched.source.published == "2024-03-27"
    assert fetched.source.length == 30
    assert fetched.source.description == "First line\nSecond line"
    assert fetched.thumbnail is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["audio.m4a", "fetch.lock", "fetched.json"]


def test_an_odd_suffix_or_type_does_not_matter(site: Site, talk: bytes, tmp_path: Path) -> None:
    site.pages["/get.php"] = media(talk, "application/octet-stream")

    assert fetch(site.address("/get.php"), tmp_path).path.read_bytes() == talk


def test_a_broken_download_goes_on_where_it_stopped(site: Site, talk: bytes, tmp_path: Path) -> None:
    site.pages["/talk.m4a"] = media(talk, first=len(talk) // 2)
    events: list[Progress] = []

    fetched = fetch(site.address("/talk.m4a"), tmp_path, progress=events.append)

    (again,) = site.continued("/talk.m4a")
    assert len(talk) // 2 - url.BLOCK <= again.first_byte <= len(talk) // 2
    assert fetched.path.read_bytes() == talk


def test_a_site_that_always_breaks_off_is_given_up_and_resumed_later(
    site: Site, talk: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stingy(reply: Reply) -> None:
        """Three blocks, then silence; whoever comes back gets nothing at all."""
        if reply.asked.first_byte:
            reply.break_off()
        else:
            media(talk, first=3 * url.BLOCK)(reply)

    monkeypatch.setattr(url, "RETRIES", 2)
    site.pages["/talk.m4a"] = stingy
    with pytest.raises(FetchError, match=r"connection broke, again and again.*goes on where it stopped"):
        fetch(site.address("/talk.m4a"), tmp_path)
    (left,) = downloads(tmp_path)
    assert left.read_bytes() == talk[: left.stat().st_size]

    site.pages["/talk.m4a"] = media(talk)
    site.asked.clear()
    fetched = fetch(site.address("/talk.m4a"), tmp_path)

    assert [asked.first_byte for asked in site.continued("/talk.m4a")] == [3 * url.BLOCK]
    assert fetched.path.read_bytes() == talk


def test_the_half_of_another_version_is_not_continued(site: Site, talk: bytes, tmp_path: Path) -> None:
    old = media(bytes(len(talk)), first=len(talk) // 2, then=site.released.wait, version='"old"')
    site.pages["/talk.m4a"] = old
    with pytest.raises(Cancelled):
        fetch(site.address("/talk.m4a"), tmp_path, progress=stop_at(0.3))
    assert len(downloads(tmp_path)) == 1

    site.released.set()
    site.pages["/talk.m4a"] = media(talk, version='"new"')
    site.asked.clear()
    fetched = fetch(site.address("/talk.m4a"), tmp_path)

    assert site.continued("/talk.m4a") == []
    assert fetched.path.read_bytes() == talk


def stop_at(fraction: float) -> Callable[[Progress], None]:
    def stop(progress: Progress) -> None:
        if progress.stage == "Fetching audio" and (progress.fraction or 0) >= fraction:
            raise Cancelled("enough")

    return stop


def test_stopping_a_silent_site_is_prompt_and_resumable(
    site: Site, talk: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The site holds the line for as long as this test lasts; only leaving it can end the call."""
    monkeypatch.setattr(url, "SOCKET_TIMEOUT_S", 3600.0)
    site.pages["/talk.m4a"] = media(talk, first=len(talk) // 2, then=site.released.wait)
    events: list[Progress] = []

    def watch(progress: Progress) -> None:
        events.append(progress)
        stop_at(0.3)(progress)

    with pytest.raises(Cancelled, match="enough"):
        fetch(site.address("/talk.m4a"), tmp_path, progress=watch)

    assert not site.released.is_set()
    assert re.fullmatch(r"0\.\d+ of 0\.\d+ MB(, \d+\.\d+ MB/s)?", events[-1].detail)
    (left,) = downloads(tmp_path)
    assert 0.2 * len(talk) < left.stat().st_size <= len(talk) // 2

    site.released.set()
    fetched = fetch(site.address("/talk.m4a"), tmp_path)

    assert len(site.continued("/talk.m4a")) == 1
    assert fetched.path.read_bytes() == talk


def test_a_silent_site_times_out_in_words(
    site: Site, talk: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(url, "SOCKET_TIMEOUT_S", 0.2)

    def silent(reply: Reply) -> None:
        site.released.wait()

    site.pages["/page"] = silent

    with pytest.raises(FetchError, match=r"does not answer: http://127.* timed out.*give the audio file"):
        fetch(site.address("/page"), tmp_path)
    assert len(site.asked) == 3


KILLED = """
import sys
from pathlib import Path
from alignment.sources import fetch

def tell(progress):
    print(progress.fraction or 0, flush=True)

fetch(sys.argv[1], Path(sys.argv[2]), progress=tell)
"""


def test_killed_in_mid_download_another_process_finishes(site: Site, talk: bytes, tmp_path: Path) -> None:
    site.pages["/talk.m4a"] = media(talk, first=len(talk) // 2, then=site.released.wait)
    command = [sys.executable, "-c", KILLED, site.address("/talk.m4a"), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        next(line for line in process.stdout if float(line) > 0.3)
        process.kill()
    assert process.returncode == -9
    site.released.set()
    assert not (tmp_path / "audio.m4a").exists()

    finished = subprocess.run(command, capture_output=True, text=True, check=True)

    (again,) = site.continued("/talk.m4a")
    assert again.first_byte > 0.2 * len(talk)
    assert (tmp_path / "audio.m4a").read_bytes() == talk
    assert finished.stderr == ""


def test_half_a_file_that_came_as_a_whole_is_found_out_and_fetched_anew(
    site: Site, talk: bytes, tmp_path: Path
) -> None:
    def of_unknown_length(reply: Reply) -> None:
        reply.start(200, {"Content-Type": "audio/mp4", "Connection": "close"})
        reply.send(talk[: len(talk) // 2])
        reply.break_off()

    site.pages["/talk.m4a"] = of_unknown_length
    with pytest.raises(AudioError, match=r"What came from http://.* breaks off after 0:1\d of 0:30"):
        fetch(site.address("/talk.m4a"), tmp_path)

    site.pages["/talk.m4a"] = media(talk, version="")
    assert fetch(site.address("/talk.m4a"), tmp_path).path.read_bytes() == talk


def test_what_is_fetched_is_not_asked_for_again(site: Site, talk: bytes, tmp_path: Path) -> None:
    site.pages["/talk.m4a"] = media(talk)
    first = fetch(site.address("/talk.m4a"), tmp_path)
    site.asked.clear()

    assert fetch(site.address("/talk.m4a"), tmp_path) == first
    assert site.asked == []


@pytest.mark.parametrize(
    ("page", "says"),
    [
        (status(403), r"refuses to give out .*/page \(403\)"),
        (status(404), r"Nothing is found at .*/page \(404\)"),
        (status(410), r"was removed, or never existed"),
        (status(429), r"too many requests"),
        (status(451), r"legal reasons"),
        (status(503), r"has trouble of its own"),
        (html("<title>News</title><p>Nothing to hear."), r"No audio was found at .*/page"),
        (
            html("<title>Two</title><audio src='/a.mp3'></audio><audio src='/b.mp3'></audio>"),
            r"list of 2 rec",
        ),
        (html("<title>Trap</title><audio src='file:///etc/passwd'></audio>"), r"No audio was found"),
        (html("<title>Trap</title><audio src='rtmp://127.0.0.1/x'></audio>"), r"No audio was found"),
        (media(b"", "audio/mpeg"), r"http://.*/page is an empty file"),
    ],
    ids=["403", "404", "410", "429", "451", "503", "no media", "two", "file:", "rtmp:", "empty"],
)
def test_refusals_are_told_in_words(
    page: Callable[[Reply], None], says: str, site: Site, tmp_path: Path
) -> None:
    site.pages["/page"] = page

    with pytest.raises(AlignmentError, match=says) as raised:
        fetch(site.address("/page"), tmp_path)
    assert "Traceback" not in str(raised.value) and "yt-dlp" not in str(raised.value)


@pytest.mark.parametrize("code", [403, 404])
def test_a_page_whose_recording_is_refused(code: int, site: Site, tmp_path: Path) -> None:
    site.pages["/talk.mp3"] = status(code)
    site.pages["/page"] = html("<title>On tides</title><audio src='/talk.mp3'></audio>")

    with pytest.raises(FetchError, match=rf"\({code}\).*give the audio file instead"):
        fetch(site.address("/page"), tmp_path)


def test_a_page_behind_an_address_that_ends_in_mp3_is_no_audio(site: Site, tmp_path: Path) -> None:
    site.pages["/talk.mp3"] = media(b"<p>Please log in</p>" * 99, "audio/mpeg")

    with pytest.raises(AlignmentError, match=r"What came from http://.*/talk\.mp3 is not an audio or video"):
        fetch(site.address("/talk.mp3"), tmp_path)


def test_nobody_listens_at_the_address(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(FetchError, match=r"does not take connections.*give the audio file instead"):
            fetch(f"http://127.0.0.1:{unused.getsockname()[1]}/talk.mp3", tmp_path)


def test_a_full_disk_is_told_and_what_is_there_is_kept(
    site: Site, talk: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.pages["/talk.m4a"] = media(talk)
    really_open = yt_dlp.downloader.common.sanitize_open
    monkeypatch.setattr(
        yt_dlp.downloader.common,
        "sanitize_open",
        lambda name, mode: (full_after(really_open(name, mode)[0]), name),
    )
    with pytest.raises(FetchError, match=r"The disk is full.*kept"):
        fetch(site.address("/talk.m4a"), tmp_path)
    monkeypatch.undo()

    fetched = fetch(site.address("/talk.m4a"), tmp_path)

    assert len(site.continued("/talk.m4a")) == 1
    assert fetched.path.read_bytes() == talk


def full_after(file: Any, room: int = 100_000) -> Any:
    class Full:
        def write(self, content: bytes) -> int:
            if file.tell() + len(content) > room:
                raise OSError(28, "No space left on device")
            return int(file.write(content))

        def __getattr__(self, name: str) -> Any:
            return getattr(file, name)

    return Full()


def test_nothing_is_written_outside_the_directory(
    site: Site, talk: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Home is a file, the working folder is empty, and the directory has letters that templates mind."""
    home, here, directory = tmp_path / "home", tmp_path / "here", tmp_path / "50% of (id)s"
    home.write_text("")
    here.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home))
    monkeypatch.chdir(here)
    site.pages["/talk.m4a"] = media(talk)

    fetched = fetch(site.address("/talk.m4a"), directory)

    assert fetched.path == directory / "audio.m4a"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["50% of (id)s", "here", "home"]
    assert list(here.iterdir()) == []


def test_a_stream_in_pieces_is_joined_and_starts_at_zero(site: Site, tmp_path: Path) -> None:
    write_recording(
        tmp_path / "list.m3u8",
        click_track(44_100),
        44_100,
        "aac",
        container="hls",
        options={"hls_time": "2", "hls_list_size": "0", "hls_playlist_type": "vod"},
    )
    for piece in tmp_path.glob("list*.ts"):
        site.pages[f"/{piece.name}"] = media(piece.read_bytes(), "video/mp2t")
    listing = (tmp_path / "list.m3u8").read_bytes()
    site.pages["/list.m3u8"] = media(listing, "application/vnd.apple.mpegurl")

    fetched = fetch(site.address("/list.m3u8"), tmp_path / "out")

    with av.open(str(fetched.path)) as container:
        assert container.streams.audio[0].start_time == 0
    assert fetched.duration == pytest.approx(6, abs=0.1)


def test_a_stream_with_a_piece_missing_is_an_error_not_a_hole(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(url, "RETRIES", 1)
    listing = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n/1.ts\n#EXTINF:2,\n/2.ts\n#EXT-X-ENDLIST\n"
    site.pages["/list.m3u8"] = media(listing.encode(), "application/vnd.apple.mpegurl")
    site.pages["/1.ts"] = media(bytes(188 * 50), "video/mp2t")

    with pytest.raises(FetchError, match="404"):
        fetch(site.address("/list.m3u8"), tmp_path)


# The format chosen ---------------------------------------------------------------------------------------


def chosen(*formats: dict[str, Any]) -> str:
    offered = [{"protocol": "https", **offer} for offer in formats]
    return str(next(choose_format({"formats": offered}))["format_id"])


def test_sound_alone_in_aac_is_preferred() -> None:
    film = {"format_id": "film", "vcodec": "avc1", "acodec": "mp4a.40.2", "height": 1080}
    opus = {"format_id": "opus", "vcodec": "none", "acodec": "opus"}
    aac = {"format_id": "aac", "vcodec": "none", "acodec": "mp4a.40.2"}
    mp3 = {"format_id": "mp3", "vcodec": "none", "acodec": "mp3"}

    assert chosen(aac, mp3, opus, film) == "aac"
    assert chosen(mp3, opus, film) == "opus"
    assert chosen(mp3, film) == "mp3"


def test_of_two_alike_the_site_s_better_one_is_taken() -> None:
    low, high = ({"format_id": name, "vcodec": "none", "acodec": "mp4a.40.2"} for name in ("low", "high"))

    assert chosen(low, high) == "high"


def test_the_original_language_comes_before_all() -> None:
    dubbed = {"format_id": "dubbed", "vcodec": "none", "acodec": "mp4a.40.2", "language_preference": -1}
    original = {"format_id": "original", "vcodec": "none", "acodec": "opus", "language_preference": 10}

    assert chosen(original, dubbed) == "original"


def test_with_pictures_small_ones_do() -> None:
    small, large = (
        {"format_id": str(height), "vcodec": "avc1", "acodec": "mp4a.40.2", "height": height}
        for height in (360, 1080)
    )

    assert chosen(small, large) == "360"


def test_pictures_without_sound_and_odd_protocols_are_never_taken() -> None:
    silent = {"format_id": "silent", "vcodec": "avc1", "acodec": "none"}
    odd = {"format_id": "odd", "acodec": "mp4a.40.2", "protocol": "rtmp"}

    with pytest.raises(yt_dlp.utils.YoutubeDLError, match="not available"):
        chosen(silent, odd)


# What is meant by what people type -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        ("  -_4w9WgXcQ0 \n", "https://www.youtube.com/watch?v=-_4w9WgXcQ0"),
        ("https://example.org/talk?x=1#t=5", "https://example.org/talk?x=1#t=5"),
        ("HTTP://example.org/a", "HTTP://example.org/a"),
        ("youtu.be/dQw4w9WgXcQ", "https://youtu.be/dQw4w9WgXcQ"),
        ("talk.mp3", None),
        ("a talk/on tides.mp3", None),
        ("/tmp/talk.mp3", None),
        ("C:\\talks\\one.mp3", None),
        ("", None),
    ],
)
def test_addresses_are_told_from_other_texts(typed: str, meant: str | None) -> None:
    assert as_address(typed) == meant


@pytest.mark.parametrize(
    "typed", ["file:///etc/passwd", "ftp://example.org/a.mp3", "javascript:alert(1)", "data:,x"]
)
def test_other_kinds_of_address_are_refused(typed: str, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"Addresses that begin with \w+: are not fetched; .*https://"):
        fetch(typed, tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("typed", ["https://", "http:///talk", "https://exa mple.org/x", "http://[oops/x"])
def test_half_an_address_is_refused(typed: str) -> None:
    with pytest.raises(FetchError, match="is not a whole address"):
        as_address(typed)


@given(st.text())
def test_whatever_is_typed_gives_an_address_or_none_or_a_clear_error(typed: str) -> None:
    try:
        meant = as_address(typed)
    except FetchError:
        return
    assert meant is None or re.match(r"(?i)https?://[^\s/]", meant)


# What yt-dlp says of a recording -------------------------------------------------------------------------


def test_everything_a_site_says_is_taken_over() -> None:
    info = {
        "extractor_key": "Youtube",
        "id": "dQw4w9WgXcQ",
        "webpage_url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "channel": "Tide Talks",
        "uploader": "someone",
        "duration": 2861,
        "upload_date": "20230327",
        "description": "On tides.\r\nAnd moons.",
        "thumbnail": "https://example.org/t.webp",
        "chapters": [
            {"start_time": 0, "end_time": 60, "title": "Opening"},
            {"start_time": 60.5, "title": "Moon"},
        ],
    }

    source = url.source_of(info, "dQw4w9WgXcQ")

    assert (source.id, source.channel, source.length) == ("dQw4w9WgXcQ", "Tide Talks", 2861.0)
    assert (source.published, source.description) == ("2023-03-27", "On tides.\nAnd moons.")
    assert source.chapters == (Chapter(0.0, "Opening"), Chapter(60.5, "Moon"))

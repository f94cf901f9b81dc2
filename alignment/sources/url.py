"""Fetch the audio behind an address, by yt-dlp.

A download goes to a file in the caller's folder whose name stands for what is fetched: the address, the
format chosen and the server's word on which version of the file it has. So a later call continues the very
same download, and the half of another never becomes part of it.
"""

import dataclasses
import hashlib
import json
import logging
import re
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import deno  # type: ignore[import-untyped]
from yt_dlp import YoutubeDL
from yt_dlp.networking.common import HEADRequest, Request
from yt_dlp.utils import YoutubeDLError

from alignment.errors import AlignmentError, FetchError
from alignment.progress import Progress
from alignment.sources.access import Access, options_of
from alignment.sources.background import Reporter
from alignment.sources.captions import Captions, CaptionsAt, choose_captions
from alignment.sources.failures import causes, explain, is_passing
from alignment.sources.feed import FeedEpisode, choose_episode, is_feed, read_chapters, read_feed
from alignment.sources.gate import Gate, GuardedYoutubeDL, sites_without_programs
from alignment.sources.media import Found, local_trouble, plain, plain_lines
from alignment.sources.pictures import keep_picture
from alignment.sources.rules import PERSONAL, FetchRules
from alignment.transcript import Chapter, Source

__all__ = [
    "LISTS",
    "as_address",
    "ask",
    "asking_options",
    "choose_format",
    "download",
    "episode_address",
    "feed_at",
    "in_plain_words",
    "length_of",
    "source_of",
    "text_at",
    "upload_day",
    "youtube_dl",
]

Info = dict[str, Any]
"""What yt-dlp says about a recording, or one of its formats; the fields are in its extractor/common.py."""

SOCKET_TIMEOUT_S = 20.0
RETRIES = 8
BLOCK = 8 << 10
FIRST_WAITS_S = (1.0, 3.0)
"""Pauses before the address itself is asked for again; the download has its own retries."""
LONGEST_PAUSE_S = 30.0

_NO_ACCESS = Access()
_STAGE = "Fetching audio"
_CAPTIONS = "captions"
_YOUTUBE_ID = re.compile(r"[0-9A-Za-z_-]{11}")
_BARE_ADDRESS = re.compile(r"(?i)(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?/\S*")
_RESUMABLE = ("http", "https")
_IN_PIECES = ("m3u8", "m3u8_native", "http_dash_segments")
_SMALL_PICTURE = 480  # lines; enough to get at the sound where it comes with pictures only
_LARGEST_PICTURE = 8 << 20
LISTS = ("playlist", "multi_video")
"""What yt-dlp calls several recordings at one address."""
_LARGEST_TEXT = 32 << 20
_GENERIC = ("Generic", "HTML5MediaEmbed")  # pages of no site in particular; their ids are made up

log = logging.getLogger(__name__)


def as_address(text: str) -> str | None:
    """The http(s) address that a person means by `text`; None where it is none.

    Takes an address, one without its `https://`, and a YouTube id as it stands on a transcript page.
    Raises FetchError for an address of any other kind (file:, ftp:, javascript:, ...).
    """
    text = text.strip()
    if _YOUTUBE_ID.fullmatch(text):
        return f"https://www.youtube.com/watch?v={text}"
    if re.match(r"(?i)https?://", text):
        if not _host(text) or re.search(r"\s", text):
            raise FetchError(f"{text} is not a whole address; it should look like https://example.org/talk.")
        return text
    if kind := re.match(r"([A-Za-z][A-Za-z0-9+.-]+):", text):
        raise FetchError(
            f"Addresses that begin with {kind[1]}: are not fetched; give one that begins with https:// "
            "or http://, or give the audio file instead."
        )
    return f"https://{text}" if _BARE_ADDRESS.fullmatch(text) else None


def _host(address: str) -> str | None:
    try:
        return urllib.parse.urlsplit(address).hostname
    except ValueError:  # brackets that hold no IPv6 address
        return None


def download(
    address: str,
    directory: Path,
    reporter: Reporter,
    captions: str | None = None,
    access: Access = _NO_ACCESS,
    rules: FetchRules = PERSONAL,
) -> Found:
    """Fetch the recording at an http(s) address into `directory`.

    captions: language of those to bring along, "" for the recording's own, None for none.
    rules: from where is fetched, and how much.
    Prefers AAC, then Opus: those need no encoding afterwards. A broken download is continued, by this call
    with growing pauses, and by the next call in the same directory. Events carry bytes and speed in
    `detail`. Raises FetchError in plain words.
    """
    directory = directory.resolve()
    reporter.report(Progress(_STAGE, detail="Asking the site"))
    try:
        with youtube_dl(asking_options(directory, reporter) | options_of(access), rules, address) as ydl:
            answer = ask(ydl, address, reporter)
            episode = _episode_of_feed(ydl, answer, address)
            info = _one(ydl, ask(ydl, episode.audio, reporter) if episode else answer, address)
            source, title = source_of(info, address), _title(info)
            if episode:
                source, title = _source_in_feed(ydl, episode, source, address), episode.title
                info["thumbnail"] = episode.picture or info.get("thumbnail")
            rules.limits.check_length(info.get("duration") or 0.0, address)
            offered = _offered_captions(info, episode, captions)
            info["download_name"] = name = _download_name(ydl, address, info)
            if info.get("protocol") not in _RESUMABLE:
                _start_over(directory, name)
            ydl.params.update(writesubtitles=False, writeautomaticsub=False)
            ydl.process_ie_result(info, download=True)
            path = directory / name
            if not path.is_file():
                raise explain(YoutubeDLError("Did not get any data blocks"), address)
            _check_size(path, rules, address)
            thumbnail = _picture(ydl, info, directory, reporter)
            brought = _bring_captions(ydl, offered, directory, reporter) if offered else None
            if brought:
                rules.limits.check_text(brought.path)
    except AlignmentError:
        raise
    except (YoutubeDLError, OSError, ValueError) as error:
        raise in_plain_words(error, address, directory) from error
    return Found(path, title, source, thumbnail, brought)


@contextmanager
def youtube_dl(options: dict[str, Any], rules: FetchRules, address: str) -> Iterator[YoutubeDL]:
    """yt-dlp, behind a gate where the rules ask for one."""
    if rules == PERSONAL:
        with YoutubeDL(options) as ydl:
            yield ydl
        return
    with Gate(rules, address) as gate:
        if gate.is_public:
            if options.get("proxy"):
                raise FetchError(
                    "A public server fetches without a proxy: what a proxy looks up for it, it cannot check. "
                    "Run it without --proxy."
                )
            options |= {"proxy": "", "allowed_extractors": sites_without_programs()}
        with GuardedYoutubeDL(options, gate) as ydl:
            yield ydl


def _check_size(path: Path, rules: FetchRules, address: str) -> None:
    """Of all its parts: what an earlier call fetched was not counted in this one."""
    try:
        rules.limits.check_size(path.stat().st_size, address)
    except FetchError:
        path.unlink()
        raise


def asking_options(directory: Path, reporter: Reporter) -> dict[str, Any]:
    """yt-dlp's options, to ask for what is at an address and to fetch that into the directory."""
    waits = {kind: _pause(reporter) for kind in ("http", "fragment", "extractor", "file_access")}
    return {
        "format": choose_format,
        "outtmpl": {"default": str(directory).replace("%", "%%") + "/%(download_name)s"},
        "noplaylist": True,
        "writesubtitles": True,  # to be told of them; they are chosen and fetched here
        "writeautomaticsub": True,
        "extract_flat": "in_playlist",
        "playlist_items": "1:2",
        "continuedl": True,
        "buffersize": BLOCK,  # what a break loses at most; yt-dlp would let it grow to 4 MB
        "noresizebuffer": True,
        "updatetime": False,
        "cachedir": False,
        "socket_timeout": SOCKET_TIMEOUT_S,
        "retries": RETRIES,
        "fragment_retries": RETRIES,
        "extractor_retries": 3,
        "retry_sleep_functions": waits,
        "skip_unavailable_fragments": False,  # a hole in the sound would go unnoticed
        "fixup": "never",
        "external_downloader": {"default": "native"},  # never hand over to a program that happens to be here
        "ffmpeg_location": str(directory),  # no FFmpeg there, on purpose: PyAV does all that is needed
        "js_runtimes": {"deno": _deno()},  # YouTube's pages need their JavaScript run
        "quiet": True,
        "noprogress": True,
        "color": {"stdout": "never", "stderr": "never"},
        "logger": _Log(reporter),
        "progress_hooks": [lambda event: _pass_on(event, reporter)],
    }


def _deno() -> dict[str, str]:
    """The Deno that is installed with us, which PATH need not know; else whichever PATH knows."""
    try:
        return {"path": deno.find_deno_bin()}
    except FileNotFoundError:
        return {}


class _Log:
    """yt-dlp's messages: to our log, and a chance to stop while it works on a site."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter

    def debug(self, message: str) -> None:
        self._reporter.check()
        log.debug(message)

    info = warning = error = debug


def _pause(reporter: Reporter) -> Any:
    """The pause before another try, which grows; yt-dlp would sleep deaf, so the waiting is done here."""

    def pause(n: int) -> float:
        seconds = min(2.0**n, LONGEST_PAUSE_S)
        reporter.report(Progress(_STAGE, detail=f"The connection broke; trying again in {seconds:.0f} s"))
        reporter.wait(seconds)
        return 0.0

    return pause


def ask(ydl: YoutubeDL, address: str, reporter: Reporter) -> Info | None:
    """What the site has at the address, nothing downloaded yet."""
    for wait in (*FIRST_WAITS_S, None):
        try:
            found: Info | None = ydl.extract_info(address, download=False)
            break
        except YoutubeDLError as error:
            if wait is None or not is_passing(error):
                raise
            reporter.report(Progress(_STAGE, detail=f"No answer; trying again in {wait:.0f} s"))
            reporter.wait(wait)
    return found


def _one(ydl: YoutubeDL, info: Info | None, address: str) -> Info:
    """One recording, its format chosen."""
    if info and info.get("_type") in LISTS:
        info = _only_entry(ydl, info, address)
    if not info:
        raise explain(YoutubeDLError("no media"), address)
    if info.get("is_live") or info.get("live_status") in ("is_live", "is_upcoming"):
        raise explain(YoutubeDLError("is_live"), address)
    return dict(info)


def _only_entry(ydl: YoutubeDL, playlist: Info, address: str) -> Info | None:
    entries = [entry for entry in playlist.get("entries") or () if entry]
    if len(entries) != 1:
        count = playlist.get("playlist_count") or len(entries)
        if not count:
            raise explain(YoutubeDLError("no media"), address)
        raise FetchError(
            f"{address} is a list of {count if isinstance(count, int) else 'several'} recordings. "
            "Give the address of one of them."
        )
    resolved: Info | None = ydl.process_ie_result(entries[0], download=False)
    return resolved


def choose_format(context: Info) -> Iterator[Info]:
    """yt-dlp's format selector: of what the site offers (`formats`, worst first), the one to fetch.

    The recording's own language before dubbed ones, sound alone before sound with pictures, AAC before
    Opus before what needs encoding, then what the site ranks best. With pictures, small ones will do.
    """
    formats = [
        candidate
        for candidate in context["formats"]
        if candidate.get("acodec") != "none" and candidate.get("protocol") in (*_RESUMABLE, *_IN_PIECES)
    ]
    if not formats:
        raise YoutubeDLError("Requested format is not available")
    best = max(enumerate(formats), key=lambda numbered: (*_worth(numbered[1]), numbered[0]))[1]
    # Our file names have no suffix, so one that yt-dlp finds odd (".php") is no reason to refuse.
    yield {**best, "ext": "unknown_video"}


def _worth(candidate: Info) -> tuple[int, int, int]:
    sound_alone = candidate.get("vcodec") == "none"
    small = sound_alone or (candidate.get("height") or 0) <= _SMALL_PICTURE
    codec = candidate.get("acodec") or {"m4a": "mp4a", "webm": "opus"}.get(candidate.get("ext", ""), "")
    copied = 2 if codec.startswith(("mp4a", "aac")) else 1 if codec.startswith("opus") else 0
    return (candidate.get("language_preference") or -1, 2 * sound_alone + small, copied)


def _download_name(ydl: YoutubeDL, address: str, info: Info) -> str:
    identity = (address, info.get("extractor"), info.get("id"), info.get("format_id"), _version(ydl, info))
    return "download-" + hashlib.sha256(repr(identity).encode()).hexdigest()[:16]


def _version(ydl: YoutubeDL, info: Info) -> tuple[str, ...]:
    """Which version of the file the server has, by its own headers; nothing where it does not say."""
    if info.get("protocol") not in _RESUMABLE:
        return ()
    try:
        with ydl.urlopen(HEADRequest(info["url"], headers=info.get("http_headers") or {})) as answer:
            return tuple(
                answer.headers.get(name) or "" for name in ("Content-Length", "ETag", "Last-Modified")
            )
    except (YoutubeDLError, OSError):
        return ()


def _start_over(directory: Path, name: str) -> None:
    """Throw away a download in pieces that was cut off: killed between two writes, it may hold one twice."""
    for left in directory.glob(f"{name}.*"):
        left.unlink()


def _pass_on(event: Info, reporter: Reporter) -> None:
    """Turn yt-dlp's progress into ours."""
    done = event.get("downloaded_bytes") or 0
    total = event.get("total_bytes") or event.get("total_bytes_estimate")
    speed = event.get("speed")
    detail = f"{_megabytes(done)} of {_megabytes(total)} MB" if total else f"{_megabytes(done)} MB"
    if speed:
        detail += f", {_megabytes(speed)} MB/s"
    eta = event.get("eta")
    fraction = min(done / total, 1.0) if total else None
    reporter.report(Progress(_STAGE, fraction, None if eta is None else float(eta), detail))


def _megabytes(count: float) -> str:
    return f"{count / 1e6:.1f}" if count >= 1e5 else f"{count / 1e6:.2f}"


def _episode_of_feed(ydl: YoutubeDL, answer: Info | None, address: str) -> FeedEpisode | None:
    """The episode that is meant, if the address is that of a feed."""
    episodes = feed_at(ydl, answer, address)
    if episodes is None:
        return None
    place, _, wanted = address.partition("#")
    return choose_episode(episodes, urllib.parse.unquote(wanted), place)


def feed_at(ydl: YoutubeDL, answer: Info | None, address: str) -> tuple[FeedEpisode, ...] | None:
    """The episodes of the feed at the address, whichever of them it names; None where it is no feed's.

    answer: what yt-dlp found there.
    """
    if not answer or answer.get("_type") not in LISTS or answer.get("extractor_key") not in _GENERIC:
        return None
    place = address.partition("#")[0]
    content = text_at(ydl, place)
    return read_feed(content, place) if is_feed(content) else None


def episode_address(feed: str, episode: FeedEpisode) -> str:
    """The address that leads to an episode of a feed again."""
    return f"{feed.partition('#')[0]}#{urllib.parse.quote(episode.id, safe=':/')}"


def _source_in_feed(ydl: YoutubeDL, episode: FeedEpisode, found: Source, address: str) -> Source:
    """What the feed says of its episode, and its audio where the feed is silent."""
    named = {
        field.name: getattr(episode.source, field.name) or getattr(found, field.name)
        for field in dataclasses.fields(Source)
    }
    place = episode_address(address, episode)
    source = Source(**{**named, "url": place, "thumbnail": episode.picture or found.thumbnail})
    if episode.chapters is None or episode.source.chapters:
        return source
    try:
        chapters = read_chapters(json.loads(text_at(ydl, episode.chapters)))
    except (YoutubeDLError, OSError, ValueError, RecursionError) as error:
        log.info("no chapters from %s: %s", episode.chapters, error)
        return source
    return dataclasses.replace(source, chapters=chapters or source.chapters)


def _offered_captions(info: Info, episode: FeedEpisode | None, wanted: str | None) -> CaptionsAt | None:
    if wanted is None:
        return None
    if episode and episode.transcript:
        return CaptionsAt(episode.transcript, None, automatic=False)
    return choose_captions(info, wanted or None)


def _bring_captions(ydl: YoutubeDL, offered: CaptionsAt, directory: Path, reporter: Reporter) -> Captions:
    reporter.report(Progress(_STAGE, 1.0, detail="Fetching its captions"))
    path = directory / _CAPTIONS
    path.write_bytes(text_at(ydl, offered.address))
    return Captions(path, offered.language, offered.automatic)


def text_at(ydl: YoutubeDL, address: str) -> bytes:
    """What an address sends. Raises FetchError for what is too long to be a text."""
    with ydl.urlopen(Request(address)) as answer:
        content: bytes = answer.read(_LARGEST_TEXT + 1)
    if len(content) > _LARGEST_TEXT:
        raise FetchError(f"What {address} sends is longer than {_LARGEST_TEXT >> 20} MB; that is no text.")
    return content


def _picture(ydl: YoutubeDL, info: Info, directory: Path, reporter: Reporter) -> Path | None:
    """The recording's picture, kept beside it; a recording without one is as good."""
    address = info.get("thumbnail")
    if not isinstance(address, str) or not address.startswith(("http://", "https://")):
        return None
    reporter.report(Progress(_STAGE, 1.0, detail="Fetching its picture"))
    try:
        with ydl.urlopen(Request(address, headers=info.get("http_headers") or {})) as answer:
            return keep_picture(answer.read(_LARGEST_PICTURE + 1)[:_LARGEST_PICTURE], directory)
    except (YoutubeDLError, OSError) as error:
        log.info("no picture from %s: %s", address, error)
        return None


def _title(info: Info) -> str:
    title = plain(info.get("title")) or plain(info.get("id")) or "Untitled"
    return title.removesuffix(" (1)") if info.get("extractor_key") == "HTML5MediaEmbed" else title


def length_of(info: Info) -> float | None:
    """Seconds, where yt-dlp knows them."""
    length: Any = info.get("duration")
    return float(length) if isinstance(length, int | float) and length > 0 else None


def upload_day(info: Info) -> str | None:
    """The day that the recording came to its site, as ISO 8601 has it."""
    day = info.get("upload_date")
    if not isinstance(day, str) or not re.fullmatch(r"\d{8}", day):
        return None
    return f"{day[:4]}-{day[4:6]}-{day[6:]}"


def source_of(info: Info, address: str) -> Source:
    """What yt-dlp found out about a recording, in our terms."""
    generic = info.get("extractor_key") in _GENERIC
    bare_file = info.get("direct") and info.get("url") == info.get("webpage_url")
    chapters = (
        Chapter(float(chapter.get("start_time") or 0), title)
        for chapter in info.get("chapters") or ()
        if (title := plain(chapter.get("title")))
    )
    return Source(
        id=None if generic else plain(info.get("id")),
        url=info.get("webpage_url") or address,
        channel=plain(
            info.get("channel") or info.get("uploader") or info.get("series") or info.get("artist")
        ),
        length=length_of(info),
        published=None if bare_file else upload_day(info),  # a bare file's is the day it came to its server
        description=plain_lines(info.get("description")),
        thumbnail=info.get("thumbnail"),
        chapters=tuple(chapters),
    )


def in_plain_words(error: BaseException, address: str, directory: Path) -> AlignmentError:
    """The error to show for one that came out of yt-dlp, the network or the disk under the directory."""
    for cause in causes(error):
        if isinstance(cause, AlignmentError):
            return cause
        if isinstance(cause, OSError) and (trouble := local_trouble(cause, directory)):
            return trouble
    return explain(error, address)

"""What recordings an address leads to: a podcast's feed, a playlist or channel, or one recording.

Nothing is downloaded, and of a list nothing but the list is asked for: what it says of each recording is all
that is known of it here.
"""

import re
import tempfile
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from yt_dlp import YoutubeDL
from yt_dlp.extractor import gen_extractor_classes
from yt_dlp.utils import YoutubeDLError

from alignment.errors import AlignmentError, Cancelled
from alignment.progress import Progress, ProgressCallback, ignore_progress
from alignment.sources.access import Access, options_of
from alignment.sources.background import Reporter, run_watched
from alignment.sources.captions import choose_captions
from alignment.sources.failures import explain
from alignment.sources.feed import FeedEpisode, choose_episode
from alignment.sources.media import plain
from alignment.sources.rules import PERSONAL, FetchRules
from alignment.sources.url import (
    LISTS,
    Info,
    ask,
    asking_options,
    episode_address,
    feed_at,
    in_plain_words,
    length_of,
    upload_day,
    youtube_dl,
)
from alignment.wording import in_words

__all__ = ["Recording", "Recordings", "find_recordings", "is_one_recording"]

_NO_ACCESS = Access()
_STAGE = "Listing"
_ANY_SITE = "Generic"
"""yt-dlp's extractor for what no other one knows."""
_MEDIA = frozenset(
    f".{name}" for name in ("mp3 m4a m4b aac ogg oga opus flac wav mp4 m4v webm mkv mov").split()
)
_DEEPEST = 3
"""Lists within lists: a channel, its tabs, the playlists in one of them."""

_GONE = re.compile(r"\[(private|deleted|unavailable|removed) (video|track|recording)\]", re.IGNORECASE)
_FOR_SOME = {"private": "private", "needs_auth": "for signed-in people only"} | dict.fromkeys(
    ("premium_only", "subscriber_only"), "for paying members only"
)
_NOT_YET = {"is_live": "live at the moment", "is_upcoming": "not shown yet"}


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording at an address.

    address: what `fetch` takes. length: in seconds, where the list tells.
    has_text: whether it brings its text (captions, a transcript); None where only asking for it would tell.
    published: the day, as ISO 8601 has it, where the list tells.
    """

    address: str
    title: str
    length: float | None = None
    has_text: bool | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Recordings:
    """What was found, in the order of the list. left_out: sentences on what cannot be fetched, each once."""

    found: tuple[Recording, ...]
    left_out: tuple[str, ...] = ()


def is_one_recording(address: str) -> bool:
    """Whether an http(s) address is that of a single recording, as far as that shows without asking."""
    parts = urllib.parse.urlsplit(address)
    if PurePosixPath(parts.path).suffix.lower() in _MEDIA:
        return True
    kind = next(kind for kind in gen_extractor_classes() if kind.suitable(address))
    if kind.ie_key() == _ANY_SITE:  # where a "#" names an episode of a feed
        return bool(parts.fragment)
    return bool(kind.is_single_video(address))


def find_recordings(
    address: str,
    *,
    most: int | None = None,
    access: Access = _NO_ACCESS,
    rules: FetchRules = PERSONAL,
    progress: ProgressCallback = ignore_progress,
) -> Recordings:
    """The recordings at an http(s) address: a feed's episodes that have sound, the entries of a playlist or
    channel with those of its parts, else the one that is there.

    A feed's address with an episode behind "#" stands for that one. One that names a recording in a playlist
    stands for the recording.
    most: how many are listed at most; the rest is left out. access, rules, progress: as for `fetch`.
    Raises FetchError in plain words.
    """

    def work(reporter: Reporter) -> Recordings:
        with tempfile.TemporaryDirectory() as nowhere:
            return _at_most(most, _find(address, Path(nowhere), reporter, most, access, rules))

    return run_watched(work, lambda event: progress(replace(event, stage=_STAGE)))


def _at_most(most: int | None, recordings: Recordings) -> Recordings:
    if most is None or len(recordings.found) <= most:
        return recordings
    rest = f"There are more than {in_words(most, 'recording')}; the others are left out."
    return Recordings(recordings.found[:most], (*recordings.left_out, rest))


def _find(
    address: str,
    directory: Path,
    reporter: Reporter,
    most: int | None,
    access: Access,
    rules: FetchRules,
) -> Recordings:
    reporter.report(Progress(_STAGE, detail="Asking the site"))
    counted = _Counting(reporter)
    options = asking_options(directory, reporter) | {
        "playlist_items": None if most is None else f"1:{most + 1}",  # with one to tell that there are more
        "lazy_playlist": True,  # entry by entry, so that a long list is seen to grow
        "match_filter": counted,
    }
    try:
        with youtube_dl(options | options_of(access), rules, address) as ydl:
            answer = ask(ydl, address, reporter)
            if (episodes := feed_at(ydl, answer, address)) is not None:
                return _of_feed(episodes, address)
            if not answer or answer.get("_type") not in LISTS:
                return _of_one(answer, address)
            return _Walk(ydl, reporter, access, address).recordings(answer, most)
    except AlignmentError:
        raise
    except (YoutubeDLError, OSError, ValueError) as error:
        raise in_plain_words(error, address, directory) from error


class _Counting:
    """Takes every entry that yt-dlp comes to, and tells how many those are."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self._met: set[object] = set()

    def __call__(self, info: Info, *, incomplete: bool = False) -> None:
        if info.get("_type") in LISTS:
            return
        if not (known_by := info.get("id") or info.get("url")):  # the page itself, not looked at yet
            return
        self._met.add(known_by)  # yt-dlp may come to it twice
        self._reporter.report(Progress(_STAGE, detail=in_words(len(self._met), "recording")))


def _of_feed(episodes: tuple[FeedEpisode, ...], address: str) -> Recordings:
    if "#" in address:
        place, _, wanted = address.partition("#")
        episodes = (choose_episode(episodes, urllib.parse.unquote(wanted), place),)
    elif not episodes:
        choose_episode(episodes, "", address)  # which says that there is none
    return Recordings(
        tuple(
            Recording(
                episode_address(address, episode),
                episode.title,
                episode.source.length,
                has_text=episode.transcript is not None,
                published=episode.source.published,
            )
            for episode in episodes
        )
    )


def _of_one(info: Info | None, address: str) -> Recordings:
    if not info:
        raise explain(YoutubeDLError("no media"), address)
    if why := _NOT_YET.get(info.get("live_status") or ("is_live" if info.get("is_live") else "")):
        raise explain(YoutubeDLError("is_live"), f"{address} ({why})")
    return Recordings(
        (Recording(address, _title(info, address), length_of(info), choose_captions(info) is not None),)
    )


class _Walk:
    """Through a list and the lists in it."""

    def __init__(self, ydl: YoutubeDL, reporter: Reporter, access: Access, address: str) -> None:
        self._ydl, self._reporter, self._address = ydl, reporter, address
        self._may_see_more = bool(access.browser or access.cookies)
        self._seen = {address}
        self._left_out: dict[str, None] = {}

    def recordings(self, info: Info, most: int | None) -> Recordings:
        """All of them, each once; no more than one above `most`. Raises FetchError where there is none."""
        found: dict[Recording, None] = {}
        for recording in self._entries(info, self._address, 1):
            found[recording] = None
            if most is not None and len(found) > most:
                break
        if not found and not self._left_out:
            raise explain(YoutubeDLError("no media"), self._address)
        return Recordings(tuple(found), tuple(self._left_out))

    def _entries(self, info: Info, address: str, depth: int) -> Iterator[Recording]:
        for entry in info.get("entries") or ():
            if not entry:
                self._left_out[f"A recording of {address} cannot be had."] = None
            elif entry.get("_type") in LISTS:
                yield from self._entries(entry, address, depth)
            elif self._is_list(entry, info):
                yield from self._of_part(entry["url"], depth + 1)
            elif (recording := self._recording(entry, address)) is not None:
                yield recording

    def _of_part(self, address: str, depth: int) -> Iterator[Recording]:
        """Of a list that is an entry of another one; one that fails does not keep the others back."""
        if address in self._seen or depth > _DEEPEST:
            return
        self._seen.add(address)
        try:
            info = ask(self._ydl, address, self._reporter)
        except Cancelled:
            raise
        except (YoutubeDLError, OSError, ValueError) as error:
            self._left_out[str(in_plain_words(error, address, Path()))] = None
            return
        yield from self._entries(info or {}, address, depth)

    def _is_list(self, entry: Info, info: Info) -> bool:
        """Whether an entry leads to a list, as its extractor says, or being one of the kind that lists it."""
        key = entry.get("ie_key")
        if not key or not entry.get("url"):
            return False
        single = self._ydl.get_info_extractor(key).is_single_video(entry["url"])
        return single is False or (single is None and key == info.get("extractor_key"))

    def _recording(self, entry: Info, address: str) -> Recording | None:
        place = _place(entry)
        title = _title(entry, place or address)
        why = self._why_not(entry, title) if place else "not at an address of its own"
        if why is not None or place is None:
            self._left_out[f"{title} is left out: it is {why}."] = None
            return None
        return Recording(place, title, length_of(entry), published=_published(entry))

    def _why_not(self, entry: Info, title: str) -> str | None:
        if gone := _GONE.fullmatch(title):
            return gone[1].lower()
        if not self._may_see_more and (why := _FOR_SOME.get(entry.get("availability") or "")):
            return why
        return _NOT_YET.get(entry.get("live_status") or "")


def _place(entry: Info) -> str | None:
    """Where `fetch` finds an entry: its page, else the file itself."""
    formats = entry.get("formats") or ()
    found = entry.get("url") or (formats[-1].get("url") if formats else None)
    return found if isinstance(found, str) and found.startswith(("http://", "https://")) else None


def _title(info: Info, address: str) -> str:
    return plain(info.get("title")) or plain(info.get("id")) or address


def _published(entry: Info) -> str | None:
    """The day as a list tells it: written out, or in seconds since 1970."""
    if day := upload_day(entry):
        return day
    at = entry.get("release_timestamp") or entry.get("timestamp")
    try:
        return datetime.fromtimestamp(at, UTC).date().isoformat() if at else None
    except (TypeError, ValueError, OverflowError, OSError):
        return None

"""Feeds, playlists, channels and lists of podcasts, listed by the real yt-dlp from servers here."""

from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest
from yt_dlp import YoutubeDL
from yt_dlp.extractor.common import InfoExtractor

from alignment.errors import Cancelled, FetchError, ListingError
from alignment.fleet.item import BatchItem
from alignment.fleet.listing import list_items
from alignment.progress import Progress
from alignment.sources import fetch
from alignment.sources.playlist import Recording, find_recordings, is_one_recording
from alignment.sources.rules import FetchRules, Reach
from tests.sources.servers import Site, html, media

pytestmark = pytest.mark.usefixtures("no_pauses")

FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
  xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel><title>Salt</title>{}</channel></rss>"""
EPISODE = """<item><title>{title}</title><guid isPermaLink="false">{id}</guid>
  <enclosure url="/{id}.m4a" type="audio/mp4" length="1"/>
  <itunes:duration>62</itunes:duration>{more}</item>"""
TRANSCRIPT = '<podcast:transcript url="/talk.vtt" type="text/vtt"/>'


def feed(*episodes: tuple[str, str, str]) -> str:
    return FEED.format("".join(EPISODE.format(id=id, title=title, more=more) for id, title, more in episodes))


def test_a_feed_is_its_episodes(site: Site):
    site.pages["/feed.xml"] = html(
        feed(
            ("salt 3", "The l\u00e4mp &amp; I", TRANSCRIPT),
            ("b", "Silent", ""),
            ("a", "The rock", TRANSCRIPT),
        )
    )
    address = site.address("/feed.xml")

    listing = list_items(address)

    assert listing.items == (
        BatchItem("The l\u00e4mp & I", f"{address}#salt%203", length=62.0),
        BatchItem("The rock", f"{address}#a", length=62.0),
    )
    assert listing.remarks == (f"1 recording: Silent, without a text at {address}.",)
    assert [asked.path for asked in site.asked] == ["/feed.xml", "/feed.xml"]


def test_episodes_without_a_transcript_can_be_recognised(site: Site):
    site.pages["/feed.xml"] = html(feed(("b", "Silent", ""), ("a", "The rock", TRANSCRIPT)))

    listing = list_items(site.address("/feed.xml"), recognise=True, language="en")

    assert [(item.title, item.text, item.language) for item in listing.items] == [
        ("Silent", "recognised", "en"),
        ("The rock", "captions", "en"),
    ]
    assert listing.remarks == ()


def test_the_days_of_a_feed_are_told(site: Site):
    day = "<pubDate>Mon, 02 Mar 2026 23:30:00 +0000</pubDate>"
    site.pages["/feed.xml"] = html(feed(("b", "New", day), ("a", "Old", "")))

    recordings = find_recordings(site.address("/feed.xml"))

    assert [found.published for found in recordings.found] == ["2026-03-02", None]


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://example.org/talk.MP3", True),
        ("https://example.org/talk.mp3?from=feed", True),
        ("https://www.youtube.com/watch?v=abcdefghijk", True),
        ("https://vimeo.com/12345678", True),
        ("https://example.org/feed.xml#2", True),
        ("https://example.org/feed.xml", False),
        ("https://example.org/talk", False),
        ("https://www.youtube.com/playlist?list=PLabcdefghijklmnop", False),
        ("https://www.youtube.com/watch?v=abcdefghijk&list=PLabcdefghijklmnop", False),
        ("https://www.youtube.com/@someone", False),
        ("https://soundcloud.com/someone/sets/some", False),
    ],
)
def test_some_addresses_are_those_of_one_recording_without_asking(address: str, is_one: bool):
    assert is_one_recording(address) == is_one


def test_what_is_listed_can_be_fetched(site: Site, tmp_path: Path, talk: bytes):
    site.pages |= {
        "/feed.xml": html(feed(("a", "New", TRANSCRIPT), ("salt 3", "Old", TRANSCRIPT))),
        "/salt%203.m4a": media(talk),
        "/talk.vtt": html("WEBVTT\n\n00:01.000 --> 00:02.000\nThe lamp is lit.\n"),
    }

    item = list_items(site.address("/feed.xml")).items[1]
    fetched = fetch(item.audio, tmp_path, captions="")

    assert (fetched.title, fetched.captions is not None) == ("Old", True)


def test_an_episode_of_a_feed_is_itself(site: Site):
    site.pages["/feed.xml"] = html(feed(("b", "New", TRANSCRIPT), ("a", "Old", TRANSCRIPT)))

    (item,) = list_items(site.address("/feed.xml#2")).items

    assert item.audio == site.address("/feed.xml#a")


def test_episodes_that_are_there_twice_are_listed_once(site: Site):
    site.pages["/feed.xml"] = html(feed(("a", "New", TRANSCRIPT), ("a", "New", TRANSCRIPT)))

    assert len(list_items(site.address("/feed.xml")).items) == 1


def test_the_podcasts_of_a_list_are_all_listed(site: Site, tmp_path: Path):
    site.pages["/a.xml"] = html(feed(("a", "A", TRANSCRIPT)))
    site.pages["/b.xml"] = html(feed(("b", "B", TRANSCRIPT)))
    places = [
        site.address("/a.xml"),
        site.address("/gone.xml"),
        "javascript:alert(1)",
        site.address("/b.xml"),
    ]
    outlines = "".join(
        f"<outline type='rss' text='Podcast {number}' xmlUrl={quoteattr(place)}/>"
        for number, place in enumerate(places)
    )
    path = tmp_path / "podcasts.opml"
    path.write_text(
        f"<?xml version='1.0'?><opml version='2.0'><head/><body><outline text='All'>{outlines}</outline>"
        f"<outline text='Again' xmlurl='{places[0]}'/></body></opml>"
    )
    events: list[Progress] = []

    listing = list_items(str(path), progress=events.append)

    assert [item.title for item in listing.items] == ["A", "B"]
    assert [remark.partition(": ")[0] for remark in listing.remarks] == ["Podcast 1", "Podcast 2"]
    assert f"Nothing is found at {places[1]} (404)" in listing.remarks[0]
    assert Progress("Listing", 0.75, detail="Podcast 3") in events


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (
            "<opml><body><outline></body></opml>",
            "is a damaged list of podcasts: line 1, Opening and ending tag",
        ),
        ("<opml><body><outline text='x'/></body></opml>", "names no feed"),
        ("<!DOCTYPE opml [<!ENTITY a 'b'>]><opml/>", "it defines entities of its own"),
    ],
)
def test_a_list_of_podcasts_that_is_none_is_refused(tmp_path: Path, content: str, why: str):
    (tmp_path / "podcasts.opml").write_text(content)

    with pytest.raises(ListingError, match=why):
        list_items(str(tmp_path / "podcasts.opml"))


def test_a_playlist_is_its_entries(site: Site):
    site.pages["/list"] = html(
        '<?xml version="1.0"?><playlist xmlns="http://xspf.org/ns/0/"><trackList>'
        "<track><title>One\n&#x2026;</title><location>/1.mp3</location><duration>30500</duration></track>"
        "<track><location>/2.mp3</location></track>"
        "<track><title>One again</title><location>/1.mp3</location></track></trackList></playlist>"
    )
    events: list[Progress] = []

    listing = list_items(site.address("/list"), progress=events.append)

    assert [(item.title, item.audio, item.length, item.text) for item in listing.items] == [
        ("One \u2026", site.address("/1.mp3"), 30.5, "captions"),
        ("list", site.address("/2.mp3"), None, "captions"),
    ]
    assert {event.stage for event in events} == {"Listing"}
    assert events[0].detail == "Asking the site"
    assert [asked.path for asked in site.asked if asked.path != "/list"] == []


class ChannelIE(InfoExtractor):  # type: ignore[misc]
    """A site with channels, whose tabs are lists: `/channel/` in an address leads to one."""

    _VALID_URL = r"http://127\.0\.0\.1:\d+/channel/(?P<id>\w+)"

    def _real_extract(self, url: str) -> Any:
        id = self._match_id(url)
        about = self._download_json(url, id)
        root = url.partition("/channel/")[0]
        entries = []
        for entry in about:
            if isinstance(entry, list):
                listed = [self.url_result(f"{root}/{name}", title=name) for name in entry]
                tab = {"extractor": "Channel", "extractor_key": "Channel", "webpage_url": f"{url}/tab"}
                entries.append(self.playlist_result(listed, "tab", **tab))
            elif isinstance(entry, str):
                entries.append(self.url_result(f"{root}/channel/{entry}", ChannelIE))
            else:
                entries.append(self.url_result(f"{root}/{entry['title']}") | entry)
        return self.playlist_result(entries, id, "Channel")


@pytest.fixture
def channels(monkeypatch: pytest.MonkeyPatch) -> None:
    add = YoutubeDL.add_default_info_extractors

    def add_with_channels(ydl: YoutubeDL) -> None:
        ydl.add_info_extractor(ChannelIE())
        add(ydl)

    monkeypatch.setattr(YoutubeDL, "add_default_info_extractors", add_with_channels)


@pytest.mark.usefixtures("channels")
def test_a_channel_is_the_recordings_of_its_tabs(site: Site):
    site.pages |= {
        "/channel/home": html('[["one", "two"], "streams", "gone", "home"]'),
        "/channel/streams": html('[{"title": "three", "duration": 5}, "deeper"]'),
        "/channel/deeper": html('[{"title": "four"}, "deepest"]'),
    }

    recordings = find_recordings(site.address("/channel/home"))

    assert recordings.found == (
        Recording(site.address("/one"), "one"),
        Recording(site.address("/two"), "two"),
        Recording(site.address("/three"), "three", 5.0),
        Recording(site.address("/four"), "four"),
    )
    assert {asked.path.split("/")[1] for asked in site.asked} == {"channel"}
    (gone,) = recordings.left_out
    assert f"Nothing is found at {site.address('/channel/gone')}" in gone


@pytest.mark.usefixtures("channels")
def test_of_a_long_list_only_so_many_are_asked_for(site: Site):
    site.pages |= {
        "/channel/home": html('[["one", "two"], "streams"]'),
        "/channel/streams": html('[{"title": "three", "upload_date": "20260302"}, "deeper"]'),
        "/channel/deeper": html('[{"title": "four"}]'),
        "/feed.xml": html(feed(("c", "C", ""), ("b", "B", ""), ("a", "A", ""))),
    }

    some = find_recordings(site.address("/channel/home"), most=2)
    assert [found.title for found in some.found] == ["one", "two"]
    assert some.left_out == ("There are more than 2 recordings; the others are left out.",)
    assert "/channel/deeper" not in {asked.path for asked in site.asked}

    more = find_recordings(site.address("/channel/home"), most=4)
    assert [(found.title, found.published) for found in more.found][2:] == [
        ("three", "2026-03-02"),
        ("four", None),
    ]
    assert more.left_out == ()

    assert [found.title for found in find_recordings(site.address("/feed.xml"), most=2).found] == ["C", "B"]


@pytest.mark.usefixtures("channels")
def test_what_cannot_be_fetched_is_left_out_and_told(site: Site):
    site.pages["/channel/home"] = html(
        '[{"title": "[Private video]"}, {"title": "[Deleted video]"}, {"title": "Soon", "live_status": '
        '"is_upcoming"}, {"title": "For members", "availability": "subscriber_only"}, {"title": "Here"}]'
    )

    listing = list_items(site.address("/channel/home"))

    assert [item.title for item in listing.items] == ["Here"]
    assert listing.remarks == (
        "[Private video] is left out: it is private.",
        "[Deleted video] is left out: it is deleted.",
        "Soon is left out: it is not shown yet.",
        "For members is left out: it is for paying members only.",
    )


@pytest.mark.parametrize(
    ("tracks", "text"), [("<track srclang='en' src='/talk.vtt'>", "captions"), ("", None)]
)
def test_a_page_with_one_recording_is_that(site: Site, tracks: str, text: str | None):
    site.pages["/page"] = html(f"<title>On tides</title><audio src='/talk.m4a'>{tracks}</audio>")
    address = site.address("/page")

    listing, recognised = list_items(address), list_items(address, recognise=True)

    assert [item.text for item in listing.items] == ([text] if text else [])
    assert [item.text for item in recognised.items] == [text or "recognised"]
    assert bool(listing.remarks) == (text is None)


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ("<rss version='2.0'><channel><title>x</title></channel></rss>", "a feed without any episode"),
        ("<title>Nothing here</title>", "No audio was found at"),
    ],
)
def test_an_address_without_any_recording_is_refused(site: Site, page: str, why: str):
    site.pages["/page"] = html(page)

    with pytest.raises(FetchError, match=why):
        list_items(site.address("/page"))


def test_a_public_server_lists_the_internet_alone(site: Site):
    with pytest.raises(FetchError, match="leads to an address inside this network"):
        list_items(site.address("/feed.xml"), rules=FetchRules(Reach.PUBLIC))

    assert site.asked == []


def test_listing_can_be_ended(site: Site):
    site.pages["/list"] = lambda reply: (site.released.wait(), None)[1]

    def stop(progress: Progress) -> None:
        site.released.set()
        raise Cancelled

    with pytest.raises(Cancelled):
        list_items(site.address("/list"), progress=stop)

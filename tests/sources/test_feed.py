"""Podcast feeds: the episode that is meant, with what the feed says of it."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.errors import FetchError
from alignment.formats import read_transcript
from alignment.sources import fetch
from alignment.sources.feed import choose_episode, is_feed, read_chapters, read_feed
from alignment.transcript import Chapter
from tests.sources.servers import Site, html, media

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
  xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:psc="http://podlove.org/simple-chapters">
<channel><title>Salt &amp; Light</title><itunes:image href="/cover.png"/>
<item><title>The lamp</title><guid isPermaLink="false">salt 3</guid><link>https://example.org/3</link>
  <pubDate>Mon, 02 Mar 2026 23:30:00 +0000</pubDate><itunes:duration>0:30</itunes:duration>
  <description>&lt;p&gt;About &lt;b&gt;light&lt;/b&gt;.&lt;/p&gt;&lt;p&gt;And gulls.&lt;/p&gt;</description>
  <enclosure url="/talk.m4a" type="audio/mp4" length="1"/>
  <podcast:transcript url="/3.vtt" type="text/vtt"/>
  <podcast:chapters url="/3.json" type="application/json+chapters"/></item>
<item><title>A note</title><guid>note</guid><description>No sound.</description></item>
<item><title>The rock</title><guid>salt-2</guid><itunes:duration>62</itunes:duration>
  <enclosure url="/talk.m4a?2" type="audio/mpeg" length="1"/>
  <psc:chapters version="1.2"><psc:chapter start="00:00:00" title="Arrival"/>
    <psc:chapter start="00:00:10.500" title="The cat"/></psc:chapters></item>
</channel></rss>"""
VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ada>The lamp is lit.\n"
CHAPTERS = {
    "version": "1.2.0",
    "chapters": [{"startTime": 0, "title": "Dusk"}, {"startTime": 12.5, "title": "Night"}],
}


@pytest.fixture
def feed(site: Site, talk: bytes) -> str:
    site.pages |= {
        "/feed.xml": html(FEED),
        "/talk.m4a": media(talk),
        "/3.vtt": html(VTT),
        "/3.json": html(json.dumps(CHAPTERS)),
        "/cover.png": media(PNG, "image/png"),
    }
    return site.address("/feed.xml")


def test_the_newest_episode_comes_with_all_that_the_feed_says(
    site: Site, feed: str, tmp_path: Path, talk: bytes
):
    fetched = fetch(feed, tmp_path, captions="")

    assert (fetched.title, fetched.source.channel) == ("The lamp", "Salt & Light")
    assert fetched.path.read_bytes() == talk
    assert (fetched.source.published, fetched.source.length) == ("2026-03-02", 30.0)
    assert fetched.source.description == "About light.\nAnd gulls."
    assert fetched.source.chapters == (Chapter(0.0, "Dusk"), Chapter(12.5, "Night"))
    assert fetched.source.url == f"{feed}#salt%203"
    assert fetched.thumbnail is not None and fetched.thumbnail.read_bytes() == PNG
    assert fetched.captions is not None and not fetched.captions.automatic
    (line,) = read_transcript(fetched.captions.path).segments
    assert (line.text, line.speaker) == ("The lamp is lit.", "Ada")


@pytest.mark.parametrize("wanted", ["2", "salt-2"])
def test_another_episode_is_named_by_its_number_or_id(feed: str, tmp_path: Path, wanted: str):
    fetched = fetch(f"{feed}#{wanted}", tmp_path, captions="")

    assert fetched.title == "The rock"
    assert fetched.source.chapters == (Chapter(0.0, "Arrival"), Chapter(10.5, "The cat"))
    assert fetched.captions is None


def test_the_address_that_an_episode_is_kept_under_leads_to_it_again(feed: str, tmp_path: Path):
    first = fetch(feed, tmp_path / "first")
    again = fetch(first.source.url or "", tmp_path / "again")

    assert (again.title, again.source) == (first.title, first.source)


def test_an_episode_that_is_not_there_is_refused_with_those_that_are(feed: str, tmp_path: Path):
    with pytest.raises(
        FetchError, match=r"no episode .9.. It has 1 The lamp; 2 The rock; name one by number"
    ):
        fetch(f"{feed}#9", tmp_path)


def test_chapters_that_cannot_be_had_are_left_out(site: Site, feed: str, tmp_path: Path):
    site.pages["/3.json"] = html("<html>gone")

    assert fetch(feed, tmp_path).source.chapters == ()


def test_a_feed_without_sound_is_refused():
    episodes = read_feed(b"<rss version='2.0'><channel><title>x</title></channel></rss>", "http://x/")

    with pytest.raises(FetchError, match="a feed without any episode that can be heard"):
        choose_episode(episodes, "", "http://x/")


def test_entities_that_a_feed_defines_are_not_multiplied():
    names = zip("abcdefgh", "bcdefghi", strict=True)
    more = (f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in names)
    bomb = f"<!DOCTYPE rss [<!ENTITY a 'aaaaaaaaaa'>{''.join(more)}"
    content = (bomb + "]>" + FEED.partition("?>")[2].replace("A note", "&i;")).encode()

    for episode in read_feed(content, "http://x/"):
        assert len(episode.title) <= 300


@given(st.binary() | st.text().map(lambda text: f"<rss><channel><item>{text}".encode()))
def test_anything_that_a_feed_may_send_is_read(content: bytes):
    is_feed(content)
    read_feed(content, "http://x/feed")


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        {"chapters": "none"},
        {"chapters": [1, {"title": "x"}, {"startTime": "1", "title": "x"}, {"startTime": -1, "title": "x"}]},
        {"chapters": [{"startTime": 3, "title": "hidden", "toc": False}, {"startTime": 1, "title": "\0 "}]},
    ],
)
def test_chapters_that_are_none_are_left_out(content: object):
    assert read_chapters(content) == ()

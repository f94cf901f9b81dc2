"""What chats, other sites, podcast apps and search engines read of an episode, from the real server."""

import io
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import parse_qs, quote, urljoin, urlsplit

import feedparser
import lxml.html
import numpy as np
import pytest
from lxml import etree
from PIL import Image
from starlette.applications import Starlette

from alignment.app import share_routes as share_routes_module
from alignment.app.peaks_making import PeaksMaking
from alignment.app.share_place import short_hash
from alignment.app.share_routes import share_routes
from alignment.corrections import Text
from alignment.formats import format_named, read_transcript, writable
from alignment.library import Episode, Library
from alignment.library.corrections import correct
from alignment.sources.feed import read_chapters, read_feed
from alignment.transcript import Chapter, Source
from tests.app.servers import served
from tests.browser.conftest import serving
from tests.browser.recordings import make_transcript
from tests.elsewhere import run_elsewhere
from tests.library.episodes import GIVEN, aligned, audio_file, opening

HOSTILE = """Salt & <script>alert("1")</script> 'n' light\x0b ${title} 世界"""
LINE = '<b onclick="x">"Sea & salt"</b>'


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Site:
    """The server. river: an episode of four lines, two seconds each. hostile: one with a hostile title.

    preview: one that is still being made.
    """

    url: str
    library: Library
    river: Episode
    hostile: Episode
    preview: Episode

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        connection = HTTPConnection(urlsplit(self.url).netloc)
        connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        body = answer.read()
        connection.close()
        return Answer(answer.status, found, body)

    def fetch(self, address: str) -> Answer:
        """What an absolute address of this server leads to."""
        assert address.startswith(f"{self.url}/"), address
        return self.get(address.removeprefix(self.url))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    library = Library(folder / "library")
    sound = audio_file(folder, seconds=8.0)
    given = json.dumps(make_transcript(4, words=5, lines_per_turn=2))
    source = Source(
        channel="Riverside Radio",
        description="Of boats & bread.\nAnd barley.",
        chapters=(Chapter(0.0, "Boats"), Chapter(4.5, "Bread & barley")),
    )
    river = library.add(
        transcript=b"river", audio=sound, aligned=replace(read_transcript(given), source=source)
    )
    first, *others = aligned().segments
    hostile = replace(
        aligned(HOSTILE), segments=(replace(first, text=LINE, words=(), speaker="<i>"), *others)
    )
    episode = library.add(transcript=b"hostile", audio=audio_file(folder), aligned=hostile)
    preview = library.show_preview(transcript=GIVEN, audio=audio_file(folder), aligned=opening())
    with served(library.root) as address:
        yield Site(address, library, river, episode, preview)


def unfurled(answer: Answer) -> dict[str, str]:
    """What a chat reads: the head's named values, by an HTML parser that is not ours."""
    head = lxml.html.document_fromstring(answer.body).find("head")
    assert head is not None
    values = {
        meta.get("property") or meta.get("name") or "": meta.get("content") or ""
        for meta in head.iter("meta")
    }
    links = {link.get("type") or link.get("rel") or "": link.get("href") or "" for link in head.iter("link")}
    return values | links


def picture(answer: Answer) -> np.ndarray:
    assert answer.headers["content-type"] == "image/png"
    image = Image.open(io.BytesIO(answer.body))
    assert (image.format, image.size) == ("PNG", (1200, 630))
    return np.asarray(image.convert("RGB")).astype(int)


@pytest.mark.parametrize("time", ["4.5", "4.50s", "0m4.5s", "0:04.5", "0:00:04.5"])
def test_a_chat_reads_the_line_at_a_time(site: Site, time: str) -> None:
    answer = site.get(f"/s/{site.river.id}?t={time}")

    found = unfurled(answer)
    line = site.library.transcript(site.river.id).segments[2]
    assert answer.status == 200 and answer.headers["content-type"] == "text/html; charset=utf-8"
    assert found["og:title"] == found["twitter:title"] == "A river in the afternoon"
    assert found["og:description"] == found["twitter:description"] == f"“{line.text}” — Ben, 0:04"
    assert found["og:url"] == found["canonical"] == f"{site.url}/s/{site.river.id}?t=4.5"
    assert found["twitter:card"] == "summary_large_image" and found["og:site_name"] == "Verbatime"
    assert site.fetch(found["og:audio"]).body == site.river.audio.read_bytes()
    assert found["og:audio:type"] == "audio/wav"


def test_the_picture_that_a_chat_is_given_is_there_in_the_size_it_is_told(site: Site) -> None:
    found = unfurled(site.get(f"/s/{site.river.id}?t=4.5"))

    pixels = picture(site.fetch(found["og:image"]))
    assert (found["og:image:height"], found["og:image:width"]) == tuple(map(str, pixels.shape[:2]))
    assert found["og:image"] == found["twitter:image"] and "t=4.5" in found["og:image"]
    assert "0:04" in found["og:image:alt"]


def test_a_clip_is_quoted_to_its_end(site: Site) -> None:
    found = unfurled(site.get(f"/s/{site.river.id}?t=2&end=6"))

    lines = site.library.transcript(site.river.id).segments[1:3]
    assert found["og:description"] == f"“{lines[0].text} {lines[1].text}” — 0:02 – 0:06"


def test_a_link_finds_its_line_after_another_alignment(site: Site) -> None:
    line = site.library.transcript(site.river.id).segments[3]

    found = unfurled(site.get(f"/s/{site.river.id}?t=1.5&end=2.5&h={short_hash(line.text)}"))

    assert line.text in found["og:description"]
    assert parse_qs(urlsplit(found["og:url"]).query)["t"] == ["6"]
    assert parse_qs(urlsplit(found["og:url"]).query)["end"] == ["7"]


@pytest.mark.parametrize(
    "query", ["", "?t=", "?t=soon", "?t=1e3", "?t=99", f"?t={'9' * 3000}", f"?h={'a' * 999}"]
)
def test_without_a_time_in_the_recording_it_is_the_episode(site: Site, query: str) -> None:
    answer = site.get(f"/s/{site.river.id}{query}")

    found = unfurled(answer)
    assert answer.status == 200
    assert found["og:url"] == f"{site.url}/s/{site.river.id}"
    assert found["og:description"] == "Of boats & bread. And barley."
    assert picture(site.fetch(found["og:image"])).std() > 10


def test_a_person_is_taken_on_to_the_player(site: Site) -> None:
    answer = site.get(f"/s/{site.river.id}?t=0:04.5&end=6&h=abc")

    page = lxml.html.document_fromstring(answer.body)
    wait, where = page.xpath("//meta[@http-equiv='refresh']/@content")[0].split("; url=")
    link = page.xpath("//main//a")[0]
    address = urlsplit(urljoin(f"{site.url}/s/{site.river.id}", where))
    assert wait == "0" and link.get("href") == where and not where.startswith("/")
    assert link.text == "Listen from 0:04 – 0:06"
    assert address.path == "/listen"
    assert parse_qs(address.query) == {"v": [site.river.id], "t": ["4.5"], "end": ["6"], "h": ["abc"]}
    assert page.xpath("//h1/text()") == ["A river in the afternoon"]


def test_hostile_text_stays_text(site: Site) -> None:
    answer = site.get(f"/s/{site.hostile.id}?t=0.1")

    page = lxml.html.document_fromstring(answer.body)
    policy = answer.headers["content-security-policy"]
    assert not page.xpath("//script | //b | //i | //*[@onclick]")
    assert page.xpath("//blockquote/text()") == [f"“{LINE}”"]
    assert page.xpath("//h1/text()")[0].split() == HOSTILE.split()
    assert unfurled(answer)["og:description"] == f"“{LINE}” — <i>, 0:00"
    assert policy.startswith("default-src 'none'") and "script-src" not in policy
    assert "frame-ancestors 'none'" in policy
    assert picture(site.get(f"/s/{site.hostile.id}/picture.png?t=0.1")).std() > 10


@pytest.mark.parametrize("page", ["/s/", "/embed/"])
@pytest.mark.parametrize("id", ["aaaaaaaaaaaa", "nonsense", "%3Cb%3E", "%22%3E"])
def test_an_unknown_episode_has_a_page_that_leads_to_the_library(site: Site, page: str, id: str) -> None:
    answer = site.get(page + id)

    found = lxml.html.document_fromstring(answer.body)
    assert answer.status == 404
    assert urljoin(f"{site.url}{page}{id}", found.xpath("//main//a/@href")[0]) == f"{site.url}/"
    assert not found.xpath("//b")


def test_absolute_addresses_follow_the_proxy_in_front_and_no_stranger(site: Site) -> None:
    answer = site.get(
        f"/s/{site.river.id}",
        Host="talks.example",
        X_Forwarded_Proto="https",
        X_Forwarded_Host="evil.example",
    )

    assert unfurled(answer)["og:url"] == f"https://talks.example/s/{site.river.id}"
    assert b"evil" not in answer.body


def test_a_host_that_is_none_gets_nowhere(site: Site) -> None:
    answer = site.get(f"/s/{site.river.id}", Host='x"><script>alert(1)</script>')

    assert answer.status == 400 or b"<script" not in answer.body


def mark(pixels: np.ndarray) -> int:
    """The column of the mark on the waveform: a line of one colour over all of its height."""
    strip = pixels[470:546]
    columns = np.flatnonzero((np.abs(strip - (29, 106, 99)).sum(axis=2) < 12).all(axis=0))
    return int(columns.mean())


def test_the_mark_in_the_picture_moves_with_the_time(site: Site) -> None:
    columns = [mark(picture(site.get(f"/s/{site.river.id}/picture.png?t={t}"))) for t in (1, 4, 7)]

    assert columns == pytest.approx([72 + 1056 * share / 8 for share in (1, 4, 7)], abs=2)


def test_the_picture_of_another_line_is_another(site: Site) -> None:
    first, second, again = (site.get(f"/s/{site.river.id}/picture.png?t={t}") for t in ("1", "3", "1.0s"))

    assert first.body != second.body and first.headers["etag"] != second.headers["etag"]
    assert first.body == again.body and first.headers["etag"] == again.headers["etag"]
    assert "max-age" in first.headers["cache-control"]


def test_a_picture_of_nothing_is_not_found(site: Site) -> None:
    assert site.get("/s/aaaaaaaaaaaa/picture.png?t=1").status == 404


def every_address(site: Site) -> dict[str, str]:
    id = site.river.id
    return {
        "page": f"/s/{id}?t=1",
        "picture": f"/s/{id}/picture.png?t=1",
        "embed": f"/embed/{id}?t=1",
        "oembed": f"/oembed?url={quote(f'{site.url}/s/{id}')}",
        "negotiated": f"/e/{id}",
        "named": f"/e/{id}.srt",
        "chapters": f"/e/{id}/chapters.json",
        "feed": "/feed.xml",
        "site map": "/sitemap.xml",
    }


ADDRESSES = ("page", "picture", "embed", "oembed", "negotiated", "named", "chapters", "feed", "site map")


@pytest.mark.parametrize("which", ADDRESSES)
def test_the_head_is_that_of_the_whole(site: Site, which: str) -> None:
    path = every_address(site)[which]

    head, whole = site.get(path, "HEAD"), site.get(path)
    assert (head.status, head.body) == (200, b"") and whole.body
    for name in ("content-type", "content-length", "etag"):
        assert head.headers[name] == whole.headers[name]


@pytest.mark.parametrize("which", ADDRESSES)
def test_what_one_has_is_not_sent_again(site: Site, which: str) -> None:
    path = every_address(site)[which]
    tag = site.get(path).headers["etag"]

    again = site.get(path, If_None_Match=f'"other", {tag}')
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert site.get(path, If_None_Match='"other"').status == 200


@pytest.mark.parametrize("address", ["/s/{}?t=4.5", "/listen?v={}&t=4.5", "/embed/{}?t=4.5", "/?v={}&t=4.5"])
def test_a_site_is_told_how_to_embed_our_addresses(site: Site, address: str) -> None:
    given = quote(site.url + address.format(site.river.id), safe="")

    answer = site.get(f"/oembed?url={given}&format=json")

    value = json.loads(answer.body)
    frame = lxml.html.fragment_fromstring(value["html"])
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert (value["version"], value["type"], value["title"]) == ("1.0", "rich", "A river in the afternoon")
    assert (value["author_name"], value["provider_name"]) == ("Riverside Radio", "Verbatime")
    assert (value["thumbnail_width"], value["thumbnail_height"]) == (1200, 630)
    assert picture(site.fetch(value["thumbnail_url"])).std() > 10
    assert frame.tag == "iframe" and frame.get("src") == f"{site.url}/embed/{site.river.id}?t=4.5"
    assert site.fetch(frame.get("src") or "").status == 200


def test_what_the_page_names_for_embedding_is_there(site: Site) -> None:
    found = unfurled(site.get(f"/s/{site.hostile.id}?t=0.1"))

    value = json.loads(site.fetch(found["application/json+oembed"]).body)
    frame = lxml.html.fragment_fromstring(value["html"])
    assert value["title"].split() == HOSTILE.split()
    assert frame.get("src") == f"{site.url}/embed/{site.hostile.id}?t=0.1" and not len(frame)


def test_a_frame_is_no_larger_than_asked_for(site: Site) -> None:
    value = json.loads(site.get(f"{every_address(site)['oembed']}&maxwidth=320&maxheight=200").body)

    frame = lxml.html.fragment_fromstring(value["html"])
    assert (value["width"], value["height"]) == (320, 200)
    assert (frame.get("width"), frame.get("height")) == ("320", "200")
    assert "thumbnail_url" not in value


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 404),
        ("?url=https%3A%2F%2Felsewhere.example%2Fs%2F{id}", 404),
        ("?url={site}%2Fadd", 404),
        ("?url={site}%2Fs%2Faaaaaaaaaaaa", 404),
        ("?url={site}%2Fs%2F{id}%2Fpicture.png", 404),
        ("?url=http%3A%2F%2F%5Bbad", 404),
        ("?url={site}%2Fs%2F{id}&format=xml", 501),
        ("?url={site}%2Fs%2F{id}&maxwidth=wide", 400),
        ("?url={site}%2Fs%2F{id}&maxheight=0", 400),
    ],
)
def test_what_cannot_be_embedded_is_said(site: Site, query: str, status: int) -> None:
    answer = site.get("/oembed" + query.format(id=site.river.id, site=quote(site.url, safe="")))

    assert answer.status == status
    assert json.loads(answer.body)["error"]


def test_the_player_may_stand_in_any_frame_and_edits_nothing(site: Site) -> None:
    answer = site.get(f"/embed/{site.hostile.id}?t=0.1")

    page = lxml.html.document_fromstring(answer.body)
    options = json.loads(page.xpath("//script[@id='options']/text()")[0])
    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    assert "'unsafe-inline'" not in answer.headers["content-security-policy"].split("style-src")[0]
    assert options["title"] == HOSTILE and not {"correctionsUrl", "notesUrl"} & options.keys()
    for name in ("transcriptUrl", "audioUrl", "peaksUrl"):
        assert site.fetch(urljoin(f"{site.url}/embed/{site.hostile.id}", options[name])).status == 200


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "text/vtt; charset=utf-8"),
        ("*/*", "text/vtt; charset=utf-8"),
        ("text/vtt", "text/vtt; charset=utf-8"),
        ("application/x-subrip", "application/x-subrip"),
        ("application/srt", "application/x-subrip"),
        ("application/json", "application/json"),
        ("APPLICATION/JSON;q=0.4, text/plain; q=0.7", "text/plain; charset=utf-8"),
        ("text/*;q=0.5, application/json;q=0.6", "application/json"),
        ("text/vtt;q=0, */*", "application/x-subrip"),
        ("image/webp, */*;q=0.1", "text/vtt; charset=utf-8"),
    ],
)
def test_a_transcript_comes_as_it_is_asked_for(site: Site, accept: str, kind: str) -> None:
    answer = site.get(f"/e/{site.river.id}", Accept=accept)

    assert (answer.status, answer.headers["content-type"]) == (200, kind)
    assert "Accept" in answer.headers["vary"].split(", ")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert len(read_transcript(answer.body).segments) >= 1


def test_a_browser_that_asks_for_the_transcript_goes_to_the_player(site: Site) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

    answer = site.get(f"/e/{site.river.id}?t=4", Accept=accept)

    where = urljoin(f"{site.url}/e/{site.river.id}", answer.headers["location"])
    assert (answer.status, where) == (303, f"{site.url}/listen?v={site.river.id}&t=4")
    assert answer.headers["vary"].startswith("Accept")


@pytest.mark.parametrize("accept", ["image/png", "text/vtt;q=0", "application/json;q=none", ";;;"])
def test_what_there_is_not_is_not_acceptable(site: Site, accept: str) -> None:
    answer = site.get(f"/e/{site.river.id}", Accept=accept)

    assert answer.status == 406 and "text/vtt" in json.loads(answer.body)["error"]


@pytest.mark.parametrize("name", writable())
def test_every_format_has_an_address(site: Site, name: str) -> None:
    answer = site.get(f"/e/{site.river.id}.{name}")

    assert answer.status == 200
    assert answer.headers["content-type"].split(";")[0] == format_named(name).media_type
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", ["{}.exe", "{}.VTT", "x{}.vtt", "aaaaaaaaaaaa.vtt", "aaaaaaaaaaaa"])
def test_what_is_no_transcript_is_not_found(site: Site, path: str) -> None:
    answer = site.get(f"/e/{path.format(site.river.id)}")

    assert answer.status == 404 and json.loads(answer.body)["error"]


def test_podcast_apps_find_every_episode_in_the_feed(site: Site) -> None:
    answer = site.get("/feed.xml")

    parsed = feedparser.parse(io.BytesIO(answer.body))
    assert not parsed.bozo and answer.headers["content-type"].startswith("application/rss+xml")
    assert [entry.id for entry in parsed.entries] == [episode.id for episode in site.library.episodes()]
    assert site.preview.id not in {entry.id for entry in parsed.entries}
    river = next(entry for entry in parsed.entries if entry.id == site.river.id)
    enclosure = river.enclosures[0]
    assert (enclosure["type"], enclosure["length"]) == ("audio/wav", str(site.river.audio_bytes))
    assert site.fetch(enclosure["href"]).body == site.river.audio.read_bytes()
    assert river.published_parsed[:5] == site.river.added.utctimetuple()[:5]
    assert river.itunes_duration == "8"


def test_our_own_reader_gets_text_and_chapters_back_from_the_feed(site: Site) -> None:
    address = f"{site.url}/feed.xml"

    episodes = {
        episode.id.rpartition("/")[2]: episode for episode in read_feed(site.fetch(address).body, address)
    }

    river = episodes[site.river.id]
    assert (river.title, river.source.length) == ("A river in the afternoon", 8.0)
    assert river.source.description == "Of boats & bread.\nAnd barley."
    assert site.fetch(river.audio).body == site.river.audio.read_bytes()
    chapters = site.fetch(river.chapters or "")
    assert chapters.headers["content-type"] == "application/json+chapters"
    assert read_chapters(json.loads(chapters.body)) == site.river.source.chapters
    text = read_transcript(site.fetch(river.transcript or "").body)
    kept = site.library.transcript(site.river.id)
    assert [(line.text, line.start) for line in text.segments] == [
        (line.text, line.start) for line in kept.segments
    ]
    hostile = episodes[site.hostile.id]
    assert hostile.title.replace("\ufffd", "").split() == HOSTILE.replace("\x0b", "").split()
    assert hostile.chapters is None and site.get(f"/e/{site.hostile.id}/chapters.json").status == 404


def test_search_engines_find_every_share_page_with_its_last_change(site: Site) -> None:
    def listed() -> dict[str, str]:
        root = etree.fromstring(site.get("/sitemap.xml").body)
        assert root.tag == "{http://www.sitemaps.org/schemas/sitemap/0.9}urlset"
        return {str(url[0].text): str(url[1].text) for url in root}

    before = listed()
    correct(site.library, site.hostile.id, Text(1, "Who left the gates open?"), revision=0)
    after = listed()

    river, hostile = (f"{site.url}/s/{episode.id}" for episode in (site.river, site.hostile))
    every = {f"{site.url}/s/{episode.id}" for episode in site.library.episodes()}
    assert before.keys() == after.keys() == every
    assert f"{site.url}/s/{site.preview.id}" not in every
    assert after[river] == before[river]
    assert datetime.fromisoformat(after[hostile]) >= datetime.fromisoformat(before[hostile])
    assert site.fetch(hostile).status == 200
    assert b"gates" in site.get(f"/e/{site.hostile.id}.txt").body


def test_the_lists_can_be_left_out(tmp_path: Path) -> None:
    library = Library(tmp_path)
    with_lists = {route.path for route in share_routes(lambda: library, PeaksMaking())}
    without = {route.path for route in share_routes(lambda: library, PeaksMaking(), public_lists=False)}

    assert with_lists - without == {"/feed.xml", "/sitemap.xml"}


def test_a_picture_does_not_wait_for_a_waveform_that_takes_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on = threading.Event()

    class Slow(Library):
        def peaks(self, id: str) -> Path:
            assert may_go_on.wait(60)
            return super().peaks(id)

    library = Slow(tmp_path / "library")
    episode = library.add(transcript=GIVEN, audio=audio_file(tmp_path), aligned=aligned())
    monkeypatch.setattr(share_routes_module, "_PEAKS_PATIENCE_S", 0.01)
    making = PeaksMaking()
    with serving(Starlette(routes=share_routes(lambda: library, making))) as url:
        site = Site(url, library, episode, episode, episode)
        early = site.get(f"/s/{episode.id}/picture.png?t=0.3")
        may_go_on.set()
        run_elsewhere(making.path(library, episode.id))
        monkeypatch.setattr(share_routes_module, "_PEAKS_PATIENCE_S", 60.0)
        late = site.get(f"/s/{episode.id}/picture.png?t=0.3", If_None_Match=early.headers["etag"])

    assert (early.headers["cache-control"], late.status) == ("no-cache", 200)
    assert "max-age" in late.headers["cache-control"]
    # Dots first, then a tone as loud at its end as at its beginning.
    ahead = (slice(475, 541), slice(700, 1100))
    assert picture(late)[ahead].std() > 2 * picture(early)[ahead].std()


def test_a_link_to_the_player_unfurls_as_its_share_page_does(site: Site) -> None:
    link = f"listen?v={site.river.id}&t=4.5"
    answer = site.get(f"/{link}", accept_encoding="gzip")
    page = unfurled(site.get(f"/s/{site.river.id}?t=4.5"))

    read = unfurled(answer)
    assert answer.status == 200 and answer.headers["vary"].endswith("Sec-Fetch-Mode")
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert {name: read[name] for name in page if name.startswith(("og:", "twitter:", "desc"))} == {
        name: value for name, value in page.items() if name.startswith(("og:", "twitter:", "desc"))
    }
    assert picture(site.fetch(read["og:image"])).any()
    # It is the player's page all the same.
    plain = site.get(f"/{link}", sec_fetch_mode="navigate")
    assert "og:title" not in unfurled(plain)
    assert [line for line in plain.body.split() if line not in answer.body.split()] == []


@pytest.mark.parametrize("query", ["", "?v=nothing", "?v=../..", "?v=" + "a" * 2000, "?t=5"])
def test_the_page_of_no_episode_is_as_it_is(site: Site, query: str) -> None:
    answer = site.get(f"/listen{query}")

    assert answer.status == 200 and "og:title" not in unfurled(answer)


def test_a_hostile_title_stays_text_in_the_player_s_page(site: Site) -> None:
    read = unfurled(site.get(f"/listen?v={site.hostile.id}&t=0"))

    assert '<script>alert("1")</script>' in read["og:title"]

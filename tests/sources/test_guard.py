"""A public server fetches from the internet alone, however the way inside is put.

What is inside is a site on 127.0.0.1 that would answer: it has to stay without a visitor. 127.0.0.2 counts as
the internet here.
"""

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import deno  # type: ignore[import-untyped]
import pytest
import yt_dlp.extractor
from yt_dlp.extractor.youtube.jsc._builtin.deno import DenoJCP
from yt_dlp.networking.common import Request
from yt_dlp.utils import YoutubeDLError

from alignment.errors import AlignmentError, FetchError
from alignment.sources import Access, fetch
from alignment.sources.failures import causes
from alignment.sources.gate import Gate, GuardedYoutubeDL
from alignment.sources.guard import connect, leads_inside
from alignment.sources.rules import PUBLIC, FetchRules, Reach, rules_named
from tests.sources.servers import Page, Reply, Site, html, media

INTERNET = "127.0.0.2"
RULES = FetchRules(Reach.PUBLIC, also_public=(f"{INTERNET}/32",))
REFUSED = "leads to an address inside this network; a public server does not fetch those"


@pytest.fixture
def inside(talk: bytes) -> Iterator[Site]:
    """What a stranger must not reach; it has a talk, captions, chapters, a picture."""
    with Site() as site:
        site.pages["/talk.m4a"] = media(talk)
        site.pages["/"] = html("the secret of the house")
        yield site


@pytest.fixture
def outside(talk: bytes) -> Iterator[Site]:
    with Site(host=INTERNET) as site:
        site.pages["/talk.m4a"] = media(talk)
        yield site


@pytest.fixture(scope="module")
def guarded() -> Iterator[GuardedYoutubeDL]:
    with Gate(RULES, "it") as gate, GuardedYoutubeDL({"quiet": True, "cachedir": False}, gate) as ydl:
        yield ydl


def _refusal(ydl: GuardedYoutubeDL, address: str) -> str:
    """Why yt-dlp does not get the address."""
    with pytest.raises(YoutubeDLError) as caught:
        ydl.urlopen(Request(address)).read()
    return str(next((cause for cause in causes(caught.value) if isinstance(cause, FetchError)), caught.value))


def _moved(address: str, status: int = 302) -> Page:
    def page(reply: Reply) -> None:
        reply.start(status, {"Location": address, "Content-Length": "0"})

    return page


def _resolving(monkeypatch: pytest.MonkeyPatch, names: dict[str, list[list[str]]]) -> list[str]:
    """Let names mean addresses: a list for each time that one is asked for, the last for all that follow.

    Returns the names asked for, as they are asked for.
    """
    asked: list[str] = []
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *arguments: Any, **options: Any) -> Any:
        if host not in names:
            return real(host, port, *arguments, **options)
        asked.append(host)
        answers = names[host].pop(0) if len(names[host]) > 1 else names[host][0]
        return [found for number in answers for found in real(number, port, type=socket.SOCK_STREAM)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "LocalHost",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "017700000001",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "127.0.0.01",
        "0",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b:1::7f00:1]",
        "[2002:7f00:1::]",
        "[2001:0:7f00:1::80ff:fffe]",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "[ff02::1]",
        "169.254.169.254",
        "2852039166",
        "168.63.129.16",
        "100.100.100.200",
        "10.0.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "192.0.0.192",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "\uff11\uff12\uff17.\uff10.\uff10.\uff11",  # digits of full width
        "\u2460\u2461\u2466.\u24ea.\u24ea.\u2460",  # digits in circles
        "127\u30020\u30020\u30021",  # full stops of Chinese
        "\uff4c\uff4f\uff43\uff41\uff4c\uff48\uff4f\uff53\uff54",
        "recordings.example@127.0.0.1",
        "recordings.example:80@127.0.0.1",
        "127.0.0.2%40@127.0.0.1",
    ],
)
def test_no_spelling_leads_inside(guarded: GuardedYoutubeDL, inside: Site, host: str):
    port = inside.address("").rpartition(":")[2]

    why = _refusal(guarded, f"http://{host}:{port}/talk.m4a")

    assert REFUSED in why
    assert inside.asked == []


def test_a_dot_behind_a_name_changes_nothing(monkeypatch: pytest.MonkeyPatch, guarded: GuardedYoutubeDL):
    asked = _resolving(monkeypatch, {"localhost.": [["127.0.0.1"]]})

    assert REFUSED in _refusal(guarded, "http://localhost.:8080/talk.m4a")
    assert asked == ["localhost."]


@pytest.mark.parametrize("host", ["localhost", "2130706433", "0x7f.1", "recordings.example@127.0.0.1", "0"])
def test_the_same_spellings_reach_it_without_the_guard(inside: Site, host: str):
    """Or else the test above would show nothing."""
    port = inside.address("").rpartition(":")[2]
    anywhere = FetchRules(Reach.EVERYWHERE)

    with Gate(anywhere, "it") as gate, GuardedYoutubeDL({"quiet": True, "cachedir": False}, gate) as ydl:
        ydl.urlopen(Request(f"http://{host}:{port}/talk.m4a")).read()

    assert inside.asked


@pytest.mark.parametrize("number", ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "64:ff9b::101:101"])
def test_the_internet_is_no_inside(number: str):
    assert not leads_inside(number)


def test_this_machine_s_own_address_is_inside_whatever_it_is(
    monkeypatch: pytest.MonkeyPatch, guarded: GuardedYoutubeDL, inside: Site
):
    """As on a rented server, whose address is the internet's; 127.0.0.1 stands for it."""
    monkeypatch.setattr("alignment.sources.guard.leads_inside", lambda *anything: False)

    assert REFUSED in _refusal(guarded, inside.address("/talk.m4a"))
    assert inside.asked == []


@pytest.mark.parametrize("port", [1, 22, 25, 110, 445, 1023])
def test_ports_of_other_services_are_left_alone(port: int):
    with pytest.raises(FetchError, match=f"is at port {port}, where no recordings are"):
        connect(INTERNET, port, 1.0, called="It", also_public=RULES.also_public)


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/hostname",
        "FILE:/etc/hostname",
        "ftp://127.0.0.1/talk.m4a",
        "gopher://127.0.0.1/",
        "javascript:alert(1)",
        "/etc/hostname",
        "etc/hostname",
        "",
    ],
)
def test_other_kinds_of_addresses_and_this_machine_s_files_are_refused(address: str, tmp_path: Path):
    with pytest.raises(AlignmentError, match=r"are not fetched; give one|is neither an address|No audio"):
        fetch(address, tmp_path, rules=RULES)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_do_not_lead_inside(guarded: GuardedYoutubeDL, inside: Site, outside: Site, status: int):
    outside.pages["/far"] = _moved("/near")
    outside.pages["/near"] = _moved(inside.address("/talk.m4a"), status)

    assert REFUSED in _refusal(guarded, outside.address("/far"))
    assert [asked.path for asked in outside.asked] == ["/far", "/near"]
    assert inside.asked == []


@pytest.mark.parametrize("to", ["file:///etc/hostname", "ftp://127.0.0.1/a", "gopher://127.0.0.1:70/"])
def test_redirects_do_not_lead_to_other_kinds_of_addresses(guarded: GuardedYoutubeDL, outside: Site, to: str):
    outside.pages["/"] = _moved(to)

    assert "only http and https are fetched" in _refusal(guarded, outside.address("/"))


def test_a_redirect_that_never_ends_speaking_is_not_listened_to(guarded: GuardedYoutubeDL, outside: Site):
    def page(reply: Reply) -> None:
        reply.start(302, {"Location": "/talk.m4a", "Content-Length": str(1 << 40)})
        outside.released.wait(20.0)

    outside.pages["/"] = page

    guarded.urlopen(Request(outside.address("/"))).read(1)

    assert [asked.path for asked in outside.asked] == ["/", "/talk.m4a"]


def test_a_name_that_is_inside_at_the_second_look_is_refused(
    monkeypatch: pytest.MonkeyPatch, inside: Site, outside: Site, tmp_path: Path
):
    """DNS rebinding: every connection looks its name up once, and goes where that very answer says."""
    port = outside.address("").rpartition(":")[2]
    with Site(host="127.0.0.1") as rebound:
        rebound.pages["/talk.m4a"] = inside.pages["/talk.m4a"]
        there = f"http://rebound.example:{rebound.address('').rpartition(':')[2]}/talk.m4a"
        asked = _resolving(monkeypatch, {"rebound.example": [[INTERNET], ["127.0.0.1"]]})
        outside.pages["/"] = html(f"<title>A</title><audio src='{there}'></audio>")

        with pytest.raises(FetchError, match=REFUSED):
            fetch(f"http://rebound.example:{port}/", tmp_path, rules=RULES)

        assert "/" in {asked.path for asked in outside.asked}
        assert rebound.asked == []
        assert len(asked) > 1


def test_one_look_serves_each_connection(
    monkeypatch: pytest.MonkeyPatch, guarded: GuardedYoutubeDL, inside: Site, outside: Site
):
    """Whoever checks a name and lets another look it up again is rebound here; the check is the look."""
    port = outside.address("").rpartition(":")[2]
    asked = _resolving(monkeypatch, {"once.example": [[INTERNET], ["127.0.0.1"]]})

    guarded.urlopen(Request(f"http://once.example:{port}/talk.m4a")).read()

    assert asked == ["once.example"]
    assert outside.asked


@pytest.mark.parametrize("answers", [[INTERNET, "127.0.0.1"], ["127.0.0.1", INTERNET], ["::1", INTERNET]])
def test_one_answer_that_leads_inside_is_enough(
    monkeypatch: pytest.MonkeyPatch, guarded: GuardedYoutubeDL, outside: Site, answers: list[str]
):
    port = outside.address("").rpartition(":")[2]
    _resolving(monkeypatch, {"both.example": [answers]})

    assert REFUSED in _refusal(guarded, f"http://both.example:{port}/talk.m4a")
    assert outside.asked == []


def test_proxies_of_the_environment_are_passed_by(
    monkeypatch: pytest.MonkeyPatch, inside: Site, outside: Site, talk: bytes, tmp_path: Path
):
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, inside.address(""))

    fetched = fetch(outside.address("/talk.m4a"), tmp_path, rules=RULES)

    assert fetched.path.read_bytes() == talk
    assert inside.asked == []


def test_a_proxy_that_is_asked_for_is_refused(outside: Site, tmp_path: Path):
    with pytest.raises(FetchError, match="A public server fetches without a proxy"):
        fetch(
            outside.address("/talk.m4a"), tmp_path, access=Access(proxy="http://127.0.0.1:3128"), rules=RULES
        )


def test_headers_that_name_a_proxy_are_not_followed(guarded: GuardedYoutubeDL, inside: Site, outside: Site):
    for name in ("Ytdl-request-proxy", "Ytdl-socks-proxy"):
        request = Request(outside.address("/talk.m4a"), headers={name: inside.address("")})
        guarded.urlopen(request).read()

    assert inside.asked == []


_HLS = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n{}#EXTINF:10,\n{}\n#EXT-X-ENDLIST\n"
_FEED = """<?xml version="1.0"?>
<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0"
 xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>Reading</title>
<item><title>Two</title><guid isPermaLink="false">two</guid>
<enclosure url="{enclosure}" type="audio/mp4" length="1"/><itunes:image href="{picture}"/>
<podcast:transcript url="{transcript}" type="text/vtt"/>
<podcast:chapters url="{chapters}" type="application/json+chapters"/></item></channel></rss>"""
_DASH = """<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"
 mediaPresentationDuration="PT10S"><Period><AdaptationSet mimeType="audio/mp4"><Representation id="1"
 bandwidth="64000" codecs="mp4a.40.2"><BaseURL>{0}</BaseURL><SegmentList duration="10"><Initialization
 sourceURL="{0}"/><SegmentURL media="{0}"/></SegmentList></Representation></AdaptationSet></Period></MPD>"""


def _typed(text: str, kind: str) -> Page:
    def page(reply: Reply) -> None:
        reply.start(200, {"Content-Type": kind, "Content-Length": str(len(text.encode()))})
        reply.send(text.encode())

    return page


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("/talk.m3u8", _HLS.format("", "{0}"), "application/vnd.apple.mpegurl"),
        (
            "/key.m3u8",
            _HLS.format('#EXT-X-KEY:METHOD=AES-128,URI="{0}"\n', "/talk.m4a"),
            "application/vnd.apple.mpegurl",
        ),
        (
            "/master.m3u8",
            '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=64000,CODECS="mp4a.40.2"\n{0}\n',
            "application/vnd.apple.mpegurl",
        ),
        ("/map.m3u8", _HLS.format('#EXT-X-MAP:URI="{0}"\n', "/talk.m4a"), "application/vnd.apple.mpegurl"),
        ("/talk.mpd", _DASH, "application/dash+xml"),
        ("/audio.html", "<title>A</title><audio src='{0}'></audio>", "text/html"),
        (
            "/og.html",
            '<meta property="og:video:type" content="video/mp4"><meta property="og:video" content="{0}">',
            "text/html",
        ),
        ("/refresh.html", '<meta http-equiv="refresh" content="0; url={0}">', "text/html"),
        (
            "/track.html",
            "<title>A</title><audio src='/talk.m4a'><track srclang='en' src='{0}.vtt'></audio>",
            "text/html",
        ),
    ],
)
def test_what_a_page_or_playlist_names_does_not_lead_inside(
    inside: Site, outside: Site, tmp_path: Path, path: str, text: str, kind: str
):
    outside.pages[path] = _typed(text.replace("{0}", inside.address("/talk.m4a")), kind)

    with pytest.raises(FetchError, match=REFUSED):
        fetch(outside.address(path), tmp_path, captions="", rules=RULES)

    assert outside.asked
    assert inside.asked == []


@pytest.mark.parametrize("part", ["enclosure", "transcript", "chapters", "picture"])
@pytest.mark.parametrize("by", ["name", "redirect"])
def test_what_a_feed_names_does_not_lead_inside(
    inside: Site, outside: Site, tmp_path: Path, part: str, by: str
):
    places = dict.fromkeys(("transcript", "chapters", "picture"), outside.address("/nothing"))
    places["transcript"] = outside.address("/talk.vtt")
    places["enclosure"] = outside.address("/talk.m4a")
    outside.pages["/talk.vtt"] = html("WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n")
    outside.pages["/there"] = _moved(inside.address("/talk.m4a"))
    places[part] = inside.address("/talk.m4a") if by == "name" else outside.address("/there")
    outside.pages["/feed.xml"] = _typed(_FEED.format(**places), "application/rss+xml")

    if part in ("chapters", "picture"):  # a recording without them is as good
        fetched = fetch(outside.address("/feed.xml"), tmp_path, captions="", rules=RULES)
        assert fetched.title == "Two"
        assert not fetched.source.chapters
        assert fetched.thumbnail is None
    else:
        with pytest.raises(FetchError, match=REFUSED):
            fetch(outside.address("/feed.xml"), tmp_path, captions="", rules=RULES)

    assert inside.asked == []


def test_what_is_of_the_internet_is_fetched_as_ever(outside: Site, talk: bytes, tmp_path: Path):
    outside.pages["/far"] = _moved("/talk.m4a")

    fetched = fetch(outside.address("/far"), tmp_path, rules=RULES)

    assert fetched.path.read_bytes() == talk


def test_the_refusal_is_one_clear_sentence_and_nothing_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, inside: Site, tmp_path: Path
):
    asked = _resolving(monkeypatch, {"inside.example": [["127.0.0.1"]]})

    with pytest.raises(FetchError) as refused:
        fetch("http://inside.example:8080/talk.m4a", tmp_path, rules=RULES)

    assert str(refused.value) == (
        "http://inside.example:8080 leads to an address inside this network; a public server does not fetch "
        "those. Give an address that everybody can reach, or the audio file instead."
    )
    assert asked == ["inside.example"]


def test_a_guarded_yt_dlp_has_one_way_out(guarded: GuardedYoutubeDL):
    assert [handler.RH_NAME for handler in guarded._request_director.handlers.values()] == ["guarded"]


def test_only_sites_that_are_left_out_start_a_browser():
    """PhantomJS would fetch what it likes; whoever uses it in another version of yt-dlp is seen here."""
    folder = Path(yt_dlp.extractor.__file__).parent
    users = {path.stem for path in folder.rglob("*.py") if "PhantomJSwrapper(self" in path.read_text("utf-8")}

    assert users == {"douyutv", "iqiyi", "pornhub"}


def test_the_scripts_of_pages_have_no_network(inside: Site, tmp_path: Path):
    """As yt-dlp runs them: by Deno, with no permission at all."""
    program = shutil.which(deno.find_deno_bin())
    assert program
    script = f"""
        try {{ console.log(await (await fetch("{inside.address("/")}")).text()); }}
        catch (error) {{ console.log(error.name); }}
        try {{ await import("{inside.address("/code.js")}"); }} catch (error) {{ console.log("no import"); }}
    """

    told = subprocess.run(
        [program, "run", *DenoJCP._DENO_BASE_OPTIONS, "--no-npm", "--cached-only", "-"],
        input=script,
        text=True,
        capture_output=True,
        cwd=tmp_path,
        check=True,
    )

    assert re.search(r"NotCapable|PermissionDenied", told.stdout)
    assert inside.asked == []


def test_rules_have_names():
    assert rules_named() == FetchRules()
    assert rules_named("public") == PUBLIC
    assert PUBLIC.reach is Reach.PUBLIC
    with pytest.raises(ValueError, match="choose personal or public"):
        rules_named("open")

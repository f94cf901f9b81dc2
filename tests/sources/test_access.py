"""What a site shows to some only: cookies of a file or a browser, and a way through a proxy."""

import sqlite3
from pathlib import Path

import pytest

from alignment.errors import FetchError
from alignment.sources import Access, fetch
from tests.sources.servers import Reply, Site, media


@pytest.fixture
def closed(site: Site, talk: bytes) -> str:
    """A recording that is given to those who bring the right cookie."""
    given, refused = media(talk), 403

    def page(reply: Reply) -> None:
        if "key=brass" in reply.asked.headers.get("cookie", ""):
            given(reply)
        else:
            reply.start(refused, {"Content-Length": "0"})

    site.pages["/talk.m4a"] = page
    return site.address("/talk.m4a")


def test_cookies_of_a_file_open_the_door(closed: str, tmp_path: Path, talk: bytes):
    cookies = tmp_path / "cookies.txt"
    line = "\t".join(["127.0.0.1", "FALSE", "/", "FALSE", "4102444800", "key", "brass"])
    cookies.write_text(f"# Netscape HTTP Cookie File\n{line}\n")

    with pytest.raises(FetchError):
        fetch(closed, tmp_path / "without")
    assert fetch(closed, tmp_path / "with", access=Access(cookies=cookies)).path.read_bytes() == talk
    assert cookies.read_text().count("brass") == 1


def test_cookies_of_a_browser_open_the_door(closed: str, tmp_path: Path, talk: bytes):
    profile = tmp_path / "profile"
    profile.mkdir()
    with sqlite3.connect(profile / "cookies.sqlite") as database:
        fields = "host, name, value, path, expiry, isSecure, originAttributes"
        database.execute(f"CREATE TABLE moz_cookies ({fields})")
        cookie = ("127.0.0.1", "key", "brass", "/", 4102444800, 0, "")
        database.execute("INSERT INTO moz_cookies VALUES (?, ?, ?, ?, ?, ?, ?)", cookie)
    database.close()

    fetched = fetch(closed, tmp_path / "work", access=Access(browser=f"firefox:{profile}"))

    assert fetched.path.read_bytes() == talk


def test_all_is_fetched_through_the_proxy(site: Site, talk: bytes, tmp_path: Path):
    site.pages["http://nowhere.invalid/talk.m4a"] = media(talk)  # as a proxy is asked

    fetched = fetch("http://nowhere.invalid/talk.m4a", tmp_path, access=Access(proxy=site.address("")))

    assert fetched.path.read_bytes() == talk
    assert {asked.path for asked in site.asked} == {"http://nowhere.invalid/talk.m4a"}


@pytest.mark.parametrize(
    ("access", "why"),
    [
        (Access(browser="netscape"), "The cookies of 'netscape' cannot be read; give one of brave, chrome"),
        (Access(cookies=Path("/nowhere/cookies.txt")), "no file of cookies /nowhere/cookies.txt"),
        (Access(proxy="localhost"), "'localhost' is no proxy; give an address such as"),
        (Access(proxy="ftp://localhost"), "'ftp://localhost' is no proxy"),
    ],
)
def test_what_there_is_not_is_named(access: Access, why: str, tmp_path: Path):
    with pytest.raises(FetchError, match=why):
        fetch("http://127.0.0.1:9/talk.m4a", tmp_path, access=access)

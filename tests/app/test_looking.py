"""Finding out what an address leads to while the page goes on: its process, its rules, its end."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from alignment.app.choosing.looking import Look, Looks, looking_rules
from alignment.app.settings import Settings
from alignment.errors import LibraryError
from alignment.sources.playlist import Recording
from alignment.sources.rules import PERSONAL, Reach
from tests.app.finders import die, find_without_end
from tests.app.hosted import ADA, BEN, SETTINGS
from tests.command import until
from tests.sources.servers import Site, html

PATIENCE_S = 60.0
FEED = """<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel><title>Salt</title>
<item><title>The lamp</title><guid isPermaLink="false">2</guid><enclosure url="/2.mp3" type="audio/mpeg"/>
<pubDate>Mon, 02 Mar 2026 23:30:00 +0000</pubDate><podcast:transcript url="/2.vtt" type="text/vtt"/></item>
<item><title>The rock</title><guid isPermaLink="false">1</guid>
<enclosure url="/1.mp3" type="audio/mpeg"/></item></channel></rss>"""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site({"/feed.xml": html(FEED)}) as site:
        yield site


def test_a_look_finds_the_recordings(site: Site) -> None:
    looks = Looks()
    looks.get_ready()

    look = looks.begin(site.address("/feed.xml"), looking_rules(Settings()))

    assert look.wait(PATIENCE_S) and look.found is not None, look.trouble
    place = site.address("/feed.xml")
    assert look.found.found == (
        Recording(f"{place}#2", "The lamp", has_text=True, published="2026-03-02"),
        Recording(f"{place}#1", "The rock", has_text=False),
    )


def test_what_cannot_be_had_is_said(site: Site) -> None:
    look = Looks().begin(site.address("/gone.xml"), PERSONAL)

    assert look.wait(PATIENCE_S) and look.found is None
    assert "Nothing is found at" in look.trouble


def test_for_others_only_the_internet_is_looked_at_and_not_for_long(site: Site) -> None:
    rules = looking_rules(SETTINGS)
    assert (rules.reach, rules.limits.patience_s) == (Reach.PUBLIC, 120.0)

    look = Looks().begin(site.address("/feed.xml"), rules, ADA)

    assert look.wait(PATIENCE_S) and "inside this network" in look.trouble
    assert site.asked == []


def test_a_look_is_stopped_whatever_it_does() -> None:
    look = Looks().begin("https://example.org/endless", PERSONAL, find=find_without_end)
    until(lambda: look.progress.detail == "1 recording")

    look.stop()

    assert look.wait(PATIENCE_S)
    assert (look.found, look.trouble) == (None, "")


def test_a_process_that_dies_is_told_of() -> None:
    look = Looks().begin("https://example.org/large", PERSONAL, find=die)

    assert look.wait(PATIENCE_S) and "memory ran out" in look.trouble


def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alignment.app.choosing.looking._GRACE_S", 0.0)
    hasty = replace(PERSONAL, limits=replace(PERSONAL.limits, patience_s=0.5))

    look = Looks().begin("https://example.org/endless", hasty, find=find_without_end)

    assert look.wait(PATIENCE_S) and "takes too long" in look.trouble


def test_few_look_at_the_same_time_and_the_others_wait_their_turn() -> None:
    looks = Looks(at_once=1)
    first, second = (looks.begin(f"https://example.org/{n}", PERSONAL, find=find_without_end) for n in "12")
    waiting = {first: second, second: first}
    until(lambda: any(look.progress.detail == "1 recording" for look in waiting))
    begun = next(look for look in waiting if look.progress.detail == "1 recording")
    until(lambda: waiting[begun].progress.stage == "Waiting")

    begun.stop()
    until(lambda: waiting[begun].progress.detail == "1 recording")

    waiting[begun].stop()
    assert waiting[begun].wait(PATIENCE_S)


def test_a_person_looks_at_so_many_at_a_time_and_an_hour() -> None:
    now = 0.0
    looks = Looks(an_hour=3, clock=lambda: now)
    address = "https://example.org/list"

    def begin(person: str) -> Look:
        return looks.begin(address, PERSONAL, person, find=find_without_end)

    hers = [begin(ADA), begin(ADA)]
    with pytest.raises(LibraryError, match="2 addresses are being looked at for you"):
        begin(ADA)
    his = begin(BEN)
    for look in (*hers, his):
        look.stop()
        assert look.wait(PATIENCE_S)

    look = begin(ADA)
    look.stop()
    assert look.wait(PATIENCE_S)
    with pytest.raises(LibraryError, match="3 addresses were looked at for you within an hour"):
        begin(ADA)
    now = 3601.0
    look = begin(ADA)
    look.stop()
    assert look.wait(PATIENCE_S)

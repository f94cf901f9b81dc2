"""Hosts are asked politely, by all processes together."""

import pickle
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

import pytest

from alignment.errors import Cancelled, FetchError
from alignment.fleet.courtesy import Courtesy, host_of
from alignment.fleet.listing import list_items
from alignment.progress import Progress
from alignment.sources import fetch, url
from tests.fleet.polite import ADDRESS
from tests.sources.servers import Page, Reply, Site, media

PAUSE_S = 5.0
WAITING = r"Waiting for example\.org"


@dataclass
class Clock:
    """Time that passes only while somebody waits, all of the wait at once where that is shown."""

    now: float = 1_800_000_000.0
    shown: list[Progress] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += (self.shown[-1].eta_s if self.shown else None) or seconds

    def passed(self, work: Callable[[], None]) -> float:
        """Seconds that it takes."""
        before = self.now
        work()
        return round(self.now - before, 3)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def courtesy(tmp_path: Path, clock: Clock) -> Courtesy:
    return Courtesy(tmp_path / "hosts", at_once=2, pause_s=PAUSE_S, clock=clock, sleep=clock.sleep)


class TooManyError(Exception):
    """What yt-dlp makes of a refusal without any more to say."""

    def __init__(self) -> None:
        super().__init__("HTTP Error 429: Too Many Requests")


def stop(progress: Progress) -> None:
    raise Cancelled(progress.stage)


def take_turn(courtesy: Courtesy, clock: Clock, address: str = ADDRESS) -> None:
    with courtesy.turn(address, clock.shown.append):
        pass


def be_refused(courtesy: Courtesy, clock: Clock, error: Exception | None = None) -> None:
    with pytest.raises(FetchError), courtesy.turn(ADDRESS, clock.shown.append):
        raise FetchError("The site has had enough.") from (error or TooManyError())


def test_only_so_many_fetch_from_a_host_at_a_time(courtesy: Courtesy):
    with ExitStack() as turns:
        first = turns.enter_context(ExitStack())
        first.enter_context(courtesy.turn(ADDRESS))
        turns.enter_context(courtesy.turn("http://www.example.org:8080/other"))

        with pytest.raises(Cancelled, match=WAITING), courtesy.turn(ADDRESS, stop):
            raise AssertionError("a third one was let in")

        first.close()
        with courtesy.turn(ADDRESS):
            pass


def test_other_hosts_and_files_here_do_not_wait(courtesy: Courtesy, clock: Clock):
    with courtesy.turn(ADDRESS), courtesy.turn(ADDRESS):
        assert clock.passed(lambda: take_turn(courtesy, clock, "https://example.com/talk")) == 0
        assert clock.passed(lambda: take_turn(courtesy, clock, "/home/ada/talk.mp3")) == 0
    assert clock.shown == []


def test_two_beginnings_are_apart(courtesy: Courtesy, clock: Clock):
    take_turn(courtesy, clock)

    assert clock.passed(lambda: take_turn(courtesy, clock)) == PAUSE_S
    assert clock.shown[0] == Progress("Waiting for example.org", eta_s=PAUSE_S)
    clock.now += PAUSE_S
    assert clock.passed(lambda: take_turn(courtesy, clock)) == 0


def test_after_a_refusal_the_host_rests_longer_each_time(courtesy: Courtesy, clock: Clock):
    be_refused(courtesy, clock)

    waits = [clock.passed(lambda: be_refused(courtesy, clock)) for _ in range(9)]

    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    take_turn(courtesy, clock)
    assert clock.shown[-1] == Progress("Waiting for example.org", eta_s=3600, detail="It asked for a pause")


def test_a_fetch_that_goes_well_ends_the_rest(courtesy: Courtesy, clock: Clock):
    be_refused(courtesy, clock)
    be_refused(courtesy, clock)
    take_turn(courtesy, clock)
    be_refused(courtesy, clock)

    assert clock.passed(lambda: take_turn(courtesy, clock)) == 30


def test_a_fetch_that_began_before_a_refusal_proves_nothing(courtesy: Courtesy, clock: Clock):
    with courtesy.turn(ADDRESS):
        be_refused(courtesy, clock)

    assert clock.passed(lambda: take_turn(courtesy, clock)) == 30


def test_two_that_are_refused_together_count_once(courtesy: Courtesy, clock: Clock):
    with pytest.raises(TooManyError), courtesy.turn(ADDRESS):
        be_refused(courtesy, clock)
        raise TooManyError

    assert clock.passed(lambda: take_turn(courtesy, clock)) == 30


def test_other_errors_are_no_refusals(courtesy: Courtesy, clock: Clock):
    be_refused(courtesy, clock, ValueError("HTTP Error 404: Not Found"))

    assert clock.passed(lambda: take_turn(courtesy, clock)) == PAUSE_S


def test_a_wait_can_be_ended(courtesy: Courtesy, clock: Clock):
    be_refused(courtesy, clock)

    with pytest.raises(Cancelled, match=WAITING), courtesy.turn(ADDRESS, stop):
        raise AssertionError("it was let in")
    assert clock.passed(lambda: take_turn(courtesy, clock)) == 30


def test_nobody_waits_for_the_times_of_a_clock_that_was_wrong(courtesy: Courtesy, clock: Clock):
    clock.now += 10 * 365 * 86400
    be_refused(courtesy, clock)
    clock.now -= 10 * 365 * 86400

    assert clock.passed(lambda: take_turn(courtesy, clock)) == 0
    assert clock.passed(lambda: take_turn(courtesy, clock)) == PAUSE_S


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"next": "soon"}', '{"noted": null}'])
def test_what_is_noted_and_cannot_be_read_counts_as_nothing(courtesy: Courtesy, clock: Clock, content: str):
    take_turn(courtesy, clock)
    (noted,) = courtesy.folder.glob("*.json")
    noted.write_text(content)

    assert clock.passed(lambda: take_turn(courtesy, clock)) == 0


def refusing(status: int, headers: dict[str, str], first: Page | None = None) -> Page:
    """Refuses everybody; with `first`, only from the third request on: that of the download."""
    seen = []

    def page(reply: Reply) -> None:
        seen.append(reply)
        if first is not None and len(seen) < 3:
            first(reply)
        else:
            reply.start(status, {"Content-Length": "0", **headers})

    return page


@pytest.mark.parametrize(
    ("status", "headers", "wait_s"),
    [
        (429, {"Retry-After": "120"}, 120),
        (429, {"Retry-After": "7"}, 30),
        (429, {"Retry-After": "Fri, 15 Jan 2027 08:10:00 GMT"}, 600),
        (429, {"Retry-After": "99999999999"}, 86400),
        (429, {"Retry-After": "soon"}, 30),
        (503, {"Retry-After": "10"}, 30),
        (500, {}, PAUSE_S),
    ],
)
@pytest.mark.parametrize("at", ["the page", "the download"])
@pytest.mark.usefixtures("no_pauses")
def test_a_site_is_left_alone_for_as_long_as_it_asks(
    courtesy: Courtesy,
    clock: Clock,
    site: Site,
    talk: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    headers: dict[str, str],
    wait_s: float,
    at: str,
):
    monkeypatch.setattr(url, "RETRIES", 1)
    site.pages["/talk.m4a"] = refusing(status, headers, media(talk) if at == "the download" else None)
    address = site.address("/talk.m4a")

    with pytest.raises(FetchError), courtesy.turn(address):
        fetch(address, tmp_path)

    assert clock.passed(lambda: take_turn(courtesy, clock, address)) == wait_s


@pytest.mark.usefixtures("no_pauses")
def test_a_site_without_time_is_left_alone_as_well(
    courtesy: Courtesy, clock: Clock, site: Site, tmp_path: Path
):
    site.pages["/talk.m4a"] = refusing(503, {"Retry-After": "90"})
    address = site.address("/talk.m4a")

    with pytest.raises(FetchError), courtesy.turn(address):
        fetch(address, tmp_path)

    assert clock.passed(lambda: take_turn(courtesy, clock, address)) == 90


def test_a_list_is_asked_for_in_turn(courtesy: Courtesy, clock: Clock, site: Site):
    address = site.address("/feed.xml")
    take_turn(courtesy, clock, address)

    with pytest.raises(Cancelled, match=r"Waiting for 127\.0\.0\.1"):
        list_items(address, turn=courtesy.turn, progress=stop)

    assert site.asked == []


def test_what_a_dead_process_held_is_free(courtesy: Courtesy, tmp_path: Path):
    command = [
        sys.executable,
        "-m",
        "tests.fleet.polite",
        str(courtesy.folder),
        str(tmp_path / "log"),
        "HOLD",
    ]
    holders = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    try:
        for holder in holders:
            assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        with pytest.raises(Cancelled), courtesy.turn(ADDRESS, stop):
            raise AssertionError("a third one was let in")
        holders[0].kill()
        holders[0].wait()

        with courtesy.turn(ADDRESS):
            pass
    finally:
        for holder in holders:
            holder.kill()
            holder.communicate()


def test_processes_keep_to_it_together(tmp_path: Path):
    log = tmp_path / "log"
    command = [sys.executable, "-m", "tests.fleet.polite", str(tmp_path / "hosts"), str(log), "20"]

    for process in [subprocess.Popen(command) for _ in range(4)]:
        assert process.wait() == 0

    marks = log.read_text()
    assert (marks.count("+"), marks.count("-")) == (80, 80)
    assert max(accumulate(1 if mark == "+" else -1 for mark in marks)) <= 2


def test_it_can_be_handed_to_another_process(tmp_path: Path):
    given = Courtesy(tmp_path, at_once=3)

    assert pickle.loads(pickle.dumps(given)) == given


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://WWW.Example.org:8080/talk?x#y", "example.org"),
        ("http://example.org./", "example.org"),
        ("http://[::1]/x", "::1"),
        ("http://m\u00fcnchen.example/", "m\u00fcnchen.example"),
        ("/home/http/talk.mp3", None),
        ("C:\\talk.mp3", None),
        (Path("talk.mp3"), None),
        ("http://[::1/x", None),
        ("http:///x", None),
    ],
)
def test_who_is_asked(address: str | Path, host: str | None):
    assert host_of(address) == host


@pytest.mark.parametrize("host", ["[::1]", "m\u00fcnchen.example", "x" * 400])
def test_every_host_has_files_that_can_be_written(courtesy: Courtesy, clock: Clock, host: str):
    take_turn(courtesy, clock, f"http://{host}/")

    assert clock.passed(lambda: take_turn(courtesy, clock, f"http://{host}/")) == PAUSE_S


def test_no_fetch_at_a_time_is_refused(tmp_path: Path):
    with pytest.raises(ValueError, match="At least one"):
        Courtesy(tmp_path, at_once=0)

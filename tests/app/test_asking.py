"""What people of a hosted app may ask the server to do for them, and what becomes of it."""

from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path

import pytest

from alignment.app import service
from alignment.app.rights import Visitor
from alignment.app.settings import Limits, Settings
from alignment.app.tools import fetch_rules
from alignment.app.visitors import asked_by
from alignment.errors import LibraryError
from alignment.library import JobRequest, Jobs, JobStatus, Library, do_job
from alignment.sources.rules import Reach
from tests.app.hosted import ADA, BEN, EVE, SETTINGS, Hosted, hosted
from tests.library.episodes import GIVEN, quick_tools, tone

HERS = JobRequest("Hers")


@dataclass
class IdleRunner:
    jobs: Jobs
    woken: list[bool] = field(default_factory=list)

    def wake(self) -> None:
        self.woken.append(True)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hosted:
    made = hosted(tmp_path)
    runner = IdleRunner(Jobs(made.whole.root))
    monkeypatch.setattr(service, "settings", lambda: SETTINGS)
    monkeypatch.setattr(service, "whole_library", lambda: made.whole)
    monkeypatch.setattr(service, "runner", lambda: runner)
    return made


def add(who: str | None, request: JobRequest = HERS, text: bytes = GIVEN, sound: bytes | None = None) -> str:
    with asked_by(Visitor(who)):
        return service.submit(request, text, BytesIO(sound or tone()), "hers.wav").id


def finish(library: Library, id: str) -> str:
    job = do_job(library, id, quick_tools)
    assert job.status is JobStatus.DONE, job.message
    assert job.episode
    return job.episode


def test_what_is_added_is_its_owners(site: Hosted) -> None:
    id = finish(site.whole, add(ADA, replace(HERS, private=True), text=b"Hers alone."))

    episode = site.whole.episode(id)
    assert (episode.owner, episode.private) == (ADA, True)


@pytest.mark.parametrize("who", [None, EVE])
def test_who_is_not_named_adds_nothing(site: Hosted, who: str | None) -> None:
    with pytest.raises(LibraryError, match="not yours"):
        add(who)

    assert Jobs(site.whole.root).all() == []


def test_nobody_gives_another_name_as_owner(site: Hosted) -> None:
    id = add(ADA, replace(HERS, owner=BEN))

    assert Jobs(site.whole.root).get(id).request.owner == ADA


@pytest.mark.parametrize(
    "source", ["/etc/hostname", "../secret.wav", "file:///etc/hostname", "~/talk.mp3", ""]
)
def test_no_file_of_the_server_is_a_source(site: Hosted, source: str) -> None:
    with asked_by(Visitor(ADA)), pytest.raises(LibraryError):
        service.submit(replace(HERS, source=source), GIVEN)


@pytest.mark.parametrize(
    "changes", [{"model": "/srv/weights"}, {"model": "someone/else"}, {"language": "xx"}]
)
def test_only_what_the_page_offers_can_be_chosen(site: Hosted, changes: dict[str, str]) -> None:
    with pytest.raises(LibraryError, match="none of those"):
        add(ADA, replace(HERS, **changes))


def test_align_again_is_for_who_may_change(site: Hosted) -> None:
    again = JobRequest("Again", episode=site.public.id)
    for who in (None, EVE, "carl@example.org"):
        with asked_by(Visitor(who)), pytest.raises(LibraryError):
            service.submit(again)

    for who in (ADA, BEN):
        with asked_by(Visitor(who)):
            assert service.submit(again).request.owner == who


def test_limits_hold_though_jobs_are_put_away(site: Hosted, monkeypatch: pytest.MonkeyPatch) -> None:
    limited = replace(SETTINGS, limits=Limits(jobs=1, jobs_a_day=2))
    monkeypatch.setattr(service, "settings", lambda: limited)
    jobs = Jobs(site.whole.root)
    first = add(ADA, text=b"One.")
    with pytest.raises(LibraryError, match="at a time"):
        add(ADA, text=b"Two.")
    add(BEN, text=b"His.")
    jobs.cancel(first)
    jobs.dismiss(first)
    jobs.cancel(add(ADA, text=b"Two."))

    with pytest.raises(LibraryError, match="in 24 hours"):
        add(ADA, text=b"Three.")


def test_how_many_more_fit_is_known_before_and_holds(site: Hosted, monkeypatch: pytest.MonkeyPatch) -> None:
    limited = replace(SETTINGS, limits=Limits(jobs=3, jobs_a_day=20))
    monkeypatch.setattr(service, "settings", lambda: limited)
    add(BEN, text=b"His.")
    add(ADA, text=b"One.")

    with asked_by(Visitor(ADA)):
        assert service.room().count == 2
    add(ADA, text=b"Two.")
    add(ADA, text=b"Three.")
    with asked_by(Visitor(ADA)):
        assert service.room().count == 0
    with pytest.raises(LibraryError, match="at a time"):
        add(ADA, text=b"Four.")


def test_only_the_internet_is_fetched_from_for_others_and_only_so_much() -> None:
    limited = fetch_rules(replace(SETTINGS, limits=Limits(upload_bytes=7, audio_s=60.0)))

    assert limited.reach is Reach.PUBLIC
    assert (limited.limits.bytes, limited.limits.seconds) == (7, 60.0)
    assert fetch_rules(Settings()).reach is Reach.EVERYWHERE


def test_each_sees_their_own_jobs(site: Hosted) -> None:
    hers, his = add(ADA), add(BEN)
    assert hers != his

    for who, seen in ((ADA, [hers]), (BEN, [his]), (None, [])):
        with asked_by(Visitor(who)):
            assert [job.id for job in service.visible_jobs()] == seen


def test_adding_again_what_somebody_else_has_changes_nothing_for_them(site: Hosted) -> None:
    first = finish(site.whole, add(ADA, text=b"Hers.\nAlone."))
    before = {path: path.read_bytes() for path in site.whole.episode(first).folder.iterdir()}

    second = finish(
        site.whole, add(BEN, JobRequest("His", model="small", private=True), text=b"Hers.\nAlone.")
    )

    assert second == first
    assert {path: path.read_bytes() for path in site.whole.episode(first).folder.iterdir()} == before

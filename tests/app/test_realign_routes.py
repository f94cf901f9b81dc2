"""Some lines aligned again over HTTP: asked for, watched, stopped; and what is refused."""

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from alignment.app.realign_routes import MOST_LINES
from alignment.library import Episode, Jobs, JobStatus, Library, do_job
from alignment.library.corrections import read_corrections
from alignment.transcript import Segment, Transcript, Word
from tests.app.servers import served
from tests.library.episodes import GIVEN, aligned, audio_file, opening, quick_tools


@dataclass(frozen=True)
class Site:
    """The server, and its episodes; nobody does its jobs."""

    host: str
    library: Library
    episode: Episode
    preview: Episode
    long: Episode

    def ask(
        self, method: str, part: str, body: object = None, *, id: str | None = None, **headers: str
    ) -> Any:
        connection = http.client.HTTPConnection(self.host)
        sent = None if body is None else json.dumps(body)
        kept = {"Content-Type": "application/json"} if sent is not None else {}
        kept |= {name.replace("_", "-"): value for name, value in headers.items()}
        place = f"/episodes/{id or self.episode.id}/corrections/realign{part}"
        connection.request(method, place, sent, kept)
        answer = connection.getresponse()
        read = answer.read()
        connection.close()
        return answer.status, json.loads(read) if read else None

    @property
    def log(self) -> list[Any]:
        connection = http.client.HTTPConnection(self.host)
        connection.request("GET", f"/episodes/{self.episode.id}/corrections.json")
        read = json.loads(connection.getresponse().read())
        connection.close()
        return list(read["corrections"])

    @property
    def jobs(self) -> Jobs:
        return Jobs(self.library.root)


def long_transcript() -> Transcript:
    """A line more than are aligned at a time."""
    segments = tuple(
        Segment(at, f"Line {at}", at / 2000, at / 2000, status="aligned", words=(Word(f"Line {at}"),))
        for at in range(MOST_LINES + 1)
    )
    return Transcript(segments=segments, duration=1.0, provenance=aligned().provenance)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    library = Library(folder / "library")
    episode = library.add(transcript=GIVEN, audio=audio_file(folder), aligned=aligned())
    preview = library.show_preview(
        transcript=b"another", audio=audio_file(folder, pitch_hz=500.0), aligned=opening()
    )
    long = library.add(
        transcript=b"long", audio=audio_file(folder, pitch_hz=600.0), aligned=long_transcript()
    )
    with served(library.root) as address:
        yield Site(address.removeprefix("http://"), library, episode, preview, long)


@pytest.fixture
def site(running: Site) -> Site:
    for job in running.jobs.all():
        running.jobs.cancel(job.id)
        running.jobs.dismiss(job.id)
    for path in running.episode.folder.glob("corrections*.json"):
        path.unlink()
    return running


def test_lines_are_asked_for_watched_and_found(site: Site) -> None:
    status, asked = site.ask("POST", "", {"first": 0, "last": 1, "who": "Ada"})
    assert status == 202
    place = f"/{asked['job']}.json"
    assert site.ask("GET", place) == (200, {"status": "queued", "message": "Waiting", "fraction": None})

    do_job(site.library, asked["job"], quick_tools)

    assert site.ask("GET", place)[1]["status"] == "done"
    (correction,) = read_corrections(site.library, site.episode.id).done
    assert (correction.who, correction.change.kind) == ("Ada", "realign")
    assert site.library.transcript(site.episode.id).segments[0].start == 0.05
    (listed,) = site.log
    assert listed["change"] == {"kind": "realign", "line": 0} and len(listed["was"]) == 2


def test_the_same_lines_can_be_asked_for_again(site: Site) -> None:
    for revision in (1, 2):
        _, asked = site.ask("POST", "", {"first": 1, "last": 1})
        do_job(site.library, asked["job"], quick_tools)
        assert read_corrections(site.library, site.episode.id).revision == revision


def test_it_is_stopped_and_then_forgotten(site: Site) -> None:
    _, asked = site.ask("POST", "", {"first": 0, "last": 2})

    assert site.ask("DELETE", f"/{asked['job']}") == (204, None)
    assert site.ask("GET", f"/{asked['job']}.json")[1]["status"] == "cancelled"
    assert site.ask("DELETE", f"/{asked['job']}") == (204, None)
    assert site.ask("GET", f"/{asked['job']}.json")[0] == 404


def test_why_it_failed_is_told(site: Site) -> None:
    _, asked = site.ask("POST", "", {"first": 0, "last": 1})
    with site.jobs.folder(asked["job"]).held():
        site.jobs.folder(asked["job"]).end(JobStatus.FAILED, "Nobody speaks there.")
    answer = site.ask("GET", f"/{asked['job']}.json")[1]
    assert (answer["status"], answer["message"]) == ("failed", "Nobody speaks there.")


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({"first": 0}, 400, "first, last, who"),
        ([0, 1], 400, "first, last, who"),
        ({"first": 0, "last": 1, "more": 1}, 400, "first, last, who"),
        ({"first": "0", "last": 1}, 400, "whole number"),
        ({"first": True, "last": 1}, 400, "whole number"),
        ({"first": -1, "last": 1}, 400, "whole number"),
        ({"first": 0, "last": 2**31}, 400, "whole number"),
        ({"first": 0, "last": 1, "who": "a\nb"}, 400, "A name"),
        ({"first": 0, "last": 99}, 422, "no line 99"),
    ],
)
def test_what_is_no_range_of_lines_is_refused(site: Site, body: object, status: int, says: str) -> None:
    answered, answer = site.ask("POST", "", body)
    assert answered == status and says in answer["error"]
    assert site.jobs.all() == []


def test_an_episode_in_the_making_and_too_many_lines_are_refused(site: Site) -> None:
    status, answer = site.ask("POST", "", {"first": 0, "last": 0}, id=site.preview.id)
    assert status == 422 and "still being made" in answer["error"]
    status, answer = site.ask("POST", "", {"first": 0, "last": MOST_LINES}, id=site.long.id)
    assert status == 422 and "1,001" in answer["error"] and "whole episode" in answer["error"]
    assert site.ask("POST", "", {"first": 0, "last": 0}, id="aaaaaaaaaaaa")[0] == 404
    assert site.jobs.all() == []


def test_only_our_own_pages_ask_and_stop(site: Site) -> None:
    elsewhere = {"Sec_Fetch_Site": "cross-site"}
    assert site.ask("POST", "", {"first": 0, "last": 0}, **elsewhere)[0] == 403
    _, asked = site.ask("POST", "", {"first": 0, "last": 0})
    assert site.ask("DELETE", f"/{asked['job']}", **elsewhere)[0] == 403
    assert site.ask("GET", f"/{asked['job']}.json")[1]["status"] == "queued"


def test_another_episodes_work_is_not_shown(site: Site) -> None:
    _, asked = site.ask("POST", "", {"first": 0, "last": 0})
    assert site.ask("GET", f"/{asked['job']}.json", id=site.long.id)[0] == 404
    assert site.ask("DELETE", f"/{asked['job']}", id=site.long.id)[0] == 404

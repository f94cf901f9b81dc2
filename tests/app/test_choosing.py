"""Which recordings of a list can be chosen, what is said of each, and what a choice comes to."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alignment.app.adding import how_far
from alignment.app.choosing import Choice
from alignment.app.choosing.rows import (
    Row,
    Standing,
    chosen_from,
    described,
    rows_of,
    what_fits,
    why_none,
)
from alignment.app.job_view import most_telling
from alignment.library import Episode, Job, JobRequest, JobStatus, Library
from alignment.library.jobs import TextSource
from alignment.sources.playlist import Recording
from alignment.transcript import Source
from tests.library.episodes import GIVEN, aligned, audio_file

FEED = "https://example.org/feed.xml"
NOW = datetime.now(UTC)
LAMP = Recording(f"{FEED}#lamp", "The lamp", 1800.0, has_text=True, published="2026-03-02")
ROCK = Recording(f"{FEED}#rock", "The rock", has_text=False)
TIDE = Recording("https://www.example.org/tide", "The tide")


def job(source: str | None, status: JobStatus, episode: str | None = None) -> Job:
    return Job("aaaaaaaaaaaa", JobRequest("A job", source), status, NOW, NOW, episode=episode)


@pytest.fixture
def episode(tmp_path: Path) -> Episode:
    """Made from the lamp's address, as it was before the site had TLS."""
    source = Source(url=LAMP.address.replace("https:", "http:"))
    return Library(tmp_path / "library").add(
        transcript=GIVEN, audio=audio_file(tmp_path), aligned=aligned(source=source)
    )


def test_what_is_in_the_library_or_being_added_is_known(episode: Episode) -> None:
    jobs = [job(ROCK.address, JobStatus.QUEUED), job(None, JobStatus.RUNNING)]

    rows = rows_of([LAMP, ROCK, TIDE], [episode], jobs)

    assert [row.recording for row in rows] == [LAMP, ROCK, TIDE]
    assert [row.standing for row in rows] == [Standing.HERE, Standing.COMING, Standing.NEW]


def test_a_job_tells_what_was_made_from_its_address_while_that_is_here(episode: Episode) -> None:
    elsewhere = replace(episode, source=Source(url="https://example.org/watch?v=tide"))
    done = job(TIDE.address, JobStatus.DONE, episode.id)

    assert rows_of([TIDE], [elsewhere], [done])[0].standing is Standing.HERE
    assert rows_of([TIDE], [], [done])[0].standing is Standing.NEW  # removed since


@pytest.mark.parametrize("status", [JobStatus.FAILED, JobStatus.CANCELLED])
def test_what_came_to_nothing_can_be_chosen_again(status: JobStatus) -> None:
    assert rows_of([TIDE], [], [job(TIDE.address, status)])[0].standing is Standing.NEW


@pytest.mark.parametrize(
    ("text", "open"),
    [
        ("captions", [True, False, True, False]),
        ("recognised", [True, True, True, False]),
        ("given", [True, True, True, True]),  # another text makes another episode
    ],
)
def test_what_can_be_chosen_depends_on_where_the_text_is_from(text: TextSource, open: list[bool]) -> None:
    rows = [Row(LAMP), Row(ROCK), Row(TIDE), Row(TIDE, Standing.HERE)]

    assert [row.can_be_chosen(text) for row in rows] == open
    assert [shown["open"] for shown in described(rows, text, str)] == open
    numbers = [3, 2, 1, 0]
    assert len(chosen_from(rows, text, numbers)) == open.count(True)


def test_a_row_says_what_the_list_tells() -> None:
    shown = described([Row(LAMP), Row(ROCK, Standing.COMING), Row(TIDE)], "given", lambda iso: f"on {iso}")

    assert [(row["title"], row["facts"], row["mark"]) for row in shown] == [
        ("The lamp", "on 2026-03-02 · 30 min · brings its text", ""),
        ("The rock", "no text of its own", "being added"),
        ("The tide", "", ""),
    ]


def test_a_choice_is_in_the_order_of_the_list() -> None:
    assert chosen_from([Row(LAMP), Row(TIDE)], "captions", [1, 0, 1]) == (LAMP, TIDE)


@pytest.mark.parametrize(
    "numbers", [None, "0", {"0": 1}, [-1], [7], ["0"], [None], [True], [0.0], [[0]], [1e300]]
)
def test_what_is_no_choice_chooses_nothing(numbers: object) -> None:
    assert chosen_from([Row(LAMP), Row(TIDE)], "captions", numbers) == ()


def test_where_nothing_can_be_chosen_the_reason_is_said() -> None:
    assert why_none([Row(LAMP), Row(ROCK)], "captions") == ""
    assert why_none([Row(ROCK)] * 3, "captions").startswith(
        "None of the 3 recordings brings its text. To have"
    )
    here = Row(LAMP, Standing.HERE)
    assert why_none([here, Row(ROCK)], "captions").startswith("None of the recordings that are not here yet")
    assert why_none([here, Row(ROCK)], "recognised") == ""
    assert why_none([here, here], "recognised").startswith("All 2 recordings of this list are in the library")


def test_what_does_not_fit_is_said() -> None:
    why = "one person may have 2 made at a time"

    assert what_fits(2, 2, why) == ""
    assert what_fits(10, 2, why) == f"Only the first 2 of the 10 can be added now: {why}."
    assert what_fits(10, 0, why) == f"None can be added now: {why}."
    choice = Choice(recordings=(LAMP, ROCK, TIDE), places=2)
    assert choice.is_several and choice.fitting == (LAMP, ROCK)


def test_an_address_is_one_only_when_that_is_known() -> None:
    assert Choice().is_one
    assert not any(choice.is_one for choice in (Choice(is_open=True), Choice(is_unknown=True)))
    assert not Choice(recordings=(LAMP,)).is_one


def test_of_many_jobs_those_are_shown_that_tell_most() -> None:
    kinds = {
        "done-1": JobStatus.DONE,
        "wait-1": JobStatus.QUEUED,
        "wait-2": JobStatus.QUEUED,
        "wait-3": JobStatus.QUEUED,
        "failed": JobStatus.FAILED,
        "work": JobStatus.RUNNING,
        "done-2": JobStatus.DONE,
    }
    jobs = [replace(job(None, status), id=id) for id, status in kinds.items()]
    line = ["wait-3", "wait-1", "wait-2"]

    def shown(most: int) -> list[str]:
        first, others = most_telling(jobs, line, most)
        assert len(first) + len(others) == len(jobs)
        return [job.id for job in first]

    assert shown(1) == ["work"]
    assert shown(3) == ["wait-3", "failed", "work"]
    assert shown(6) == ["wait-1", "wait-2", "wait-3", "failed", "work", "done-2"]
    assert shown(9) == list(kinds)


def test_how_far_many_are_is_a_sentence() -> None:
    done, failed = job(None, JobStatus.DONE), job(None, JobStatus.FAILED)

    assert how_far([done, failed, job(None, JobStatus.QUEUED)]) == "1 of 3 recordings done, 1 failed."

"""`alignment jobs`: what a person sees of the work, and can do about it."""

from pathlib import Path

import pytest
import typer

from alignment.commands.jobs import jobs as run
from alignment.library import JobRequest, Jobs, JobStatus, Library, do_job
from alignment.wording import ordinal
from tests.library.episodes import GIVEN, audio_file, quick_tools


@pytest.fixture
def jobs(tmp_path: Path) -> Jobs:
    return Jobs(tmp_path / "library")


@pytest.fixture
def two(jobs: Jobs, tmp_path: Path) -> tuple[str, str]:
    """Two jobs that wait; their ids."""
    audio = str(audio_file(tmp_path))
    first = jobs.submit(JobRequest("At the gate", audio), GIVEN).id
    return first, jobs.submit(JobRequest("In the garden", audio), b"Another text.").id


def test_the_list_has_those_under_way_first_each_with_its_place(
    jobs: Jobs, two: tuple[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    first, second = two
    third = jobs.submit(JobRequest("By the river", "river.wav"), GIVEN).id
    jobs.cancel(first)

    run(library=jobs.root)

    assert capfd.readouterr().out.splitlines() == [
        f"{second}  1st in line  In the garden",
        f"{third}  2nd in line  By the river",
        f"{first}  Cancelled  At the gate",
    ]


def test_a_job_is_under_way_as_long_as_somebody_does_it(
    jobs: Jobs, two: tuple[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    folder = jobs.folder(two[0])
    with folder.held():
        folder.start(1)
        run(library=jobs.root)
    run(library=jobs.root)  # as when it was killed, and could write nothing of that

    lines = capfd.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith(two[0])] == [
        f"{two[0]}  Starting  At the gate",
        f"{two[0]}  Interrupted  At the gate",
    ]


def test_a_job_is_shown_with_what_happened_to_it(
    jobs: Jobs, two: tuple[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    do_job(Library(jobs.root), two[0], quick_tools)

    run("show", two[0], library=jobs.root)
    lines = capfd.readouterr().out.splitlines()

    assert lines[:2] == ["At the gate", "Done"]
    assert [line.split("  ")[-1] for line in lines if "  stage " in line] == [
        "Starting",
        "Fetching audio",
        "Listening",
        "Saving",
    ]


def test_a_job_is_stopped_and_put_back_in_line(jobs: Jobs, two: tuple[str, str]) -> None:
    run("cancel", two[0], library=jobs.root)
    assert jobs.get(two[0]).status is JobStatus.CANCELLED

    run("retry", two[0], library=jobs.root)
    assert [job.id for job in jobs.line()] == [two[1], two[0]]


def test_a_job_has_to_be_named_to_be_stopped(jobs: Jobs) -> None:
    with pytest.raises(typer.BadParameter, match="needs the ID of a job"):
        run("cancel", library=jobs.root)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (21, "21st"),
        (113, "113th"),
    ],
)
def test_places_in_words(number: int, words: str) -> None:
    assert ordinal(number) == words

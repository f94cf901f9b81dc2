"""Jobs outlast damaged files and clocks that jump, and leave a log that does not grow without end."""

import json
import logging
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alignment.library import JobRequest, Jobs, JobStatus, Library, do_job
from alignment.library.job_log import JobLog
from alignment.progress import Progress
from tests.library.episodes import GIVEN, aligned, opening, quick_tools
from tests.library.killed import staged_tools

DAY = timedelta(days=1)


@pytest.fixture
def jobs(tmp_path: Path) -> Jobs:
    return Jobs(tmp_path / "library")


def set_clock(jobs: Jobs, id: str, by: timedelta) -> None:
    """As if the job had been asked for, and had ended, while the clock was wrong by so much."""
    file = jobs.folder(id).path / "state.json"
    state = json.loads(file.read_text())
    for name in ("submitted", "updated"):
        state[name] = (datetime.now(UTC) + by).isoformat()
    file.write_text(json.dumps(state))


def age(jobs: Jobs, id: str, by: timedelta) -> None:
    mark, then = jobs.folder(id).path / "old", time.time() - by.total_seconds()
    os.utime(mark, (then, then))


def test_a_job_whose_state_is_damaged_begins_anew(jobs: Jobs, audio: Path) -> None:
    job = jobs.submit(JobRequest("At the gate", str(audio)), GIVEN)
    (jobs.folder(job.id).path / "state.json").write_text("")

    assert [waiting.id for waiting in jobs.waiting()] == [job.id]
    assert do_job(Library(jobs.root), job.id, quick_tools).status is JobStatus.DONE


def test_a_job_whose_request_is_damaged_makes_way_for_the_same(jobs: Jobs, audio: Path) -> None:
    request = JobRequest("At the gate", str(audio))
    job = jobs.submit(request, GIVEN)
    (jobs.folder(job.id).path / "request.json").write_text("{")

    assert jobs.submit(request, GIVEN).id == job.id
    assert jobs.get(job.id).status is JobStatus.QUEUED


@pytest.mark.parametrize("by", [3650 * DAY, -3650 * DAY])
def test_jobs_are_done_as_they_were_asked_for_whatever_the_clock_says(
    jobs: Jobs, audio: Path, by: timedelta
) -> None:
    first, second, third = (
        jobs.submit(JobRequest(name, str(audio)), name.encode()).id for name in ("one", "two", "three")
    )
    set_clock(jobs, second, by)

    assert [job.id for job in jobs.line()] == [first, second, third]


@pytest.mark.parametrize("by", [365 * DAY, -365 * DAY])
def test_what_looks_old_because_the_clock_jumped_is_kept(jobs: Jobs, audio: Path, by: timedelta) -> None:
    job = jobs.submit(JobRequest("At the gate", str(audio)), GIVEN)
    jobs.cancel(job.id)
    set_clock(jobs, job.id, by)
    jobs.forget_old()

    set_clock(jobs, job.id, timedelta())  # it is right again
    jobs.forget_old()

    assert not (jobs.folder(job.id).path / "old").exists()


@pytest.mark.parametrize("by", [365 * DAY, -2 * DAY])
def test_what_is_old_for_a_day_is_forgotten(jobs: Jobs, audio: Path, by: timedelta) -> None:
    job = jobs.submit(JobRequest("At the gate", str(audio)), GIVEN)
    jobs.cancel(job.id)
    set_clock(jobs, job.id, by)
    jobs.forget_old()
    age(jobs, job.id, -365 * DAY)  # found to be old by a clock that was ahead
    jobs.forget_old()
    assert [known.id for known in jobs.all()] == [job.id]

    age(jobs, job.id, 2 * DAY)
    jobs.forget_old()

    assert jobs.all() == []


def test_a_beginning_that_is_still_made_is_kept_however_old_it_looks(tmp_path: Path, audio: Path) -> None:
    library = Library(tmp_path / "library")
    preview = library.show_preview(transcript=GIVEN, audio=audio, aligned=opening())
    os.utime(preview.folder, (0, 0))

    library.forget_old_previews(keep=[preview.id])
    assert library.episode(preview.id).is_preview

    library.forget_old_previews()
    assert not preview.folder.exists()


@pytest.mark.parametrize("stage", ["Starting", "Fetching audio 0", "Listening 0", "Listening 3"])
def test_a_job_is_cancelled_at_any_stage_and_goes_on_from_there(jobs: Jobs, audio: Path, stage: str) -> None:
    job = jobs.submit(JobRequest("At the gate", str(audio)), GIVEN)
    seen: list[str] = []

    def cancel(progress: Progress) -> None:
        if progress.stage == stage:
            jobs.cancel(job.id)

    stopped = do_job(Library(jobs.root), job.id, staged_tools, progress=cancel)
    assert (stopped.status, stopped.stopping) == (JobStatus.CANCELLED, False)

    jobs.retry(job.id)
    done = do_job(Library(jobs.root), job.id, staged_tools, progress=lambda now: seen.append(now.stage))

    assert done.status is JobStatus.DONE
    assert ("Listening 0" in seen) is not stage.startswith("Listening"), "what was heard is heard again"


def test_what_happens_to_a_job_is_in_its_log(jobs: Jobs, audio: Path) -> None:
    def warn(*given: object, **how: object) -> object:
        logging.getLogger("alignment.engine").warning("The recording is quiet.")
        return aligned()

    tools = quick_tools()
    object.__setattr__(tools, "align", warn)
    job = jobs.submit(JobRequest("At the gate", str(audio)), GIVEN)

    do_job(Library(jobs.root), job.id, lambda: tools)

    assert [(entry.kind, entry.text) for entry in jobs.folder(job.id).log.entries()] == [
        ("state", "Started"),
        ("stage", "Starting"),
        ("stage", "Fetching audio"),
        ("warning", "The recording is quiet."),
        ("stage", "Saving"),
        ("state", "Done"),
    ]


def test_a_log_keeps_the_newest_of_what_would_fill_the_disk(tmp_path: Path) -> None:
    log = JobLog(tmp_path)

    for number in range(600):
        log.add("warning", f"{number} {'x' * 1000}")

    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 2 * (64 << 10)
    texts = [entry.text.split()[0] for entry in log.entries()]
    assert texts[-1] == "599" and texts == sorted(texts, key=int) and len(texts) > 50


def test_a_line_that_a_kill_cut_off_is_passed_over(tmp_path: Path) -> None:
    log = JobLog(tmp_path)
    log.add("stage", "Listening")
    with (tmp_path / "log.jsonl").open("a") as file:
        file.write('{"at": "2026-')

    log.add("stage", "Saving")

    assert [entry.text for entry in log.entries()] == ["Listening", "Saving"]


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    log = JobLog(tmp_path / "gone")

    log.add("stage", "Listening")

    assert log.entries() == []

"""What may go well later is tried again by itself, and nothing else."""

import errno
from datetime import timedelta
from pathlib import Path

import pytest
from yt_dlp.utils import DownloadError

from alignment.errors import AlignmentError, LibraryError, TranscriptError
from alignment.library import Job, JobRequest, Jobs, JobStatus, Library, Runner, do_job, finish_job
from alignment.library.retrying import is_passing
from alignment.sources.failures import FAILURES, explain
from tests.library import working
from tests.library.episodes import GIVEN, audio_file, quick_tools
from tests.library.test_jobs import ended, until

ADDRESS = "https://example.org/talk"


@pytest.fixture
def job(jobs: Jobs, tmp_path: Path) -> Job:
    return jobs.submit(JobRequest("At the gate", str(audio_file(tmp_path))), GIVEN)


def raised(error: AlignmentError, cause: BaseException) -> AlignmentError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("said", "passing"),
    [
        ("HTTP Error 503: Service Unavailable", True),
        ("HTTP Error 429: Too Many Requests", True),
        ("HTTP Error 500: Internal Server Error", True),
        ("The read operation timed out", True),
        ("[Errno 101] Network is unreachable", True),
        ("[Errno -2] Name or service not known", True),
        ("[Errno 111] Connection refused", True),
        ("HTTP Error 404: Not Found", False),
        ("HTTP Error 403: Forbidden", False),
        ("Private video. Sign in if you've been granted access", False),
        ("Unsupported URL: https://example.org/", False),
    ],
)
def test_what_a_site_says_tells_whether_it_passes(said: str, passing: bool) -> None:
    error = DownloadError(f"ERROR: {said}")

    assert is_passing(raised(explain(error, ADDRESS), error)) is passing


def test_advice_of_our_own_is_no_reason() -> None:
    assert not any(is_passing(AlignmentError(failure.meaning)) for failure in FAILURES)


def test_a_full_disk_passes_and_a_wrong_transcript_stays() -> None:
    full = OSError(errno.ENOSPC, "No space left on device")

    assert is_passing(raised(LibraryError("The disk is full."), full))
    assert not is_passing(TranscriptError("This is a picture. The connection timed out."))


def test_a_job_without_a_network_waits_longer_each_time_and_then_has_failed(
    library: Library, jobs: Jobs, job: Job, bell: Path
) -> None:
    for pause_s in (30, 120):
        job = do_job(library, job.id, working.cut_off_tools, pauses_s=(30, 120))
        assert (job.status, job.message[:22]) == (JobStatus.QUEUED, "There is no connection")
        assert pause_s - 1 < job.wait_s(job.updated) <= pause_s
        assert jobs.line() == []

    assert do_job(library, job.id, working.cut_off_tools, pauses_s=(30, 120)).status is JobStatus.FAILED


def test_a_runner_tries_again_by_itself(library: Library, jobs: Jobs, job: Job, bell: Path) -> None:
    runner = Runner(library, working.cut_off_tools, pauses_s=(0.01,) * 1000)
    runner.start()
    try:
        until((bell / "tried").exists)
        (bell / "network").touch()
        done = ended(jobs, job.id)
    finally:
        runner.stop()

    assert done.status is JobStatus.DONE and done.tries >= 1


def test_whoever_waits_for_the_next_try_may_have_it_now(
    library: Library, jobs: Jobs, job: Job, bell: Path
) -> None:
    do_job(library, job.id, working.cut_off_tools, pauses_s=(600,))

    now = jobs.retry(job.id)

    assert (now.tries, now.message, now.retry_at) == (0, "", None)
    assert [waiting.id for waiting in jobs.line()] == [job.id]
    assert do_job(library, job.id, quick_tools).status is JobStatus.DONE


def test_a_job_is_cancelled_while_it_waits_for_its_next_try(
    library: Library, jobs: Jobs, job: Job, bell: Path
) -> None:
    do_job(library, job.id, working.cut_off_tools, pauses_s=(600,))

    jobs.cancel(job.id)

    assert jobs.get(job.id).status is JobStatus.CANCELLED and jobs.waiting() == []


def test_whoever_sits_at_the_command_line_is_told_at_once(library: Library, job: Job, bell: Path) -> None:
    assert finish_job(library, job.id, working.cut_off_tools).status is JobStatus.FAILED


def test_a_clock_that_is_put_back_keeps_nobody_waiting(library: Library, job: Job, bell: Path) -> None:
    job = do_job(library, job.id, working.cut_off_tools, pauses_s=(600,))

    assert job.wait_s(job.updated + timedelta(seconds=60)) == pytest.approx(540, abs=1)
    assert job.wait_s(job.updated - timedelta(days=365)) == 0
    assert job.wait_s(job.updated + timedelta(days=365)) == 0

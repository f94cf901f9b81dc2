"""Several jobs at a time, by several processes, and each of them once."""

import os
import signal
from pathlib import Path

import pytest

from alignment.errors import LibraryError
from alignment.library import JobRequest, Jobs, JobStatus, Library, Runner
from alignment.library.capacity import default_jobs, default_workers, jobs_at_a_time
from tests.library import working
from tests.library.episodes import GIVEN, audio_file
from tests.library.test_jobs import ended, let_go, server, until

GB = 1 << 30
STEPS = ("fetch", "first-half", "second-half", "save")


def ask_for(library: Library, folder: Path, count: int) -> list[str]:
    """Jobs for recordings of their own; their ids."""
    jobs = Jobs(library.root)
    names = [f"recording {number}" for number in range(count)]
    audio = [audio_file(folder, f"{name}.wav", seconds=0.1 + n / 100) for n, name in enumerate(names)]
    return [jobs.submit(JobRequest(path.stem, str(path)), GIVEN).id for path in audio]


def test_a_process_that_dies_takes_down_its_own_job_alone(
    library: Library, tmp_path: Path, bell: Path
) -> None:
    jobs, ids = Jobs(library.root), ask_for(library, tmp_path, 2)
    runner = Runner(library, working.slow_tools, at_a_time=2)
    runner.start()
    try:
        until(lambda: (bell / "fetch").exists() and (bell / "fetch").read_text().count("\n") == 2)
        os.kill(int((bell / "fetch").read_text().split()[0]), signal.SIGKILL)
        until(lambda: sum(jobs.get(id).crashes for id in ids) == 1)
        let_go(bell, *STEPS)
        done = [ended(jobs, id) for id in ids]
    finally:
        runner.stop()

    assert [job.status for job in done] == [JobStatus.DONE, JobStatus.DONE]
    assert sorted(job.crashes for job in done) == [0, 1]
    assert len(library.episodes()) == 2 and not library.damaged()
    assert (bell / "first-half").read_text().count("\n") == 2, "the other one was not begun again"


def test_two_servers_do_ten_jobs_each_of_them_once(library: Library, tmp_path: Path, bell: Path) -> None:
    jobs, ids = Jobs(library.root), ask_for(library, tmp_path, 10)

    with server(library, "counted_tools"), server(library, "counted_tools"):
        done = [ended(jobs, id) for id in ids]

    assert [(job.status, job.message, job.crashes) for job in done] == [(JobStatus.DONE, "", 0)] * 10
    assert sorted((bell / "aligned").read_text().splitlines()) == sorted(job.request.title for job in done)
    assert len(library.episodes()) == 10 and not library.damaged()


@pytest.mark.parametrize(
    ("cores", "memory", "at_a_time"),
    [(1, 1 * GB, 1), (2, 8 * GB, 1), (8, 16 * GB, 4), (8, 7 * GB, 2), (500, 4000 * GB, 64)],
)
def test_as_many_at_a_time_as_the_machine_bears(cores: int, memory: int, at_a_time: int) -> None:
    assert default_jobs(cores, memory) == at_a_time


@pytest.mark.parametrize(
    ("cores", "memory", "at_a_time"),
    [(1, 1 * GB, 1), (2, 8 * GB, 2), (16, 12 * GB, 4), (256, 1024 * GB, 64)],
)
def test_a_batch_has_a_core_and_three_gigabytes_for_each(cores: int, memory: int, at_a_time: int) -> None:
    assert default_workers(cores, memory) == at_a_time


def test_the_environment_says_how_many_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIGNMENT_JOBS", "3")
    assert jobs_at_a_time() == 3

    monkeypatch.setenv("ALIGNMENT_JOBS", "many")
    with pytest.raises(LibraryError, match="ALIGNMENT_JOBS is 'many'"):
        jobs_at_a_time()

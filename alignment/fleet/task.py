"""A piece of work for whoever works: one recording into one library, and how that came out."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from alignment.errors import LibraryError
from alignment.fleet.courtesy import Courtesy
from alignment.library.jobs import Job, JobRequest, Jobs, JobStatus, job_id
from alignment.library.opening import open_library
from alignment.library.store import Library
from alignment.library.work import BROKE, Tools, finish_job, standard_tools
from alignment.progress import ProgressCallback, ignore_progress
from alignment.transcript import Transcript

if TYPE_CHECKING:
    from alignment.sources import FetchedAudio

__all__ = [
    "PER_HOST",
    "MakeTools",
    "Outcome",
    "OutcomeStatus",
    "Task",
    "carry_out",
    "courtesy_in",
    "work_of",
]

_LOOK_EVERY_S = 0.25

PER_HOST = 2
"""How many fetch from one host at once, unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker needs to know of a recording; it may be on another machine.

    key: what the batch knows it by. library: an address for `open_library`.
    transcript: the text as it was given, b"" where it comes from elsewhere.
    pause_s: seconds until another try where trouble passes by itself; None where it then counts as failed.
    per_host: how many fetch from one host at once.
    """

    key: str
    library: str
    request: JobRequest
    transcript: bytes = field(default=b"", repr=False)
    pause_s: float | None = None
    per_host: int = PER_HOST


class OutcomeStatus(StrEnum):
    """How a task came out. What is put off goes well later, perhaps; what was stopped goes on later."""

    DONE = "done"
    FAILED = "failed"
    PUT_OFF = "put off"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a task came out.

    message: why it is not done, in words for a person.
    audio_s, work_s: seconds of sound, and seconds that the worker had it in hand.
    there: whether it was in the library already, or somebody else had just made it.
    """

    key: str
    status: OutcomeStatus
    episode: str | None = None
    message: str = ""
    audio_s: float = 0.0
    work_s: float = 0.0
    there: bool = False


MakeTools = Callable[[], Tools]
"""Gives a job's tools where the work is done; a function that can be imported by name."""


def work_of(task: Task) -> str:
    """The id of the job that a task is done as, in the library's root."""
    return job_id(task.request, task.transcript)


def carry_out(
    task: Task, tools: MakeTools = standard_tools, *, progress: ProgressCallback = ignore_progress
) -> Outcome:
    """Do a task in this process, going on from where an earlier one on this machine was cut off.

    What goes wrong with the recording is in the outcome, not raised. `progress` is told of every step.
    Where another process has the same in hand, its outcome is waited for.
    """
    began = time.monotonic()
    worked = False

    def watched(library: Library) -> Tools:
        made = _courteous(tools(), courtesy_in(library, task.per_host))

        def align(audio: Path, transcript: Transcript, **how: object) -> Transcript:
            nonlocal worked
            worked = True
            return made.align(audio, transcript, **how)  # type: ignore[arg-type]

        return replace(made, align=align)

    try:
        library = open_library(task.library)
        outcome = _done(task, library, partial(watched, library), progress)
    except LibraryError as error:  # the job itself could not be kept, for which the recording cannot help
        status = OutcomeStatus.FAILED if task.pause_s is None else OutcomeStatus.PUT_OFF
        outcome = Outcome(task.key, status, message=str(error))
    there = outcome.status is OutcomeStatus.DONE and not worked
    return replace(outcome, work_s=round(time.monotonic() - began, 3), there=there)


def _done(task: Task, library: Library, tools: MakeTools, progress: ProgressCallback) -> Outcome:
    jobs = Jobs(library.root)
    job = _asked_for(jobs, task)
    pauses = () if task.pause_s is None else (task.pause_s,) * (job.tries + 1)
    job = finish_job(library, job.id, tools, progress=progress, pauses_s=pauses, looked=True)
    with suppress(LibraryError):  # what is left is forgotten by the library's upkeep
        _tidy(jobs, job)
    if job.status is JobStatus.DONE and job.episode is not None:
        return Outcome(
            task.key, OutcomeStatus.DONE, job.episode, audio_s=library.episode(job.episode).duration
        )
    statuses = {JobStatus.FAILED: OutcomeStatus.FAILED, JobStatus.CANCELLED: OutcomeStatus.STOPPED}
    return Outcome(task.key, statuses.get(job.status, OutcomeStatus.PUT_OFF), message=job.message)


def _asked_for(jobs: Jobs, task: Task) -> Job:
    """The task's job. One that is still to stop, as an earlier run left word, does so first."""
    job = jobs.submit(task.request, task.transcript)
    if not job.stopping:
        return job
    while not jobs.folder(job.id).is_free():
        time.sleep(_LOOK_EVERY_S)
    jobs.cancel(job.id)
    return jobs.retry(job.id)


def _tidy(jobs: Jobs, job: Job) -> None:
    """Forget the job, as its folder is read with every other one.

    Not where there is work to go on from, nor where its log says what broke in the program.
    """
    if job.message.startswith(BROKE):
        return
    folder = jobs.folder(job.id)
    kept = (path for place in (folder.fetched, folder.checkpoints) for path in place.rglob("*"))
    has_work = any(path.is_file() and path.suffix != ".lock" for path in kept)
    if job.status in {JobStatus.DONE, JobStatus.FAILED}:
        jobs.dismiss(job.id)
    elif not has_work:
        jobs.cancel(job.id)
        jobs.dismiss(job.id)


def courtesy_in(library: Library, per_host: int) -> Courtesy:
    """How hosts are treated by all who work for the library and share its root."""
    return Courtesy(library.root / "batch" / "hosts", at_once=per_host)


def _courteous(tools: Tools, courtesy: Courtesy) -> Tools:
    """The tools, with a turn asked for around everything that is fetched from an address."""

    def fetch(
        source: str | Path,
        directory: Path,
        *,
        captions: str | None = None,
        progress: ProgressCallback = ignore_progress,
    ) -> "FetchedAudio":
        if isinstance(source, Path):
            return tools.fetch(source, directory, captions=captions, progress=progress)
        with courtesy.turn(source, progress):
            return tools.fetch(source, directory, captions=captions, progress=progress)

    return replace(tools, fetch=fetch)

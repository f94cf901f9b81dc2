"""Jobs: long work on the library, kept on the disk so that it outlives the process that does it.

    jobs/<id>/request.json     what is wanted
    jobs/<id>/transcript.txt   the transcript to align, as it was given
    jobs/<id>/upload.*         audio that was handed over rather than named
    jobs/<id>/state.json       how far it is; any process may read it
    jobs/<id>/lock             held by the process that does the job, and freed when that dies
    jobs/<id>/cancel           there when somebody asked to stop
    jobs/<id>/fetched, checkpoints   what a new start goes on from

A job's id comes from what is wanted, so wanting the same thing twice is one job.
"""

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path, PurePath
from typing import Any, BinaryIO, Literal

from filelock import FileLock, Timeout

from alignment.disk import (
    clear_leftovers,
    clearly,
    copy_durably,
    digest,
    identifier,
    read_json,
    settle,
    workspace,
    write_durably,
    write_json,
)
from alignment.errors import Cancelled, LibraryError
from alignment.progress import Progress

__all__ = ["Job", "JobBusy", "JobFolder", "JobRequest", "JobStatus", "Jobs"]

_ID = re.compile(r"[a-z2-7]{12}")
_WRITE_EVERY_S = 0.25
_KEEP_ENDED = timedelta(days=1)
_WAITING = Progress("Waiting")


class JobStatus(StrEnum):
    """Where a job stands. A job that is `running` with its lock free was interrupted and goes on."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen unless somebody asks for it."""
        return self in {JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELLED}


class JobBusy(LibraryError):
    """Another process is doing this job."""


@dataclass(frozen=True, slots=True)
class JobRequest:
    """What is wanted of a job.

    title: what to call it while it is under way.
    source: address or path of the audio; None where the audio is handed over, or is an episode's own.
    model: name of the recogniser's weights. language: ISO 639-1, None to find out.
    episode: the episode to align again, None to add a new one.
    text: what is aligned: the transcript that is given; captions that the audio's source has; what the
    recogniser hears.
    first, last: ids of its lines to align again, None for all. who: the person who wants that, by name.
    owner: who asked for the job, as the login names them; None where nobody logs in.
    private: whether the episode that comes of it is for its owner alone.
    """

    title: str
    source: str | None = None
    model: str = "base"
    language: str | None = None
    episode: str | None = None
    first: int | None = None
    last: int | None = None
    who: str | None = None
    text: Literal["given", "captions", "recognised"] = "given"
    owner: str | None = None
    private: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stood when it was read.

    progress: the stage at work, or the last one. message: why it failed, in words for a person.
    remark: what is worth knowing before it has ended.
    episode: what came of it. preview: id of the episode whose beginning can be listened to, or could when the
    job ended. openings: how often more of it was shown.
    crashes: how often the process doing it was ended from outside.
    stopping: somebody asked to stop, and the work has not come to that yet.
    """

    id: str
    request: JobRequest
    status: JobStatus
    submitted: datetime
    updated: datetime
    progress: Progress = _WAITING
    message: str = ""
    remark: str = ""
    episode: str | None = None
    preview: str | None = None
    openings: int = 0
    crashes: int = 0
    stopping: bool = False


class Jobs:
    """All jobs of a library, for any process to submit, watch, cancel and retry."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._folder = root / "jobs"
        self._workspaces = root / "tmp"
        clear_leftovers(self._workspaces)

    def submit(
        self,
        request: JobRequest,
        transcript: bytes = b"",
        upload: BinaryIO | None = None,
        upload_name: str = "",
    ) -> Job:
        """Ask for a job; it is safe on the disk when this returns.

        transcript: as it was given; not needed to align an episode again, nor where `request.text` is
        another one.
        upload: the audio, where it is handed over; upload_name tells its kind.
        What is under way already is returned as it stands; what has ended is asked for anew.
        Raises LibraryError.
        """
        with clearly(self.root):
            audio = digest(upload) if upload is not None else ""
            id = identifier(
                request.episode or "",
                request.source or "",
                request.model,
                request.language or "",
                digest(transcript),
                audio,
                *([request.text] if request.text != "given" else []),
                *(str(line) for line in (request.first, request.last) if line is not None),
                *([request.owner] if request.owner is not None else []),
            )
            folder = JobFolder(self._folder / id)
            if folder.exists() and folder.read().status is JobStatus.DONE:
                self.dismiss(id)
            if folder.exists():
                return self.retry(id)
            with workspace(self._workspaces) as building:
                write_json(building / "request.json", asdict(request))
                write_durably(building / "transcript.txt", transcript)
                if upload is not None:
                    copy_durably(upload, building / f"upload{PurePath(upload_name).suffix.lower()}")
                write_json(building / "state.json", _new_state())
                self._folder.mkdir(exist_ok=True)
                with suppress(FileExistsError):
                    building.rename(folder.path)
                settle(self._folder)
            return folder.read()

    def all(self) -> list[Job]:
        """Every job, the oldest first. One whose files cannot be read is left out."""
        jobs = []
        for folder in self._folders():
            with suppress(LibraryError):
                jobs.append(folder.read())
        return sorted(jobs, key=lambda job: (job.submitted, job.id))

    def get(self, id: str) -> Job:
        """The job with this id. Raises LibraryError where there is none."""
        return self.folder(id).read()

    def cancel(self, id: str) -> None:
        """Ask a job to stop. One at work stops at its next step; a waiting one at once."""
        folder = self.folder(id)
        with clearly(self.root):
            folder.ask_to_stop()
            with suppress(JobBusy), folder.held():
                if not folder.read().status.ended:
                    folder.end(JobStatus.CANCELLED)

    def retry(self, id: str) -> Job:
        """Ask anew for a job that has ended, going on from what it has; one under way goes on undisturbed."""
        folder = self.folder(id)
        with clearly(self.root), suppress(JobBusy), folder.held():
            if folder.read().status.ended:
                folder.queue_again()
        return folder.read()

    def dismiss(self, id: str) -> None:
        """Forget a job that has ended. One at work is left alone."""
        folder = self.folder(id)
        with clearly(self.root), suppress(JobBusy), folder.held():
            if folder.read().status.ended:
                self._discard(folder)

    def waiting(self) -> list[Job]:
        """Jobs that somebody should do: queued ones, and those whose owner died at work."""
        return [job for job in self.all() if not job.status.ended and self.folder(job.id).is_free()]

    def forget_old(self) -> None:
        """Remove jobs that were done or cancelled more than a day ago, and folders that hold no job."""
        for folder in self._folders():
            with suppress(LibraryError, OSError), folder.held():
                try:
                    job = folder.read()
                except LibraryError:
                    self._discard(folder)
                    continue
                old = datetime.now(UTC) - job.updated > _KEEP_ENDED
                if old and job.status in {JobStatus.DONE, JobStatus.CANCELLED}:
                    self._discard(folder)

    def folder(self, id: str) -> "JobFolder":
        """The folder of a job. Raises LibraryError where there is none."""
        folder = JobFolder(self._folder / id)
        if not _ID.fullmatch(id) or not folder.exists():
            raise LibraryError(f"There is no job {id!r}. It may have been dismissed.")
        return folder

    def _folders(self) -> list["JobFolder"]:
        try:
            return [JobFolder(entry) for entry in self._folder.iterdir() if _ID.fullmatch(entry.name)]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise LibraryError(f"The library {self.root} cannot be read: {error}.") from error

    def _discard(self, folder: "JobFolder") -> None:
        with workspace(self._workspaces) as bin:
            folder.path.rename(bin / folder.path.name)


class JobFolder:
    """One job's files. What changes its state is called with the job `held`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._last_note = ("", 0.0)

    @property
    def transcript(self) -> Path:
        """The transcript as it was given."""
        return self.path / "transcript.txt"

    @property
    def fetched(self) -> Path:
        """Where the audio is fetched to, and a broken download goes on."""
        return self.path / "fetched"

    @property
    def checkpoints(self) -> Path:
        """Where the aligner keeps what it can go on from."""
        return self.path / "checkpoints"

    @property
    def upload(self) -> Path | None:
        """The audio that was handed over, if any."""
        return next(iter(sorted(self.path.glob("upload*"))), None)

    def exists(self) -> bool:
        """Whether there is such a job."""
        return (self.path / "request.json").is_file()

    def read(self) -> Job:
        """The job as it stands. Raises LibraryError where its files cannot be read."""
        try:
            request = JobRequest(**read_json(self.path / "request.json"))
            state = read_json(self.path / "state.json")
            status = JobStatus(state["status"])
            return Job(
                id=self.path.name,
                request=request,
                status=status,
                submitted=datetime.fromisoformat(state["submitted"]),
                updated=datetime.fromisoformat(state["updated"]),
                progress=Progress(**state["progress"]),
                message=state["message"],
                remark=state.get("remark", ""),
                episode=state["episode"],
                preview=state.get("preview"),
                openings=state.get("openings", 0),
                crashes=state["crashes"],
                stopping=self.should_stop() and not status.ended,
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise LibraryError(f"The job {self.path.name} cannot be read: {error}.") from error

    @contextmanager
    def held(self, timeout_s: float = 0.3) -> Iterator[None]:
        """This job for this process alone. Raises JobBusy where another one has it."""
        try:
            # The wait is for those who only look whether it is free.
            with FileLock(self.path / "lock").acquire(timeout=timeout_s, poll_interval=0.02):
                yield
        except Timeout:
            raise JobBusy("Another process is doing this job.") from None

    def is_free(self) -> bool:
        """Whether no living process is doing this job."""
        try:
            with self.held(timeout_s=0):
                return True
        except (JobBusy, OSError):
            return False

    def start(self) -> None:
        """Note that this process is at work on it."""
        self._change(status=JobStatus.RUNNING, progress=Progress("Starting"))

    def note(self, progress: Progress) -> None:
        """Show how far the work is, four times a second at most. Raises Cancelled if that was asked for."""
        stage, at = self._last_note
        now = time.monotonic()
        if progress.stage == stage and now - at < _WRITE_EVERY_S:
            return
        self._last_note = (progress.stage, now)
        if self.should_stop():
            raise Cancelled("Stopped, as asked. What was done so far is kept for another try.")
        self._change(sync=False, progress=progress)

    def note_remark(self, remark: str) -> None:
        """Tell something that is worth knowing while the work goes on."""
        self._change(sync=False, remark=remark)

    def note_opening(self, preview: str) -> None:
        """Tell that more of the episode can be listened to. preview: its id."""
        self._change(sync=False, preview=preview, openings=self.read().openings + 1)

    def should_stop(self) -> bool:
        """Whether somebody asked to stop."""
        return (self.path / "cancel").exists()

    def ask_to_stop(self) -> None:
        """Leave word for whoever is doing this job."""
        (self.path / "cancel").touch()

    def crashed(self) -> int:
        """Count that the process doing this job was ended from outside; return how often that was so far."""
        crashes = self.read().crashes + 1
        self._change(crashes=crashes)
        return crashes

    def end(self, status: JobStatus, message: str = "", episode: str | None = None) -> None:
        """Note how it ended. What was made on the way goes once the episode is kept."""
        self._change(status=status, message=message, episode=episode)
        if status is JobStatus.DONE:
            self.clear_work()
            if (upload := self.upload) is not None:
                upload.unlink()

    def clear_work(self) -> None:
        """Remove what was made on the way."""
        shutil.rmtree(self.fetched, ignore_errors=True)
        shutil.rmtree(self.checkpoints, ignore_errors=True)

    def queue_again(self) -> None:
        """Back to the queue, as new."""
        (self.path / "cancel").unlink(missing_ok=True)
        write_json(self.path / "state.json", _new_state())

    def _change(self, *, sync: bool = True, **changes: Any) -> None:
        job = replace(self.read(), **changes)
        write_json(self.path / "state.json", _state(job), sync=sync)


def _new_state() -> dict[str, Any]:
    now = datetime.now(UTC)
    return _state(Job("", JobRequest(""), JobStatus.QUEUED, submitted=now, updated=now))


def _state(job: Job) -> dict[str, Any]:
    return {
        "status": job.status,
        "submitted": job.submitted.isoformat(),
        "updated": datetime.now(UTC).isoformat(),
        "progress": asdict(job.progress),
        "message": job.message,
        "remark": job.remark,
        "episode": job.episode,
        "preview": job.preview,
        "openings": job.openings,
        "crashes": job.crashes,
    }

"""Jobs: long work on the library, kept on the disk so that it outlives the process that does it.

    jobs/<id>/request.json     what is wanted
    jobs/<id>/transcript.txt   the transcript to align, as it was given
    jobs/<id>/upload.*         audio that was handed over rather than named
    jobs/<id>/state.json       how far it is; any process may read it
    jobs/<id>/lock             held by the process that does the job, and freed when that dies
    jobs/<id>/cancel           there when somebody asked to stop
    jobs/<id>/fetched, checkpoints   what a new start goes on from
    jobs/<id>/log.jsonl        what happened to it
    jobs/<id>/old              there when it was found to be old; see `forget_old`

Times in these files are those of the clock on the wall, which may jump. Nothing is put in order by them, and
what waits for a time waits no longer where the clock went back.

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
from alignment.library.job_log import JobLog
from alignment.library.turns import in_order, last_turns, next_jobs
from alignment.progress import Progress

__all__ = ["Job", "JobBusy", "JobFolder", "JobRequest", "JobStatus", "Jobs", "TextSource", "job_id"]

TextSource = Literal["given", "captions", "recognised"]
"""What is aligned: the transcript that is given; captions that the audio's source has; what the
recogniser hears."""

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
    text: where what is aligned comes from.
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
    text: TextSource = "given"
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
    number: grows from each job asked for to the next. turn: the same for each that was begun; 0 for none.
    tries: how often it was put off because of trouble that passes; retry_at: until when, or None.
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
    number: int = 0
    turn: int = 0
    tries: int = 0
    retry_at: datetime | None = None

    def wait_s(self, now: datetime) -> float:
        """Seconds until it may be begun, 0 where it may be now."""
        if self.retry_at is None or self.stopping or now < self.updated:  # the clock was put back
            return 0.0
        return max((self.retry_at - now).total_seconds(), 0.0)


def job_id(request: JobRequest, transcript: bytes = b"", audio: str = "") -> str:
    """The id of the job that wants this. audio: SHA-256 of what was handed over, or ""."""
    return identifier(
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
            id = job_id(request, transcript, audio)
            folder = JobFolder(self._folder / id)
            self._make_way(folder)
            if folder.exists() and folder.read().status is JobStatus.DONE:
                self.dismiss(id)
            if folder.exists():
                return self.retry(id)
            with workspace(self._workspaces) as building:
                write_json(building / "request.json", asdict(request))
                write_durably(building / "transcript.txt", transcript)
                if upload is not None:
                    copy_durably(upload, building / f"upload{PurePath(upload_name).suffix.lower()}")
                write_json(building / "state.json", _new_state(self._next_number()))
                self._folder.mkdir(exist_ok=True)
                with suppress(FileExistsError):
                    building.rename(folder.path)
                settle(self._folder)
            return folder.read()

    def all(self) -> list[Job]:
        """Every job, in the order they were asked for. One whose files cannot be read is left out."""
        jobs = []
        for folder in self._folders():
            with suppress(LibraryError):
                jobs.append(folder.read())
        return in_order(jobs)

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
        """Ask anew for a job that has ended, going on from what it has; one under way goes on undisturbed.

        One that waits for its next try waits no longer.
        """
        folder = self.folder(id)
        with clearly(self.root), suppress(JobBusy), folder.held():
            job = folder.read()
            if job.status.ended:
                folder.queue_again(self._next_number())
            elif job.retry_at is not None:
                folder.wait_no_longer()
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

    def line(self) -> list[Job]:
        """Jobs that nobody has begun, the next one first; without those that wait for another try."""
        jobs, now = self.all(), datetime.now(UTC)
        waiting = [job for job in jobs if job.status is JobStatus.QUEUED and not job.wait_s(now)]
        running = [job for job in jobs if job.status is JobStatus.RUNNING]
        return next_jobs(waiting, running, len(waiting), last_turns(jobs))

    def next_turn(self) -> int:
        """The turn of the job that is begun now."""
        return 1 + max((job.turn for job in self.all()), default=0)

    def forget_old(self) -> None:
        """Remove jobs that were done or cancelled more than a day ago, and folders that hold no job.

        Those are found to be old first, and removed when they still are a day later: the clock may be wrong.
        """
        for folder in self._folders():
            with suppress(LibraryError, OSError), folder.held():
                if folder.is_old_for_long():
                    self._discard(folder)

    def _make_way(self, folder: "JobFolder") -> None:
        """Put away what is in a job's place and is none."""
        if folder.path.is_dir():
            try:
                folder.read()
            except LibraryError:
                self._discard(folder)

    def _next_number(self) -> int:
        return 1 + max((job.number for job in self.all()), default=0)

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
    def log(self) -> JobLog:
        """What happened to the job."""
        return JobLog(self.path)

    @property
    def upload(self) -> Path | None:
        """The audio that was handed over, if any."""
        return next(iter(sorted(self.path.glob("upload*"))), None)

    def exists(self) -> bool:
        """Whether there is such a job."""
        return (self.path / "request.json").is_file()

    def read(self) -> Job:
        """The job as it stands. Raises LibraryError where its files cannot be read.

        What is wanted is what counts: where no more than the state is damaged, the job begins anew.
        """
        try:
            request = JobRequest(**read_json(self.path / "request.json"))
            try:
                return self._read_state(request)
            except (ValueError, KeyError, TypeError, FileNotFoundError):
                asked = datetime.fromtimestamp((self.path / "request.json").stat().st_mtime, UTC)
                return Job(self.path.name, request, JobStatus.QUEUED, submitted=asked, updated=asked)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise LibraryError(f"The job {self.path.name} cannot be read: {error}.") from error

    def _read_state(self, request: JobRequest) -> Job:
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
            number=state.get("number", 0),
            turn=state.get("turn", 0),
            tries=state.get("tries", 0),
            retry_at=datetime.fromisoformat(at) if (at := state.get("retry_at")) else None,
        )

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

    def start(self, turn: int) -> None:
        """Note that this process is at work on it."""
        self.log.add("state", "Started")
        self._change(status=JobStatus.RUNNING, progress=Progress("Starting"), turn=turn, retry_at=None)

    def put_off(self, message: str, pause_s: float) -> None:
        """Back to the queue until the trouble that the message tells of may have passed."""
        self.log.add("warning", f"{message} Another try follows in {pause_s:.0f} s.")
        at = datetime.now(UTC) + timedelta(seconds=pause_s)
        tries = self.read().tries + 1
        self._change(status=JobStatus.QUEUED, message=message, progress=_WAITING, tries=tries, retry_at=at)

    def wait_no_longer(self) -> None:
        """Let a job that was put off be begun at once, as if nothing had been in its way."""
        self.log.add("state", "Another try was asked for")
        self._change(message="", tries=0, retry_at=None)

    def note(self, progress: Progress) -> None:
        """Show how far the work is, four times a second at most. Raises Cancelled if that was asked for."""
        stage, at = self._last_note
        now = time.monotonic()
        if progress.stage == stage and now - at < _WRITE_EVERY_S:
            return
        self._last_note = (progress.stage, now)
        if progress.stage != stage:
            self.log.add("stage", progress.stage)
        if self.should_stop():
            raise Cancelled("Stopped, as asked. What was done so far is kept for another try.")
        self._change(sync=False, progress=progress)

    def note_remark(self, remark: str) -> None:
        """Tell something that is worth knowing while the work goes on."""
        self.log.add("warning", remark)
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
        self.log.add("state", "Asked to stop")

    def crashed(self) -> int:
        """Count that the process doing this job was ended from outside; return how often that was so far."""
        crashes = self.read().crashes + 1
        self.log.add("error", "The process that did the work was ended from outside")
        self._change(crashes=crashes)
        return crashes

    def end(self, status: JobStatus, message: str = "", episode: str | None = None) -> None:
        """Note how it ended. What was made on the way goes once the episode is kept."""
        self.log.add("error" if status is JobStatus.FAILED else "state", message or status.capitalize())
        self._change(status=status, message=message, episode=episode, retry_at=None)
        if status is JobStatus.DONE:
            self.clear_work()
            if (upload := self.upload) is not None:
                upload.unlink()

    def set_aside(self, message: str) -> None:
        """Have it wait, as one that failed, until a person asks for it."""
        state = _state(
            replace(self.read(), status=JobStatus.FAILED, message=message, episode=None, preview=None)
        )
        write_json(self.path / "state.json", state)

    def clear_work(self) -> None:
        """Remove what was made on the way."""
        shutil.rmtree(self.fetched, ignore_errors=True)
        shutil.rmtree(self.checkpoints, ignore_errors=True)

    def queue_again(self, number: int) -> None:
        """Back to the queue, as new."""
        (self.path / "cancel").unlink(missing_ok=True)
        self.log.add("state", "Asked for again")
        write_json(self.path / "state.json", _new_state(number))

    def is_old_for_long(self) -> bool:
        """Whether it need not be kept, and a day ago was found not to. Old by a clock that may be wrong."""
        mark, now = self.path / "old", datetime.now(UTC)
        if not self._is_old(now):
            mark.unlink(missing_ok=True)
            return False
        if not mark.exists():
            mark.touch()
        found = datetime.fromtimestamp(mark.stat().st_mtime, UTC)
        if found > now:  # by a clock that was wrong
            mark.touch()
        return now - found > _KEEP_ENDED

    def _is_old(self, now: datetime) -> bool:
        try:
            job = self.read()
        except LibraryError:
            return True
        ended = job.status in {JobStatus.DONE, JobStatus.CANCELLED}
        return ended and abs(now - job.updated) > _KEEP_ENDED

    def _change(self, *, sync: bool = True, **changes: Any) -> None:
        job = replace(self.read(), **changes)
        write_json(self.path / "state.json", _state(job), sync=sync)


def _new_state(number: int) -> dict[str, Any]:
    now = datetime.now(UTC)
    return _state(Job("", JobRequest(""), JobStatus.QUEUED, submitted=now, updated=now, number=number))


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
        "number": job.number,
        "turn": job.turn,
        "tries": job.tries,
        "retry_at": job.retry_at.isoformat() if job.retry_at else None,
    }

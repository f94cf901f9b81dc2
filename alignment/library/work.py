"""What a job does, step by step; every step can be cut off at any moment and is gone on from later."""

import time
import traceback
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypedDict

from alignment.another_cut import remark_on_length
from alignment.corrections import Realign, apply
from alignment.disk import clearly, copy_durably, digest, write_durably
from alignment.errors import AlignmentError, Cancelled
from alignment.formats import write
from alignment.library.corrections import aligned_transcript, correct_found, read_corrections
from alignment.library.episode import Episode
from alignment.library.jobs import Job, JobBusy, JobFolder, JobRequest, Jobs, JobStatus
from alignment.library.retrying import pause_before
from alignment.library.store import Library
from alignment.progress import Progress, ProgressCallback, ignore_progress
from alignment.transcript import Source, Transcript

if TYPE_CHECKING:
    from alignment.sources import Access, FetchedAudio
    from alignment.sources.rules import FetchRules

__all__ = ["BROKE", "Align", "Fetch", "LookAgain", "Tools", "do_job", "finish_job", "standard_tools"]

BROKE = "Something broke that should not have"
"""Begins the message of a job that failed by a fault of the program; its log has the details."""

_LOOK_EVERY_S = 0.25


class Fetch(Protocol):
    """`alignment.fetch`, or what stands in for it."""

    def __call__(
        self,
        source: str | Path,
        directory: Path,
        *,
        captions: str | None = ...,
        progress: ProgressCallback = ...,
    ) -> "FetchedAudio":
        """Bring the audio into the directory, ready to be aligned and played."""
        ...


class Align(Protocol):
    """`alignment.align`, or what stands in for it."""

    def __call__(
        self,
        audio: Path,
        transcript: Transcript,
        *,
        model: str = ...,
        language: str | None = ...,
        progress: ProgressCallback = ...,
        show_opening: Callable[[Transcript], None] | None = ...,
        checkpoints: Path | None = ...,
    ) -> Transcript:
        """Put a time on every line and word."""
        ...


class Recognise(Protocol):
    """`alignment.engine.recognising.recognise`, or what stands in for it."""

    def __call__(
        self,
        audio: Path,
        *,
        model: str = ...,
        language: str | None = ...,
        progress: ProgressCallback = ...,
        checkpoints: Path | None = ...,
    ) -> Transcript:
        """Write down what is said."""
        ...


class LookAgain(Protocol):
    """`alignment.engine.realign.realign`, or what stands in for it."""

    def __call__(
        self,
        audio: Path,
        transcript: Transcript,
        first: int,
        last: int,
        *,
        fixed: Collection[int] = ...,
        model: str = ...,
        progress: ProgressCallback = ...,
    ) -> Realign:
        """Look for some lines anew between those that stay."""
        ...


@dataclass(frozen=True, slots=True)
class Tools:
    """What a job works with: how a transcript is read, audio fetched, speech written down, the one aligned to
    the other, or some lines of it again."""

    read: Callable[[Path], Transcript]
    fetch: Fetch
    recognise: Recognise
    align: Align
    realign: LookAgain


def standard_tools(access: "Access | None" = None, rules: "FetchRules | None" = None) -> Tools:
    """The package's own; loaded here, in the process that works, because the aligner is heavy.

    access: how audio is got at that a site does not show to everybody. rules: from where is fetched, and how
    much is taken; those of a personal app by default.
    """
    from alignment.engine.pipeline import align
    from alignment.engine.realign import realign
    from alignment.engine.recognising import recognise
    from alignment.formats import read_transcript
    from alignment.sources import fetch
    from alignment.sources.access import Access
    from alignment.sources.rules import PERSONAL

    rules = rules or PERSONAL
    how = partial(fetch, access=access or Access(), rules=rules)

    def read(path: Path) -> Transcript:
        rules.limits.check_text(path)
        return read_transcript(path)

    return Tools(read, how, recognise, align, realign)


def do_job(
    library: Library,
    id: str,
    tools: Callable[[], Tools] = standard_tools,
    *,
    progress: ProgressCallback = ignore_progress,
    pauses_s: Sequence[float] = (),
    looked: bool = False,
) -> Job:
    """Do a job in this process, from where it was left, and return it as it ended, or was put off.

    progress: told of every step; raising Cancelled in it cancels the job.
    pauses_s: seconds between tries where the trouble may pass; after the last one it counts as failed.
    looked: it is known that no episode was made from this address, which takes a look at all of them.
    What goes wrong is kept with the job, not raised. Raises JobBusy where another process is doing it, and
    LibraryError where the disk fails.
    """
    jobs = Jobs(library.root)
    folder = jobs.folder(id)
    with clearly(library.root), folder.held(), folder.log.listening():
        job = folder.read()
        if job.status.ended:
            return job
        folder.start(jobs.next_turn())

        def report(event: Progress) -> None:
            folder.note(event)
            progress(event)

        def end(status: JobStatus, message: str = "", episode: str | None = None) -> None:
            if (preview := folder.read().preview) is not None:
                library.end_preview(preview)
            folder.end(status, message, episode)

        try:
            report(Progress("Starting"))
            with clearly(library.root):
                work = _Work(library, folder, job.request, tools(), report, looked)
                episode = work.do()
        except Cancelled:
            end(JobStatus.CANCELLED)
        except AlignmentError as error:
            pause_s = pause_before(job.tries, error, pauses_s)
            if folder.should_stop():
                end(JobStatus.CANCELLED)
            elif pause_s is None:
                end(JobStatus.FAILED, str(error))
            else:
                folder.put_off(str(error), pause_s)
        except Exception as error:
            folder.log.add("error", traceback.format_exc())
            end(
                JobStatus.FAILED,
                f"{BROKE} ({type(error).__name__}: {error}). "
                f"Try again; if it stays, report it with the details of this job ({id}).",
            )
        else:
            end(JobStatus.DONE, episode=episode.id)
        return folder.read()


def finish_job(
    library: Library,
    id: str,
    tools: Callable[[], Tools] = standard_tools,
    *,
    progress: ProgressCallback = ignore_progress,
    pauses_s: Sequence[float] = (),
    looked: bool = False,
) -> Job:
    """Like `do_job`, but where another process is doing the job, follow that until it has ended or died."""
    while True:
        try:
            return do_job(library, id, tools, progress=progress, pauses_s=pauses_s, looked=looked)
        except JobBusy:
            _follow(Jobs(library.root).folder(id), progress)


def _follow(folder: JobFolder, progress: ProgressCallback) -> None:
    while not (job := folder.read()).status.ended and not folder.is_free():
        try:
            progress(job.progress)
        except Cancelled:
            folder.ask_to_stop()
        time.sleep(_LOOK_EVERY_S)


class _Whose(TypedDict):
    owner: str | None
    private: bool


@dataclass(frozen=True, slots=True)
class _Work:
    """One job in work."""

    library: Library
    folder: JobFolder
    request: JobRequest
    tools: Tools
    report: ProgressCallback
    looked: bool

    def do(self) -> Episode:
        """What is wanted; returns the episode that came of it."""
        if self.request.episode is None:
            return self.add()
        return self.align_again() if self.request.first is None else self.realign()

    def add(self) -> Episode:
        """Read, fetch, align, save; look before each costly step whether its outcome is here already."""
        wanted = (self.request.model, self.request.language)
        transcript = self._given_text()  # a bad one is refused before anything is fetched
        address = None if self.looked else self.request.source
        if address and transcript and (known := self.library.find_source(address, self._digest(), *wanted)):
            return known
        fetched = self._fetch()
        transcript = transcript or self._found_text(fetched)
        if known := self.library.find(digest(fetched.path), self._digest(), *wanted):
            return known
        given = self.folder.transcript.read_bytes()
        if remark := remark_on_length(transcript.source.length or fetched.source.length, fetched.duration):
            self.folder.note_remark(remark)
        transcript = replace(
            transcript,
            title=transcript.title or fetched.title or self.request.title,
            source=_joined(transcript.source, fetched.source),
        )

        whose: _Whose = {"owner": self.request.owner, "private": self.request.private}

        def show_opening(opening: Transcript) -> None:
            preview = self.library.show_preview(
                transcript=given, audio=fetched.path, aligned=opening, thumbnail=fetched.thumbnail, **whose
            )
            self.folder.note_opening(preview.id)

        aligned = self._align(fetched.path, transcript, show_opening)
        return self.library.add(
            transcript=given, audio=fetched.path, aligned=aligned, thumbnail=fetched.thumbnail, **whose
        )

    def align_again(self) -> Episode:
        """Align an episode's own audio and transcript, and give it the outcome."""
        episode = self.library.episode(self.request.episode or "")
        transcript = replace(self.tools.read(episode.transcript), origin=aligned_transcript(episode).origin)
        aligned = self._align(self.library.audio_path(episode.id), transcript)
        return self.library.replace_alignment(episode.id, aligned)

    def realign(self) -> Episode:
        """Look for some lines of an episode again, and keep where they are as a correction."""
        episode = self.library.episode(self.request.episode or "")
        log = read_corrections(self.library, episode.id)
        transcript = apply(aligned_transcript(episode), log.done).transcript
        places = {segment.id: place for place, segment in enumerate(transcript.segments)}
        if self.request.first not in places or self.request.last not in places:
            raise AlignmentError("The lines to align again are no longer there. Choose them anew.")
        first, last = sorted((places[self.request.first], places[self.request.last]))
        change = self.tools.realign(
            self.library.audio_path(episode.id),
            transcript,
            first,
            last,
            fixed=log.fixed,
            model=episode.model,
            progress=self.report,
        )
        self.report(Progress("Saving"))
        texts = tuple(segment.text for segment in transcript.segments[first : last + 1])
        correct_found(self.library, episode.id, change, on=texts, who=self.request.who)
        return episode

    def _fetch(self) -> "FetchedAudio":
        """The audio; `fetch` itself goes on from what an earlier run of this job has fetched."""
        source = self.folder.upload or self.request.source
        if source is None:
            raise AlignmentError("Neither an address nor an audio file was given. Give one of them.")
        captions = (self.request.language or "") if self.request.text == "captions" else None
        return self.tools.fetch(source, self.folder.fetched, captions=captions, progress=self.report)

    def _given_text(self) -> Transcript | None:
        """The transcript that was given; None where the text comes from elsewhere."""
        return self.tools.read(self.folder.transcript) if self.request.text == "given" else None

    def _digest(self) -> str:
        """What the transcript is known by."""
        return digest(self.folder.transcript)

    def _found_text(self, fetched: "FetchedAudio") -> Transcript:
        """The text that nobody gave; it is kept as if it had been given."""
        if self.request.text == "recognised":
            transcript = self.tools.recognise(
                fetched.path,
                model=self.request.model,
                language=self.request.language,
                progress=self.report,
                checkpoints=self.folder.checkpoints,
            )
            write_durably(self.folder.transcript, write(transcript, "json").encode())
            return transcript
        if fetched.captions is None:
            raise AlignmentError(
                "The source of this recording has no captions"
                + (f" in the language {self.request.language!r}" if self.request.language else "")
                + ". Give a transcript, or let what is said be recognised."
            )
        copy_durably(fetched.captions.path, self.folder.transcript)
        transcript = self.tools.read(self.folder.transcript)
        return replace(transcript, origin="automatic captions" if fetched.captions.automatic else "captions")

    def _align(
        self,
        audio: Path,
        transcript: Transcript,
        show_opening: Callable[[Transcript], None] | None = None,
    ) -> Transcript:
        aligned = self.tools.align(
            audio,
            transcript,
            model=self.request.model,
            language=self.request.language,
            progress=self.report,
            show_opening=show_opening,
            checkpoints=self.folder.checkpoints,
        )
        self.report(Progress("Saving"))
        return aligned


def _joined(page: Source, fetched: Source) -> Source:
    """What the transcript's page says of the recording, and what its source says where the page is silent."""
    known = {
        field.name: getattr(page, field.name) or getattr(fetched, field.name) for field in fields(Source)
    }
    return Source(**known)

"""What a process does to a library until it is killed: it says what it is about to do, and what is done.

It tells this through a pipe, as pairs: ("at", stage); ("try", (key, state)) before something changes and
("ack", (key, state)) once the library has said that it is done. A key is `episode ID` or `job ID`, a state
what `observe` finds there from then on. To add an act: a function in ACTS.
"""

import os
import random
import signal
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Any

from alignment.corrections import Found, Realign, Text
from alignment.disk import read_json, write_json
from alignment.errors import LibraryError
from alignment.formats import read_transcript
from alignment.library import JobRequest, Jobs, JobStatus, Library, Runner, Tools, do_job
from alignment.library.corrections import correct, read_corrections, redo_correction, undo_correction
from alignment.library.episode import DESCRIPTION
from alignment.library.notes import Note, Place, keep_note, read_notes, remove_note
from alignment.library.work import standard_tools
from alignment.progress import Progress, ProgressCallback, ignore_progress
from alignment.transcript import Segment, Transcript
from tests.command import opening as cut_demo
from tests.library.episodes import (
    LINES,
    Fetched,
    aligned,
    copy_as_fetch,
    opening,
    write_down,
)

__all__ = ["ACTS", "Child", "add_episode", "live", "observe", "staged_tools"]

_STEP_S = 0.003
"""Between the steps of the tools, for kills by the clock to find them apart."""

_CHANGES = {
    "open",
    "os.rename",
    "os.remove",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.truncate",
    "os.utime",
    "shutil.copyfile",
    "shutil.rmtree",
}
"""Python's audit events that lead to the disk; `open` and the like for reading are among them."""

_WRITES = {"write", "flush", "fsync", "truncate"}
"""What is called between two such events, where a file is half written."""


def staged_fetch(
    source: str | Path,
    directory: Path,
    *,
    captions: str | None = None,
    progress: ProgressCallback = ignore_progress,
) -> Fetched:
    """Takes a file in pieces, and goes on where it was cut off."""
    directory.mkdir(exist_ok=True)
    part, content = directory / "part", Path(source).read_bytes()
    done = part.stat().st_size if part.exists() else 0
    for start in range(done, len(content), 4096):
        progress(Progress(f"Fetching audio {start}"))
        with part.open("ab") as file:
            file.write(content[start : start + 4096])
        time.sleep(_STEP_S)
    assert part.read_bytes() == content, "a download went on wrongly"
    return copy_as_fetch(source, directory, progress=progress)


def staged_align(
    audio: Path,
    transcript: Transcript,
    *,
    model: str = "base",
    language: str | None = None,
    progress: ProgressCallback = ignore_progress,
    show_opening: Callable[[Transcript], None] | None = None,
    checkpoints: Path | None = None,
) -> Transcript:
    """Listens in steps, each of which it need not do again."""
    assert checkpoints is not None
    checkpoints.mkdir(exist_ok=True)
    for step in range(4):
        if not (checkpoints / str(step)).exists():
            progress(Progress(f"Listening {step}"))
            time.sleep(_STEP_S)
            (checkpoints / str(step)).touch()
        if step == 1 and show_opening:
            show_opening(opening(transcript.title or "", model))
    return aligned(transcript.title or "", model, shift=0.01)


def staged_realign(
    audio: Path, transcript: Transcript, first: int, last: int, *, progress: ProgressCallback, **how: object
) -> Realign:
    """Finds the lines where they are, whatever was corrected in them."""
    progress(Progress("Listening"))
    time.sleep(_STEP_S)
    lines = transcript.segments[first : last + 1]
    return Realign(lines[0].id, tuple(_where_it_is(line) for line in lines))


def _where_it_is(line: Segment) -> Found:
    words = tuple((word.start, word.end, word.confidence) for word in line.words)
    return Found(line.start, line.end, "aligned", 0.9, words)


def staged_tools() -> Tools:
    """Tools that take a little time, and go on from what they have."""
    return Tools(read_transcript, staged_fetch, write_down, staged_align, staged_realign)


class Child:
    """The process that is to be killed."""

    def __init__(self, root: Path, seed: int, pipe: Connection) -> None:
        self.library = Library(root)
        self.random = random.Random(seed)
        self._pipe = pipe
        self._stage = ""

    def at(self, stage: str) -> None:
        """Tell which stage this is."""
        stage = stage.rstrip(" 0123456789")
        if stage != self._stage:
            self._stage = stage
            self._pipe.send(("at", stage))

    def ack(self, key: str, state: object) -> None:
        """Tell that this is so from now on."""
        self._pipe.send(("ack", (key, state)))

    @contextmanager
    def making(self, key: str, state: object) -> Iterator[None]:
        """Make it so."""
        self._pipe.send(("try", (key, state)))
        yield
        self.ack(key, state)

    def some_episode(self) -> str:
        """One that is there."""
        return self.random.choice(sorted(episode.id for episode in self.library.episodes()))

    def do(self, job: str) -> None:
        """Do a job in this process."""
        do_job(self.library, job, staged_tools, progress=lambda progress: self.at(progress.stage))


def add(child: Child) -> None:
    """Fetch and align something new."""
    root = child.library.root
    text = f"{LINES[0]}\n{uuid.UUID(int=child.random.getrandbits(128))}\n".encode()
    child.at("Submitting")
    job = Jobs(root).submit(JobRequest("New", str(root.parent / "tone.wav")), text)
    child.ack(f"job {job.id}", JobStatus.DONE)
    child.do(job.id)


def again(child: Child) -> None:
    """Align an episode again."""
    child.at("Submitting")
    job = Jobs(child.library.root).submit(JobRequest("Again", episode=child.some_episode()))
    child.ack(f"job {job.id}", JobStatus.DONE)
    child.do(job.id)


def again_in_part(child: Child) -> None:
    """Align some lines again, which is kept as a correction."""
    child.at("Submitting")
    request = JobRequest("Part", episode=child.some_episode(), first=0, last=child.random.randrange(3))
    job = Jobs(child.library.root).submit(request)
    child.ack(f"job {job.id}", JobStatus.DONE)
    child.do(job.id)


def edit(child: Child) -> None:
    """Write notes and corrections, take them away, do them again."""
    for number in range(6):
        id = child.some_episode()
        key, before = f"episode {id}", observe(child.library, f"episode {id}")
        child.at(f"Editing {number}")
        note = _note(child.random)
        match child.random.choice(("note", "note", "unnote", "correct", "correct", "undo")):
            case "note":
                with child.making(key, before | {"notes": before["notes"] | {note.id: note.text}}):
                    keep_note(child.library, id, note)
            case "unnote" if before["notes"]:
                gone, *kept = sorted(before["notes"])
                with child.making(key, before | {"notes": {id: before["notes"][id] for id in kept}}):
                    remove_note(child.library, id, gone)
            case "undo":
                _undo_and_redo(child, id)
            case _:
                line, text = child.random.randrange(3), f"Corrected {child.random.random()}."
                with child.making(key, before | {"texts": [*before["texts"], [line, text]]}):
                    log = read_corrections(child.library, id)
                    correct(child.library, id, Text(line, text), revision=log.revision)


def _undo_and_redo(child: Child, id: str) -> None:
    log = read_corrections(child.library, id)
    if not log.done or not isinstance(log.done[-1].change, Text):
        return
    before = observe(child.library, f"episode {id}")
    with child.making(f"episode {id}", before | {"texts": before["texts"][:-1]}):
        log = undo_correction(child.library, id, revision=log.revision)
    with child.making(f"episode {id}", before):
        redo_correction(child.library, id, revision=log.revision)


def delete(child: Child) -> None:
    """Remove an episode."""
    id = child.some_episode()
    child.at("Removing")
    with child.making(f"episode {id}", None):
        child.library.remove(id)


def put_back(child: Child) -> None:
    """Remove an episode, and have it back from the bin."""
    id = child.some_episode()
    key, before = f"episode {id}", observe(child.library, f"episode {id}")
    child.at("Removing")
    with child.making(key, None):
        binned = child.library.remove(id)
    child.at("Restoring")
    with child.making(key, before):
        child.library.restore(binned.name)


def migrate(child: Child) -> None:
    """Rename episodes that an older program has kept, which writes them as of this version."""
    for number in range(3):
        id = child.some_episode()
        path = child.library.episode(id).folder / DESCRIPTION
        newer = {"collections", "owner", "private"}
        old = {name: value for name, value in read_json(path).items() if name not in newer}
        write_json(path, {**old, "version": 1})
        child.at(f"Migrating {number}")
        with child.making(f"episode {id}", observe(child.library, f"episode {id}")):
            child.library.describe(id, title=f"Named {child.random.random()}")


def rewrite(child: Child) -> None:
    """Give episodes new times, which rewrites two files of each."""
    for number in range(3):
        id = child.some_episode()
        child.at(f"Rewriting {number}")
        with child.making(f"episode {id}", observe(child.library, f"episode {id}")):
            child.library.replace_alignment(id, aligned(shift=child.random.random() / 8))


def queue(child: Child) -> None:
    """Ask for a job, stop it, ask again, put it away."""
    jobs, root = Jobs(child.library.root), child.library.root
    text = f"{uuid.UUID(int=child.random.getrandbits(128))}\n".encode()
    child.at("Submitting")
    key = f"job {jobs.submit(JobRequest('Unwanted', str(root.parent / 'tone.wav')), text).id}"
    child.at("Cancelling")
    with child.making(key, JobStatus.CANCELLED):
        jobs.cancel(key.split()[1])
    child.at("Dismissing")
    with child.making(key, None):
        jobs.dismiss(key.split()[1])


def serve(child: Child) -> None:
    """Do a job as a server does: in a process of its own, which must end with the server."""
    _serve(child, staged_tools, Path("tone.wav"), f"{LINES[0]}\n{child.random.random()}\n".encode())


def serve_really(child: Child) -> None:
    """The same with the true tools, the aligner and all, on 17 seconds of the demo."""
    talk = cut_demo(child.library.root.parent / f"talk {child.random.getrandbits(64)}", 5)
    text = talk.transcript.read_bytes() + f"\n\nNumber {child.random.randrange(10**6)}.\n".encode()
    _serve(child, standard_tools, talk.audio, text)


def _serve(child: Child, tools: Callable[[], Tools], audio: Path, text: bytes) -> None:
    jobs = Jobs(child.library.root)
    job = jobs.submit(JobRequest("Served", str(child.library.root.parent / audio)), text)
    child.ack(f"job {job.id}", JobStatus.DONE)
    runner = Runner(child.library, tools)
    runner.start()
    while not (now := jobs.get(job.id)).status.ended:
        child.at(now.progress.stage)
        time.sleep(_STEP_S)
    runner.stop()


ACTS: dict[str, Callable[[Child], None]] = {
    "add": add,
    "align again": again,
    "align lines again": again_in_part,
    "edit": edit,
    "delete": delete,
    "delete and have back": put_back,
    "migrate": migrate,
    "rewrite": rewrite,
    "queue": queue,
    "serve": serve,
    "serve, really": serve_really,
}


def live(root: Path, act: str, seed: int, kill_at: int | None, pipe: Connection) -> None:
    """Do the act in this process, and die without warning at its so-manieth step on the disk.

    At its end it tells ("steps", how many there were).
    """
    child = Child(root, seed, pipe)
    steps = _Steps(str(root), kill_at)
    sys.addaudithook(steps.on_event)
    sys.setprofile(steps.on_call)
    ACTS[act](child)
    pipe.send(("steps", steps.count))


@dataclass
class _Steps:
    root: str
    kill_at: int | None
    count: int = 0

    def on_event(self, event: str, details: tuple[Any, ...]) -> None:
        if event in _CHANGES and str(details[0]).startswith(self.root):
            self._step()

    def on_call(self, frame: FrameType, event: str, called: Any) -> None:
        if event == "c_call" and called.__name__ in _WRITES:
            self._step()

    def _step(self) -> None:
        self.count += 1
        if self.count == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


def observe(library: Library, key: str) -> Any:
    """The state of an episode, of which no edit may be lost, or of a job; None where there is none."""
    kind, id = key.split()
    if kind == "job":
        return next((job.status for job in Jobs(library.root).all() if job.id == id), None)
    try:
        library.episode(id)
    except LibraryError:
        return None
    done = [correction.change for correction in read_corrections(library, id).done]
    return {
        "notes": {note.id: note.text for note in read_notes(library, id)},
        "texts": [[change.line, change.text] for change in done if isinstance(change, Text)],
    }


def add_episode(root: Path, text: str) -> str:
    """Keep an episode at once; its id."""
    audio = root.parent / "tone.wav"
    library = Library(root)
    return library.add(transcript=text.encode(), audio=audio, aligned=replace(aligned(), title=text)).id


def _note(chance: random.Random) -> Note:
    now = datetime.now(UTC).replace(microsecond=0)
    id = str(uuid.UUID(int=chance.getrandbits(128)))
    at = Place(0, 0)
    return Note(id, 0.0, 0.1, at, Place(0, 3), "The", "green", f"Note {chance.random()}", now, now)

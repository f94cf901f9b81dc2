"""Recordings for a batch, and tools that take no time, or as long as the test lets them.

They run in processes of their own, which import them by name; they and the test speak through files in the
folder that BELL names, as in tests/library/working.py.
"""

import errno
import os
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from alignment.errors import FetchError
from alignment.fleet.batch import Batch, Wishes
from alignment.fleet.events import Event
from alignment.fleet.item import BatchItem
from alignment.fleet.ledger import open_ledger
from alignment.fleet.task import Outcome, Task, carry_out
from alignment.fleet.workforce import LocalWorkforce, Workforce
from alignment.library import Library, Tools
from alignment.progress import ProgressCallback, ignore_progress
from alignment.transcript import Transcript
from tests.library.episodes import Fetched, aligned, copy_as_fetch, quick_tools, tone
from tests.library.working import BELL, stop_at

SLEEP_S = "TEST_SLEEP_S"


def recordings(folder: Path, count: int) -> list[BatchItem]:
    """So many recordings, each a sound and a text of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    items = []
    for number in range(count):
        audio, text = folder / f"talk {number:03}.wav", folder / f"talk {number:03}.txt"
        audio.write_bytes(tone(0.2, pitch_hz=200 + number))
        text.write_text(f"The kettle is on.\nNumber {number}.\n")
        items.append(BatchItem(f"talk {number:03}", str(audio), text))
    return items


def ready(model: str, cores: int) -> None:
    """Nothing has to be loaded."""


def local(jobs: int, tools: Callable[[], Tools]) -> Callable[[], Workforce]:
    """Opens so many processes."""
    return lambda: LocalWorkforce(jobs, tools=tools, ready=ready)


class Threads:
    """Threads of this process, as a `Workforce`: for what does not matter who works."""

    def __init__(self, jobs: int, tools: Callable[[], Tools]) -> None:
        self.at_a_time = self.window = jobs
        self._pool, self._tools = ThreadPoolExecutor(jobs), tools

    def hand_in(self, task: Task) -> "Future[Outcome]":
        return self._pool.submit(carry_out, task, self._tools)

    def progress(self, task: Task) -> None:
        return None

    def close(self) -> None:
        self._pool.shutdown()


def here(jobs: int, tools: Callable[[], Tools]) -> Callable[[], Workforce]:
    """Opens so many threads."""
    return lambda: Threads(jobs, tools)


def run(
    items: list[BatchItem],
    library: Library,
    workforce: Callable[[], Workforce],
    wishes: Wishes | None = None,
    on_event: Callable[[Event], None] | None = None,
) -> tuple[Batch, list[Event]]:
    """Run a batch to its end; what happened."""
    events: list[Event] = []

    def note(event: Event) -> None:
        events.append(event)
        if on_event:
            on_event(event)

    with open_ledger(library.root) as ledger:
        batch = Batch(items, library, ledger, wishes or Wishes())
        batch.run(workforce, note)
    return batch, events


def noted_align(audio: Path, transcript: Transcript, **how: object) -> Transcript:
    """Leaves a line with the title when it is done."""
    name = transcript.title or ""
    with (Path(os.environ[BELL]) / "aligned").open("a") as log:
        log.write(f"{name}\n")
    return replace(aligned(name), source=transcript.source)


def noting_tools() -> Tools:
    """Aligning leaves a trace."""
    return replace(quick_tools(), align=noted_align)  # type: ignore[arg-type]


def waiting_align(
    audio: Path, transcript: Transcript, *, progress: ProgressCallback = ignore_progress, **how: object
) -> Transcript:
    """Waits until the test lets it go on."""
    stop_at("align", progress)
    return noted_align(audio, transcript)


def waiting_tools() -> Tools:
    return replace(quick_tools(), align=waiting_align)  # type: ignore[arg-type]


def deadly_align(audio: Path, transcript: Transcript, **how: object) -> Transcript:
    """Takes its process down with the text that is number 1, as when memory runs out."""
    if transcript.segments[1].text == "Number 1.":
        os.abort()
    return noted_align(audio, transcript)


def deadly_tools() -> Tools:
    return replace(quick_tools(), align=deadly_align)  # type: ignore[arg-type]


def cut_off_fetch(
    source: str | Path, directory: Path, *, captions: str | None = None, progress: ProgressCallback
) -> Fetched:
    """The network is gone the first time, for the recording that is number 1."""
    mark = Path(os.environ[BELL]) / "network"
    if Path(source).stem.endswith("1") and not mark.exists():
        mark.touch()
        raise FetchError("There is no connection. Connect, then try again.") from OSError(
            errno.ENETUNREACH, "Network is unreachable"
        )
    return copy_as_fetch(source, directory, progress=progress)


def cut_off_tools() -> Tools:
    return replace(noting_tools(), fetch=cut_off_fetch)


def private_fetch(
    source: str | Path, directory: Path, *, captions: str | None = None, progress: ProgressCallback
) -> Fetched:
    """The recording that is number 1 is private, until a file says otherwise."""
    if Path(source).stem.endswith("1") and not (Path(os.environ[BELL]) / "public").exists():
        raise FetchError("The video is private. Give the audio file instead.")
    return copy_as_fetch(source, directory, progress=progress)


def private_tools() -> Tools:
    return replace(noting_tools(), fetch=private_fetch)


def sleepy_align(audio: Path, transcript: Transcript, **how: object) -> Transcript:
    """Takes as long as the environment says, and no processor."""
    time.sleep(float(os.environ.get(SLEEP_S, "0.2")))
    return noted_align(audio, transcript)


def sleepy_tools() -> Tools:
    return replace(quick_tools(), align=sleepy_align)  # type: ignore[arg-type]


def broken_tools() -> Tools:
    """A fault of the program."""

    def align(audio: Path, transcript: Transcript, **how: object) -> Transcript:
        raise ZeroDivisionError("of what?")

    return replace(noting_tools(), align=align)

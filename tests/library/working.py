"""A job's tools that stop at each step until the test lets them go on, so that a kill hits that very step.

They run in processes of their own, which import them by name; they and the test speak through files in the
folder that the environment variable BELL names: `<step>` gets a line when the step begins, and `<step>.go`
lets it go on.
"""

import errno
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from alignment.errors import FetchError
from alignment.formats import read_transcript
from alignment.library import Episode, Library, Runner, Tools
from alignment.progress import Progress, ProgressCallback, ignore_progress
from alignment.transcript import Source, Transcript
from tests.library.episodes import (
    Fetched,
    aligned,
    copy_as_fetch,
    find_again,
    opening,
    quick_tools,
    write_down,
)

BELL = "TEST_BELL"


def stop_at(step: str, progress: ProgressCallback = ignore_progress) -> None:
    """Say that the step has begun, and report progress until it may go on."""
    bell = Path(os.environ[BELL])
    with (bell / step).open("a") as log:
        log.write(f"{os.getpid()}\n")
    while not (bell / f"{step}.go").exists():
        progress(Progress(f"At {step}", 0.25, 60.0, "waiting"))
        time.sleep(0.01)


def slow_fetch(
    source: str | Path,
    directory: Path,
    *,
    captions: str | None = None,
    progress: ProgressCallback = ignore_progress,
) -> Fetched:
    if not Path(source).is_file():
        raise FetchError("There is no such recording. Give the audio file instead.")
    directory.mkdir(exist_ok=True)
    if not (directory / "receipt").exists():
        stop_at("fetch", progress)
        (directory / "receipt").touch()
    fetched = copy_as_fetch(source, directory, progress=progress)
    return Fetched(fetched.path, "Fetched", Source(channel="Garden talk"))


def slow_align(
    audio: Path,
    transcript: Transcript,
    *,
    model: str = "base",
    language: str | None = None,
    progress: ProgressCallback = ignore_progress,
    show_opening: Callable[[Transcript], None] | None = None,
    checkpoints: Path | None = None,
) -> Transcript:
    assert checkpoints is not None
    checkpoints.mkdir(exist_ok=True)
    if not (checkpoints / "first-half").exists():
        stop_at("first-half", progress)
        (checkpoints / "first-half").touch()
    if show_opening:
        show_opening(replace(opening(transcript.title or "", model), source=transcript.source))
    stop_at("second-half", progress)
    return aligned(transcript.title or "", model, source=transcript.source)


@cache
def slow_tools() -> Tools:
    """Every step stops, saving in the middle of its writing, too."""
    build = Library._build

    def build_slowly(library: Library, folder: Path, place: Path, *what: Any) -> Episode:
        episode = build(library, folder, place, *what)
        if place.name == "episodes":
            stop_at("save")
        return episode

    Library._build = build_slowly  # type: ignore[method-assign]
    return Tools(read_transcript, slow_fetch, write_down, slow_align, find_again)


def fetching_tools() -> Tools:
    """Fetching is the real thing."""
    from alignment.sources import fetch

    return replace(quick_tools(), fetch=fetch)


def deadly_align(audio: Path, transcript: Transcript, **how: object) -> Transcript:
    stop_at("align")
    os.abort()


def deadly_tools() -> Tools:
    """The process dies whenever it aligns."""
    return replace(quick_tools(), align=deadly_align)  # type: ignore[arg-type]


def refused_fetch(
    source: str | Path, directory: Path, *, captions: str | None, progress: ProgressCallback
) -> Fetched:
    stop_at("fetch", progress)
    raise FetchError("The video is private. Give the audio file instead.")


def refused_tools() -> Tools:
    """Nothing can be fetched."""
    return replace(quick_tools(), fetch=refused_fetch)


def counted_align(audio: Path, transcript: Transcript, **how: object) -> Transcript:
    """Leaves a line for each recording, and breaks where another one is at work on the same."""
    mark = Path(os.environ[BELL]) / f"{transcript.title}.now"
    mark.open("x").close()
    with (Path(os.environ[BELL]) / "aligned").open("a") as log:
        log.write(f"{transcript.title}\n")
    mark.unlink()
    return aligned(transcript.title or "")


def counted_tools() -> Tools:
    """Aligning leaves a trace."""
    return replace(quick_tools(), align=counted_align)


def cut_off_fetch(
    source: str | Path, directory: Path, *, captions: str | None, progress: ProgressCallback
) -> Fetched:
    """There is no network until something rings."""
    if not (Path(os.environ[BELL]) / "network").exists():
        (Path(os.environ[BELL]) / "tried").open("a").close()
        raise FetchError("There is no connection. Connect, then try again.") from OSError(
            errno.ENETUNREACH, "Network is unreachable"
        )
    return copy_as_fetch(source, directory, progress=progress)


def cut_off_tools() -> Tools:
    """Fetching needs a network."""
    return replace(quick_tools(), fetch=cut_off_fetch)


def serve(root: str, tools: str) -> None:
    """Be a server that does a library's jobs until it is killed."""
    Runner(Library(root), globals()[tools]).start()
    sys.stdin.read()

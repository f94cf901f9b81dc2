"""The `alignment` command: the package's public API, with a progress bar.

Exit status: 0 done, 1 failed with one clear line on stderr, 2 wrong usage, 130 interrupted.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from platformdirs import user_cache_path
from rich.console import Console
from rich.progress import BarColumn, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from alignment.disk import identifier, write_durably
from alignment.errors import AlignmentError
from alignment.progress import Progress, ProgressCallback
from alignment.transcript import Transcript

__all__ = ["app", "main"]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Put an exact time on every line and word of a transcript, and listen with the text.",
)

_console = Console(stderr=True)

_KEEP_WORK_S = 7 * 24 * 3600

Model = Annotated[
    str, typer.Option(help="Whisper size, a model hub's OWNER/NAME, or a folder of weights.", metavar="NAME")
]
Language = Annotated[
    str,
    typer.Option(
        help="Language that is spoken (en, de, fr, ...); auto hears it from the audio.", metavar="CODE"
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", help="File to write; standard output where none is given.", metavar="FILE"
    ),
]
LibraryFolder = Annotated[
    Path | None,
    typer.Option(
        "--library",
        help="Folder of the library.",
        envvar="ALIGNMENT_LIBRARY",
        metavar="DIR",
        show_default="cache",
    ),
]


def main() -> None:
    """Run the command line; the entry point of the `alignment` program."""
    try:
        app()
    except AlignmentError as error:
        _console.print(f"alignment: {error}", style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        _console.print("alignment: interrupted; the same command goes on from here.", markup=False)
        sys.exit(130)


@app.callback(invoke_without_command=True)
def _options(
    show_version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", is_eager=True)
    ] = False,
) -> None:
    if show_version:
        typer.echo(f"verbatime {version('verbatime')}")
        raise typer.Exit


@app.command()
def align(
    audio: Annotated[
        str, typer.Argument(help="Audio or video file, or any address that yt-dlp takes.", metavar="AUDIO")
    ],
    transcript: Annotated[Path, typer.Argument(help="File with the transcript.", metavar="TRANSCRIPT")],
    output: Output = None,
    model: Model = "base",
    language: Language = "auto",
) -> None:
    """Time a transcript against its audio and write it as JSON."""
    from alignment import align as run
    from alignment import read_transcript, write

    _check_writable(output)
    text = read_transcript(transcript)
    with _scratch(audio, transcript) as scratch, _shown_progress() as progress:
        sound = _local_audio(audio, scratch, progress)
        aligned = run(
            sound,
            text,
            model=model,
            language=_code(language),
            progress=progress,
            checkpoints=scratch / "checkpoints",
        )
    _deliver(write(aligned, "json"), output)
    _summarise(aligned)


@app.command()
def add(
    source: Annotated[
        str | None,
        typer.Argument(
            help="Address or audio file; the transcript page's own where it names one.", metavar="[URL|AUDIO]"
        ),
    ] = None,
    transcript: Annotated[
        Path | None, typer.Option("--transcript", "-t", help="File with the transcript.", metavar="FILE")
    ] = None,
    model: Model = "base",
    language: Language = "auto",
    library: LibraryFolder = None,
) -> None:
    """Fetch, align and keep an episode in the library; print its id."""
    from alignment import Library, read_transcript
    from alignment.library import JobRequest, Jobs, JobStatus, finish_job

    if transcript is None:
        raise typer.BadParameter("Give the transcript with --transcript FILE.")
    text = read_transcript(transcript)
    address = source or text.source.url
    if address is None:
        raise typer.BadParameter("The transcript names no address. Give one, or the audio file.")
    place = str(Path(address).absolute()) if Path(address).exists() else address
    root = _library_root(library)
    job = Jobs(root).submit(
        JobRequest(text.title or Path(place).stem, place, model, _code(language)), transcript.read_bytes()
    )
    with _shown_progress() as progress:
        ended = finish_job(Library(root), job.id, progress=progress)
    if ended.status is not JobStatus.DONE:
        raise AlignmentError(ended.message or f"The job {job.id} ended as {ended.status}.")
    typer.echo(ended.episode)


@app.command()
def export(
    episode: Annotated[
        str,
        typer.Argument(help="Id of an episode in the library, or an aligned JSON file.", metavar="EPISODE"),
    ],
    to: Annotated[str, typer.Option("--to", help="Format: json, srt, vtt or txt.", metavar="FORMAT")],
    output: Output = None,
    library: LibraryFolder = None,
) -> None:
    """Write an aligned transcript in another format."""
    from alignment import Library, read_transcript, write
    from alignment.formats import FORMATS, untimed

    writable = [format.name for format in FORMATS.values() if format.write]
    if to not in writable:
        raise typer.BadParameter(f"{to!r} is not a format to write. Give one of: {', '.join(writable)}.")
    _check_writable(output)
    if Path(episode).is_file():
        transcript = read_transcript(Path(episode))
    else:
        transcript = Library(_library_root(library)).transcript(episode)
    _deliver(write(transcript, to), output)
    if to in ("srt", "vtt") and (left_out := len(untimed(transcript))):
        _console.print(f"{left_out} lines have no time and are not shown by players of {to}.", style="yellow")


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8501,
    address: Annotated[
        str, typer.Option(help="Address to listen on; the default is this machine alone.")
    ] = "127.0.0.1",
    library: LibraryFolder = None,
) -> None:
    """Open the app: the library, and the player."""
    from alignment.app.server import serve as run

    run(root=library, address=address, port=port)


def _code(language: str) -> str | None:
    return None if language == "auto" else language


def _library_root(library: Path | None) -> Path:
    return library or Path("cache")


def _check_writable(output: Path | None) -> None:
    """Find out before the work, not after it, that its outcome has no place to go to."""
    if output is None:
        return
    folder = output.absolute().parent
    if not folder.is_dir():
        raise AlignmentError(
            f"There is no folder {folder} to write {output.name} to. Make it, or name another."
        )
    if output.is_dir() or not os.access(folder, os.W_OK):
        raise AlignmentError(f"{output} cannot be written. Name another file with --output.")


def _deliver(text: str, output: Path | None) -> None:
    """Write the file, whole or not at all, or print it."""
    data = text.encode("utf-8", "surrogatepass")
    if output is None:
        sys.stdout.buffer.write(data)
        return
    try:
        write_durably(output, data)
    except OSError as error:
        raise AlignmentError(
            f"{output} could not be written ({error.strerror}). Free space, or name another."
        ) from error


def _summarise(aligned: Transcript) -> None:
    """One line for a person on how it went."""
    placed = sum(segment.start is not None for segment in aligned.segments)
    missing = len(aligned.segments) - placed
    parts = [f"{placed} of {len(aligned.segments)} lines placed"]
    parts += [f"{missing} not in the audio"] if missing else []
    parts += [f"{len(aligned.untranscribed)} spoken passages without text"] if aligned.untranscribed else []
    _console.print(", ".join(parts) + ".", highlight=False)


def _local_audio(audio: str, scratch: Path, progress: ProgressCallback) -> Path:
    """The file itself, or what the address gives, fetched."""
    if Path(audio).exists() or "://" not in audio:
        return Path(audio)
    from alignment import fetch

    return fetch(audio, scratch / "fetched", progress=progress).path


@contextmanager
def _scratch(audio: str, transcript: Path) -> Iterator[Path]:
    """A folder for this piece of work; when it fails it stays a week, for the same command to go on from."""
    given = Path(audio)
    state = f"{given.absolute()} {given.stat().st_mtime_ns}" if given.exists() else audio
    folder = user_cache_path("verbatime") / "work" / identifier(state, str(transcript.absolute()))
    _forget_old(folder.parent)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        with tempfile.TemporaryDirectory() as temporary:
            yield Path(temporary)
        return
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def _forget_old(folder: Path) -> None:
    for work in folder.glob("*"):
        if time.time() - work.stat().st_mtime > _KEEP_WORK_S:
            shutil.rmtree(work, ignore_errors=True)


@contextmanager
def _shown_progress() -> Iterator[ProgressCallback]:
    """A bar per stage on a terminal; a line per stage where the output goes to a file."""
    if not _console.is_terminal:
        last = ""

        def tell(progress: Progress) -> None:
            nonlocal last
            if progress.stage != last:
                last = progress.stage
                _console.print(f"{progress.stage} ...", markup=False, highlight=False)

        yield tell
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[detail]}"),
    )
    with Bars(*columns, console=_console, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def show(progress: Progress) -> None:
            if progress.stage not in tasks:
                for task in bars.task_ids:
                    bars.remove_task(task)
                tasks.clear()
                tasks[progress.stage] = bars.add_task(progress.stage, total=1.0, detail="")
            share = progress.fraction
            bars.update(
                tasks[progress.stage],
                total=None if share is None else 1.0,
                completed=share or 0.0,
                detail=progress.detail,
            )

        yield show

"""`alignment batch`: many recordings into one library."""

import json
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alignment.commands.interrupting import resumable
from alignment.commands.options import LibraryAddress, Model, language_given, output_file, scheduler_address
from alignment.errors import AlignmentError
from alignment.output import check_output, deliver
from alignment.terminal import complain, shown_progress, tell
from alignment.wording import in_words, length

if TYPE_CHECKING:
    from alignment.fleet.batch import Batch
    from alignment.fleet.courtesy import Courtesy
    from alignment.fleet.item import BatchItem
    from alignment.fleet.summary import Counts
    from alignment.fleet.workforce import Workforce

__all__ = ["batch", "commands", "report_lines"]

commands = typer.Typer()


@commands.command(epilog="Example: alignment batch https://example.org/feed.xml talks/ --library radio")
def batch(
    sources: Annotated[
        list[str],
        typer.Argument(
            help="Podcast feed, playlist, channel, folder, OPML, or a CSV or JSON-lines list.",
            metavar="SOURCE...",
        ),
    ],
    model: Model = "base",
    language: Annotated[
        str,
        typer.Option(help="Spoken language where a list tells none; auto hears it.", metavar="CODE"),
    ] = "auto",
    jobs: Annotated[
        int | None,
        typer.Option(help="Recordings at a time, else by cores and memory.", min=1, max=64, metavar="N"),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(help="Dask scheduler whose workers do it, as tcp://HOST:8786.", metavar="ADDRESS"),
    ] = None,
    gpu: Annotated[bool, typer.Option("--gpu", help="With --scheduler: only workers with a GPU.")] = False,
    recognise: Annotated[
        bool, typer.Option("--recognise", help="Without a transcript: write down what is said.")
    ] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Also what failed in an earlier run.")
    ] = False,
    per_host: Annotated[
        int, typer.Option(help="Fetches from one host at once.", min=1, max=16, metavar="N")
    ] = 2,
    report: Annotated[
        Path | None,
        typer.Option(
            parser=output_file, help="File to write: a line of JSON for every recording.", metavar="FILE"
        ),
    ] = None,
    library: LibraryAddress = "cache",
) -> None:
    """Align many recordings and keep them in the library; what is done already is left out."""
    from alignment.fleet.batch import Batch, Wishes
    from alignment.fleet.ledger import open_ledger
    from alignment.fleet.summary import Counts
    from alignment.fleet.table import shown_batch
    from alignment.fleet.task import courtesy_in
    from alignment.library import open_library

    if scheduler and jobs is not None:
        raise typer.BadParameter(
            "--jobs is for this machine. With --scheduler, `alignment worker --jobs` says it."
        )
    if gpu and not scheduler:
        raise typer.BadParameter("--gpu is for --scheduler. Without it, a GPU that is there is used.")
    if scheduler:
        scheduler_address(scheduler)
    if report:
        check_output(report, *map(Path, sources), option="--report")
    home = open_library(library)
    counts = Counts()
    with _interruptible(), open_ledger(home.root) as ledger:
        items = _items(sources, recognise, language_given(language), courtesy_in(home, per_host))
        if report:
            check_output(report, *_files(items), option="--report")
        work = Batch(items, home, ledger, Wishes(model, retry_failed, per_host))
        try:
            with shown_batch(counts, work.progress) as show:
                work.run(partial(_workforce, model, jobs, scheduler, gpu), show)
        finally:
            if report:
                deliver(report_lines(work), report, option="--report")
    failed = [entry for _, _, entry in work.outcomes if entry and entry.status == "failed"]
    for entry in failed:
        complain(f"{entry.title} failed. {entry.message}")
    tell(_summary(counts))
    if failed:
        tell("The same command with --retry-failed tries what failed again.")
        raise typer.Exit(1)


def report_lines(work: "Batch") -> str:
    """A line of JSON for every recording, in the order of the list; what has no outcome yet is waiting."""
    lines = []
    for item, key, entry in work.outcomes:
        lines.append(
            {
                "key": key,
                "title": item.title,
                "audio": item.audio,
                "status": entry.status if entry else "waiting",
                "episode": entry.episode if entry else None,
                "message": entry.message if entry else "",
                "audio_seconds": entry.audio_s if entry else 0.0,
                "work_seconds": entry.work_s if entry else 0.0,
                "tries": entry.tries if entry else 0,
            }
        )
    return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)


def _items(
    sources: Sequence[str], recognise: bool, language: str | None, courtesy: "Courtesy"
) -> list["BatchItem"]:
    """What the sources have, in their order; what cannot be used of them is said."""
    from alignment.fleet.listing import list_items

    items: list[BatchItem] = []
    for source in sources:
        with shown_progress() as progress:
            listing = list_items(
                source, recognise=recognise, language=language, turn=courtesy.turn, progress=progress
            )
        for remark in listing.remarks:
            tell(remark)
        items += listing.items
    if not items:
        raise AlignmentError("There is nothing to align. Give a feed, a folder or a list of recordings.")
    return items


def _files(items: Sequence["BatchItem"]) -> Iterator[Path]:
    """What is read of them here."""
    for item in items:
        if item.transcript:
            yield item.transcript
        if "://" not in item.audio:
            yield Path(item.audio)


def _workforce(model: str, jobs: int | None, scheduler: str | None, gpu: bool) -> "Workforce":
    """Those who do it: a cluster's workers, or processes on this machine."""
    if scheduler:
        from alignment.fleet.cluster import Cluster

        return Cluster(scheduler, model, gpu=gpu)
    from alignment.engine.models import find_weights
    from alignment.fleet.workforce import LocalWorkforce
    from alignment.library.capacity import workers_at_a_time

    find_weights(model)  # here once, rather than at the same time in all of them
    return LocalWorkforce(jobs or workers_at_a_time(), model)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Say on Ctrl-C that what is done is kept; SIGTERM does the same, for a service manager."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with resumable():
            yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _summary(counts: "Counts") -> str:
    parts = [f"{counts.new:,} of {in_words(counts.total, 'recording')} done"]
    if counts.there:
        parts.append(f"{counts.there:,} were there already")
    if counts.failed:
        parts.append(f"{counts.failed:,} failed")
    text = ", ".join(parts)
    if counts.new:
        text += f"; {length(counts.audio_s)} of audio in {length(counts.elapsed_s)}"
    return f"{text}."

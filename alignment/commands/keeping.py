"""The commands that keep a library: remove and restore, rename, archives, room on the disk."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alignment.commands.opening import begun_library
from alignment.commands.options import LibraryAddress
from alignment.errors import AlignmentError
from alignment.output import deliver
from alignment.terminal import complain, shown_progress, tell
from alignment.wording import in_words, size

if TYPE_CHECKING:
    from alignment.library import Binned, Library
    from alignment.library.importing import Imported

__all__ = ["commands"]

commands = typer.Typer()
bin_commands = typer.Typer(
    no_args_is_help=True,
    help="What was removed, and can be had back for 30 days.",
    epilog="Example: alignment bin list",
)
library_commands = typer.Typer(
    no_args_is_help=True,
    help="The library as a whole: archives and room.",
    epilog="Example: alignment library backup /media/backups",
)
commands.add_typer(bin_commands, name="bin")
commands.add_typer(library_commands, name="library")

Id = Annotated[str, typer.Argument(help="Id of an episode in the library.", metavar="EPISODE")]
InTheBin = Annotated[
    str, typer.Argument(help="Id, or name that `bin list` shows where there are several.", metavar="NAME")
]
Archive = Annotated[Path, typer.Argument(help="File of an archive.", metavar="FILE")]
Everything = Annotated[bool, typer.Option("--all", help="Young and old: empty it.")]


@commands.command(epilog="Example: alignment remove abcdefghijkl")
def remove(episode: Id, library: LibraryAddress = "cache") -> None:
    """Move an episode to the bin; `alignment bin restore` has it back."""
    binned = begun_library(library).remove(episode)
    tell(f"{binned.title or binned.id} was moved to the bin. To undo it: alignment bin restore {binned.id}")


@commands.command(epilog='Example: alignment describe abcdefghijkl --title "At the gate" --add-to Radio')
def describe(
    episode: Id,
    title: Annotated[str | None, typer.Option(help="Its new title.", metavar="TEXT")] = None,
    add_to: Annotated[
        list[str] | None, typer.Option(help="Collection to put it into.", metavar="NAME")
    ] = None,
    take_from: Annotated[
        list[str] | None, typer.Option(help="Collection to take it from.", metavar="NAME")
    ] = None,
    library: LibraryAddress = "cache",
) -> None:
    """Rename an episode, or change the collections that it is in; print what it is called and is in."""
    home = begun_library(library)
    if not (title or add_to or take_from):
        raise typer.BadParameter("Nothing was given to change. Give --title, --add-to or --take-from.")
    present = home.episode(episode).collections
    if unknown := sorted(set(take_from or ()) - set(present)):
        raise AlignmentError(
            f"The episode is not in {', '.join(unknown)}. It is in: {', '.join(present) or 'no collection'}."
        )
    kept = [name for name in present if name not in (take_from or ())]
    changed = home.describe(episode, title=title, collections=[*kept, *(add_to or ())])
    deliver(f"{changed.title}\t{', '.join(changed.collections)}\n", None)


@bin_commands.command("list", epilog="Example: alignment bin list")
def list_bin(library: LibraryAddress = "cache") -> None:
    """List what is in the bin: name, when it was removed, title."""
    binned = begun_library(library).binned()
    lines = (f"{entry.name}\t{entry.removed:%Y-%m-%d %H:%M}\t{entry.title}\n" for entry in binned)
    deliver("".join(lines), None)
    if not binned:
        tell("The bin is empty.")


@bin_commands.command(epilog="Example: alignment bin restore abcdefghijkl")
def restore(name: InTheBin, library: LibraryAddress = "cache") -> None:
    """Take an episode out of the bin; print its id."""
    home = begun_library(library)
    deliver(f"{home.restore(_named(home, name).name)}\n", None)


@bin_commands.command(epilog="Example: alignment bin empty --all")
def empty(everything: Everything = False, library: LibraryAddress = "cache") -> None:
    """Delete for good what was removed more than 30 days ago, or all that was removed."""
    from alignment.library.bin import KEPT_FOR

    gone = begun_library(library).empty_bin(older_than=timedelta(0) if everything else KEPT_FOR)
    tell(f"{in_words(len(gone), 'episode')} deleted.")


@library_commands.command("export", epilog="Example: alignment library export talks.zip --collection Radio")
def export_archive(
    archive: Annotated[Path, typer.Argument(help="File to write, or its folder.", metavar="FILE|FOLDER")],
    collection: Annotated[
        str | None, typer.Option(help="Only the episodes in this collection.", metavar="NAME")
    ] = None,
    library: LibraryAddress = "cache",
) -> None:
    """Write the library as one ZIP file, with notes, corrections, the bin and waiting jobs."""
    _export(archive, collection, library)


@library_commands.command(epilog="Example: alignment library backup /mnt/backups")
def backup(
    archive: Annotated[Path, typer.Argument(help="Folder, or file to write.", metavar="FOLDER|FILE")],
    library: LibraryAddress = "cache",
) -> None:
    """Write the whole library as one ZIP file, named by the date in a folder, while it may be in use."""
    _export(archive, None, library)


@library_commands.command("import", epilog="Example: alignment library import talks.zip")
def import_file(archive: Archive, library: LibraryAddress = "cache") -> None:
    """Take in what such a ZIP file holds; episodes that are there stay, and get the notes that they lack."""
    _import(archive, library)


@library_commands.command("restore", epilog="Example: alignment library restore verbatime-20260301.zip")
def restore_library(archive: Archive, library: LibraryAddress = "cache") -> None:
    """The same as `import`: what is missing or damaged comes back from the backup."""
    _import(archive, library)


@library_commands.command(epilog="Example: alignment library usage")
def usage(library: LibraryAddress = "cache") -> None:
    """Say how much room the library takes, and how much of it can be freed."""
    from alignment.library.usage import measure

    found = measure(begun_library(library))
    lines = [
        f"{size(found.total)} in {in_words(found.episodes, 'episode')}, of it sound: {size(found.audio)}",
        f"{size(found.bin)} in the bin; `alignment bin empty --all` deletes it",
        f"{size(found.freeable)} can be made or fetched again; `alignment library clean` removes it",
        f"{size(found.free)} left on the disk",
    ]
    deliver("".join(f"{line}\n" for line in lines), None)


@library_commands.command(epilog="Example: alignment library clean")
def clean(library: LibraryAddress = "cache") -> None:
    """Remove what can be made or fetched again; episodes, what was added to them, and the bin stay."""
    from alignment.library.usage import clean as run

    tell(f"{size(run(begun_library(library)))} freed.")


def _named(library: "Library", name: str) -> "Binned":
    """What is in the bin under this name, or the only one with this id."""
    found = [entry for entry in library.binned() if name in {entry.name, entry.id}]
    if not found:
        raise AlignmentError(f"The bin holds no {name!r}. `alignment bin list` shows what it holds.")
    if len(found) > 1:
        names = ", ".join(entry.name for entry in found)
        raise AlignmentError(f"The bin holds {name} {len(found)} times. Name one of: {names}.")
    return found[0]


def _export(archive: Path, collection: str | None, library: str) -> None:
    from alignment.library.exporting import archive_name, export_library

    home = begun_library(library)
    target = archive / archive_name(datetime.now(UTC)) if archive.is_dir() else archive
    if not target.absolute().parent.is_dir():
        raise AlignmentError(f"There is no folder {target.parent} to write {target.name} to. Make it first.")
    with shown_progress() as progress:
        made = export_library(home, target, collection=collection, progress=progress)
    deliver(os.fsencode(made.path) + b"\n", None)
    parts = [in_words(made.episodes, "episode")]
    if made.binned:
        parts.append(f"{made.binned:,} of the bin")
    if made.jobs:
        parts.append(f"{in_words(made.jobs, 'job')} to do")
    tell(f"{', '.join(parts)}, {size(made.bytes)}.")


def _import(archive: Path, library: str) -> None:
    from alignment.library import open_library
    from alignment.library.importing import import_archive

    home = open_library(library)
    with shown_progress() as progress:
        outcome = import_archive(home, archive, progress=progress)
    _tell_imported(outcome)
    if outcome.refused:
        raise typer.Exit(1)


def _tell_imported(outcome: "Imported") -> None:
    for place in outcome.new:
        deliver(f"new\t{place}\n", None)
    for place in outcome.kept:
        deliver(f"{'merged' if place in outcome.merged else 'kept'}\t{place}\n", None)
    for refusal in outcome.refused:
        complain(f"{refusal.place} was refused. {refusal.reason}")
    tell(
        f"{len(outcome.new):,} new, {len(outcome.kept):,} kept as they are, {len(outcome.merged):,} with new "
        f"notes or corrections, {len(outcome.refused):,} refused."
    )

"""`alignment jobs`: what is fetched and aligned, and what came of it."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from alignment.commands.opening import begun_library
from alignment.commands.options import LibraryAddress
from alignment.output import deliver
from alignment.terminal import tell

if TYPE_CHECKING:
    from alignment.library import Job, Jobs

__all__ = ["commands"]

commands = typer.Typer()

Act = Annotated[
    Literal["list", "show", "cancel", "retry"],
    typer.Argument(
        help="list all; show how far one is and what happened to it; cancel it; retry it at once.",
        metavar="list|show|cancel|retry",
    ),
]


@commands.command(epilog="Example: alignment jobs show k3v7pq2mxa5d")
def jobs(
    act: Act = "list",
    id: Annotated[str | None, typer.Argument(help="Id of the job, as the list has it.", metavar="ID")] = None,
    library: LibraryAddress = "cache",
) -> None:
    """Look at what is fetched and aligned, stop it, try it again; `alignment serve` does the work."""
    if act == "list" and id is not None:
        raise typer.BadParameter("`list` takes no ID; `show` does.")
    if act != "list" and id is None:
        raise typer.BadParameter(f"`{act}` needs the ID of a job, as `alignment jobs` lists it.")
    known = _open(library)
    if id is None:
        _list(known)
        return
    if act == "show":
        _show(known, id)
        return
    if act == "cancel":
        known.cancel(id)
    else:
        known.retry(id)
    tell(_state(known, known.get(id), _places(known)) + ".")


def _open(library: str) -> "Jobs":
    from alignment.library import Jobs

    return Jobs(begun_library(library).root)


def _list(jobs: "Jobs") -> None:
    """Those under way first."""
    places, known = _places(jobs), jobs.all()
    if not known:
        tell("No jobs.")
    known.sort(key=lambda job: (job.status.ended, places.get(job.id, 0)))
    deliver("".join(f"{job.id}  {_state(jobs, job, places)}  {job.request.title}\n" for job in known), None)


def _show(jobs: "Jobs", id: str) -> None:
    job = jobs.get(id)
    lines = [job.request.title, _state(jobs, job, _places(jobs))]
    lines += [text for text in (job.message, job.remark) if text]
    lines += [f"Episode: {job.episode}"] if job.episode else []
    for entry in jobs.folder(id).log.entries():
        first, *more = entry.text.splitlines() or [""]
        lines.append(f"{entry.at.astimezone():%Y-%m-%d %H:%M:%S}  {entry.kind:<7}  {first}")
        lines += [" " * 30 + line for line in more]
    deliver("".join(f"{line}\n" for line in lines), None)


def _places(jobs: "Jobs") -> dict[str, int]:
    """By id, each waiting job's place in the line, counted from 1."""
    return {job.id: place for place, job in enumerate(jobs.line(), 1)}


def _state(jobs: "Jobs", job: "Job", places: dict[str, int]) -> str:
    """Where the job stands, in a few words."""
    from alignment.library import JobStatus
    from alignment.wording import length, ordinal

    if job.status is JobStatus.RUNNING:
        if jobs.folder(job.id).is_free():  # whoever did it was killed
            return "Interrupted"
        share = job.progress.fraction
        stage = "Stopping" if job.stopping else job.progress.stage
        return stage if share is None else f"{stage} {share:.0%}"
    if job.status is JobStatus.QUEUED and (wait_s := job.wait_s(datetime.now(UTC))):
        return f"Tries again in {length(wait_s)}"
    if job.id in places:
        return f"{ordinal(places[job.id])} in line"
    return job.status.capitalize()

"""`alignment worker`: this machine works for a Dask scheduler."""

from typing import Annotated

import typer

from alignment.commands.options import scheduler_address
from alignment.terminal import tell

__all__ = ["commands", "worker"]

commands = typer.Typer()


@commands.command(epilog="Example: alignment worker tcp://10.0.0.5:8786 --jobs 4 --host 10.0.0.7")
def worker(
    scheduler: Annotated[
        str, typer.Argument(help="Address of a Dask scheduler, as tcp://HOST:8786.", metavar="SCHEDULER")
    ],
    jobs: Annotated[
        int | None,
        typer.Option(
            help="Recordings at a time, else by cores and memory.",
            min=1,
            max=64,
            envvar="ALIGNMENT_JOBS",
            metavar="N",
        ),
    ] = None,
    host: Annotated[
        str,
        typer.Option(help="Address of this machine that the scheduler reaches it by.", metavar="ADDRESS"),
    ] = "127.0.0.1",
    library: Annotated[
        str | None,
        typer.Option(
            help="What the library is called here, where that is not as the batch calls it.",
            metavar="DIR|ADDRESS",
        ),
    ] = None,
) -> None:
    """Do the work of `alignment batch --scheduler` on this machine, until it is stopped."""
    from alignment.fleet.worker import serve_scheduler
    from alignment.library.capacity import workers_at_a_time

    serve_scheduler(scheduler_address(scheduler), jobs or workers_at_a_time(), host, _here(library), tell)


def _here(library: str | None) -> str | None:
    from alignment.library import open_library

    return None if library is None else open_library(library).address

"""What a person at a terminal sees beside the outcome: messages and how far the work is, all on stderr."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn
from rich.progress import Progress as Bars

from alignment.progress import Progress, ProgressCallback

__all__ = ["complain", "shown_progress", "tell"]

_console = Console(stderr=True)


def tell(message: str) -> None:
    """Say something that is worth knowing, on one line."""
    _say(message, "")


def complain(message: str) -> None:
    """Say what went wrong, on one line that begins with the program's name."""
    _say(f"alignment: {message}", "red")


@contextmanager
def shown_progress() -> Iterator[ProgressCallback]:
    """Show how far the work is: a bar, gone afterwards; where stderr is no terminal, a line per stage."""
    if not _console.is_interactive:
        yield _lines()
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[facts]}", markup=False),
    )
    with Bars(*columns, console=_console, transient=True) as bars:
        yield _bar(bars)


def _say(message: str, style: str) -> None:
    one_line = " ".join(message.splitlines())
    try:
        _console.print(one_line, style=style, markup=False, highlight=False, soft_wrap=True)
    except BrokenPipeError:
        raise
    except OSError:  # the disk with the log is full: no reason to give up the work
        return


def _lines() -> ProgressCallback:
    stage = ""

    def show(progress: Progress) -> None:
        nonlocal stage
        if progress.stage != stage:
            stage = progress.stage
            tell(f"{stage} ...")

    return show


def _bar(bars: Bars) -> Callable[[Progress], None]:
    stage = ""
    task: TaskID | None = None

    def show(progress: Progress) -> None:
        nonlocal stage, task
        if task is None or progress.stage != stage:
            if task is not None:
                bars.remove_task(task)
            stage, task = progress.stage, bars.add_task(progress.stage, total=None, facts="")
        share = progress.fraction
        bars.update(
            task, total=None if share is None else 1.0, completed=share or 0.0, facts=_facts(progress)
        )

    return show


def _facts(progress: Progress) -> str:
    """`42 %, 1:05 left, 12.4 of 40.0 MB`, as far as it is known."""
    facts = [] if progress.fraction is None else [f"{progress.fraction:.0%}".replace("%", " %")]
    if progress.eta_s and progress.fraction != 1.0:
        minutes, seconds = divmod(round(progress.eta_s), 60)
        facts.append(f"{minutes}:{seconds:02} left")
    return ", ".join([*facts, progress.detail] if progress.detail else facts)

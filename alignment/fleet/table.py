"""A batch as a person at a terminal sees it: a live table, or where there is no terminal a line an event."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from alignment.fleet.events import Begun, Ended, Event, GivenBack, OnEvent, Planned, PutOff, Trouble
from alignment.fleet.summary import Counts
from alignment.progress import Progress
from alignment.terminal import tell
from alignment.wording import in_words, length

__all__ = ["LookUp", "shown_batch"]

LookUp = Callable[[str], Progress | None]
"""How far the item with this key is; None where nobody knows."""

_MOST_ROWS = 12
_TITLE_COLUMNS = 44


@contextmanager
def shown_batch(counts: Counts, look_up: LookUp, console: Console | None = None) -> Iterator[OnEvent]:
    """Show a batch while it goes on; what is yielded takes its events, and counts them."""
    console = console or Console(stderr=True)
    if not console.is_interactive:
        yield _lines(counts)
        return
    with Live(
        console=console, refresh_per_second=4, transient=True, get_renderable=lambda: _table(counts, look_up)
    ) as live:

        def show(event: Event) -> None:
            counts.take(event)
            if not isinstance(event, Trouble) and (line := _lasting(event)):
                live.console.print(line, markup=False, highlight=False, soft_wrap=True)

        yield show


def _lines(counts: Counts) -> OnEvent:
    def show(event: Event) -> None:
        is_news = not isinstance(event, Trouble) or event.message != counts.trouble
        counts.take(event)
        if is_news and (line := _line(event, counts)):
            tell(line)

    return show


def _line(event: Event, counts: Counts) -> str:
    """The event in a line, "" where it is not worth one."""
    match event:
        case Planned():
            return _planned(event)
        case Begun():
            return ""
        case Ended() if event.entry.status == "done":
            how = "was there" if event.there else f"done in {length(event.entry.work_s)}"
            done = counts.there + counts.new
            return f"{done:,} of {counts.total:,}  {event.entry.title}  {how}"
        case _:
            return _lasting(event)


def _lasting(event: Event) -> str:
    """What is to stay on the screen."""
    match event:
        case Ended() if event.entry.status == "failed":
            return f"{event.entry.title} failed."
        case PutOff():
            return f"{event.item.title} waits for another try in {length(event.pause_s)}. {event.message}"
        case GivenBack():
            return f"{event.item.title} is begun again. {event.message}"
        case Trouble():
            return event.message
        case _:
            return ""


def _planned(event: Planned) -> str:
    parts = [in_words(event.total, "recording"), f"{event.there:,} done already"]
    if event.failed:
        parts.append(f"{event.failed:,} failed earlier")
    return f"{', '.join(parts)}; {event.to_do:,} to do."


def _table(counts: Counts, look_up: LookUp) -> RenderableType:
    rows = Table.grid(padding=(0, 2))
    rows.add_column(max_width=_TITLE_COLUMNS, no_wrap=True, overflow="ellipsis")
    rows.add_column(no_wrap=True)
    rows.add_column(no_wrap=True, justify="right")
    running = list(counts.running.items())
    known = [(item.title, _stage(look_up(key)), counts.clock() - since) for key, (item, since) in running]
    known.sort(key=lambda row: not row[1])  # those that are surely at work first
    for title, stage, since_s in known[:_MOST_ROWS]:
        rows.add_row(Text(title), Text(stage or "handed out"), Text(length(since_s)))
    parts: list[RenderableType] = [rows]
    if (hidden := len(known) - _MOST_ROWS) > 0:
        parts.append(Text(f"and {hidden:,} more handed out", style="dim"))
    if counts.trouble:
        parts.append(Text(counts.trouble, style="yellow"))
    parts.append(_foot(counts))
    return Group(*parts)


def _stage(progress: Progress | None) -> str:
    if progress is None:
        return ""
    return progress.stage if progress.fraction is None else f"{progress.stage} {progress.fraction:.0%}"


def _foot(counts: Counts) -> Text:
    parts = [f"{counts.there + counts.new:,} of {counts.total:,} done", f"{len(counts.running):,} in hand"]
    if counts.failed:
        parts.append(f"{counts.failed:,} failed")
    parts.append(f"{counts.waiting:,} waiting")
    if (eta_s := counts.eta_s) is not None:
        parts.append(f"{length(eta_s)} left")
    if (speed := counts.hours_an_hour) is not None:
        parts.append(f"{speed:,.1f} hours an hour")
    return Text(" · ".join(parts), style="bold")

"""The report of a run: what was measured, what is assumed, and what comes of both."""

from collections.abc import Iterator

from tests.benchmarks.fleet import prices
from tests.benchmarks.fleet.assumptions import ASSUMPTIONS
from tests.benchmarks.fleet.costs import CORES_AT_WORK, FIXED_S, Costs, Measured, processor_s
from tests.benchmarks.fleet.limits import amount, asked_of_others, limits
from tests.benchmarks.fleet.scenarios import Scenarios
from tests.benchmarks.tables import markdown_table

__all__ = ["report"]


def report(measured: Measured, most_hours: float = 1e7) -> Iterator[str]:
    """The parts of the report, each as soon as it is there.

    most_hours: beyond that nothing is simulated.
    """
    scenarios = Scenarios(measured, most_hours)
    yield (
        f"Measured at commit {measured.commit}. {measured.machine}. `python -m tests.benchmarks.fleet` makes "
        "the rest from what is kept in `tests/benchmarks/fleet/measured.json`."
    )
    yield "## Measured"
    yield _worker(measured)
    yield _lengths(measured)
    yield _kept(measured)
    yield _requests(measured)
    yield "## Assumed"
    yield _assumed()
    yield "## Simulated"
    yield scenarios.sizes()
    yield scenarios.orders()
    yield scenarios.troubles()
    yield scenarios.hosts()
    yield "## What it asks of others"
    yield asked_of_others(measured, scenarios.busiest())
    yield "## What breaks first"
    yield limits(measured)
    yield "## What 1,000 hours cost"
    yield prices.working(measured)
    yield prices.keeping(measured)


def _worker(measured: Measured) -> str:
    both = (measured.said, measured.departing)

    def row(name: str, *cells: str) -> tuple[str, ...]:
        return (name, *cells)

    rows = [
        row("processor time for an hour of sound, idle machine", *(f"{c.hour_s:.0f} s" for c in both)),
        row("- as measured now, beside other work", *(f"{c.busy_hour_s:.0f} s" for c in both)),
        row("hours of sound in a core hour, idle machine", *(f"{c.hours_a_core_hour:.0f}" for c in both)),
        row("for an episode, however short (processor)", *(f"{FIXED_S:.1f} s" for _ in both)),
        row("cores at work, of two", *(f"{CORES_AT_WORK:.2f}" for _ in both)),
        row("share of the recogniser", *(f"{100 * c.heard:.0f} %" for c in both)),
        row("peaks of an hour (processor)", *(f"{c.derived['peaks']:.1f} s" for c in both)),
        row("memory at most, the whole alone", *(amount(c.peak_alone) for c in both)),
        row("memory at most, four lengths in one process", *(amount(c.peak) for c in both)),
        row("fetched for an hour of sound", *(amount(c.source) for c in both)),
    ]
    return markdown_table(("one worker of two cores", "interview, as said", "talking-book, departing"), rows)


def _lengths(measured: Measured) -> str:
    rows = [
        (
            costs.name,
            f"{row['seconds'] / 60:.0f} min",
            f"{processor_s(row):.1f} s",
            f"{_part(row, 'fetch'):.1f} s",
            f"{_part(row, 'Listening'):.1f} s",
            f"{_part(row, 'add'):.2f} s",
            f"{row['wall']:.0f} s",
        )
        for costs in (measured.said, measured.departing)
        for row in costs.rows
    ]
    header = ("beside other work", "length", "processor", "fetching a file", "listening", "keeping", "wall")
    return markdown_table(header, rows)


def _part(row: dict[str, dict[str, float]], part: str) -> float:
    return row["parts"].get(part, 0.0)


def _kept(measured: Measured) -> str:
    def an_hour(costs: Costs, kind: str) -> str:
        return amount(costs.kept.get(kind, 0.0))

    kinds = list(dict.fromkeys([*measured.said.kept, *measured.departing.kept]))
    rows = [(kind, an_hour(measured.said, kind), an_hour(measured.departing, kind)) for kind in kinds]
    return markdown_table(("bytes for an hour of sound", "interview (AAC)", "talking-book (FLAC)"), rows)


def _requests(measured: Measured) -> str:
    kinds = ("PUT", "LIST", "HEAD", "GET")
    occasions = {
        "an episode is added": "add",
        "a library is opened": "open",
        "first look of a new machine, each episode there": "bring",
    }
    rows = [
        (what, *(f"{measured.requests[name].get(kind, 0):g}" for kind in kinds), f"{measured.count(name):g}")
        for what, name in occasions.items()
    ]
    return markdown_table(("requests to an S3", *kinds, "all"), rows)


def _assumed() -> str:
    return "\n".join(
        f"- {a.what}: {a.value:.4g} {a.unit}".rstrip() + f" ({a.source})" for a in ASSUMPTIONS.values()
    )

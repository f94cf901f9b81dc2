"""What a library of many hours takes, by arithmetic from what was measured: what breaks first."""

from collections.abc import Callable

from tests.benchmarks.fleet.assumptions import ASSUMPTIONS
from tests.benchmarks.fleet.costs import Measured
from tests.benchmarks.fleet.lengths import PODCASTS
from tests.benchmarks.fleet.scenarios import duration
from tests.benchmarks.fleet.simulation import Outcome
from tests.benchmarks.tables import markdown_table

__all__ = ["asked_of_others", "limits"]

_SIZES = (1e3, 1e5, 1e7)
_BRINGERS = 8
"""`store_backing._AT_ONCE`."""
_BROUGHT = ("aligned.json", "episode.json", "transcript as given", "peaks.json")


def limits(measured: Measured) -> str:
    """A table, a column a size of library."""
    episodes = [hours / (PODCASTS.mean / 3600) for hours in _SIZES]
    said = measured.said
    files = len(said.rows[-1]["sizes"])
    brought = sum(said.kept.get(kind, 0.0) for kind in _BROUGHT)
    kept = _value("fetched") * 1e6 + brought
    bring = measured.count("bring") * _value("request") / _BRINGERS
    put, get = _value("put_price"), _value("get_price")

    def row(name: str, figure: Callable[[float, float], str]) -> tuple[str, ...]:
        return (name, *(figure(hours, count) for hours, count in zip(_SIZES, episodes, strict=True)))

    rows = [
        row("episodes", lambda _, count: f"{count:,.0f}"),
        row("objects in a store", lambda _, count: f"{files * count:,.0f}"),
        row("bytes kept", lambda hours, _: amount(kept * hours)),
        row("requests to list it all", lambda _, count: f"{files * count / 1000:,.0f}"),
        row("- one after another", lambda _, count: duration(files * count / 1000 * _value("request"))),
        row(
            "a new machine's first look: requests", lambda _, count: f"{measured.count('bring') * count:,.0f}"
        ),
        row("- time, eight at once", lambda _, count: duration(bring * count)),
        row("- bytes brought", lambda hours, _: amount(brought * hours)),
        row("- price", lambda _, count: f"${measured.priced('bring', put, get) * count:,.2f}"),
        row("all descriptions read, as for each address", lambda _, count: duration(measured.scan_s * count)),
        row("a look at every folder", lambda _, count: duration(_value("per_look") * count)),
        row("index of a reader, bytes", lambda hours, _: amount(said.kept["index.sqlite3"] * hours)),
        row("- processor time to make it", lambda hours, _: duration(_value("index_cpu") * hours)),
        row("- one search of 20 takes longer than", lambda _, count: duration(_value("search") * count)),
        row("ledger, bytes", lambda _, count: amount(_value("ledger") * count)),
        row("a Dask scheduler's time, all tasks", lambda _, count: duration(_value("dask") * count)),
    ]
    header = ("podcasts", *(f"{hours:,.0f} h" for hours in _SIZES))
    return markdown_table(header, rows)


def asked_of_others(measured: Measured, busiest: Outcome) -> str:
    """What the workers of a run asked of coordinator, store, network and hosts, in its average second."""
    tasks = busiest.tries / busiest.makespan_s
    puts = sum(measured.requests["add"].get(kind, 0) for kind in ("PUT", "COPY", "DELETE"))
    gets = measured.count("add") - puts
    bytes_s = busiest.hours_an_hour / 3600 * _value("fetched") * 1e6
    polite = _value("at_a_time") * _value("connection") * 1e6
    limit = "a second under one prefix"
    rows = [
        ("recordings handed out", f"{tasks:.1f} a second", f"{1 / _value('dask'):,.0f} a second (Dask)"),
        (
            "coordinator at work",
            f"{100 * busiest.coordinator_s / busiest.makespan_s:.0f} %",
            f"{1000 * (_value('dask') + measured.ledger_s):.1f} ms a recording",
        ),
        (
            "PUT to the store",
            f"{puts * tasks:,.0f} a second",
            f"{_value('store_puts'):,.0f} {limit}",
        ),
        ("GET, HEAD, LIST", f"{gets * tasks:,.0f} a second", f"{_value('store_gets'):,.0f} {limit}"),
        ("sound fetched", f"{8 * bytes_s / 1e9:.1f} Gbit/s", f"{polite / 1e6:.0f} MB/s from one host"),
        ("hosts needed", f"{bytes_s / polite:.0f}", "if each had the same share"),
    ]
    return markdown_table((f"{busiest.workers:,} workers", "asked", "what there is"), rows)


def amount(size: float) -> str:
    """Bytes in a unit that one can read."""
    units = ["B", "KB", "MB", "GB", "TB", "PB"]
    while size >= 1000 and len(units) > 1:
        size /= 1000
        del units[0]
    return f"{size:,.1f} {units[0]}"


def _value(name: str) -> float:
    return ASSUMPTIONS[name].value

"""The fleets that are simulated, and what comes of them, as tables."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.fleet.assumptions import ASSUMPTIONS
from tests.benchmarks.fleet.costs import CORES_AT_WORK, FIXED_S, Measured
from tests.benchmarks.fleet.lengths import LECTURES_AND_BOOKS, PODCASTS, Mix, pieces
from tests.benchmarks.fleet.simulation import (
    Courtesy,
    Fleet,
    Outcome,
    Rates,
    Recording,
    interleaved,
    recordings,
    simulate,
)
from tests.benchmarks.tables import markdown_table

__all__ = ["Scenarios", "dollars", "duration"]

_CORES = 2
"""Of a worker, as `alignment.library.capacity` reckons."""
_PIECE_S = 1800.0


class Scenarios:
    """Fleets with the measured costs, and with what is assumed.

    most_hours: beyond that nothing is simulated; smaller for a quick run.
    """

    def __init__(self, measured: Measured, most_hours: float = 1e7) -> None:
        self._measured = measured
        self._most_hours = most_hours
        self._processor = (measured.said.hour_s / 3600, measured.departing.hour_s / 3600)

    def rates(self) -> Rates:
        """What an episode costs a worker of two cores."""
        kept = _value("fetched") * 1e6 / 3600
        return Rates(
            cores=CORES_AT_WORK,
            fixed_s=FIXED_S / CORES_AT_WORK,
            store_s=self._measured.count("add") * _value("request"),
            coordinator_s=_value("dask") + self._measured.ledger_s,
            fetch_s=kept / (_value("connection") * 1e6),
            fetch_fails=_value("fetch_fails") / 100,
        )

    def fleet(self, workers: int, *, steady: bool = False) -> Fleet:
        """So many of two cores, on machines that may be taken away and differ; steady: that never fail."""
        if steady:
            return Fleet(workers)
        return Fleet(
            workers,
            lost_per_hour=_value("lost"),
            replaced_s=_value("replaced"),
            spread=_value("spread") / 100,
            slow=_value("slow") / 100,
        )

    def sizes(self) -> str:
        """Hours by workers: recordings in a store of one's own, in no order."""
        rows = []
        for mix in (PODCASTS, LECTURES_AND_BOOKS):
            for hours in (1e3, 1e5, 1e7):
                for workers in (1, 10, 100, 1000):
                    if hours > self._most_hours or (hours == 1e7 and workers < 1000):
                        continue
                    out = simulate(self._stream(mix, hours), self.fleet(workers), self.rates())
                    rows.append((mix.name, f"{hours:,.0f}", f"{workers:,}", *_told(out), *self._paid(out)))
        header = ("recordings", "hours", "workers", "done after", "utilisation", "waste", "hours an hour")
        return markdown_table((*header, "on demand", "spot"), rows)

    def orders(self) -> str:
        """Which recordings begin, and whether the long ones are cut, where nothing goes wrong."""
        rows = []
        for mix, hours, workers in (
            (PODCASTS, 1e3, 100), (PODCASTS, 1e3, 1000), (LECTURES_AND_BOOKS, 1e3, 100),
            (LECTURES_AND_BOOKS, 1e3, 1000), (LECTURES_AND_BOOKS, 1e5, 1000),
        ):  # fmt: skip
            if hours > self._most_hours:
                continue
            lengths, steady = _lengths(mix, hours), self.fleet(workers, steady=True)
            cut = np.array(list(pieces(lengths, _PIECE_S)))
            cells = []
            for order in (lengths, np.sort(lengths)[::-1], np.sort(lengths), cut, np.sort(cut)[::-1]):
                work = recordings(order, self._processor, 1, 0)
                cells.append(duration(simulate(work, steady, self.rates()).makespan_s))
            rows.append((mix.name, f"{hours:,.0f}", f"{workers:,}", f"{lengths.max() / 3600:.1f} h", *cells))
        header = ("recordings", "hours", "workers", "the longest", "in no order", "longest first")
        return markdown_table((*header, "longest last", "cut to 30 min", "cut, longest first"), rows)

    def troubles(self) -> str:
        """What goes wrong, one thing after the other."""
        steady, hours = self.fleet(100, steady=True), min(1e4, self._most_hours)
        losses = replace(steady, replaced_s=_value("replaced"))
        slow = {"spread": _value("spread") / 100, "slow": _value("slow") / 100}
        fleets = {
            "nothing": steady,
            "a worker lost every 20 h": replace(losses, lost_per_hour=_value("lost")),
            "a worker lost every hour": replace(losses, lost_per_hour=1.0),
            "machines differ, 5 % are slow": replace(steady, **slow),
            "all of it, every 20 h": self.fleet(100),
        }
        rows = []
        for mix in (PODCASTS, LECTURES_AND_BOOKS):
            for name, fleet in fleets.items():
                out = simulate(recordings(_lengths(mix, hours), self._processor, 1, 0), fleet, self.rates())
                again = f"{100 * (out.tries / (out.done + out.failed) - 1):.1f} %"
                rows.append((mix.name, name, *_told(out)[:3], again))
        header = ("recordings", "what goes wrong", "done after", "utilisation", "waste", "begun again")
        return markdown_table(header, rows)

    def hosts(self) -> str:
        """What hosts allow: podcasts, by how many hosts there are, and in which order they are asked."""
        polite = Courtesy(int(_value("at_a_time")), _value("pause"))
        rows = []
        for hosts in (1, 5, int(_value("hosts"))):
            lengths = _lengths(PODCASTS, min(1e4, self._most_hours))
            work = recordings(lengths, self._processor, int(_value("show")), hosts)
            for name, listed in (("feed by feed", work), ("hosts in turn", interleaved(work))):
                for workers in (10, 100, 1000):
                    out = simulate(listed, self.fleet(workers), self.rates(), polite)
                    told = _told(out)
                    waiting = f"{100 * out.waiting:.0f} %"
                    rows.append((str(hosts), name, f"{workers:,}", told[0], told[1], waiting, told[3]))
        header = ("hosts", "order", "workers", "done after", "utilisation", "waiting for hosts")
        return markdown_table((*header, "hours an hour"), rows)

    @cache  # noqa: B019 - lives as long as the run
    def busiest(self, workers: int = 1000) -> Outcome:
        """Podcasts at full rate, for what many workers ask of others."""
        hours = min(1e5, self._most_hours)
        return simulate(self._stream(PODCASTS, hours), self.fleet(workers), self.rates())

    def _stream(self, mix: Mix, hours: float) -> Iterator[Recording]:
        """In parts, so that ten million need no room."""
        random = np.random.default_rng(5)
        left = hours
        while left > 0:
            part = min(left, 50_000.0)
            yield from recordings(mix.draw(part, random), self._processor, 1, 0, int(left))
            left -= part

    def _paid(self, out: Outcome) -> tuple[str, str]:
        cores = _CORES * out.paid_s / 3600
        return dollars(cores * _value("vcpu")), dollars(cores * _value("vcpu_spot"))


def duration(seconds: float) -> str:
    """In words that one can compare."""
    if seconds < 90:
        return f"{seconds:.2g} s"
    if seconds < 5400:
        return f"{seconds / 60:.1f} min"
    if seconds < 72 * 3600:
        return f"{seconds / 3600:.1f} h"
    return f"{seconds / 86400:,.0f} days"


def dollars(amount: float) -> str:
    """With cents where they count."""
    return f"${amount:,.0f}" if amount >= 100 else f"${amount:.2f}"


def _told(out: Outcome) -> Sequence[str]:
    return (
        duration(out.makespan_s),
        f"{100 * out.utilisation:.0f} %",
        f"{100 * out.waste:.1f} %",
        f"{out.hours_an_hour:,.0f}",
    )


@cache
def _lengths(mix: Mix, hours: float) -> NDArray[np.float64]:
    return mix.draw(hours, np.random.default_rng(5))


def _value(name: str) -> float:
    return ASSUMPTIONS[name].value

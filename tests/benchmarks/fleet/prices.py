"""What 1,000 hours cost."""

import math

from tests.benchmarks.fleet.assumptions import ASSUMPTIONS
from tests.benchmarks.fleet.costs import CORES_AT_WORK, FIXED_S, Costs, Measured
from tests.benchmarks.fleet.lengths import PODCASTS
from tests.benchmarks.tables import markdown_table

__all__ = ["keeping", "working"]

_HOURS = 1000.0
_EPISODES = 3600 * _HOURS / PODCASTS.mean
_CORES_OF_GPU = 4


def working(measured: Measured) -> str:
    """A table: machines for 1,000 hours with the model `base`, by text and kind of machine."""
    share = _value("heard") / 100
    published = _value("gpu_large") * _value("base_faster")
    cpu, gpu = (_value("vcpu"), _value("vcpu_spot")), (_value("gpu"), _value("gpu_spot"))
    rows = []
    for name, costs, heard in (("as said", measured.said, share), ("departing", measured.departing, 1.0)):
        for machine, hours, (price, spot) in (
            ("virtual cores", core_hours(costs), cpu),
            ("with a GPU as published", gpu_hours(costs, heard, published), gpu),
            ("with a GPU that takes no time", gpu_hours(costs, heard, math.inf), gpu),
        ):
            rows.append((name, machine, f"{hours:.1f}", f"${hours * price:.2f}", f"${hours * spot:.2f}"))
    return markdown_table(("text", "machine", "hours of it", "on demand", "spot"), rows)


def core_hours(costs: Costs) -> float:
    """Of virtual cores, two a worker, for 1,000 hours: one of the two waits at times."""
    return (_HOURS * costs.hour_s + _EPISODES * FIXED_S) / 3600 * 2 / CORES_AT_WORK


def gpu_hours(costs: Costs, heard: float, speed: float) -> float:
    """Of a machine with four virtual cores and a GPU, which hears while the cores do the rest.

    heard: share of the sound that it hears, so many seconds of it in a second.
    """
    rest = (_HOURS * costs.hour_s * (1 - costs.heard) + _EPISODES * FIXED_S) / 3600
    return max(rest * 2 / CORES_AT_WORK / _CORES_OF_GPU, _HOURS * heard / speed)


def keeping(measured: Measured) -> str:
    """A table: store and network for 1,000 hours."""
    aligned = sum(
        size for kind, size in measured.said.kept.items() if kind not in {"audio as kept", "index.sqlite3"}
    )
    put, get = _value("put_price"), _value("get_price")
    audio = _HOURS * _value("fetched") / 1000
    text = _HOURS * aligned / 1e9
    requests = _EPISODES * measured.priced("add", put, get)
    rows = [
        ("audio at 128 kbit/s, a month", f"{audio:.1f} GB", f"${audio * _value('storage'):.2f}"),
        ("everything else of the episodes, a month", f"{text:.1f} GB", f"${text * _value('storage'):.2f}"),
        (
            "requests to put them there, once",
            f"{_EPISODES * measured.count('add'):,.0f}",
            f"${requests:.2f}",
        ),
        ("listening to all of it, each time", f"{audio:.1f} GB", f"${audio * _value('egress'):.2f}"),
    ]
    return markdown_table(("1,000 hours", "how much", "price"), rows)


def _value(name: str) -> float:
    return ASSUMPTIONS[name].value

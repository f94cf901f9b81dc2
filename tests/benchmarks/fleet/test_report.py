"""The report of a small run, and that the documentation tells the figures of the kept one."""

from pathlib import Path

import pytest

from tests.benchmarks.fleet.costs import Measured, read_measured
from tests.benchmarks.fleet.limits import amount
from tests.benchmarks.fleet.prices import core_hours, gpu_hours
from tests.benchmarks.fleet.report import report
from tests.benchmarks.fleet.scenarios import duration

REPOSITORY = Path(__file__).parents[3]
KEPT = REPOSITORY / "tests/benchmarks/results/2026-11-26-scale.md"


@pytest.fixture(scope="module")
def measured() -> Measured:
    return read_measured()


def tables(text: str) -> list[str]:
    """Its Markdown tables, each as it stands."""
    return [part.strip() for part in text.split("\n\n") if part.startswith("|")]


def test_a_small_run_has_every_part(measured: Measured):
    parts = list(report(measured, most_hours=50))

    assert [part for part in parts if part.startswith("## ")] == [
        "## Measured", "## Assumed", "## Simulated", "## What it asks of others",
        "## What breaks first", "## What 1,000 hours cost",
    ]  # fmt: skip
    assert sum(part.startswith("|") for part in parts) == 12


def test_the_documentation_has_the_tables_of_the_kept_run():
    documented = tables((REPOSITORY / "docs/scale.md").read_text("utf-8"))
    kept = tables(KEPT.read_text("utf-8"))

    assert len(documented) >= 10
    assert [table for table in documented if table not in kept] == []


def test_what_is_measured_is_kept_whole(measured: Measured):
    assert measured.count("add") == 15
    assert measured.priced("add", put=5.0, get=1.0) == pytest.approx((8 * 5 + 7 * 1) / 1000)
    assert measured.said.hours_a_core_hour > measured.departing.hours_a_core_hour > 1


def test_a_gpu_that_takes_no_time_leaves_the_rest_to_its_cores(measured: Measured):
    costs = measured.departing

    assert gpu_hours(costs, 1.0, float("inf")) < core_hours(costs) / 4
    assert gpu_hours(costs, 1.0, 1.0) == pytest.approx(1000)


def test_amounts_and_durations_are_in_fitting_units():
    assert [amount(size) for size in (999, 1500, 2.5e12)] == ["999.0 B", "1.5 KB", "2.5 TB"]
    assert [duration(s) for s in (0.004, 59, 600, 7200)] == ["0.004 s", "59 s", "10.0 min", "2.0 h"]
    assert duration(864_000) == "10 days"

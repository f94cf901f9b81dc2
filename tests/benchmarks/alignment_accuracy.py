"""Aligners side by side: how exact, how fast, how much memory, on recordings whose times are known."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.benchmark import Benchmark, Selection
from tests.benchmarks.measuring import Cost, Failed, run
from tests.benchmarks.peers import Absent
from tests.benchmarks.recordings import MeasuredRecording, missing_data, recordings
from tests.benchmarks.systems.registry import SYSTEMS, System
from tests.benchmarks.tables import markdown_table
from tests.shared_data import score

__all__ = ["BENCHMARK", "Outcome", "measure", "report"]

_BOUNDARIES = ("word start", "word end", "line start", "line end")

_COSTS = (
    "system", "x real time", "whole run", "processor", "peak memory", "load", "words placed", "lines placed",
    "lines in clip", "out of order",
)  # fmt: skip

_ERRORS = (
    "", "n", "mean", "median", "95 %", "<= 20 ms", "<= 50 ms", "<= 100 ms", "<= 200 ms", "> 500 ms", "bias",
)  # fmt: skip

_READING = """\
Errors are placed minus true; mean, median, 95th percentile and bias are in milliseconds, the first three of
the absolute error. Whoever places fewer words is measured on those alone. "x real time": decoding, loading
the weights and aligning, by the wall clock, as a share of the audio's length. "whole run": seconds, Python's
start and imports included. "processor": seconds of all cores together. "load": processes that wanted a core
in the minute before; where the machine has other work, wall times are too long and processor times fairer."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One system on one recording.

    cost, seconds: None where it did not run, and why_not says why. scores: rows of `score.py` by measure,
    empty for a floor or where no times are known.
    """

    title: str
    cost: Cost | None
    seconds: float | None
    scores: dict[str, dict[str, Any]]
    why_not: str = ""


def _sections(selection: Selection) -> Iterator[str]:
    if missing := missing_data(selection.data):
        yield f"Not measured: the measuring data is not beside the repository ({missing})."
        return
    systems = [system for system in SYSTEMS if system.key in selection.systems]
    for recording in recordings(selection.data):
        yield report(recording, measure(recording, systems))


BENCHMARK = Benchmark("alignment", "Alignment", _READING, _sections)


def measure(recording: MeasuredRecording, systems: Sequence[System]) -> list[Outcome]:
    """Run every system on the recording, one after the other."""
    with tempfile.TemporaryDirectory(prefix="verbatime-benchmark-") as folder:
        job = recording.job(Path(folder))
        outcomes = []
        for system in systems:
            print(f"{recording.name}: {system.title} ...", flush=True)
            outcomes.append(_outcome(recording, system, job))
        return outcomes


def _outcome(recording: MeasuredRecording, system: System, job: Path) -> Outcome:
    if system.languages is not None and recording.language not in system.languages:
        return Outcome(system.title, None, None, {}, f"not for {recording.language}")
    result_file = job.with_name(f"{system.key}.json")
    try:
        cost = run([*system.command(), str(job), str(result_file)])
    except (Absent, Failed) as error:
        return Outcome(system.title, None, None, {}, str(error))
    result = json.loads(result_file.read_text("utf-8"))
    scores = _scores(result["aligned"], recording)
    return Outcome(system.title, cost, result["seconds"], scores)


def _scores(aligned: dict[str, Any] | None, recording: MeasuredRecording) -> dict[str, dict[str, Any]]:
    if aligned is None or recording.recording.truth is None:
        return {}
    return score({"duration": recording.duration, **aligned}, recording.recording.truth)


# ---- reporting ---------------------------------------------------------------------------------------


def report(recording: MeasuredRecording, outcomes: Sequence[Outcome]) -> str:
    """Markdown of one recording: what each system costs and finds, and each kind of boundary side by side."""
    minutes, seconds = divmod(round(recording.duration), 60)
    costs = [_cost_row(outcome, recording.duration) for outcome in outcomes]
    parts = [
        f"### {recording.name} ({recording.language}, {minutes} min {seconds:02d} s)",
        markdown_table(_COSTS, costs),
    ]
    for boundary in _BOUNDARIES:
        rows = [_error_row(o.title, row) for o in outcomes if (row := o.scores.get(boundary)) and row["n"]]
        if rows:
            parts.append(markdown_table((boundary, *_ERRORS[1:]), rows))
    parts += [f"{outcome.title}: {outcome.why_not}." for outcome in outcomes if outcome.why_not]
    return "\n\n".join(parts)


def _cost_row(outcome: Outcome, duration: float) -> list[str]:
    cost = outcome.cost
    if cost is None or outcome.seconds is None:
        return [outcome.title, *["-"] * (len(_COSTS) - 1)]
    disorder = outcome.scores.get("segments out of order, reversed or outside the audio")
    return [
        outcome.title,
        f"{outcome.seconds / duration:.4f}",
        f"{cost.wall_s:.1f} s",
        f"{cost.cpu_s:.1f} s",
        f"{cost.peak_bytes / 1e6:.0f} MB",
        f"{cost.load:.1f}",
        *(_share(outcome.scores.get(name)) for name in ("words placed", "lines placed", "line in its clip")),
        str(disorder["count"]) if disorder else "-",
    ]


def _share(row: dict[str, Any] | None) -> str:
    return f"{row['share']:.2%}" if row and row["n"] else "-"


def _error_row(title: str, row: dict[str, Any]) -> list[str]:
    within = [f"{row[f'within_{limit}']:.1%}" for limit in (20, 50, 100, 200)]
    milliseconds = [f"{row[name]:.0f}" for name in ("mae_ms", "median_ms", "p95_ms")]
    return [title, str(row["n"]), *milliseconds, *within, f"{row['over_500']:.2%}", f"{row['bias_ms']:+.0f}"]

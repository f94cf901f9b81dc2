"""Aligners side by side: how exact, how fast, how much memory, on recordings whose times are known."""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks.benchmark import Benchmark, Selection
from tests.benchmarks.measuring import Cost, Failed, run
from tests.benchmarks.onsets import distances_to_onsets, find_onsets, row
from tests.benchmarks.peers import Absent
from tests.benchmarks.recordings import MeasuredRecording, missing_data, recordings
from tests.benchmarks.systems.registry import SYSTEMS, System
from tests.benchmarks.tables import markdown_table
from tests.shared_data import score

__all__ = ["BENCHMARK", "Outcome", "measure", "report"]

_TO_ONSET, _BESIDE_PAUSE = "line start to the nearest onset", "line start beside a pause"

_BOUNDARIES = ("word start", "word end", "line start", "line end", _BESIDE_PAUSE, _TO_ONSET)

_BESIDE = 0.5
"""Seconds from an onset within which a line start is taken to be meant for it."""

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
in the minute before; where the machine has other work, wall times are too long and processor times fairer.
The floors are there for their speed; the acoustic model alone also shows how far an aligner runs off when
nothing holds it to what is heard.

Where nobody knows the times of the lines, their starts are held against the onsets of speech after pauses of
200 ms and more that the waveform shows: those within half a second of an onset ("beside a pause"), and all,
many of which have no pause before them. On talking-book and interview, whose times are known, 95 and 100 % of
such onsets are within 50 ms of the truth."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One system on one recording.

    cost, seconds: None where it did not run, and why_not says why. scores: rows of `score.py` by measure,
    empty for a floor or where no times are known. stages: seconds by stage, where the system tells.
    """

    title: str
    cost: Cost | None
    seconds: float | None
    scores: dict[str, dict[str, Any]]
    why_not: str = ""
    stages: Mapping[str, float] = field(default_factory=dict)


def _sections(selection: Selection) -> Iterator[str]:
    systems = [system for system in SYSTEMS if system.key in selection.systems]
    for recording in recordings(selection.data):
        yield report(recording, measure(recording, systems))


def _absence(selection: Selection) -> str | None:
    missing = missing_data(selection.data)
    return f"The measuring data is not beside the repository: {missing}." if missing else None


BENCHMARK = Benchmark("alignment", "Alignment", _READING, _sections, _absence)


def measure(recording: MeasuredRecording, systems: Sequence[System]) -> list[Outcome]:
    """Run every system on the recording, one after the other."""
    with tempfile.TemporaryDirectory(prefix="verbatime-benchmark-") as folder:
        job = recording.job(Path(folder))
        onsets = find_onsets(job.with_name("audio.wav")) if recording.has_no_line_times else []
        outcomes = []
        for system in systems:
            print(f"{recording.name}: {system.title} ...", flush=True)
            outcomes.append(_outcome(recording, system, job, onsets))
        return outcomes


def _outcome(recording: MeasuredRecording, system: System, job: Path, onsets: Sequence[float]) -> Outcome:
    if system.languages is not None and recording.language not in system.languages:
        return Outcome(system.title, None, None, {}, f"not for {recording.language}")
    result_file = job.with_name(f"{system.key}.json")
    try:
        cost = run([*system.command(), str(job), str(result_file)])
    except (Absent, Failed) as error:
        return Outcome(system.title, None, None, {}, str(error))
    result = json.loads(result_file.read_text("utf-8"))
    scores = _onset_scores(result["aligned"], onsets) | _scores(result["aligned"], recording)
    stages = (result["aligned"] or {}).get("stages", {})
    return Outcome(system.title, cost, result["seconds"], scores, stages=stages)


def _scores(aligned: dict[str, Any] | None, recording: MeasuredRecording) -> dict[str, dict[str, Any]]:
    if aligned is None or recording.recording.truth is None:
        return {}
    return score({"duration": recording.duration, **aligned}, recording.recording.truth)


def _onset_scores(aligned: dict[str, Any] | None, onsets: Sequence[float]) -> dict[str, dict[str, Any]]:
    if aligned is None or not onsets:
        return {}
    starts = [segment["start"] for segment in aligned["segments"] if segment["start"] is not None]
    distances = distances_to_onsets(starts, onsets)
    beside = [distance for distance in distances if abs(distance) <= _BESIDE]
    lines = {"n": len(aligned["segments"]), "share": len(starts) / len(aligned["segments"])}
    return {_BESIDE_PAUSE: row(beside), _TO_ONSET: row(distances), "lines placed": lines}


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
        rows = [
            _error_row(o.title, found) for o in outcomes if (found := o.scores.get(boundary)) and found["n"]
        ]
        if rows:
            parts.append(markdown_table((boundary, *_ERRORS[1:]), rows))
    parts += [f"{outcome.title}: {outcome.why_not}." for outcome in outcomes if outcome.why_not]
    parts += [_stages(outcome) for outcome in outcomes if outcome.stages]
    return "\n\n".join(parts)


def _stages(outcome: Outcome) -> str:
    each = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in outcome.stages.items())
    return f"{outcome.title}, by stage: {each}."


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


def _share(share: dict[str, Any] | None) -> str:
    return f"{share['share']:.2%}" if share and share["n"] else "-"


def _error_row(title: str, errors: dict[str, Any]) -> list[str]:
    within = [f"{errors[f'within_{limit}']:.1%}" for limit in (20, 50, 100, 200)]
    milliseconds = [f"{errors[name]:.0f}" for name in ("mae_ms", "median_ms", "p95_ms")]
    return [
        title,
        str(errors["n"]),
        *milliseconds,
        *within,
        f"{errors['over_500']:.2%}",
        f"{errors['bias_ms']:+.0f}",
    ]

"""The report of a calibration: how far confidences can be trusted, and the weights."""

from collections.abc import Mapping, Sequence
from functools import reduce
from math import isnan
from operator import add

from alignment.engine.confidence import LineEvidence, Logistic, WordEvidence
from tests.benchmarks.calibration.fitting import area_under_curve, calibration_error, reliability
from tests.benchmarks.calibration.models import SHIPPED, Model, Trial, fit_model, held_out, trial
from tests.benchmarks.calibration.observing import Observation
from tests.benchmarks.calibration.picture import reliability_curve
from tests.benchmarks.tables import markdown_table

__all__ = ["report"]

_READING = """\
Of each start that was placed, the confidence, and whether it is within 200 ms of the truth; a line that is
never said and has a place all the same is wrong. "ECE": expected calibration error, how far confidence and
share of right starts are apart, in the mean over ten classes of confidence. "AUC": how often a right start
has a higher confidence than a wrong one; 0.5 is chance. "Held out": what is measured was not fitted to,
neither the recording nor the mutation that gives a row its name."""

_TRUST = ("", "n", "right", "mean confidence", "ECE", "AUC")
_CLASSES = ("confidence", "n", "mean confidence", "right")


def report(observed: Sequence[Observation]) -> tuple[str, str]:
    """Markdown, and the reliability curve as SVG."""
    by_recording = held_out(observed, lambda one: one.recording)
    by_mutation = held_out(observed, lambda one: one.mutation)
    recordings, mutations = _together(by_recording), _together(by_mutation)
    overall = {
        "held-out recordings": recordings,
        "held-out mutations": mutations,
        "as shipped, on all": trial(SHIPPED, observed),
    }
    parts = [
        _READING,
        "## Lines",
        markdown_table(_TRUST, [_trust(name, one.lines) for name, one in overall.items()]),
        "Lines of held-out mutations, by confidence:",
        _classes(mutations.lines),
        "Lines of held-out recordings, by confidence:",
        _classes(recordings.lines),
        "## Words",
        markdown_table(_TRUST, [_trust(name, one.words) for name, one in overall.items()]),
        "Words of held-out mutations, by confidence:",
        _classes(mutations.words),
        "## Lines of each held-out recording",
        markdown_table(_TRUST, [_trust(name, one.lines) for name, one in by_recording.items()]),
        "## Lines of each held-out mutation",
        markdown_table(_TRUST, [_trust(name, one.lines) for name, one in by_mutation.items()]),
        "## Weights fitted to all",
        _weights(fit_model(observed)),
    ]
    curves = {"lines, held-out mutations": mutations.lines, "words, held-out mutations": mutations.words}
    picture = reliability_curve({name: reliability(*_columns(starts)) for name, starts in curves.items()})
    return "\n\n".join(parts), picture


Starts = Sequence[tuple[float, bool]]
"""Confidence, and whether it is right."""


def _together(trials: Mapping[str, Trial]) -> Trial:
    return reduce(add, trials.values())


def _columns(starts: Starts) -> tuple[list[float], list[bool]]:
    return [said for said, _ in starts], [right for _, right in starts]


def _trust(name: str, starts: Starts) -> list[str]:
    said, right = _columns(starts)
    if not said:
        return [name, "0", *["-"] * 4]
    area = area_under_curve(said, right)
    return [
        name,
        str(len(said)),
        f"{sum(right) / len(right):.3f}",
        f"{sum(said) / len(said):.3f}",
        f"{calibration_error(said, right):.3f}",
        "-" if isnan(area) else f"{area:.3f}",
    ]


def _classes(starts: Starts) -> str:
    rows = [
        [
            f"{int(b.said * 10) / 10:.1f} to {int(b.said * 10) / 10 + 0.1:.1f}",
            str(b.count),
            f"{b.said:.3f}",
            f"{b.right:.3f}",
        ]
        for b in reliability(*_columns(starts))
    ]
    return markdown_table(_CLASSES, rows)


def _weights(model: Model) -> str:
    word = _named(model.word, WordEvidence._fields)
    line = _named(model.line, LineEvidence._fields)
    return f"Words: {word}.\n\nLines: {line}.\n\nInterpolated: {model.interpolated:.2f}."


def _named(logistic: Logistic, names: Sequence[str]) -> str:
    each = [f"{name} {weight:.2f}" for name, weight in zip(names, logistic.weights, strict=True)]
    return ", ".join([f"bias {logistic.bias:.2f}", *each])

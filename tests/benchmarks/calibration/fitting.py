"""Logistic regression, and how good its chances are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from alignment.engine.confidence import Logistic

__all__ = ["Bin", "area_under_curve", "calibration_error", "fit", "reliability"]

_STEPS = 50
_RIDGE = 1.0
"""Weight of the penalty on the squares of the weights: one piece of evidence seldom seen may not run off."""


@dataclass(frozen=True, slots=True)
class Bin:
    """The starts of about one confidence: how many, the mean of what was said, the share that was right."""

    count: int
    said: float
    right: float


def fit(evidence: ArrayLike, right: ArrayLike) -> Logistic:
    """The likeliest weights, by Newton's method. evidence: shape (n, k). right: shape (n,), 0 or 1."""
    x = np.column_stack((np.ones(len(np.asarray(right))), np.asarray(evidence, float)))
    y = np.asarray(right, float)
    weights = np.zeros(x.shape[1])
    ridge = _RIDGE * np.eye(len(weights))
    ridge[0, 0] = 1e-6
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-(x @ weights)))
        curvature = (x.T * (chance * (1 - chance))) @ x + ridge
        weights += np.linalg.solve(curvature, x.T @ (y - chance) - ridge @ weights)
    return Logistic(float(weights[0]), weights[1:].tolist())


def reliability(said: ArrayLike, right: ArrayLike, bins: int = 10) -> list[Bin]:
    """Starts by confidence, in classes of equal width from 0 to 1; those that hold none are left out."""
    chance, was = np.asarray(said, float), np.asarray(right, float)
    number = np.minimum((chance * bins).astype(int), bins - 1)
    return [
        Bin(int(here.sum()), float(chance[here].mean()), float(was[here].mean()))
        for here in (number == n for n in range(bins))
        if here.any()
    ]


def calibration_error(said: ArrayLike, right: ArrayLike) -> float:
    """Expected calibration error: how far said and true shares are apart, in the mean over all starts."""
    found = reliability(said, right)
    return sum(b.count * abs(b.said - b.right) for b in found) / sum(b.count for b in found)


def area_under_curve(said: ArrayLike, right: ArrayLike) -> float:
    """Chance that a right start has a higher confidence than a wrong one; NaN where all are the same."""
    chance, was = np.asarray(said, float), np.asarray(right, bool)
    wrong = np.sort(chance[~was])
    if not len(wrong) or was.sum() == 0:
        return float("nan")
    below = np.searchsorted(wrong, chance[was], "left")
    level = np.searchsorted(wrong, chance[was], "right") - below
    return float((below + level / 2).mean() / len(wrong))

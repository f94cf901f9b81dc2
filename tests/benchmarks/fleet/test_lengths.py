import numpy as np
import pytest

from tests.benchmarks.fleet.lengths import LECTURES, LECTURES_AND_BOOKS, PODCASTS, LogNormal, pieces


def test_a_distribution_has_the_figures_that_it_is_fitted_to():
    drawn = PODCASTS.draw(50_000, np.random.default_rng(1))

    assert np.median(drawn) == pytest.approx(36 * 60 + 34, rel=0.02)
    assert drawn.mean() == pytest.approx(41 * 60 + 31, rel=0.02)
    assert drawn.sum() / 3600 == pytest.approx(50_000, rel=0.02)


def test_half_of_the_lectures_are_between_their_quartiles():
    assert LECTURES.share_above(3600) - LECTURES.share_above(5400) == pytest.approx(0.5)


def test_mean_and_deviation_are_kept():
    fitted = LogNormal.of_mean_and_deviation(10.0, 6.0)
    drawn = fitted.median * np.exp(fitted.sigma * np.random.default_rng(1).standard_normal(200_000))

    assert fitted.mean == pytest.approx(10.0)
    assert drawn.std() == pytest.approx(6.0, rel=0.02)


def test_a_mix_has_its_parts_in_their_shares():
    drawn = LECTURES_AND_BOOKS.draw(50_000, np.random.default_rng(1))

    assert (drawn > 3 * 3600).mean() == pytest.approx(0.1, abs=0.01)


def test_cutting_loses_nothing_and_keeps_to_the_limit():
    assert list(pieces(np.array([10.0, 25.0]), 10.0)) == [10.0, *[pytest.approx(25 / 3)] * 3]

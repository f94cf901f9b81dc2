"""The benchmark of confidence, on observations that are made up and on one alignment of the demo."""

from xml.etree import ElementTree

import numpy as np
import pytest

from alignment.engine.confidence import WordEvidence
from tests.benchmarks.calibration.fitting import area_under_curve, calibration_error, fit, reliability
from tests.benchmarks.calibration.models import SHIPPED, fit_model, held_out, trial
from tests.benchmarks.calibration.observing import Observation, ObservedLine, observe, read, write
from tests.benchmarks.calibration.picture import reliability_curve
from tests.benchmarks.calibration.report import report
from tests.mutations import captions, mistakes, sources, text

NEVER_SAID = [
    "The harbour was full of small boats that morning.",
    "Nobody had told the baker about the change of plan.",
    "In the second year the price of copper fell by half.",
    "She kept the letters in a drawer under the stairs.",
]


@pytest.fixture(scope="module")
def observed():
    """Three recordings with three mutations each, in which words near doubt and far from hearing go wrong."""
    chance = np.random.default_rng(3)
    return [_made_up(f"talk {n}", f"mutation {m}", chance) for n in range(3) for m in range(3)]


def _made_up(recording, mutation, chance):
    lines, words = [], []
    for _ in range(150):
        doubt, apart = chance.uniform(0, 1), chance.choice([0.0, 0.0, 0.0, 1.0])
        right = bool(chance.uniform() < 1 / (1 + np.exp(-(3 - 4 * doubt - 2 * apart))))
        evidence = WordEvidence(apart=float(apart), doubt_near=float(doubt))
        words.append((evidence, right))
        lines.append(ObservedLine((evidence, None), right, 0.9))
    guesses = (((words[0][0], words[1][0]), True), ((words[2][0],), False))
    return Observation(recording, mutation, tuple(words), guesses, (*lines, ObservedLine((None,), None, 0.5)))


def test_weights_are_found_that_made_the_data():
    chance = np.random.default_rng(1)
    evidence = chance.uniform(0, 1, (20_000, 2))
    right = chance.uniform(size=20_000) < 1 / (
        1 + np.exp(-(1.0 - 3.0 * evidence[:, 0] + 0.5 * evidence[:, 1]))
    )

    bias, weights = fit(evidence, right)

    assert bias == pytest.approx(1.0, abs=0.15)
    assert weights == pytest.approx([-3.0, 0.5], abs=0.2)


def test_evidence_that_was_never_seen_weighs_nothing():
    assert fit([[0.0], [0.0], [0.0]], [1, 1, 0]).weights == pytest.approx([0.0])


def test_a_confidence_is_calibrated_when_it_is_the_share_that_is_right():
    said, right = [0.75] * 4 + [0.15] * 20, [1, 1, 1, 0] + [1] * 3 + [0] * 17

    assert calibration_error(said, right) == pytest.approx(0)
    assert calibration_error([1.0] * 4, [1, 1, 1, 0]) == pytest.approx(0.25)
    assert [(one.count, one.right) for one in reliability(said, right)] == [(20, 0.15), (4, 0.75)]


def test_a_confidence_tells_right_from_wrong_or_does_not():
    assert area_under_curve([0.9, 0.8, 0.2], [1, 1, 0]) == 1
    assert area_under_curve([0.2, 0.9], [1, 0]) == 0
    assert area_under_curve([0.97] * 5, [1, 0, 1, 0, 1]) == 0.5
    assert np.isnan(area_under_curve([0.9], [1]))


def test_a_model_foretells_what_it_was_not_fitted_to(observed):
    whole = trial(fit_model(observed), observed)
    apart = held_out(observed, lambda one: one.recording)

    assert set(apart) == {"talk 0", "talk 1", "talk 2"}
    assert sum(len(one.lines) for one in apart.values()) == len(whole.lines) == 9 * 150
    for one in apart.values():
        assert calibration_error(*zip(*one.lines, strict=True)) < 0.1
        assert area_under_curve(*zip(*one.lines, strict=True)) > 0.7


def test_the_report_has_a_table_for_what_was_held_out_and_the_weights(observed):
    written, picture = report(observed)

    assert "| held-out recordings | 1350 |" in written
    assert "| mutation 2 " in written
    assert "doubt_near -" in written
    assert ElementTree.fromstring(picture).tag.endswith("svg")


def test_the_picture_has_a_dot_for_each_class():
    said = np.linspace(0.02, 0.98, 200)

    picture = ElementTree.fromstring(reliability_curve({"lines": reliability(said, said > 0.5)}))

    assert len(picture.findall("{http://www.w3.org/2000/svg}circle")) == 10


def test_an_observation_is_kept(observed):
    assert read(write(observed[0])) == observed[0]


@pytest.fixture(scope="module")
def careless():
    """The demo with a text that is wrong in places."""
    talk = text.insert_share(captions.as_captions(sources.demo()), NEVER_SAID, 0.06)
    vocabulary = " ".join(NEVER_SAID).lower().split()
    return observe("demo", "careless", mistakes.with_mistakes(talk, 0.25, vocabulary))


def test_confidence_says_how_many_lines_of_a_careless_text_are_right(careless):
    outcome = trial(SHIPPED, [careless])
    said, right = zip(*outcome.lines, strict=True)

    assert len(said) > 50
    assert 0.02 < 1 - np.mean(right) < 0.4  # some went wrong, or nothing is shown
    assert calibration_error(said, right) <= 0.1
    assert area_under_curve(said, right) >= 0.8


def test_confidence_is_what_the_aligner_says(careless):
    known = [line.confidence for line in careless.lines if line.right is not None]

    said = [chance for chance, _ in trial(SHIPPED, [careless]).lines]
    assert said == pytest.approx(known, abs=0.001)

"""The model of confidence: fitted to observations, and tried on others."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from alignment.engine.confidence import INTERPOLATED, LINE, WORD, Logistic, line_evidence
from tests.benchmarks.calibration.fitting import fit
from tests.benchmarks.calibration.observing import Observation

__all__ = ["SHIPPED", "Model", "Trial", "fit_model", "held_out", "trial"]


@dataclass(frozen=True, slots=True)
class Model:
    """The weights of `alignment.engine.confidence`. interpolated: its INTERPOLATED."""

    word: Logistic
    line: Logistic
    interpolated: float


SHIPPED = Model(WORD, LINE, INTERPOLATED)


@dataclass(frozen=True, slots=True)
class Trial:
    """A model on observations: what it says of each word and line, and whether that is right."""

    words: tuple[tuple[float, bool], ...]
    lines: tuple[tuple[float, bool], ...]

    def __add__(self, other: "Trial") -> "Trial":
        return Trial(self.words + other.words, self.lines + other.lines)


def fit_model(observed: Sequence[Observation]) -> Model:
    """The model that fits the observations best."""
    words = [word for one in observed for word in one.words]
    word = fit([evidence for evidence, _ in words], [right for _, right in words])
    lines = list(_known_lines(word, observed))
    line = fit([line_evidence(chances) for chances, _ in lines], [right for _, right in lines])
    guesses = [guess for one in observed for guess in one.guesses]
    least = sum(min(map(word.chance, beside)) for beside, _ in guesses)
    return Model(word, line, sum(right for _, right in guesses) / least if least else INTERPOLATED)


def trial(model: Model, observed: Sequence[Observation]) -> Trial:
    """What the model says of the observations."""
    words = [(model.word.chance(evidence), right) for one in observed for evidence, right in one.words]
    words += [
        (model.interpolated * min(map(model.word.chance, beside)), right)
        for one in observed
        for beside, right in one.guesses
    ]
    lines = _known_lines(model.word, observed)
    return Trial(
        tuple(words), tuple((model.line.chance(line_evidence(chances)), right) for chances, right in lines)
    )


def held_out(observed: Sequence[Observation], group: Callable[[Observation], str]) -> dict[str, Trial]:
    """For each group of observations, the model that was fitted to all the others on it."""
    trials = {}
    for name in dict.fromkeys(map(group, observed)):
        others = [one for one in observed if group(one) != name]
        trials[name] = trial(fit_model(others), [one for one in observed if group(one) == name])
    return trials


def _known_lines(
    word: Logistic, observed: Sequence[Observation]
) -> Iterator[tuple[list[float | None], bool]]:
    """The chance of each word of the lines of which it is known whether they are right; and whether."""
    for one in observed:
        for line in one.lines:
            if line.right is not None:
                yield [evidence and word.chance(evidence) for evidence in line.words], line.right

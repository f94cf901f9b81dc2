"""How long recordings are: log-normal distributions fitted to published figures."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

__all__ = ["BOOKS", "LECTURES", "LECTURES_AND_BOOKS", "PODCASTS", "LogNormal", "Mix", "pieces"]

_QUARTILE = NormalDist().inv_cdf(0.75)


@dataclass(frozen=True, slots=True)
class LogNormal:
    """median: seconds. sigma: standard deviation of the logarithm."""

    median: float
    sigma: float

    @classmethod
    def of_median_and_mean(cls, median: float, mean: float) -> "LogNormal":
        """The one with this median and this mean."""
        return cls(median, math.sqrt(2 * math.log(mean / median)))

    @classmethod
    def of_quartiles(cls, lower: float, upper: float) -> "LogNormal":
        """The one half of which lies between these."""
        return cls(math.sqrt(lower * upper), math.log(upper / lower) / (2 * _QUARTILE))

    @classmethod
    def of_mean_and_deviation(cls, mean: float, deviation: float) -> "LogNormal":
        """The one with this mean and this standard deviation."""
        variance = math.log1p((deviation / mean) ** 2)
        return cls(mean / math.exp(variance / 2), math.sqrt(variance))

    @property
    def mean(self) -> float:
        """In seconds."""
        return self.median * math.exp(self.sigma**2 / 2)

    def share_above(self, seconds: float) -> float:
        """The share of recordings that are longer."""
        return 1 - NormalDist(math.log(self.median), self.sigma).cdf(math.log(seconds))


@dataclass(frozen=True, slots=True)
class Mix:
    """Several kinds of recordings. parts: each with its share of all recordings."""

    name: str
    parts: tuple[tuple[float, LogNormal], ...]

    @property
    def mean(self) -> float:
        """In seconds."""
        return sum(share * part.mean for share, part in self.parts)

    def draw(self, hours: float, random: np.random.Generator) -> NDArray[np.float64]:
        """Lengths in seconds of so many recordings that these hours are expected to come together."""
        count = max(1, round(3600 * hours / self.mean))
        kinds = random.choice(len(self.parts), size=count, p=[share for share, _ in self.parts])
        medians = np.array([part.median for _, part in self.parts])[kinds]
        sigmas = np.array([part.sigma for _, part in self.parts])[kinds]
        return medians * np.exp(sigmas * random.standard_normal(count))


def pieces(lengths: NDArray[np.float64], most_s: float) -> Iterator[float]:
    """What becomes of recordings that are cut into equal pieces of at most that length."""
    for length in lengths.tolist():
        count = math.ceil(length / most_s)
        yield from [length / count] * count


PODCASTS = Mix(
    "podcasts",
    # 18,809,402 episodes up to November 2019: median 36:34, mean 41:31, one of 11 hours among them.
    # D. Misener, https://rainnews.com/podcast-episodes-got-shorter-in-2019/
    ((1.0, LogNormal.of_median_and_mean(36 * 60 + 34, 41 * 60 + 31)),),
)

# 16,000 lectures, "most are 1 to 1.5h long", taken for the quartiles.
# MediaMixer white paper on VideoLectures.NET, 2014.
LECTURES = LogNormal.of_quartiles(3600, 5400)

# 39 audiobooks, each one recording: mean 10.9 h, standard deviation 6.0 h.
# A. Moore, https://ndrewwm.com/blog/post/audiobook-pages
BOOKS = LogNormal.of_mean_and_deviation(10.9 * 3600, 6.0 * 3600)

LECTURES_AND_BOOKS = Mix("lectures and books", ((0.9, LECTURES), (0.1, BOOKS)))
"""One recording of ten a whole book; an assumption."""

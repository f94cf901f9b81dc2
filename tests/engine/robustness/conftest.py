"""What the tests of robustness share: excerpts of a minute or so, and one folder for all that is heard."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from alignment.audio import Span
from alignment.transcript import Transcript
from tests.engine.conftest import AlignHeard
from tests.mutations import sources
from tests.mutations.judging import Outcome, judge
from tests.mutations.recording import Recording, Samples

NEVER_SAID = [
    "Our grandfather repaired umbrellas in a cellar under the market.",
    "Nobody ever saw him outside when it rained.",
    "He said that a good umbrella remembers every storm,",
    "and the bad ones forget them all by morning.",
]


@dataclass(frozen=True)
class Held:
    """An alignment, and how it stands against the truth."""

    recording: Recording
    result: Transcript
    outcome: Outcome

    def assert_rest_is_exact(self) -> None:
        """Every line that is said starts within 200 ms of where it is known to, and none is far off."""
        assert self.outcome.far == ()
        assert self.outcome.missed(0.2) == []

    def assert_told(self) -> None:
        """The lines that are never said are told to be missing, no others, and unwritten speech is listed."""
        assert (self.outcome.recall, self.outcome.precision) == (1, 1)
        assert self.outcome.reported is None or self.outcome.reported >= 0.9

    def status(self, first: int, end: int) -> set[str | None]:
        return {segment.status for segment in self.result.segments[first:end]}


@pytest.fixture(scope="session")
def hold(align_heard: AlignHeard) -> Callable[[Recording], Held]:
    """Align a mutated recording."""

    def hold(recording: Recording) -> Held:
        result = align_heard(recording.audio(), recording.transcript(), recording.language)
        result.check()
        return Held(recording, result, judge(recording, result))

    return hold


@pytest.fixture(scope="session")
def talk() -> Recording:
    """70 seconds of the demo, 24 short lines by two voices."""
    return sources.demo().excerpt(0, 24)


@pytest.fixture(scope="session")
def opening(talk: Recording) -> Recording:
    """54 seconds of it, 18 lines, for tests that change the sound: each of those is heard anew."""
    return talk.excerpt(0, 18)


@pytest.fixture(scope="session")
def interview() -> Recording:
    """84 seconds of the interview, 15 sentences. For tests that ask for the measuring data."""
    return sources.interview().excerpt(40, 55)


@pytest.fixture(scope="session")
def answer(interview: Recording) -> Recording:
    """51 seconds of it, 9 sentences, for tests that change the sound."""
    return interview.excerpt(0, 9)


@pytest.fixture(scope="session")
def narrator() -> Recording:
    """107 seconds of a human narrator, 13 lines. For tests that ask for the measuring data."""
    return sources.talking_book().excerpt(3, 16)


@pytest.fixture(scope="session")
def advertisement() -> Samples:
    """Half a minute of the demo that is not in `talk`."""
    demo = sources.demo()
    return demo.sound(Span(demo.said(36).start, demo.said(47).end))

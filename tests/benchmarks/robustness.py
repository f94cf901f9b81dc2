"""How well our aligner holds where text and sound differ, and where the sound is bad: mutated recordings."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import alignment
from alignment.audio import Span
from tests.benchmarks.benchmark import Benchmark, Selection
from tests.benchmarks.recordings import missing_data
from tests.benchmarks.tables import markdown_table
from tests.mutations import cuts, noise, sources, speed, telephone, text
from tests.mutations.judging import Outcome, judge
from tests.mutations.music import with_music_bed
from tests.mutations.recording import Recording

__all__ = ["BENCHMARK", "Case", "measure", "table"]

_NEEDED = ("interview", "talking-book", "german-ode")
_SHARE = 0.1
_FOREIGN = Span(20.0, 140.0)
"""Two minutes of the German ode."""

_EXCERPT = (0, 132)
"""Sentences of the interview's first ten minutes."""

_HEADER = (
    "mutation", "sentences", "<= 200 ms", "<= 500 ms", "> 2 s wrong", "unsaid", "recall", "precision",
    "unwritten speech told",
)  # fmt: skip

_READING = """\
"sentences": those that are said as they are written; the shares are of all of them, so that a missing one
counts against. "> 2 s wrong": lines of any kind placed more than two seconds from where they are said.
"unsaid": lines of the text that nobody says; recall and precision of telling that they are not in the audio.
"unwritten speech told": share of the speech that the text lacks, by time, which the result lists as
untranscribed."""


@dataclass(frozen=True, slots=True)
class Case:
    """A mutated recording under a name; made when its turn comes, for it is large."""

    name: str
    make: Callable[[], Recording]


def edited(talk: Recording, foreign: Sequence[str], seed: int = 0) -> Recording:
    """A tenth of the lines deleted from the text, and as many put in that are never said, elsewhere."""
    return text.insert_share(text.delete_share(talk, _SHARE, seed), foreign, _SHARE, seed + 1)


def _edited_interview() -> Recording:
    talk = edited(sources.interview(), _sentences_of_another_book())
    speech = sources.foreign_speech("german-ode", _FOREIGN)
    return cuts.insert_speech(talk, _line_that_follows_a_said_one(talk, len(talk.lines) // 3), speech)


def _line_that_follows_a_said_one(talk: Recording, number: int) -> int:
    while None in (talk.lines[number].start, talk.lines[number - 1].start):
        number += 1
    return number


def _sentences_of_another_book() -> list[str]:
    lines = [line.text for line in sources.talking_book().lines]
    sentences = [f"{part.strip('. ')}." for line in lines for part in line.split(". ")]
    return [sentence for sentence in dict.fromkeys(sentences) if len(sentence.split()) >= 5]


def _excerpt() -> Recording:
    return sources.interview().excerpt(*_EXCERPT)


CASES = (
    Case("whole: 10 % deleted, 10 % inserted, 2 min of German", _edited_interview),
    Case("10 min: unchanged", _excerpt),
    Case("10 min: pink noise at 5 dB", lambda: noise.with_noise(_excerpt(), 5)),
    Case("10 min: telephone", lambda: telephone.over_telephone(_excerpt())),
    Case("10 min: music bed at 10 dB", lambda: with_music_bed(_excerpt())),
    Case("10 min: 1.5 x speed", lambda: speed.at_speed(_excerpt(), 1.5)),
    Case("10 min: 0.8 x speed", lambda: speed.at_speed(_excerpt(), 0.8)),
)


def measure(case: Case, checkpoints: Path) -> Outcome:
    """Align the mutated recording and hold the result against the truth."""
    recording = case.make()
    result = alignment.align(
        recording.audio(), recording.transcript(), language=recording.language, checkpoints=checkpoints
    )
    return judge(recording, result)


def table(outcomes: Sequence[tuple[str, Outcome]]) -> str:
    """One row a mutation."""
    return markdown_table(_HEADER, [_row(name, outcome) for name, outcome in outcomes])


def _row(name: str, outcome: Outcome) -> list[str]:
    has_unsaid = bool(outcome.unsaid)
    return [
        name,
        str(len(outcome.said)),
        f"{outcome.share_within(0.2):.1%}",
        f"{outcome.share_within(0.5):.1%}",
        str(len(outcome.far)),
        str(outcome.unsaid),
        f"{outcome.recall:.1%}" if has_unsaid else "-",
        f"{outcome.precision:.1%}" if has_unsaid or outcome.flagged else "-",
        "-" if outcome.reported is None else f"{outcome.reported:.1%}",
    ]


def _sections(selection: Selection) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="verbatime-benchmark-") as folder:
        outcomes = []
        for case in CASES:
            print(f"interview, {case.name} ...", flush=True)
            outcomes.append((case.name, measure(case, Path(folder))))
        yield table(outcomes)


def _absence(selection: Selection) -> str | None:
    if "interview" not in selection.data or "ours" not in selection.systems:
        return "It is of our aligner on mutations of the interview."
    missing = missing_data(_NEEDED)
    return f"The measuring data is not beside the repository: {missing}." if missing else None


BENCHMARK = Benchmark("robustness", "Robustness", _READING, _sections, _absence)

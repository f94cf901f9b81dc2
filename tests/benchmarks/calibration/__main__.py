"""Fit confidence to mutated recordings, measure it on those that were held out, and keep the report."""

import argparse
import datetime
import tempfile
from collections.abc import Iterator
from pathlib import Path

from alignment.errors import AudioError, TranscriptError
from tests.benchmarks.calibration.cases import RECORDINGS, Case, cases
from tests.benchmarks.calibration.observing import Observation, observe, read, write
from tests.benchmarks.calibration.report import report
from tests.benchmarks.machine import commit
from tests.benchmarks.recordings import missing_data

_RESULTS = Path(__file__).parents[1] / "results"


def main() -> None:
    arguments = _arguments()
    needed = ("interview", "talking-book", "german-ode", *arguments.recordings)
    if missing := missing_data([name for name in needed if name != "demo"]):
        print(f"Nothing measured. The measuring data is not beside the repository: {missing}.")
        return
    with tempfile.TemporaryDirectory(prefix="verbatime-calibration-") as folder:
        observed = list(_observed(arguments.recordings, arguments.keep or Path(folder)))
    if set(arguments.recordings) != set(RECORDINGS):
        print("Not fitted: only some of the recordings were asked for.")
        return
    name = f"{datetime.date.today()}-calibration"
    figures, picture = report(observed)
    heading = f"# Calibration of confidence, {datetime.date.today()}\n\nCommit {commit()}.\n\n"
    written = f"{heading}{figures}\n\n![Reliability of lines and words]({name}.svg)\n"
    (_RESULTS / f"{name}.svg").write_text(picture, "utf-8")
    (_RESULTS / f"{name}.md").write_text(written, "utf-8")
    print(written)


def _observed(names: tuple[str, ...], folder: Path) -> Iterator[Observation]:
    """What was found of every case, now or in an earlier run; a case that is refused is left out."""
    folder.mkdir(parents=True, exist_ok=True)
    for case in cases(names):
        kept = folder / f"{case.recording}, {case.mutation}.json"
        if kept.exists():
            yield read(kept.read_text("utf-8"))
        elif observation := _aligned(case, folder):
            kept.write_text(write(observation), "utf-8")
            yield observation


def _aligned(case: Case, checkpoints: Path) -> Observation | None:
    try:
        observation = observe(case.recording, case.mutation, case.make(), checkpoints)
    except (AudioError, TranscriptError) as error:
        print(f"{case.recording}, {case.mutation}: refused: {str(error)[:60]} ...", flush=True)
        return None
    known = [line.right for line in observation.lines if line.right is not None]
    print(f"{case.recording}, {case.mutation}: {sum(known)} of {len(known)} lines right", flush=True)
    return observation


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.calibration", description=__doc__)
    parser.add_argument(
        "--recordings",
        nargs="+",
        choices=RECORDINGS,
        default=tuple(RECORDINGS),
        help="align only these; the fit needs all",
    )
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="FOLDER",
        help="keep what is heard and found there, so that another run goes on from it",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()

"""Run the benchmarks, print their tables, and keep a whole run as a dated file."""

import argparse
import datetime
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.benchmarks import alignment_accuracy, robustness
from tests.benchmarks.benchmark import Selection
from tests.benchmarks.machine import commit, describe_machine
from tests.benchmarks.recordings import LANGUAGES
from tests.benchmarks.systems.registry import SYSTEMS

BENCHMARKS = (alignment_accuracy.BENCHMARK, robustness.BENCHMARK)

RESULTS = Path(__file__).with_name("results")


def main() -> None:
    arguments = _arguments()
    asked = [benchmark for benchmark in BENCHMARKS if benchmark.name in arguments.benchmarks]
    selection = Selection(data=arguments.data, systems=arguments.systems)
    absences = {benchmark.name: benchmark.absence(selection) for benchmark in asked}
    if all(absences.values()):
        print("\n".join(f"Nothing measured of {name}. {absence}" for name, absence in absences.items()))
        return
    parts: list[str] = []

    def add(part: str) -> None:
        """Show a part at once and keep what there is so far: a run takes long, and may be interrupted."""
        parts.append(part)
        print(f"{part}\n", flush=True)
        if output:
            output.parent.mkdir(parents=True, exist_ok=True)
            output.write_text("\n\n".join(parts) + "\n", "utf-8")

    output = arguments.output or (_dated() if _is_whole(arguments) else None)
    add(f"# Benchmarks, {datetime.date.today()}")
    add(f"Commit {commit()}. {describe_machine()}.")
    for benchmark in asked:
        add(f"## {benchmark.title}")
        if absence := absences[benchmark.name]:
            add(f"Not measured. {absence}")
            continue
        add(benchmark.reading)
        for section in benchmark.sections(selection):
            add(section)
    print(f"Kept in {output}." if output else "Not kept: only a part was asked for; --output FILE keeps it.")


def _dated() -> Path:
    return RESULTS / f"{datetime.date.today()}.md"


def _is_whole(arguments: argparse.Namespace) -> bool:
    return (arguments.benchmarks, arguments.data, arguments.systems) == _EVERYTHING


_EVERYTHING = (
    tuple(benchmark.name for benchmark in BENCHMARKS),
    tuple(LANGUAGES),
    tuple(system.key for system in SYSTEMS),
)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    for option, names in zip(("benchmarks", "data", "systems"), _EVERYTHING, strict=True):
        parser.add_argument(
            f"--{option}",
            type=_chosen_from(names),
            default=names,
            help=f"some of {', '.join(names)}, with commas; all if not given",
        )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE",
        help="keep the report here; without it a whole run is kept in results/, and one of a part nowhere",
    )  # fmt: skip
    return parser.parse_args()


def _chosen_from(names: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    """A reader of names with commas between them."""

    def chosen(value: str) -> tuple[str, ...]:
        given = tuple(name.strip() for name in value.split(","))
        if unknown := [name for name in given if name not in names]:
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)} is none of {', '.join(names)}")
        return given

    return chosen


if __name__ == "__main__":
    main()

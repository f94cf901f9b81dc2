"""Simulates fleets from the costs that are kept, prints the report, and keeps it where a file is named."""

import argparse
import datetime
import json
import sys
from pathlib import Path

from tests.benchmarks.fleet.costs import MEASURED, read_measured
from tests.benchmarks.fleet.report import report


def main() -> int:
    """As asked on the command line; 1 where nothing can be measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.fleet", description=__doc__)
    parser.add_argument("--measure", action="store_true", help="measure the costs anew first (minutes)")
    parser.add_argument(
        "--most-hours",
        type=float,
        default=1e7,
        metavar="N",
        help="simulate no more hours of sound",
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="keep the report here")
    given = parser.parse_args()
    if given.measure:
        from tests.benchmarks.fleet.measuring import measure  # the aligner, for nothing else here

        try:
            MEASURED.write_text(json.dumps(measure(), indent=1) + "\n", "utf-8")
        except LookupError as error:
            print(error, file=sys.stderr)
            return 1
    parts = [f"# A fleet on paper, {datetime.date.today()}"]
    print(parts[0])
    for part in report(read_measured(), given.most_hours):
        parts.append(part)
        print(f"\n{part}", flush=True)
        if given.output:
            given.output.write_text("\n\n".join(parts) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

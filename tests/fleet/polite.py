"""Takes so many turns: `python -m tests.fleet.polite FOLDER LOG TURNS`; with HOLD, it keeps the first."""

import os
import sys
from pathlib import Path

from alignment.fleet.courtesy import Courtesy

ADDRESS = "https://example.org/talk"


def main(folder: str, log: str, turns: str) -> None:
    courtesy = Courtesy(Path(folder), at_once=2, pause_s=0.0)
    with Path(log).open("ab", buffering=0) as said:
        for _ in range(1 if turns == "HOLD" else int(turns)):
            with courtesy.turn(ADDRESS):
                said.write(b"+")
                os.sched_yield()
                if turns == "HOLD":
                    print("held", flush=True)
                    sys.stdin.read()
                said.write(b"-")


if __name__ == "__main__":
    main(*sys.argv[1:])

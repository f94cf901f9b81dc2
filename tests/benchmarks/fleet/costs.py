"""What was measured, as figures for one hour of sound and one episode."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["CORES_AT_WORK", "FIXED_S", "MEASURED", "Costs", "Measured", "processor_s", "read_measured"]

MEASURED = Path(__file__).with_name("measured.json")

CORES_AT_WORK = 43.6 / 25.9
"""Of two: processor by wall time of the interview on an idle machine, results/2026-11-25.md."""

_IDLE = {"hand-labelled-words": (49.0, 5.9), "interview": (2654.0, 43.6), "talking-book": (1319.0, 70.5)}
"""Seconds of sound, and processor seconds of a whole run on an idle machine, results/2026-11-25.md."""


def _fixed() -> float:
    (short, least), (long, most) = _IDLE["hand-labelled-words"], _IDLE["interview"]
    return least - short * (most - least) / (long - short)


FIXED_S = _fixed()
"""Processor seconds for an episode, however short, the start of a process with its model included."""

_LISTENING = "Listening"
_DERIVED = ("peaks", "index")
_KINDS = {"audio": "audio as kept", "aligned.json": "aligned.json", "transcript": "transcript as given"}


@dataclass(frozen=True, slots=True)
class Costs:
    """Of one recording of the measuring data.

    rows: as measured, a row a length. hour_s: processor seconds for an hour of sound on an idle machine,
    FIXED_S aside; busy_hour_s: as measured beside other work, all in all. heard: share that the recogniser
    takes. derived: processor seconds for peaks and index of an hour. kept: bytes an hour by kind of file.
    source: bytes an hour as given. peak: bytes of memory, of one process that does all lengths;
    peak_alone: the whole alone. started_s: processor seconds of the process beside all that.
    """

    name: str
    rows: tuple[dict[str, Any], ...]
    hour_s: float
    busy_hour_s: float
    heard: float
    derived: dict[str, float]
    kept: dict[str, float]
    source: float
    peak: int
    peak_alone: int
    started_s: float

    @property
    def hours_a_core_hour(self) -> float:
        """Hours of sound that a core does in an hour, the fixed cost aside."""
        return 3600 / self.hour_s


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything that is kept of the measurements. requests: to a store, by occasion and kind."""

    commit: str
    machine: str
    said: Costs
    departing: Costs
    requests: dict[str, dict[str, float]]
    scan_s: float
    ledger_s: float

    def count(self, occasion: str) -> float:
        """Requests of all kinds."""
        return sum(self.requests[occasion].values())

    def priced(self, occasion: str, put: float, get: float) -> float:
        """What they cost, where these are the prices of 1,000."""
        kinds = self.requests[occasion]
        dear = sum(kinds.get(kind, 0) for kind in ("PUT", "LIST", "POST"))
        return (dear * put + (sum(kinds.values()) - dear) * get) / 1000


def read_measured(path: Path = MEASURED) -> Measured:
    """What is kept there."""
    kept = json.loads(path.read_text("utf-8"))
    said, departing = (_costs(name, kept["work"][name]) for name in ("interview", "talking-book"))
    return Measured(
        kept["commit"], kept["machine"], said, departing, kept["requests"], kept["scan_s"], kept["ledger_s"]
    )


def processor_s(row: dict[str, Any]) -> float:
    """Of a row: what an episode takes until it is in the library."""
    return sum(seconds for part, seconds in row["parts"].items() if part not in _DERIVED)


def _costs(name: str, kept: dict[str, Any]) -> Costs:
    rows = tuple(kept["rows"])
    whole = rows[-1]
    hours = whole["seconds"] / 3600
    sizes: Counter[str] = Counter()
    for file, size in whole["sizes"].items():
        kind = next((word for start, word in _KINDS.items() if file.startswith(start)), file)
        sizes[kind] += size
    sizes["index.sqlite3"] = whole["index"] - rows[-2]["index"]
    return Costs(
        name=name,
        rows=rows,
        hour_s=3600 * (_IDLE[name][1] - FIXED_S) / _IDLE[name][0],
        busy_hour_s=processor_s(whole) / hours,
        heard=whole["parts"].get(_LISTENING, 0.0) / processor_s(whole),
        derived={part: whole["parts"][part] / hours for part in _DERIVED},
        kept={kind: size / hours for kind, size in sizes.items()},
        source=kept["source_bytes"] / hours,
        peak=kept["peak_bytes"],
        peak_alone=kept["peak_alone_bytes"],
        started_s=kept["cpu_s"] - sum(sum(row["parts"].values()) for row in rows),
    )

"""What one benchmark is to the command that runs them all."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

__all__ = ["Benchmark", "Selection"]


@dataclass(frozen=True, slots=True)
class Selection:
    """What a run is asked for, by name; a benchmark looks at what concerns it.

    data: recordings. systems: the aligners to compare.
    """

    data: tuple[str, ...]
    systems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """name: on the command line. title: in the report. reading: how its tables are read, Markdown.

    sections: measures, and yields Markdown as soon as a part is ready. A part that cannot be measured on
    this machine is a sentence that says why, not an error. absence: why nothing of the selection can be
    measured on this machine, a sentence, or None where it can.
    """

    name: str
    title: str
    reading: str
    sections: Callable[[Selection], Iterator[str]]
    absence: Callable[[Selection], str | None]

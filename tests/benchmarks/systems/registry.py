"""Which systems there are, and what each needs."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version

from tests.benchmarks.peers import Peer, environment

__all__ = ["SYSTEMS", "System"]


@dataclass(frozen=True, slots=True)
class System:
    """One system to measure.

    key: its name on the command line. title: in the table. languages: ISO 639-1 codes of those that it can
    do, None for all. python: the interpreter to run its script with; raises Absent where there is none.
    """

    key: str
    title: str
    python: Callable[[], str] = lambda: sys.executable
    languages: frozenset[str] | None = None

    def command(self) -> list[str]:
        """What to run, less the paths of job and result. Raises Absent where it cannot be had."""
        return [self.python(), "-m", f"tests.benchmarks.systems.{self.key.replace('-', '_')}"]


def _of(peer: Peer) -> Callable[[], str]:
    return lambda: str(environment(peer))


_STABLE_TS = Peer(
    "stable-ts",
    "3.11",
    (
        ("torch==2.13.0", "numpy<2.3", "setuptools", "wheel"),
        ("numba", "tqdm", "tiktoken", "more-itertools", "faster-whisper==1.2.1"),
        # Without their dependencies: both name a torchaudio or triton that does not fit this torch.
        ("--no-deps", "--no-build-isolation", "openai-whisper==20250625", "stable-ts==2.19.1"),
    ),
)

_AENEAS = Peer(
    "aeneas",
    "3.11",
    (
        ("setuptools<58", "wheel", "numpy<1.24", "lxml", "beautifulsoup4"),
        ("--no-deps", "--no-build-isolation", "aeneas==1.7.3.0"),
    ),
    programs=("espeak",),
)

SYSTEMS = (
    System("ours", "ours"),
    System("whisper", f"faster-whisper {version('faster-whisper')}, word times matched"),
    System("stable-ts", "stable-ts 2.19.1 align", _of(_STABLE_TS)),
    System("aeneas", "aeneas 1.7.3", _of(_AENEAS)),
    System("hmm", "HMM alone (pocketsphinx), text taken as verbatim, one core", languages=frozenset({"en"})),
    System("encoder", "floor: Whisper's encoder alone"),
)
"""In the order of the table. The same weights (Whisper base, int8) wherever Whisper is used."""

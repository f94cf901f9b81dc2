"""Kills processes at random moments of their work on one library, and looks after each whether it is whole.

    python -m tests.library.killing --rounds 200

prints a table of kills by act and stage. Half of the kills come at a random step on the disk (a file opened,
written, renamed, removed), half at a random moment. After each: nothing is damaged, whatever was acknowledged
is there, what was not is there whole or not at all, nothing lies about, and a new runner finishes every job.
"""

import argparse
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from alignment.errors import AlignmentError
from alignment.library import Jobs, JobStatus, Library, Runner
from alignment.library.corrections import corrections_put_aside
from alignment.library.doctor import examine, repair
from alignment.library.notes import notes_put_aside
from alignment.library.work import standard_tools
from tests.library.episodes import audio_file
from tests.library.killed import ACTS, add_episode, live, observe, staged_tools

__all__ = ["Killing", "troubles"]

PATIENCE_S = 600.0
_REAL = "serve, really"
_SERVING = {"serve", _REAL}
"""Acts whose work is done in a process of its own; only their moment can be chosen."""

_FEWEST_EPISODES = 4


def troubles(root: Path) -> list[str]:
    """Whatever is wrong with a library, by looking at all of it, and as `alignment doctor --deep` tells."""
    library = Library(root)
    found = [f"{episode.id}: {episode.reason}" for episode in library.damaged()]
    for episode in library.episodes():
        aside = notes_put_aside(library, episode.id) + corrections_put_aside(library, episode.id)
        found += [f"{episode.id}: {name}" for name in aside]
        try:
            library.transcript(episode.id).check()
        except (AlignmentError, ValueError) as error:
            found.append(f"{episode.id}: {error}")
    known = {job.id for job in Jobs(root).all()}
    found += [f"no job: {path.name}" for path in _inside(root / "jobs") if path.name not in known]
    found += [f"left behind: {path.name}" for path in _inside(root / "tmp")]
    return found + [str(finding) for finding in examine(library, deep=True)]


def _inside(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


@dataclass
class Killing:
    """One library, and what must hold of it.

    known: by key, the state that has been acknowledged. kills: by act and stage.
    """

    root: Path
    chance: random.Random
    known: dict[str, Any] = field(default_factory=dict)
    kills: Counter[tuple[str, str]] = field(default_factory=Counter)
    survived: Counter[str] = field(default_factory=Counter)
    steps: dict[str, int] = field(default_factory=dict)
    lasting_s: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        audio_file(self.root.parent, seconds=1.5)
        self._processes = multiprocessing.get_context("forkserver")
        self._processes.set_forkserver_preload(["tests.library.killed"])
        self._restock()

    def round(self, act: str, *, by_clock: bool = False) -> bool:
        """Let a process do the act, kill it on the way, and look; whether the kill came before its end."""
        if act not in self.lasting_s:
            self._live(act, None, None)  # how long it takes, if nobody kills it
        by_clock = by_clock or act in _SERVING
        moment = self.chance.uniform(0.0, self.lasting_s[act]) if by_clock else None
        step = None if by_clock else self.chance.randint(1, self.steps[act])
        before = self.kills.total()
        self._live(act, step, moment)
        return self.kills.total() > before

    def _live(self, act: str, step: int | None, moment_s: float | None) -> None:
        here, there = self._processes.Pipe(duplex=False)
        seed = self.chance.getrandbits(32)
        process = self._processes.Process(target=live, args=(self.root, act, seed, step, there))
        process.start()
        there.close()
        stage, tried, began = "", None, time.monotonic()
        if moment_s is not None:
            here.poll(PATIENCE_S)  # it has begun
            process.join(moment_s)
            process.kill()
        for kind, told in _messages(here):
            if kind == "at":
                stage = told
            elif kind == "try":
                tried = told
            elif kind == "ack":
                self.known[told[0]], tried = told[1], None
            else:
                self.steps[act] = max(told, 1)
        process.join()
        self._await_its_worker()
        assert process.exitcode in (0, -9), f"{act} broke by itself at {stage}"
        if step is None and moment_s is None:
            assert process.exitcode == 0
            self.lasting_s[act] = time.monotonic() - began
        elif process.exitcode == 0:
            self.survived[act] += 1
        else:
            self.kills[act, stage] += 1
        self.check(really=act == _REAL, tried=tried)

    def _await_its_worker(self) -> None:
        """The process that works for a killed one ends by itself, in an instant of its own."""
        jobs, limit = Jobs(self.root), time.monotonic() + PATIENCE_S
        while not all(jobs.folder(job.id).is_free() for job in jobs.all()):
            assert time.monotonic() < limit, "a worker outlives its server"
            time.sleep(0.01)

    def check(self, *, tried: tuple[str, Any] | None = None, really: bool = False) -> None:
        """That the library is whole, before and after a new runner has finished what there was to do.

        tried: key and state of what was being done; it may be done or not.
        """
        library = Library(self.root)
        self._mend(library)
        assert (wrong := troubles(self.root)) == [], wrong
        if tried is not None and observe(library, tried[0]) == tried[1]:
            self.known[tried[0]] = tried[1]
        self._compare(library, finished=False)
        self._finish(library, really=really)
        assert (wrong := troubles(self.root)) == [], wrong
        self._compare(library, finished=True)
        self._restock()

    def _mend(self, library: Library) -> None:
        """Take away what stands beside the files, as `alignment doctor --repair` does, and nothing else."""
        findings = list(examine(library, deep=True))
        beside = [Path(finding.where).name for finding in findings]
        assert all(name == "removed.json" or name.endswith(".new") for name in beside), beside
        repair(findings)

    def _compare(self, library: Library, *, finished: bool) -> None:
        for key, state in self.known.items():
            seen = observe(library, key)
            if state == JobStatus.DONE and not finished:
                assert seen is not None, f"{key} is lost"
                continue
            assert seen == state, f"{key}: {seen} instead of {state}"

    def _finish(self, library: Library, *, really: bool) -> None:
        jobs = Jobs(self.root)
        if any(not job.status.ended for job in jobs.all()):
            runner = Runner(library, standard_tools if really else staged_tools)
            runner.start()
            limit = time.monotonic() + PATIENCE_S
            while any(not job.status.ended for job in jobs.all()):
                assert time.monotonic() < limit, "a job is not finished"
                time.sleep(0.01)
            runner.stop()
        for job in jobs.all():
            assert job.status in {JobStatus.DONE, JobStatus.CANCELLED}, f"{job.id}: {job.message}"
            if job.status is JobStatus.DONE:
                key = f"episode {job.episode}"
                assert key in self.known or observe(library, key) is not None, f"{job.id} made no episode"
                self.known.setdefault(key, {"notes": {}, "texts": []})
                jobs.dismiss(job.id)
                self.known.pop(f"job {job.id}", None)

    def _restock(self) -> None:
        """Enough episodes to delete one."""
        for _ in range(_FEWEST_EPISODES - len(Library(self.root).episodes())):
            id = add_episode(self.root, f"The kettle is on. {self.chance.random()}")
            self.known[f"episode {id}"] = {"notes": {}, "texts": []}


def _messages(pipe: Connection) -> Iterator[tuple[str, Any]]:
    """What the process told, to the last word that came out whole."""
    try:
        while True:
            yield pipe.recv()
    except (EOFError, OSError):
        return


def main() -> int:
    """Kill, and print what was killed when."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--really", type=int, default=10, help="more rounds, with the true aligner")
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4)))
    given = parser.parse_args()
    chance = random.Random(given.seed)
    print(f"seed {given.seed}", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        killing = Killing(Path(folder) / "library", chance)
        acts = [act for act in ACTS if act != _REAL]
        plan = [acts[number % len(acts)] for number in range(given.rounds)] + [_REAL] * given.really
        try:
            for number, act in enumerate(plan):
                by_clock = number // len(acts) % 2 == 1
                while not killing.round(act, by_clock=by_clock):
                    pass  # it came to its end before the kill, which does not count
                if sys.stderr.isatty():
                    print(f"\r{number + 1} of {len(plan)}", end="", file=sys.stderr, flush=True)
        finally:
            print(f"{killing.kills.total()} kills in {time.monotonic() - began:.0f} s")
            print(f"{killing.survived.total()} more came too late: the act was done\n")
            print("| act | stage | kills |\n|---|---|---:|")
            for (act, stage), count in sorted(killing.kills.items()):
                print(f"| {act} | {stage or 'before its first stage'} | {count} |")
    print("\nThe library was whole after each.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

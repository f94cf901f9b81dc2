"""Several machines at work on one library in a store, and killed at random moments of it.

    python -m tests.library.machines --seconds 60

Each machine adds, notes, titles, removes and restores, in a process that is killed with signal 9 now and then
and begun anew. In the end a machine that was never there has every note, episode and removal that was
acknowledged, and every other one has the same. The store is a server of S3's protocol on the loopback.
"""

import argparse
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import uuid4

from alignment.errors import LibraryError
from alignment.library import Library
from alignment.library.doctor import examine
from alignment.library.notes import keep_note, read_notes
from tests.library.episodes import aligned, audio_file
from tests.library.stores import bucket, machine, s3_server
from tests.library.test_notes import noted

__all__ = ["Machines"]

PATIENCE_S = 120.0


def live(address: str, root: Path, seed: int, told: Connection) -> None:
    """Act for ever, and tell of each act that was acknowledged."""
    chance = random.Random(seed)
    library = machine(address, root)
    while True:
        ids = [episode.id for episode in library.episodes()]
        act = chance.choice(["add", "note", "note", "note", "title", "remove"])
        with suppress(LibraryError):  # another machine has removed it meanwhile
            if act == "add" or not ids:
                text = str(uuid4())
                audio = audio_file(root.parent, f"{root.name}.wav", seconds=0.05)
                episode = library.add(transcript=text.encode(), audio=audio, aligned=aligned())
                told.send(("add", episode.id))
            elif act == "note":
                id, note = chance.choice(ids), str(uuid4())
                keep_note(library, id, noted(id=note))
                told.send(("note", (id, note)))
            elif act == "title":
                library.describe(chance.choice(ids), title=f"Title {chance.random()}")
                told.send(("title", None))
            elif len(ids) > 3:
                told.send(("removed", library.remove(chance.choice(ids)).id))


@dataclass
class Machines:
    """count: of machines; those with the same number modulo `copies` share a copy."""

    address: str
    folder: Path
    chance: random.Random
    count: int = 3
    copies: int = 2
    kills: int = 0
    added: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    notes: set[tuple[str, str]] = field(default_factory=set)
    acts: Counter[str] = field(default_factory=Counter)

    def run(self, seconds: float) -> None:
        """Let them work, and kill one now and then."""
        processes = multiprocessing.get_context("spawn")

        def begin(number: int) -> tuple[multiprocessing.process.BaseProcess, Connection]:
            here, there = processes.Pipe(duplex=False)
            root = self.folder / f"copy-{number % self.copies}"
            given = (self.address, root, self.chance.getrandbits(32), there)
            process = processes.Process(target=live, args=given, daemon=True)
            process.start()
            there.close()
            return process, here

        places = [begin(number) for number in range(self.count)]
        for _, here in places:
            here.poll(PATIENCE_S)  # it has begun
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            time.sleep(self.chance.uniform(1.0, 6.0))
            number = self.chance.randrange(self.count)
            self._end(*places[number])
            self.kills += 1
            places[number] = begin(number)
        for place in places:
            self._end(*place)

    def _end(self, process: multiprocessing.process.BaseProcess, here: Connection) -> None:
        process.kill()
        process.join()
        with suppress(EOFError, OSError):
            while True:
                kind, what = here.recv()
                self.acts[kind] += 1
                if kind == "add":
                    self.added.add(what)
                elif kind == "note":
                    self.notes.add(what)
                elif kind == "removed":
                    self.removed.add(what)

    def troubles(self) -> list[str]:
        """Whatever is lost or differs, once every copy was looked at again."""
        for number in range(self.copies):
            machine(self.address, self.folder / f"copy-{number}").episodes()
        libraries = [machine(self.address, self.folder / f"copy-{number}") for number in range(self.copies)]
        new = machine(self.address, self.folder / "new")
        there = _seen(new)
        found = [str(finding) for finding in examine(new, deep=True)]
        found += [f"{library.root.name} differs" for library in libraries if _seen(library) != there]
        binned = {entry.id for entry in new.binned()}
        found += [f"{id} is lost" for id in self.added if id not in there and id not in binned]
        found += [f"{id} is there again" for id in self.removed if id not in binned]
        found += [
            f"note {note} of {id} is lost"
            for id, note in self.notes
            if note not in there.get(id, (set(),))[0] and id not in binned
        ]
        return found


def _seen(library: Library) -> dict[str, tuple[set[str], str]]:
    return {
        episode.id: ({note.id for note in read_notes(library, episode.id)}, episode.title)
        for episode in library.episodes()
    }


def main() -> int:
    """Run, and print what happened."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--machines", type=int, default=3)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4)))
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    with s3_server() as endpoint, bucket(endpoint) as address, tempfile.TemporaryDirectory() as folder:
        machines = Machines(address, Path(folder), random.Random(given.seed), given.machines)
        machines.run(given.seconds)
        found = machines.troubles()
    print(f"{machines.kills} kills; acknowledged: {dict(machines.acts)}")
    print("\n".join(found) or "Nothing is lost, and every machine has the same.")
    return len(found) > 0


if __name__ == "__main__":
    sys.exit(main())

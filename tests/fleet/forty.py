"""Forty short episodes through processes here, then through a Dask cluster: the same bytes, and how fast.

    python -m tests.fleet.forty --episodes 40 --workers 4 --kill

They are cut from the measuring data beside the repository. Then tasks that only wait show what handing out
costs, with more workers than there are cores. With --kill, a third run of the real work has two workers
killed, and the scheduler killed and started again, in its middle.
"""

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from alignment.audio import Span, read_audio
from alignment.disk import digest, read_json
from alignment.fleet.batch import Batch, Wishes
from alignment.fleet.cluster import Cluster
from alignment.fleet.events import Begun, Ended, Event
from alignment.fleet.item import BatchItem
from alignment.fleet.workforce import LocalWorkforce, Workforce
from alignment.library import Library, Tools
from alignment.library.work import standard_tools
from alignment.transcript import Transcript
from tests.benchmarks.machine import describe_machine
from tests.command import until, write_wave
from tests.fleet.clusters import LoopbackCluster, kill, loopback_cluster
from tests.fleet.working import SLEEP_S, ready, recordings, run, sleepy_tools
from tests.library.working import BELL
from tests.shared_data import SHARED, shared_recording

SOURCE = "interview"
_LONG_S = 10.0
_WAIT_S = 2.0
_ROUNDS = 5


def cut(folder: Path, count: int) -> list[BatchItem]:
    """So many episodes of ten seconds and a little more, with the lines that are said in them."""
    recording = shared_recording(SOURCE)
    assert recording.truth
    sound = read_audio(recording.audio)
    lines = [line for line in recording.truth["lines"] if line["start"] is not None]
    items: list[BatchItem] = []
    begin = 0
    for place, line in enumerate(lines[:-1]):
        if line["end"] - lines[begin]["start"] < _LONG_S:
            continue
        span = Span(max(lines[begin]["start"] - 0.2, 0.0), (line["end"] + lines[place + 1]["start"]) / 2)
        audio, text = folder / f"part {len(items):02}.wav", folder / f"part {len(items):02}.txt"
        write_wave(audio, sound.excerpt(span))
        text.write_text("".join(f"{line['text']}\n" for line in lines[begin : place + 1]), "utf-8")
        items.append(BatchItem(audio.stem, str(audio), text, "en"))
        begin = place + 1
        if len(items) == count:
            return items
    raise SystemExit(f"{SOURCE} has no more than {len(items)} parts; ask for fewer --episodes.")


def counting_tools() -> Tools:
    """The real ones; what has been aligned to its end leaves a line."""
    tools = standard_tools()

    def align(audio: Path, transcript: Transcript, **how: object) -> Transcript:
        aligned = tools.align(audio, transcript, **how)  # type: ignore[arg-type]
        with (Path(os.environ[BELL]) / "aligned").open("a") as log:
            log.write(f"{aligned.title}\n")
        return aligned

    return replace(tools, align=align)


@dataclass(frozen=True)
class Run:
    """How a run went. seconds: from the first that was handed out to the last that was done."""

    seconds: float
    audio_s: float
    work_s: float
    tries: int
    batch: Batch


def timed(items: list[BatchItem], library: Library, open_workforce: Callable[[], Workforce]) -> Run:
    """Run the items; nothing may fail."""
    began: list[float] = []

    def note(event: Event) -> None:
        if isinstance(event, Begun) and not began:
            began.append(time.monotonic())
        if isinstance(event, Ended):
            print(f"\r{event.entry.title}: {event.entry.status}   ", end="", file=sys.stderr, flush=True)

    batch, _ = run(items, library, open_workforce, Wishes(), note)
    seconds = time.monotonic() - began[0]
    print(file=sys.stderr)
    entries = [entry for _, _, entry in batch.outcomes if entry]
    for entry in entries:
        assert entry.status == "done", f"{entry.title}: {entry.message}"
    audio_s, work_s = sum(e.audio_s for e in entries), sum(e.work_s for e in entries)
    return Run(seconds, audio_s, work_s, sum(e.tries for e in entries), batch)


def differences(one: Library, other: Library) -> list[str]:
    """What differs between two libraries, file by file."""
    found = []
    ids = {episode.id for episode in one.episodes()}
    if ids != {episode.id for episode in other.episodes()}:
        return ["the episodes are not the same ones"]
    for id in sorted(ids):
        here, there = one.episode(id), other.episode(id)
        for name in (here.audio_name, "transcript.txt", "aligned.json"):
            if digest(here.folder / name) != digest(there.folder / name):
                found.append(f"{here.title}: {name}")
        first, second = read_json(here.folder / "episode.json"), read_json(there.folder / "episode.json")
        if {**first, "added": ""} != {**second, "added": ""}:
            found.append(f"{here.title}: episode.json beside the time when it was added")
    return found


def report(what: str, run: Run, workers: int) -> None:
    speed = run.audio_s / run.seconds
    print(
        f"| {what} | {workers} | {len(run.batch.outcomes)} | {run.audio_s:.0f} s | {run.seconds:.1f} s | "
        f"{speed:.1f} | {run.work_s:.0f} s | {run.tries} |",
        flush=True,
    )


def wait_for_workers(cluster: Cluster, count: int) -> None:
    until(lambda: cluster.at_a_time >= count)


@contextmanager
def warm_local(workers: int) -> Iterator[LocalWorkforce]:
    """Processes that have started: each has had something to do."""
    workforce = LocalWorkforce(workers, tools=sleepy_tools, ready=ready)
    yield workforce
    workforce.close()


def efficiency(folder: Path, workers: int, kind: str, workforce: Workforce) -> None:
    """How much of the ideal is had with tasks that wait; a first round of them is not counted."""
    items = recordings(folder / f"{kind} {workers}", workers * (_ROUNDS + 1))
    library = Library(folder / f"library {kind} {workers}")
    ends: list[float] = []

    def note(event: Event) -> None:
        if isinstance(event, Ended):
            ends.append(time.monotonic())

    run(items, library, lambda: workforce, Wishes(), note)
    actual, ideal = ends[-1] - ends[workers - 1], _ROUNDS * _WAIT_S
    assert len(library.episodes()) == len(items)
    print(
        f"| {kind} | {workers} | {len(items) - workers} | {ideal:.1f} s | {actual:.2f} s "
        f"| {ideal / actual:.0%} |",
        flush=True,
    )


def disturb(cluster: LoopbackCluster, library: Library, count: int) -> Callable[[], None]:
    """Kills two workers and starts the scheduler again, by how much is done."""

    def wait_for(done: int) -> None:
        while len(list((library.root / "episodes").glob("*"))) < done:
            time.sleep(0.05)

    def act() -> None:
        for number in (0, 1):
            wait_for((number + 1) * count // 8)
            kill(cluster.workers()[number])
            print("\na worker is killed", file=sys.stderr)
        wait_for(count // 2)
        cluster.kill_scheduler()
        print("\nthe scheduler is killed", file=sys.stderr)
        time.sleep(2)
        cluster.start_scheduler()
        print("\nthe scheduler is back", file=sys.stderr)

    return act


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--episodes", type=int, default=40)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument(
        "--kill", action="store_true", help="a third run, with two workers and the scheduler killed"
    )
    parser.add_argument("--no-waiting", action="store_true", help="without the tasks that wait")
    asked = parser.parse_args()
    if not (SHARED / "data" / SOURCE).is_dir():
        sys.exit(f"Skipped: the measuring data is not beside the repository: {SOURCE}")
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), asked.episodes, asked.workers, asked.kill, not asked.no_waiting)


def measure(folder: Path, episodes: int, workers: int, killing: bool, waiting: bool) -> None:
    """All of it; figures go to standard output."""
    os.environ[BELL] = str(folder)
    os.environ[SLEEP_S] = str(_WAIT_S)
    print(f"{describe_machine()}\n")
    items = cut(folder, episodes)
    print("| | workers | episodes | audio | time | hours an hour | work | tries |")
    print("| - | -: | -: | -: | -: | -: | -: | -: |")
    here, there = Library(folder / "library here"), Library(folder / "library there")
    report("processes here", timed(items, here, lambda: LocalWorkforce(workers)), workers)
    with loopback_cluster(folder / "log.txt", machines=2, jobs=workers // 2) as cluster:
        report("cluster", timed(items, there, lambda: _ready(cluster, workers)), workers)
        compared = {"cluster": differences(here, there)}
        if killing:
            killed = Library(folder / "library killed")
            thread = threading.Thread(target=disturb(cluster, killed, episodes), daemon=True)
            thread.start()
            report(
                "cluster, killed",
                timed(items, killed, lambda: _ready(cluster, workers, counting_tools)),
                workers,
            )
            thread.join()
            compared["cluster, killed"] = differences(here, killed)
            tell_counts(items, folder)
    for what, found in compared.items():
        same = f"all {episodes} have the same bytes as from the processes here"
        print(f"\n{what}: {'; '.join(found) or same}")
    if waiting:
        measure_waiting(folder)


def tell_counts(items: list[BatchItem], folder: Path) -> None:
    counts = Counter((folder / "aligned").read_text().splitlines())
    again = {title: count for title, count in counts.items() if count > 1}
    print(f"\naligned to the end: {len(counts)} of {len(items)}; more than once: {again or 'none'}")


def measure_waiting(folder: Path) -> None:
    print("\n| tasks that wait | workers | tasks | ideal | actual | efficiency |")
    print("| - | -: | -: | -: | -: | -: |")
    for workers in (1, 2, 4, 8):
        with warm_local(workers) as local:
            efficiency(folder, workers, "processes here", local)
    for workers in (1, 2, 4, 8):
        with loopback_cluster(folder / "log.txt", machines=1, jobs=workers) as cluster:
            efficiency(folder, workers, "cluster", _ready(cluster, workers, sleepy_tools))


def _ready(cluster: LoopbackCluster, workers: int, tools: Callable[[], Tools] = standard_tools) -> Cluster:
    """The cluster, once all of its workers have come."""
    workforce = Cluster(cluster.address, tools=tools)
    wait_for_workers(workforce, workers)
    return workforce


if __name__ == "__main__":
    main()

"""A library of 10,000 episodes of 1,000 lines: `python -m tests.benchmarks.library [EPISODES]`.

The library is made under a temporary folder and removed afterwards. Its lines have rare and common words in
the proportion that speech has (Zipf's law), over a vocabulary of its own. They carry no words with times:
those would take eight times the space, and the index keeps none. Figures go to standard output; those of the
processor are the fairer ones where the machine has other work.
"""

import json
import multiprocessing
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache, partial
from itertools import product
from pathlib import Path

import numpy as np

from alignment.app.indexing import Indexing
from alignment.library import Library
from alignment.library.episode import episode_id
from alignment.library.index import INDEX, Index, Selection
from tests.benchmarks.machine import commit, describe_machine

LINES = 1_000
WORDS = 8
VOCABULARY = 60_000
QUERIES = 200
FIRST_DAY = 1_577_836_800

_SYLLABLES = [
    a + b for a in "b ch d f g k l m n p r s st t v w".split() for b in "a e i o u ai er on in ou".split()
]


@cache
def vocabulary() -> list[str]:
    """Words that can be told apart: common ones short, as in any language."""
    chosen = random.Random(7)
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        most = 1 + (len(words) > 60) + (len(words) > 2_000) + (len(words) > 20_000)
        words.setdefault("".join(chosen.choices(_SYLLABLES, k=chosen.randint(1, most) + (len(words) > 150))))
    return list(words)


@cache
def chances() -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Of each word, summed up."""
    share = 1 / (np.arange(VOCABULARY) + 2.7) ** 1.07
    return np.cumsum(share / share.sum())


def make_episode(root: Path, number: int) -> None:
    """Write the folder of one episode."""
    random_numbers = np.random.default_rng(number)
    words = vocabulary()
    places = np.searchsorted(chances(), random_numbers.random(LINES * WORDS))
    picked = np.minimum(places, VOCABULARY - 1).tolist()
    segments = []
    for line in range(LINES):
        turn = line // 20
        said = " ".join(words[word] for word in picked[line * WORDS : (line + 1) * WORDS])
        segments.append(
            f'{{"id": {line}, "text": "{said}", "start": {line * 3.5}, "end": {line * 3.5 + 3.1}, '
            f'"speaker": "Speaker {turn % 2 + number % 50}", "turn": {turn}, "status": "aligned", '
            '"confidence": 0.97, "words": []}'
        )
    title = " ".join(words[word] for word in picked[:4])
    source = {
        "channel": f"Channel {number % 40}",
        "published": f"20{number % 20 + 5:02}-{number % 12 + 1:02}-15",
    }
    head = json.dumps(
        {
            "version": 1,
            "language": ("en", "de", "fr")[number % 3],
            "duration": 3600.0,
            "title": title,
            "source": source,
        }
    )
    listed = ",\n".join(segments)
    aligned = f'{head[:-1]},\n"segments": [\n{listed}],\n"untranscribed": []}}\n'
    audio, transcript = f"{number:064x}", f"{number + 1:064x}"
    id = episode_id(audio, transcript)
    folder = root / "episodes" / id
    folder.mkdir(parents=True)
    (folder / "aligned.json").write_text(aligned)
    (folder / "audio.m4a").write_bytes(b"tiny")
    (folder / "transcript.txt").write_text("given\n")
    added = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(FIRST_DAY + 3600 * number))
    description = {
        "version": 1, "id": id, "title": title, "added": added, "language": ("en", "de", "fr")[number % 3],
        "duration": 3600.0 + number % 1800,
        "audio": {"file": "audio.m4a", "sha256": audio, "bytes": 4},
        "transcript": {"file": "transcript.txt", "sha256": transcript},
        "aligned": {"file": "aligned.json", "bytes": len(aligned), "model": "base",
                    "lines": LINES, "placed": LINES},
        "thumbnail": None, "source": source,
    }  # fmt: skip
    (folder / "episode.json").write_text(json.dumps(description, indent=1))


def make_library(root: Path, episodes: int) -> None:
    """Write that many, on all cores."""
    (root / "episodes").mkdir(parents=True)
    (root / ".demo").touch()
    with multiprocessing.get_context("spawn").Pool(os.cpu_count()) as pool:
        pool.starmap(make_episode, ((root, number) for number in range(episodes)), chunksize=50)


def queries() -> list[str]:
    """A mix: rare, common, several, phrases, beginnings as one types, filters, and what nobody has said."""
    chosen = random.Random(11)
    words = vocabulary()

    def common() -> str:
        return words[chosen.randrange(100)]

    def usual() -> str:
        return words[chosen.randrange(100, 5_000)]

    def rare() -> str:
        return words[chosen.randrange(20_000, VOCABULARY)]

    kinds: list[Callable[[], str]] = [
        lambda: f"{common()} ",
        lambda: f"{usual()} ",
        lambda: f"{rare()} ",
        lambda: f"{usual()} {usual()} ",
        lambda: f"{common()} {usual()} ",
        lambda: f"{common()} {rare()} ",
        lambda: f'"{common()} {common()}"',
        lambda: f'"{common()} {usual()}"',
        lambda: usual()[: chosen.randint(1, 3)],
        lambda: usual()[:4],
        lambda: f"{common()} {usual()[:2]}",
        lambda: f"{usual()} channel:{chosen.randrange(40)}",
        lambda: f'{usual()} speaker:"speaker {chosen.randrange(50)}"',
        lambda: f"{usual()} after:20{chosen.randint(10, 20)} before:2022-06",
        lambda: f"{usual()} nobodysaysthis ",
    ]
    return [kinds[number % len(kinds)]() for number in range(QUERIES)]


def timed(work: Callable[[], object]) -> float:
    """Seconds that it takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def start_up(root: Path) -> float:
    """Seconds until a new process has opened the library, and its index is up to date and gives a page."""
    code = (
        "import sys, time; begin = time.perf_counter()\n"
        "from pathlib import Path; from alignment.library import Library\n"
        "from alignment.library.index import Index, Selection\n"
        "index = Index(Library(Path(sys.argv[1]))); index.look(); assert index.shelf(Selection()).episodes\n"
        "print(time.perf_counter() - begin)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(root)], capture_output=True, text=True, check=True)
    return float(done.stdout)


def measure(root: Path, episodes: int) -> list[tuple[str, str, str]]:
    """Rows of what was measured, the figure, and what is asked for."""
    make_library(root, episodes)
    index = Index(Library(root))
    worked = sum(os.times()[:4])
    rebuild = timed(index.rebuild)
    worked = sum(os.times()[:4]) - worked
    at_work = Indexing(Library(root))
    times: list[tuple[float, str]] = []
    without_look: list[float] = []
    processor: list[float] = []
    hits = 0
    for query in queries():
        begin, working = time.perf_counter(), time.thread_time()
        at_work.glance()
        middle = time.perf_counter()
        found = at_work.index.search(query, limit=8)
        times.append((time.perf_counter() - begin, query))
        without_look.append(time.perf_counter() - middle)
        processor.append(time.thread_time() - working)
        hits += bool(found.hits)
    spent = sorted(seconds for seconds, _ in times)
    slowest = "; ".join(f"{query.strip()!r} {1000 * seconds:.0f} ms" for seconds, query in sorted(times)[-5:])
    print("slowest:", slowest, file=sys.stderr)
    selections = [
        Selection(),
        Selection("title"),
        Selection("longest", channel="Channel 3"),
        Selection(language="de"),
    ]
    fresh = Index(Library(root))
    pages = product(selections, (0, episodes // 2))
    page = max(timed(partial(fresh.shelf, selection, offset=offset)) for selection, offset in pages)
    look = timed(Index(Library(root)).look)
    folder = next((root / "episodes").iterdir())
    (folder / "notes.json").write_text("{}")
    one = timed(Index(Library(root)).look)
    size = (root / INDEX).stat().st_size
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    p95, alone, own = (statistics.quantiles(part, n=20)[-1] for part in (spent, without_look, processor))
    return [
        ("index made anew", f"{rebuild:.1f} s", "< 120 s"),
        ("index made anew, processor, all cores", f"{worked:.1f} s", ""),
        (f"search, {QUERIES} queries, median", f"{1000 * statistics.median(spent):.1f} ms", ""),
        (f"search, {QUERIES} queries, p95", f"{1000 * p95:.1f} ms", "< 50 ms"),
        ("search, the slowest", f"{1000 * spent[-1]:.1f} ms", ""),
        ("search without the look for changes, p95", f"{1000 * alone:.1f} ms", ""),
        ("search, processor, p95", f"{1000 * own:.1f} ms", ""),
        ("queries with a hit", f"{hits} of {QUERIES}", ""),
        ("data of a library page, worst of eight", f"{1000 * page:.0f} ms", "< 1000 ms"),
        ("a look where nothing has changed", f"{1000 * look:.0f} ms", ""),
        ("a look where one folder has changed", f"{1000 * one:.0f} ms", ""),
        ("start of a process to its first page", f"{start_up(root):.2f} s", "< 2 s"),
        ("index on the disk", f"{size / 1e6:.0f} MB", ""),
        ("memory of the process, at most", f"{memory:.0f} MB", ""),
    ]  # fmt: skip


def main(episodes: int) -> None:
    """Make the library, measure, print."""
    print(f"# A library of {episodes:,} episodes\n\nCommit {commit()}. {describe_machine()}.\n")
    with tempfile.TemporaryDirectory(prefix="alignment-library-") as folder:
        rows = measure(Path(folder) / "library", episodes)
    wide = max(len(row[0]) for row in rows)
    print(
        f"| {'':{wide}} | {'measured':>12} | {'asked for':>9} |\n| {'-' * wide} | {'-' * 11}: | {'-' * 8}: |"
    )
    for name, figure, wanted in rows:
        print(f"| {name:{wide}} | {figure:>12} | {wanted:>9} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)

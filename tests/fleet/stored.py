"""Forty short episodes into a library in a store, and the app playing from it while they are made.

    python -m tests.fleet.stored --episodes 40

The store is a server of S3's protocol on the loopback. `alignment batch` hands the work to a Dask cluster of
two machines with two worker processes each, one of which is killed on the way; the app is another machine.
Each machine has a copy of its own. A browser opens the library when its first episode is there, plays it, and
looks at the list until all have come. In the end every episode has the same bytes in the store as in a folder
that `alignment batch` fills by processes of its own.
"""

import argparse
import csv
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from alignment.library import Library
from tests.app.servers import served
from tests.benchmarks.machine import describe_machine
from tests.browser.conftest import find_chromium
from tests.fleet.clusters import LoopbackCluster, kill, loopback_cluster
from tests.fleet.forty import SOURCE, cut, differences
from tests.library.stores import bucket, machine, s3_server
from tests.shared_data import SHARED

PLAYED_S = 5.0
_PATIENCE_S = 1200.0
_CLOCK = "document.querySelector('audio').currentTime"


def list_of(folder: Path, count: int) -> Path:
    """A list of recordings for the command line."""
    path = folder / "list.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("audio", "transcript", "title", "language"))
        for item in cut(folder, count):
            rows.writerow((item.audio, item.transcript, item.title, item.language))
    return path


def batch(path: Path, library: str, *options: str) -> subprocess.Popen[bytes]:
    """`alignment batch` as a process of its own."""
    command = [sys.executable, "-c", "from alignment.cli import main; main()", "batch", str(path)]
    return subprocess.Popen([*command, "--library", library, *options], stderr=subprocess.DEVNULL)


@contextmanager
def cluster(folder: Path) -> Iterator[LoopbackCluster]:
    """Two machines with two worker processes and a copy of the library each."""
    with loopback_cluster(folder / "log.txt", machines=0) as made:
        for name in ("one", "two"):
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("XDG_CACHE_HOME", str(folder / name))
                made.start_machine(2)
        yield made


def listen(
    page: Page, address: str, count: int, disturb: Callable[[], None]
) -> tuple[float, list[tuple[float, int]]]:
    """Play the first episode as soon as the app shows one; then see the others come.

    disturb: called when half of them are there. Seconds until it played, and how many episodes the page had
    when, in seconds.
    """
    began = time.monotonic()
    cards = page.locator("a[href*='listen?v=']")
    while True:
        page.goto(address)
        page.wait_for_selector("[data-test-script-state=notRunning]")
        if cards.count():
            break
        if time.monotonic() - began > _PATIENCE_S:
            raise SystemExit("No episode has come.")
        time.sleep(0.5)
    cards.first.click()
    page.wait_for_selector(".vt[data-ready]")
    page.keyboard.press("k")
    page.wait_for_function(f"{_CLOCK} > {PLAYED_S}")
    played = time.monotonic() - began
    seen: list[tuple[float, int]] = []
    while not seen or seen[-1][1] < count:
        page.goto(address)
        page.wait_for_selector("[data-test-script-state=notRunning]")
        half_before = bool(seen) and seen[-1][1] >= count / 2
        seen.append((time.monotonic() - began, cards.count()))
        if seen[-1][1] >= count / 2 and not half_before:
            disturb()
        if time.monotonic() - began > _PATIENCE_S:
            raise SystemExit(f"No more than {seen[-1][1]} episodes have come.")
        time.sleep(2.0)
    return played, seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--episodes", type=int, default=40)
    count = parser.parse_args().episodes
    if not (SHARED / "data" / SOURCE).is_dir():
        sys.exit(f"Skipped: the measuring data is not beside the repository: {SOURCE}")
    print(f"{describe_machine()}\n")
    with tempfile.TemporaryDirectory() as name, s3_server() as endpoint, bucket(endpoint) as address:
        folder = Path(name)
        path = list_of(folder, count)
        with (
            served(address, XDG_CACHE_HOME=str(folder / "app")) as app,
            cluster(folder) as workers,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=find_chromium(whole=False))
            page = browser.new_context(bypass_csp=True).new_page()
            page.set_default_timeout(60_000)
            working = batch(path, address, "--scheduler", workers.address)
            played, seen = listen(page, app, count, lambda: kill(workers.workers()[0]))
            working.wait()
            browser.close()
        print(f"{PLAYED_S:.0f} s of the first episode were heard {played:.0f} s after the batch began,")
        print(f"with {seen[0][1]} of {count} there; all were shown after {seen[-1][0]:.0f} s")
        batch(path, str(folder / "here"), "--jobs", "2").wait()
        new, here = machine(address, folder / "new"), Library(folder / "here")
        for episode in new.episodes():
            new.audio_path(episode.id)
        found = differences(here, new)
        print("; ".join(found) or f"all {count} have the same bytes in the store as in a folder")


if __name__ == "__main__":
    main()

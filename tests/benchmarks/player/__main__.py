"""Measure the player on both episodes, print the table, and keep it as a dated file."""

import argparse
import datetime
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import sync_playwright
from starlette.applications import Starlette

from tests.benchmarks.machine import commit, describe_machine
from tests.benchmarks.player.episodes import Measured, interview, three_hours
from tests.benchmarks.player.measures import links, load, seeks, sync
from tests.benchmarks.tables import markdown_table
from tests.browser.conftest import CHROMIUM_FLAGS, PlayerServer, find_chromium, serving

RESULTS = Path(__file__).parents[1] / "results"
EPISODES: tuple[Callable[[Path], Measured], ...] = (interview, three_hours)


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        rows = []
        for make in EPISODES:
            try:
                measured = make(Path(folder))
            except LookupError as error:
                print(f"Nothing measured of the {make.__name__.replace('_', ' ')}: {error}")
                continue
            rows += _measure(measured, arguments.seconds)
    report = "\n\n".join(
        [
            f"# The player, {datetime.date.today()}",
            f"Commit {commit()}. {describe_machine()}.",
            markdown_table(["", *("measured", "asked for")], rows),
        ]
    )
    print(report)
    if arguments.output:
        arguments.output.write_text(report + "\n", "utf-8")


def _measure(measured: Measured, seconds: float) -> list[list[str]]:
    """One episode, in a browser of its own: what another left in memory shall not count."""
    server = PlayerServer()
    is_long = measured.name == "three hours"
    with serving(Starlette(routes=server.routes())) as server.url, sync_playwright() as playwright:
        server.add("measured", measured.transcript, measured.audio)
        path = find_chromium(whole=True)
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_FLAGS))
        context = browser.new_context(viewport={"width": 1280, "height": 800}, bypass_csp=True)
        page, loaded = load(browser, server, context, "measured")
        found = [
            ["ready", f"{loaded.ready_ms:.0f} ms", f"<= {3000 if is_long else 1500} ms"],
            ["memory of its process", f"{loaded.megabytes:.0f} MB", "<= 400 MB"],
        ]
        page.keyboard.press("3")
        for speed in (1.0, 2.0):
            played = sync(page, measured.transcript, speed, seconds)
            found += [
                [f"{speed:g}x: frames with the right word", f"{played.right:.2%}", ">= 99 %"],
                [f"{speed:g}x: a word is late by, p95", f"{played.late_ms:.1f} ms", "<= 20 ms"],
                [f"{speed:g}x: between frames, p95", f"{played.frame_ms:.1f} ms", "<= 18 ms"],
                [f"{speed:g}x: scripts, of one core", f"{played.script:.1%}", "< 2 %"],
                [f"{speed:g}x: scripts, layout, painting, of one core", f"{played.tasks:.1%}", ""],
            ]
        sought = seeks(page, measured.transcript, 50)
        found += [
            ["seek until marked and in sight, p95 of 50", f"{sought.milliseconds:.0f} ms", "<= 100 ms"],
            ["seeks that missed", str(sought.missed), "0"],
        ]
        opened = links(page, server, "measured", 100)
        found.append(["links of 100 that opened elsewhere", str(len(opened.wrong)), "0"])
        for address in opened.wrong:
            print(f"Opened elsewhere: {address}")
        browser.close()
    return [[f"{measured.name}: {name}", *values] for name, *values in found]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.player", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long to play at each speed")
    parser.add_argument(
        "--output", type=Path, default=RESULTS / f"{datetime.date.today()}-player.md", help="the file to keep"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()

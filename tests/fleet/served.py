"""A served podcast through the parts of `alignment batch`, stopped and started again.

python -m tests.fleet.served --episodes 25 --stops 3
"""

import argparse
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from alignment.fleet.events import Ended, Event
from alignment.fleet.listing import list_items
from alignment.library import Library, Tools
from tests.fleet.working import here, noting_tools, run
from tests.library.working import BELL
from tests.sources.recordings import murmur, write_recording
from tests.sources.servers import Site, html, media

_FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel><title>Salt</title>{}</channel></rss>"""
_EPISODE = """<item><title>Number {n}</title><guid isPermaLink="false">salt-{n}</guid>
  <enclosure url="/{n}.m4a" type="audio/mp4" length="1"/>
  <podcast:transcript url="/{n}.vtt" type="text/vtt"/></item>"""
_CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:01.000\nThe rock.\n\n00:01.000 --> 00:02.000\nNumber {n}.\n"


def fetching_tools() -> Tools:
    """Fetching is the real thing; aligning leaves a trace."""
    from alignment.sources import fetch

    return replace(noting_tools(), fetch=fetch)


def serve_feed(site: Site, talk: bytes, count: int) -> str:
    """A feed of so many episodes, each with its transcript; its address."""
    for n in range(count):
        site.pages[f"/{n}.m4a"] = media(talk)
        site.pages[f"/{n}.vtt"] = html(_CAPTIONS.format(n=n))
    site.pages["/feed.xml"] = html(_FEED.format("".join(_EPISODE.format(n=n) for n in range(count))))
    return site.address("/feed.xml")


def stop_after(count: int) -> Callable[[Event], None]:
    """Presses Ctrl-C when so many more have ended."""
    left = count

    def note(event: Event) -> None:
        nonlocal left
        left -= isinstance(event, Ended)
        if not left:
            raise KeyboardInterrupt

    return note


def run_with_stops(address: str, library: Library, stops: int, step: int) -> list[int]:
    """Run the batch, stopped so often after so many episodes, then to its end; how many there were."""
    there = []
    for _ in range(stops):
        try:
            run(list(list_items(address).items), library, here(2, fetching_tools), on_event=stop_after(step))
        except KeyboardInterrupt:
            there.append(len(library.episodes()))
    run(list(list_items(address).items), library, here(2, fetching_tools))
    return [*there, len(library.episodes())]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--episodes", type=int, default=25)
    parser.add_argument("--stops", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Site() as site:
        os.environ[BELL] = folder
        path = Path(folder, "talk.m4a")
        write_recording(path, murmur(16_000, 2), 16_000, "aac", options={"movflags": "+faststart"})
        address = serve_feed(site, path.read_bytes(), asked.episodes)
        began = time.monotonic()
        library = Library(Path(folder, "library"))
        there = run_with_stops(address, library, asked.stops, asked.episodes // (asked.stops + 1))
        counts = Counter(Path(folder, "aligned").read_text().splitlines())
        print(f"there after each stop, and at the end: {there}; {time.monotonic() - began:.1f} s")
        print(f"aligned: {len(counts)}; more than once: {[t for t, n in counts.items() if n > 1] or 'none'}")


if __name__ == "__main__":
    main()

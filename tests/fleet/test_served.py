"""A batch on a served feed that is stopped again and again ends complete."""

from collections import Counter
from pathlib import Path

import pytest

from alignment.library import Library
from tests.fleet.served import run_with_stops, serve_feed
from tests.library.working import BELL
from tests.sources.servers import Site


def test_a_feed_is_complete_in_the_end_and_a_stop_costs_one_alignment_at_most(
    tmp_path: Path, site: Site, talk: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BELL, str(tmp_path))
    library = Library(tmp_path / "library")

    stops = 2
    there = run_with_stops(serve_feed(site, talk, 4), library, stops=stops, step=1)

    assert there[-1] == 4
    assert there[0] < 4
    assert len({episode.title for episode in library.episodes()}) == 4
    times_aligned = Counter((tmp_path / "aligned").read_text().splitlines())
    assert len(times_aligned) == 4
    # What is stopped between its alignment and its saving is aligned again.
    assert times_aligned.total() <= 4 + stops

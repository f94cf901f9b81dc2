"""A batch on a served feed that is stopped again and again ends complete."""

from collections import Counter
from pathlib import Path

import pytest

from alignment.library import Library
from tests.fleet.served import run_with_stops, serve_feed
from tests.library.working import BELL
from tests.sources.servers import Site


def test_a_feed_is_complete_in_the_end_and_nothing_was_made_twice(
    tmp_path: Path, site: Site, talk: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BELL, str(tmp_path))
    library = Library(tmp_path / "library")

    there = run_with_stops(serve_feed(site, talk, 4), library, stops=2, step=1)

    assert there[-1] == 4
    assert there[0] < 4
    assert len({episode.title for episode in library.episodes()}) == 4
    assert set(Counter((tmp_path / "aligned").read_text().splitlines()).values()) == {1}

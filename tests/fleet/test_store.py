"""A batch into a library in a store of objects, by processes that each open it by its address."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from alignment.fleet.events import Planned
from alignment.library import open_library
from tests.fleet.test_batch import aligned_times, titles
from tests.fleet.working import local, noting_tools, recordings, run
from tests.library.stores import bucket, s3_server
from tests.library.working import BELL


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv(BELL, str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "copies"))
    with s3_server() as endpoint, bucket(endpoint) as address:
        yield address


def test_what_processes_make_is_in_the_store_for_another_machine(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = recordings(tmp_path / "talks", 3)

    run(items, open_library(address), local(2, noting_tools))

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "elsewhere"))
    elsewhere = open_library(address)
    assert titles(elsewhere) == [item.title for item in items]
    assert set(aligned_times(tmp_path).values()) == {1}
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "copies"))
    _, events = run(items, open_library(address), lambda: pytest.fail("nothing was to be done"))
    assert events == [Planned(total=3, there=3, failed=0)]

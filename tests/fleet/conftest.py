"""What the tests of the fleet share: a site to ask, and no long waits for it."""

from collections.abc import Iterator

import pytest

from alignment.sources import url
from tests.sources.recordings import murmur, write_recording
from tests.sources.servers import Site


@pytest.fixture(scope="session")
def talk(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A finished m4a of 2 seconds."""
    path = tmp_path_factory.mktemp("talk") / "talk.m4a"
    write_recording(path, murmur(16_000, 2), 16_000, "aac", options={"movflags": "+faststart"})
    return path.read_bytes()


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the tries, drop the pauses between them."""
    monkeypatch.setattr(url, "FIRST_WAITS_S", (0.0, 0.0))
    monkeypatch.setattr(url, "LONGEST_PAUSE_S", 0.0)

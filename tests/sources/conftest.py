"""What the tests of the sources share: a recording to serve, a site to serve it, no long waits."""

from collections.abc import Iterator

import pytest

from alignment.sources import url
from tests.sources.recordings import murmur, write_recording
from tests.sources.servers import Site


@pytest.fixture(scope="session")
def talk(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A finished m4a of 30 seconds, 300 kB: what is fetched of it stays byte for byte what it was."""
    path = tmp_path_factory.mktemp("talk") / "talk.m4a"
    write_recording(path, murmur(44_100, 30), 44_100, "aac", options={"movflags": "+faststart"})
    return path.read_bytes()


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the tries, drop the pauses between them."""
    monkeypatch.setattr(url, "FIRST_WAITS_S", (0.0, 0.0))
    monkeypatch.setattr(url, "LONGEST_PAUSE_S", 0.0)

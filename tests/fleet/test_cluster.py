"""A Dask cluster does the same as processes here, whoever of it is killed."""

import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from alignment.errors import AlignmentError
from alignment.fleet.cluster import Cluster, need_distributed
from alignment.fleet.events import GivenBack, Planned
from alignment.fleet.task import OutcomeStatus, Task
from alignment.library import JobRequest, Library
from tests.command import until
from tests.fleet.clusters import LoopbackCluster, kill, loopback_cluster
from tests.fleet.test_batch import aligned_times, titles
from tests.fleet.working import noting_tools, recordings, run, waiting_tools
from tests.library.working import BELL


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("bell")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(BELL, str(folder))
        yield folder


@pytest.fixture(scope="module")
def cluster(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoopbackCluster]:
    """Its processes take seconds to start."""
    with loopback_cluster(tmp_path_factory.mktemp("log") / "log.txt", machines=2) as cluster:
        yield cluster


@pytest.fixture
def bell(folder: Path) -> Path:
    for left in folder.iterdir():
        left.unlink()
    return folder


def test_a_cluster_finishes_whoever_is_killed_and_makes_nothing_twice(
    tmp_path: Path, bell: Path, cluster: LoopbackCluster
) -> None:
    items, library = recordings(tmp_path / "talks", 6), Library(tmp_path / "library")
    begun = bell / "align"

    def disturb() -> None:
        until(lambda: begun.exists() and len(begun.read_text().split()) == 2)
        kill(int(begun.read_text().split()[0]))
        until(lambda: len(begun.read_text().split()) == 3)  # another process took it up
        cluster.kill_scheduler()
        cluster.start_scheduler()
        (bell / "align.go").touch()

    disturbing = threading.Thread(target=disturb)
    disturbing.start()
    _, events = run(items, library, lambda: Cluster(cluster.address, tools=waiting_tools))
    disturbing.join()

    assert titles(library) == [item.title for item in items]
    assert any(isinstance(event, GivenBack) for event in events)
    assert set(aligned_times(bell).values()) == {1}
    _, events = run(items, library, lambda: pytest.fail("nothing was to be done"))
    assert events == [Planned(total=6, there=6, failed=0)]


def test_how_far_a_task_is_can_be_seen_afar(tmp_path: Path, bell: Path, cluster: LoopbackCluster) -> None:
    item = recordings(tmp_path / "talks", 1)[0]
    assert item.transcript
    request = JobRequest(item.title, item.audio)
    task = Task("a", str(tmp_path / "library"), request, item.transcript.read_bytes())
    workforce = Cluster(cluster.address, tools=waiting_tools)

    future = workforce.hand_in(task)
    until(lambda: (told := workforce.progress(task)) and told.stage == "At align")
    (bell / "align.go").touch()

    outcome = future.result(timeout=60)
    workforce.close()
    assert (outcome.status, outcome.there, outcome.audio_s) == (OutcomeStatus.DONE, False, 1.0)


def test_a_machine_that_is_told_to_stop_leaves_at_once_and_others_go_on(
    tmp_path: Path, bell: Path, cluster: LoopbackCluster
) -> None:
    items, library = recordings(tmp_path / "talks", 3), Library(tmp_path / "library")
    begun = bell / "align"

    def stop_one() -> None:
        until(lambda: begun.exists() and len(begun.read_text().split()) == 2)
        cluster.machines[0].send_signal(signal.SIGTERM)
        cluster.machines[0].wait(timeout=30)
        (bell / "align.go").touch()

    stopping = threading.Thread(target=stop_one)
    stopping.start()
    run(items, library, lambda: Cluster(cluster.address, tools=waiting_tools))
    stopping.join()

    assert cluster.machines[0].returncode == 0
    assert titles(library) == [item.title for item in items]


def test_a_cluster_that_is_not_there_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alignment.fleet.cluster._FIRST_CONNECT_S", 0.5)
    with pytest.raises(AlignmentError, match=r"No scheduler answers at tcp://127.0.0.1:9\..*dask scheduler"):
        Cluster("tcp://127.0.0.1:9", tools=noting_tools)


def test_the_extra_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dask", None)
    with pytest.raises(AlignmentError, match=r"pip install 'verbatime\[cluster\]'"):
        need_distributed()

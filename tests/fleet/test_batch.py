"""A batch is done by processes, survives those that die, and is gone on with by the same call."""

import os
import signal
import threading
from collections import Counter
from pathlib import Path

import pytest

from alignment.errors import LibraryError
from alignment.fleet.batch import Batch, Wishes
from alignment.fleet.events import Ended, Event, GivenBack, Planned, PutOff
from alignment.fleet.item import BatchItem
from alignment.fleet.ledger import open_ledger
from alignment.library import JobRequest, Jobs, Library, do_job
from tests.command import until
from tests.fleet.working import (
    broken_tools,
    cut_off_tools,
    deadly_tools,
    here,
    local,
    noting_tools,
    private_tools,
    recordings,
    run,
    waiting_tools,
)
from tests.library.working import BELL


@pytest.fixture
def bell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bell"
    folder.mkdir()
    monkeypatch.setenv(BELL, str(folder))
    return folder


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library")


def nobody() -> None:
    raise AssertionError("nothing was to be done")


def aligned_times(bell: Path) -> Counter[str]:
    """How often each was aligned."""
    return Counter((bell / "aligned").read_text().splitlines())


def titles(library: Library) -> list[str]:
    return sorted(episode.title for episode in library.episodes())


def test_all_is_done_once_and_a_second_run_has_nothing_to_do(
    tmp_path: Path, bell: Path, library: Library
) -> None:
    items = recordings(tmp_path / "talks", 5)

    batch, events = run(items, library, local(2, noting_tools))

    assert titles(library) == [item.title for item in items]
    assert [entry.status for _, _, entry in batch.outcomes if entry] == ["done"] * 5
    assert events[0] == Planned(total=5, there=0, failed=0)
    assert Jobs(library.root).all() == []
    _, events = run(items, library, nobody)  # type: ignore[arg-type]
    assert events == [Planned(total=5, there=5, failed=0)]
    assert set(aligned_times(bell).values()) == {1}


def test_what_was_removed_or_changed_since_is_done_again(
    tmp_path: Path, bell: Path, library: Library
) -> None:
    items = recordings(tmp_path / "talks", 3)
    run(items, library, here(1, noting_tools))
    library.remove(next(episode.id for episode in library.episodes() if episode.title == "talk 000"))
    Path(items[1].audio).write_bytes(Path(items[2].audio).read_bytes())

    run(items, library, here(1, noting_tools))

    assert aligned_times(bell) == {"talk 000": 2, "talk 001": 2, "talk 002": 1}


def test_an_episode_that_was_added_otherwise_is_found_by_its_content(
    tmp_path: Path, bell: Path, library: Library
) -> None:
    item = recordings(tmp_path / "talks", 1)[0]
    assert item.transcript
    request = JobRequest(item.title, item.audio)
    job = Jobs(library.root).submit(request, item.transcript.read_bytes())
    do_job(library, job.id, noting_tools)

    _, events = run([item], library, here(1, noting_tools))

    assert [event.there for event in events if isinstance(event, Ended)] == [True]
    assert aligned_times(bell) == {"talk 000": 1}


def test_a_worker_that_is_killed_takes_nothing_with_it(tmp_path: Path, bell: Path, library: Library) -> None:
    items = recordings(tmp_path / "talks", 4)
    begun = bell / "align"

    def kill_one() -> None:
        until(lambda: begun.exists() and len(begun.read_text().split()) == 2)
        os.kill(int(begun.read_text().split()[0]), signal.SIGKILL)
        (bell / "align.go").touch()

    killer = threading.Thread(target=kill_one)
    killer.start()
    _, events = run(items, library, local(2, waiting_tools))
    killer.join()

    assert titles(library) == [item.title for item in items]
    assert len([event for event in events if isinstance(event, GivenBack)]) == 1
    assert set(aligned_times(bell).values()) == {1}


def test_a_recording_that_takes_its_process_down_fails_the_third_time(
    tmp_path: Path, bell: Path, library: Library
) -> None:
    items = recordings(tmp_path / "talks", 3)

    batch, events = run(items, library, local(2, deadly_tools))

    assert titles(library) == ["talk 000", "talk 002"]
    (failed,) = [entry for _, _, entry in batch.outcomes if entry and entry.status == "failed"]
    assert (failed.title, failed.tries) == ("talk 001", 3)
    assert failed.message.startswith("3 times it was begun and came to no end.")
    assert {event.item.title for event in events if isinstance(event, GivenBack)} == {"talk 001"}


def test_what_passes_by_itself_is_tried_again_while_the_rest_goes_on(
    tmp_path: Path, bell: Path, library: Library
) -> None:
    items = recordings(tmp_path / "talks", 3)

    _, events = run(items, library, here(1, cut_off_tools), Wishes(pauses_s=(0.5,)))

    ended = [event.entry.title for event in events if isinstance(event, Ended)]
    assert ended == ["talk 000", "talk 002", "talk 001"]
    assert [event.item.title for event in events if isinstance(event, PutOff)] == ["talk 001"]


def test_what_failed_is_left_alone_until_it_is_asked_for(
    tmp_path: Path, bell: Path, library: Library
) -> None:
    items = recordings(tmp_path / "talks", 3)
    run(items, library, here(2, private_tools))
    (bell / "public").touch()

    batch, events = run(items, library, nobody)  # type: ignore[arg-type]
    assert events == [Planned(total=3, there=2, failed=1)]
    assert "private" in next(entry.message for _, _, entry in batch.outcomes if entry and entry.message)

    run(items, library, here(1, private_tools), Wishes(retry_failed=True))
    assert titles(library) == [item.title for item in items]


def test_a_transcript_that_is_gone_fails_alone(tmp_path: Path, bell: Path, library: Library) -> None:
    items = recordings(tmp_path / "talks", 2)
    gone = BatchItem("gone", items[0].audio, tmp_path / "gone.txt")

    batch, _ = run([gone, *items], library, here(1, noting_tools))

    assert [entry.status for _, _, entry in batch.outcomes if entry] == ["failed", "done", "done"]


def test_a_run_that_is_stopped_keeps_what_it_has_and_is_gone_on_with(
    tmp_path: Path, bell: Path, library: Library
) -> None:
    items = recordings(tmp_path / "talks", 4)

    def stop(event: Event) -> None:
        if isinstance(event, Ended):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(items, library, local(2, noting_tools), on_event=stop)
    done = len(library.episodes())
    assert 1 <= done < 4
    assert Jobs(library.root).waiting() == []  # an open app would begin it at once

    _, events = run(items, library, local(2, noting_tools))
    assert isinstance(events[0], Planned)
    assert events[0].there >= 1
    assert titles(library) == [item.title for item in items]
    assert set(aligned_times(bell).values()) == {1}


def test_one_batch_at_a_time_works_for_a_library(library: Library) -> None:
    with (
        open_ledger(library.root),
        pytest.raises(LibraryError, match="Another batch"),
        open_ledger(library.root),
    ):
        pass


def test_ten_thousand_that_are_done_are_seen_to_be_at_once(tmp_path: Path, library: Library) -> None:
    """Not by a clock: the library is looked over once, however many recordings there are."""
    looks = 0
    look = library.episodes

    def counted():  # type: ignore[no-untyped-def]
        nonlocal looks
        looks += 1
        return look()

    library.episodes = counted  # type: ignore[method-assign]
    items = [BatchItem(f"talk {number}", f"https://example.org/{number}") for number in range(10_000)]
    with open_ledger(library.root) as ledger:
        batch = Batch(items, library, ledger, Wishes())

    assert (batch.to_do, looks) == (10_000, 1)


def test_word_to_stop_that_an_earlier_run_left_holds_nothing_up(
    tmp_path: Path, bell: Path, library: Library
) -> None:
    """Its process was ended before the work had come to that."""
    item = recordings(tmp_path / "talks", 1)[0]
    assert item.transcript
    jobs = Jobs(library.root)
    job = jobs.submit(JobRequest(item.title, item.audio), item.transcript.read_bytes())
    folder = jobs.folder(job.id)
    with folder.held():
        folder.start(turn=1)
    folder.ask_to_stop()

    batch, _ = run([item], library, here(1, noting_tools))

    assert [entry.status for _, _, entry in batch.outcomes if entry] == ["done"]


def test_what_broke_in_the_program_can_be_looked_up(tmp_path: Path, bell: Path, library: Library) -> None:
    run(recordings(tmp_path / "talks", 1), library, here(1, broken_tools))

    (job,) = Jobs(library.root).all()
    assert job.id in job.message
    log = Jobs(library.root).folder(job.id).log.entries()
    assert any("ZeroDivisionError: of what?" in entry.text for entry in log)

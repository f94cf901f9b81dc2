"""`alignment batch` as its user sees it."""

import json
import signal
from functools import partial
from pathlib import Path

import pytest
import typer
from rich.console import Console

from alignment.commands import batch as commands
from alignment.commands.worker import worker
from alignment.errors import AlignmentError
from alignment.fleet.events import Begun, Ended, GivenBack, Planned, PutOff, Trouble
from alignment.fleet.item import BatchItem
from alignment.fleet.ledger import Entry
from alignment.fleet.summary import Counts
from alignment.fleet.table import shown_batch
from alignment.library import Library
from alignment.progress import Progress
from tests.command import Command, environment, opening
from tests.fleet.working import here, noting_tools, private_tools, recordings
from tests.library.working import BELL


@pytest.fixture
def bell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bell"
    folder.mkdir()
    monkeypatch.setenv(BELL, str(folder))
    return folder


def status_of(*sources: Path, **options: object) -> int:
    """How the command ends."""
    try:
        commands.batch([str(source) for source in sources], **options)  # type: ignore[arg-type]
    except typer.Exit as ended:
        return ended.exit_code
    return 0


def test_a_folder_is_done_then_there_is_nothing_to_do(
    tmp_path: Path, bell: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    recordings(tmp_path / "talks", 3)
    monkeypatch.setattr(commands, "_workforce", lambda *_: here(2, noting_tools)())
    home, report = str(tmp_path / "library"), tmp_path / "report.jsonl"

    assert status_of(tmp_path / "talks", library=home, report=report) == 0
    said = capfd.readouterr().err.splitlines()
    assert said[1] == "3 recordings, 0 done already; 3 to do."
    assert said[-1].startswith("3 of 3 recordings done; 3 s of audio in ")

    assert status_of(tmp_path / "talks", library=home) == 0
    assert capfd.readouterr().err.splitlines()[-1] == "0 of 3 recordings done, 3 were there already."
    lines = [json.loads(line) for line in report.read_text().splitlines()]
    lines.sort(key=lambda line: line["title"])  # two are done at a time
    assert {line["episode"] for line in lines} == {e.id for e in Library(home).episodes()}
    assert {key: lines[0][key] for key in ("title", "status", "audio_seconds", "tries")} == {
        "title": "talk 000",
        "status": "done",
        "audio_seconds": 1.0,
        "tries": 1,
    }


def test_what_failed_is_named_in_a_line_and_tried_again_when_asked_for(
    tmp_path: Path, bell: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    recordings(tmp_path / "talks", 3)
    monkeypatch.setattr(commands, "_workforce", lambda *_: here(1, private_tools)())
    home = str(tmp_path / "library")

    assert status_of(tmp_path / "talks", library=home) == 1
    said = capfd.readouterr().err.splitlines()
    assert said[-3] == ("alignment: talk 001 failed. The video is private. Give the audio file instead.")
    assert status_of(tmp_path / "talks", library=home) == 1
    (bell / "public").touch()
    assert status_of(tmp_path / "talks", library=home, retry_failed=True) == 0


def test_a_batch_that_is_stopped_says_so_and_goes_on(tmp_path: Path) -> None:
    """The real program, with the real aligner."""
    for count in (2, 3):
        talk = opening(tmp_path / str(count), count)
        (tmp_path / "talks").mkdir(exist_ok=True)
        talk.audio.rename(tmp_path / "talks" / f"{count}.wav")
        talk.transcript.rename(tmp_path / "talks" / f"{count}.txt")
    program = Command(tmp_path, environment(tmp_path / "cache"))
    arguments = ("batch", "talks", "--jobs", "1", "--library", "library", "--report", "report.jsonl")

    with program.started(*arguments) as running:
        running.reach("1 of 2")
        running.send(signal.SIGTERM)
        stopped = running.ended()
        running.assert_nothing_is_left()

    assert stopped.status == 130
    assert "alignment: Interrupted. The same command goes on from here." in stopped.said
    statuses = [json.loads(line)["status"] for line in (tmp_path / "report.jsonl").read_text().splitlines()]
    assert sorted(statuses) == ["done", "waiting"]
    again = program.run(*arguments)
    assert (again.status, again.said[0]) == (0, "2 recordings, 1 done already; 1 to do.")
    assert len(Library(tmp_path / "library").episodes()) == 2


@pytest.mark.parametrize(
    ("options", "problem"),
    [({"jobs": 2, "scheduler": "tcp://x:1"}, "--jobs is for this machine"), ({"gpu": True}, "--gpu is for")],
)
def test_options_that_contradict_each_other_are_refused(options: dict[str, object], problem: str) -> None:
    with pytest.raises(typer.BadParameter, match=problem):
        status_of(Path("talks"), **options)


@pytest.mark.parametrize("name", ["talks.csv", "talk 000.txt", "talk 000.wav"])
def test_a_report_takes_the_place_of_nothing_that_is_read(tmp_path: Path, name: str) -> None:
    recordings(tmp_path, 1)
    (tmp_path / "talks.csv").write_text("audio,transcript\ntalk 000.wav,talk 000.txt\n")
    before = (tmp_path / name).read_bytes()

    with pytest.raises(AlignmentError, match=f"{name} is what was given to read. .* --report"):
        status_of(tmp_path / "talks.csv", library=str(tmp_path / "library"), report=tmp_path / name)

    assert (tmp_path / name).read_bytes() == before


@pytest.mark.parametrize("address", ["x", "tcp://", "tcp://x", "tcp://x:99999", "http://x:8786"])
def test_what_is_no_schedulers_address_is_refused(address: str) -> None:
    for command in (partial(commands.batch, ["talks"], scheduler=address), partial(worker, address)):
        with pytest.raises(AlignmentError, match=r"is no scheduler's address. Give it as tcp://HOST:8786"):
            command()


ITEM = BatchItem("At the gate", "/talks/gate.wav")
ENTRY = Entry("a", "At the gate", "/talks/gate.wav", "", "done", "abcdefghijkl", "", 3600.0, 60.0, 1)


def test_the_table_shows_what_is_done_running_failed_and_left() -> None:
    now = 0.0
    counts = Counts(clock=lambda: now)
    console = Console(width=100, record=True, force_terminal=True, force_interactive=True)

    with shown_batch(counts, {"b": Progress("Listening", 0.25)}.get, console) as show:
        show(Planned(total=10, there=3, failed=1))
        now = 60.0
        show(Begun("a", ITEM))
        show(Begun("b", BatchItem("In the garden", "/talks/garden.wav")))
        show(Ended(ENTRY, there=False))
        show(Ended(ENTRY, there=False))
        show(Trouble("The scheduler is away."))
        now = 120.0
    screen = console.export_text()

    assert "In the garden" in screen
    assert "Listening 25%" in screen
    assert "5 of 10 done · 1 in hand · 1 failed · 3 waiting · 4 min left · 60.0 hours an hour" in screen
    assert "The scheduler is away." in screen


def test_without_a_terminal_every_event_that_matters_has_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with shown_batch(Counts(), lambda _: None) as show:
        show(Planned(total=4, there=1, failed=1))
        show(Begun("a", ITEM))
        show(PutOff("a", ITEM, "There is no connection.", 30))
        show(GivenBack("a", ITEM, "The process that did this was ended from outside."))
        show(Trouble("Nobody is there."))
        show(Trouble("Nobody is there."))
        show(Ended(ENTRY, there=False))

    assert capsys.readouterr().err.splitlines() == [
        "4 recordings, 1 done already, 1 failed earlier; 2 to do.",
        "At the gate waits for another try in 30 s. There is no connection.",
        "At the gate is begun again. The process that did this was ended from outside.",
        "Nobody is there.",
        "2 of 4  At the gate  done in 1 min",
    ]

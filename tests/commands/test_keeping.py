"""The commands that keep a library, run one after the other as a person would."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer

from alignment.cli import app
from alignment.errors import AlignmentError
from alignment.library import Library
from tests.library.test_versions import GATE, SECOND, VERSION_1


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(shutil.copytree(VERSION_1, tmp_path / "library"))


@pytest.fixture
def run(library: Library, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on the library, or on another one."""

    def run_it(*arguments: str | Path, on: Library = library) -> Outcome:
        monkeypatch.setenv("ALIGNMENT_LIBRARY", str(on.root))
        try:
            status = typer.main.get_command(app)(list(map(str, arguments)), standalone_mode=False)
        except AlignmentError as error:
            return Outcome(1, "", str(error))
        return Outcome(status or 0, *capfd.readouterr())

    return run_it


@pytest.mark.parametrize(
    "command",
    [
        *("remove", "describe", "doctor", "bin list", "bin restore", "bin empty", "library export"),
        *("library backup", "library import", "library restore", "library usage", "library clean"),
    ],
)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    said = run(*command.split(), "--help")
    assert said.status == 0 and f"Example: alignment {command}" in said.out


def test_an_episode_is_removed_listed_and_had_back(library: Library, run: Run) -> None:
    assert f"alignment bin restore {GATE}" in run("remove", GATE).err
    assert run("bin", "list").out.startswith(f"{GATE}-")
    assert run("bin", "restore", GATE).out == f"{GATE}\n"
    assert library.episode(GATE) and library.binned() == []

    run("remove", GATE)
    assert run("bin", "empty").err == "0 episodes deleted.\n"
    assert run("bin", "empty", "--all").err == "1 episode deleted.\n"
    assert "bin list" in run("bin", "restore", GATE).err


def test_an_episode_gets_a_title_and_collections(library: Library, run: Run) -> None:
    named = run("describe", SECOND, "--title", "New", "--add-to", "Radio", "--add-to", "Summer")
    assert named.out == "New\tRadio, Summer\n"
    assert run("describe", SECOND, "--take-from", "Radio").out == "New\tSummer\n"
    assert "not in Winter. It is in: Summer" in run("describe", SECOND, "--take-from", "Winter").err
    with pytest.raises(typer.BadParameter, match="Nothing was given to change"):
        run("describe", SECOND)


def test_a_library_is_backed_up_and_restored(library: Library, run: Run, tmp_path: Path) -> None:
    made = run("library", "backup", tmp_path)
    archive = Path(made.out.strip())
    assert archive.parent == tmp_path and "2 episodes, 1 job to do" in made.err

    other = Library(tmp_path / "other")
    came = run("library", "restore", archive, on=other)
    assert came.status == 0 and f"new\tepisodes/{GATE}\n" in came.out
    assert "kept" in run("library", "import", archive, on=other).out

    archive.write_bytes(archive.read_bytes()[:-100])
    assert "only a part of one" in run("library", "import", archive, on=other).err
    missing = run("library", "export", tmp_path / "no" / "such.zip")
    assert "There is no folder" in missing.err


def test_room_is_told_and_freed(run: Run) -> None:
    assert "in 2 episodes" in run("library", "usage").out
    assert "223 bytes freed." in run("library", "clean").err


def test_the_doctor_tells_repairs_and_says_it_in_its_status(
    library: Library, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alignment.environment.troubles", lambda: iter(()))
    assert (run("doctor", "--deep").out, run("doctor").status) == ("", 0)

    notes = library.episode(GATE).folder / "notes.json"
    notes.write_text("{half")
    found = run("doctor")
    assert found.status == 1 and found.out.startswith(f"{notes}: It cannot be read.")
    assert "--repair" in found.err
    [told] = json.loads(run("doctor", "--json").out)["found"]
    assert told["repairable"] is True

    assert run("doctor", "--repair").status == 0 == run("doctor").status


def test_a_machine_that_lacks_something_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alignment.environment.requires", lambda _: ["no-such-package>=1", "typer>=9999"])
    monkeypatch.setattr("alignment.environment._weights", lambda: iter(()))
    said = run("doctor")
    assert said.status == 1
    assert "no-such-package: The package is missing." in said.out and "typer: Version" in said.out

"""What a command says where there is no library."""

from pathlib import Path

import pytest

from alignment.library import Library
from tests.command import Command, environment


@pytest.fixture
def alignment(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Command:
    return Command(tmp_path, environment(tmp_path_factory.mktemp("home")))


@pytest.mark.parametrize(
    "command",
    [
        *("search gate", "reindex", "jobs", "remove abcdefghijkl", "describe abcdefghijkl --title Gate"),
        *("bin list", "bin restore abcdefghijkl", "bin empty", "library backup all.zip", "library usage"),
        *("library clean", "export abcdefghijkl --to srt", "report abcdefghijkl", "export talk --to srt"),
    ],
)
def test_a_wrong_folder_is_no_empty_library(alignment: Command, command: str) -> None:
    (alignment.folder / "talks").mkdir()

    outcome = alignment.call(*command.split(), ALIGNMENT_LIBRARY="talks")

    assert (outcome.status, outcome.out) == (1, "")
    [line] = outcome.said
    assert f"There is no library {alignment.folder / 'talks'} yet. Name another folder with --library" in line
    assert [path.name for path in alignment.folder.rglob("*")] == ["talks"]


@pytest.mark.parametrize(
    "address, why",
    [
        ("talk.txt", "talk.txt is a file, not the folder of a library. Name a folder"),
        ("", "The library's address is empty. Give a folder"),
    ],
)
def test_what_is_no_folder_is_no_library(alignment: Command, address: str, why: str) -> None:
    (alignment.folder / "talk.txt").write_text("Seeds first, then water.")

    for command in ("jobs", "doctor", "library import all.zip"):
        outcome = alignment.call(*command.split(), "--library", address)

        assert outcome.status == 1 and why in outcome.err
    assert [path.name for path in alignment.folder.iterdir()] == ["talk.txt"]


def test_a_library_is_begun_by_what_is_first_kept_in_it(tmp_path: Path) -> None:
    library = Library(tmp_path / "shelf")
    assert not library.is_begun

    with library.locked():
        (library.root / "episodes").mkdir()

    assert library.is_begun


def test_the_doctor_looks_over_a_machine_without_a_library(alignment: Command) -> None:
    outcome = alignment.call("doctor")

    assert f"There is no library {alignment.folder / 'cache'} yet." in outcome.err

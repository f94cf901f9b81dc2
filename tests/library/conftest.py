"""What most tests of the library begin with."""

from pathlib import Path

import pytest

from alignment.library import Jobs, Library
from tests.library import working
from tests.library.episodes import audio_file


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library")


@pytest.fixture
def jobs(library: Library) -> Jobs:
    return Jobs(library.root)


@pytest.fixture
def audio(tmp_path: Path) -> Path:
    return audio_file(tmp_path)


@pytest.fixture
def bell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder through which tests let the tools of working.py go on, step by step."""
    folder = tmp_path / "bell"
    folder.mkdir()
    monkeypatch.setenv(working.BELL, str(folder))
    return folder

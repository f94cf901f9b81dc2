"""A few rounds of `python -m tests.library.killing`: a process is killed, and the library is whole."""

import random
from pathlib import Path

import pytest

from tests.library.killing import Killing


def test_whatever_is_killed_the_library_is_whole_and_its_jobs_are_finished(tmp_path: Path) -> None:
    killing = Killing(tmp_path / "library", random.Random(7))

    for act in ("edit", "rewrite", "delete", "queue", "add", "align lines again", "add", "edit"):
        killing.round(act)

    assert killing.kills.total() >= 6


def test_an_edit_that_was_acknowledged_and_is_gone_would_be_found(tmp_path: Path) -> None:
    killing = Killing(tmp_path / "library", random.Random(1))
    killing.round("edit")
    edited = next(key for key, state in killing.known.items() if state and (state["notes"] or state["texts"]))
    for name in ("notes.json", "corrections.json"):
        (killing.root / "episodes" / edited.split()[1] / name).unlink(missing_ok=True)

    with pytest.raises(AssertionError, match="instead of"):
        killing.check()

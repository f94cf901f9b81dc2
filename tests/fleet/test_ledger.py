"""The ledger keeps every outcome, whatever cuts its file off."""

from dataclasses import replace
from pathlib import Path

import pytest

from alignment.errors import LibraryError
from alignment.fleet.ledger import Entry, open_ledger

DONE = Entry("a", "At the gate", "/talks/gate.wav", "1 2", "done", "abcdefghijkl", "", 60.0, 5.0, 1)
FAILED = replace(DONE, key="b", status="failed", episode=None, message="The video is private.")


def test_what_was_noted_is_there_in_the_next_run_and_the_last_counts(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        for entry in (DONE, FAILED, replace(FAILED, tries=2)):
            ledger.note(entry)

    with open_ledger(tmp_path) as ledger:
        assert {key: (entry.status, entry.tries) for key, entry in ledger.entries.items()} == {
            "a": ("done", 1),
            "b": ("failed", 2),
        }


@pytest.mark.parametrize("torn", [b'{"key": "c", "tit', b'{"key": "c", "title": "x"', b"\x00\x00\x00"])
def test_a_line_that_was_torn_is_dropped_and_the_next_one_stands_alone(tmp_path: Path, torn: bytes) -> None:
    with open_ledger(tmp_path) as ledger:
        ledger.note(DONE)
    with (tmp_path / "batch" / "ledger.jsonl").open("ab") as file:
        file.write(torn)

    with open_ledger(tmp_path) as ledger:
        ledger.note(FAILED)

    with open_ledger(tmp_path) as ledger:
        assert list(ledger.entries) == ["a", "b"]


def test_a_line_that_is_none_is_passed_over(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        ledger.note(DONE)
    path = tmp_path / "batch" / "ledger.jsonl"
    path.write_bytes(b'["no entry"]\n{"key": "old"}\n' + path.read_bytes())

    with open_ledger(tmp_path) as ledger:
        assert list(ledger.entries) == ["a"]


def test_one_batch_at_a_time_works_for_a_library(tmp_path: Path) -> None:
    with open_ledger(tmp_path):
        with pytest.raises(LibraryError, match="Another batch is under way"), open_ledger(tmp_path):
            pass
        assert (tmp_path / "batch").is_dir()
    with open_ledger(tmp_path):
        pass

"""What one person may ask for, and how it is counted."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alignment.app.limits import MOST_WAITING, check_limits, room_for_more
from alignment.app.settings import Limits
from alignment.errors import LibraryError
from alignment.library import Job, JobRequest, JobStatus
from alignment.library.quota import note_use, uses_within_a_day

LIMITS = Limits(upload_bytes=5 << 20, jobs=2, jobs_a_day=3)
NOW = datetime.now(UTC)


def a_job(status: JobStatus) -> Job:
    return Job("aaaaaaaaaaaa", JobRequest("At the gate"), status, NOW, NOW)


def test_what_is_within_the_limits_passes() -> None:
    check_limits(LIMITS, [a_job(JobStatus.RUNNING), a_job(JobStatus.DONE)], 2, 5 << 20)


@pytest.mark.parametrize(
    ("at_work", "used", "size", "said"),
    [
        (2, 0, 0, "2 recordings of yours are being made"),
        (0, 3, 0, "3 recordings in 24 hours"),
        (0, 0, 6 << 20, "6 MB"),
    ],
)
def test_more_is_refused_in_plain_words(at_work: int, used: int, size: int, said: str) -> None:
    with pytest.raises(LibraryError, match=said):
        check_limits(LIMITS, [a_job(JobStatus.QUEUED)] * at_work, used, size)


@pytest.mark.parametrize(
    ("at_work", "used", "count", "why"),
    [
        (0, 0, 2, "2 made at a time"),
        (1, 1, 1, "2 made at a time"),
        (2, 0, 0, "2 made at a time"),
        (0, 2, 1, "3 in 24 hours"),
        (0, 4, 0, "3 in 24 hours"),
    ],
)
def test_how_many_more_one_person_may_ask_for(at_work: int, used: int, count: int, why: str) -> None:
    jobs = [a_job(JobStatus.QUEUED)] * at_work + [a_job(JobStatus.DONE)]

    room = room_for_more(LIMITS, jobs, used)

    assert room.count == count and why in room.why
    for _ in range(room.count):  # and so many pass
        check_limits(LIMITS, jobs, used)
        jobs, used = [*jobs, a_job(JobStatus.QUEUED)], used + 1
    with pytest.raises(LibraryError):
        check_limits(LIMITS, jobs, used)


def test_in_a_personal_app_only_so_many_wait() -> None:
    waiting = [a_job(JobStatus.QUEUED)] * 3

    assert room_for_more(None, waiting, 0).count == MOST_WAITING - 3


def test_uses_are_counted_for_each_person_for_a_day(tmp_path: Path) -> None:
    note_use(tmp_path, "ada@example.org")
    note_use(tmp_path, "ada@example.org")
    note_use(tmp_path, "ben@example.org")

    assert uses_within_a_day(tmp_path, "ada@example.org") == 2
    assert uses_within_a_day(tmp_path, "eve@example.org") == 0

    file = tmp_path / "usage.json"
    value = json.loads(file.read_text())
    value["asked"]["ada@example.org"][0] = (NOW - timedelta(days=1, minutes=1)).isoformat()
    file.write_text(json.dumps(value))
    assert uses_within_a_day(tmp_path, "ada@example.org") == 1


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"asked": 1}', '{"asked": {"a": [1]}}', '{"asked": {"a": "x"}}']
)
def test_a_damaged_count_begins_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / "usage.json").write_text(text)

    note_use(tmp_path, "a")

    assert uses_within_a_day(tmp_path, "a") == 1

"""How often each person has asked for a job within a day, whatever became of the jobs.

    usage.json     {"version": 1, "asked": {"ada@example.org": ["2026-11-26T10:20:11+00:00"]}}

Times from the future (a clock that was set back) count, too: they pass.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from filelock import FileLock

from alignment.disk import clearly, read_json, write_json

__all__ = ["note_use", "uses_within_a_day"]

_FILE = "usage.json"
_DAY = timedelta(days=1)


def uses_within_a_day(root: Path, person: str) -> int:
    """How many jobs the person has asked for in the last 24 hours. root: of the library."""
    with clearly(root):
        return len(_read(root, datetime.now(UTC)).get(person, ()))


def note_use(root: Path, person: str) -> None:
    """Count one more job for the person. Raises LibraryError where that cannot be kept."""
    with clearly(root):
        root.mkdir(parents=True, exist_ok=True)
        with FileLock(root / ".usage.lock"):
            now = datetime.now(UTC)
            asked = _read(root, now)
            asked.setdefault(person, []).append(now)
            listed = {who: [time.isoformat(timespec="seconds") for time in asked[who]] for who in asked}
            write_json(root / _FILE, {"version": 1, "asked": listed})


def _read(root: Path, now: datetime) -> dict[str, list[datetime]]:
    """What is not older than a day; nothing of a file that cannot be read, which is written anew."""
    try:
        listed = read_json(root / _FILE)["asked"]
        read = {
            str(person): [time for time in map(datetime.fromisoformat, times) if now - time < _DAY]
            for person, times in listed.items()
        }
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return {person: times for person, times in read.items() if times}

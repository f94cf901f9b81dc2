"""How many jobs a machine does at a time."""

import os

from alignment.errors import LibraryError

__all__ = ["MOST_JOBS", "default_jobs", "default_workers", "jobs_at_a_time", "workers_at_a_time"]

MOST_JOBS = 64

_CORES = 2
_MEMORY_BYTES = 3 << 30
"""What a job takes: it uses all cores in places and one in others, and holds model and audio in memory."""


def jobs_at_a_time() -> int:
    """As ALIGNMENT_JOBS says, else by cores and memory. Raises LibraryError where it says no such number."""
    return _wanted() or default_jobs(os.cpu_count() or 1, _memory_bytes())


def workers_at_a_time() -> int:
    """How many recordings of a batch a machine does at a time; see `jobs_at_a_time`.

    Nobody waits for a certain one of them, and many on a core each are done sooner than few on several.
    """
    return _wanted() or default_workers(os.cpu_count() or 1, _memory_bytes())


def _wanted() -> int | None:
    if not (wanted := os.environ.get("ALIGNMENT_JOBS", "").strip()):
        return None
    if not wanted.isdecimal() or not 1 <= int(wanted) <= MOST_JOBS:
        raise LibraryError(f"ALIGNMENT_JOBS is {wanted!r}; it takes a whole number from 1 to {MOST_JOBS}.")
    return int(wanted)


def default_jobs(cores: int, memory_bytes: int) -> int:
    """One for every two cores and three GB, and one in any case."""
    return min(max(min(cores // _CORES, memory_bytes // _MEMORY_BYTES), 1), MOST_JOBS)


def default_workers(cores: int, memory_bytes: int) -> int:
    """One for every core and three GB, and one in any case."""
    return min(max(min(cores, memory_bytes // _MEMORY_BYTES), 1), MOST_JOBS)


def _memory_bytes() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # Windows does not tell in this way
        return _MEMORY_BYTES

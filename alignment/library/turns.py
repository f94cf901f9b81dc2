"""Whose job is next: people take turns, and each person's jobs are done in the order they were asked for."""

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alignment.library.jobs import Job

__all__ = ["in_order", "last_turns", "next_jobs"]

_NONE_YET: Mapping[str | None, int] = MappingProxyType({})


def next_jobs(
    waiting: "Collection[Job]",
    running: "Collection[Job]",
    count: int,
    last_turns: Mapping[str | None, int] = _NONE_YET,
) -> "list[Job]":
    """The jobs to begin next, `count` at most, the first of them first.

    Next is whoever has the fewest jobs at work, among those whoever's last turn is longest ago, and of
    theirs the job that was asked for first. So a person with fifty jobs does not keep another's first one
    waiting. With `count` of all that wait, this is the line that they stand in.

    last_turns: by owner, which turn they had last, counted from 1; who had none is not in it.
    """
    line: dict[str | None, deque[Job]] = defaultdict(deque)
    for job in in_order(waiting):
        line[job.request.owner].append(job)
    at_work = Counter(job.request.owner for job in running)
    turns = dict(last_turns)
    chosen: list[Job] = []
    while line and len(chosen) < count:
        owner = min(line, key=lambda who: (at_work[who], turns.get(who, 0), _place(line[who][0])))
        chosen.append(line[owner].popleft())
        at_work[owner] += 1
        turns[owner] = 1 + max(turns.values(), default=0)
        if not line[owner]:
            del line[owner]
    return chosen


def last_turns(jobs: "Collection[Job]") -> dict[str | None, int]:
    """By owner, the last turn that a job of theirs had."""
    turns: dict[str | None, int] = {}
    for job in jobs:
        if job.turn:
            turns[job.request.owner] = max(job.turn, turns.get(job.request.owner, 0))
    return turns


def in_order(jobs: "Collection[Job]") -> "list[Job]":
    """The jobs as they were asked for, the first one first, whatever the clock said meanwhile."""
    return sorted(jobs, key=_place)


def _place(job: "Job") -> tuple[int, str, str]:
    return job.number, job.submitted.isoformat(), job.id

"""People take turns; nobody's first job waits for another's fiftieth."""

from collections import defaultdict
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from alignment.library import Job, JobRequest, JobStatus
from alignment.library.turns import last_turns, next_jobs

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def job(number: int, owner: str | None = None, turn: int = 0) -> Job:
    request = JobRequest(f"Number {number}", owner=owner)
    return Job(f"{number:012}", request, JobStatus.QUEUED, NOON, NOON, number=number, turn=turn)


def numbers(jobs: list[Job]) -> list[int]:
    return [job.number for job in jobs]


jobs_of_people = st.lists(st.sampled_from(["ada", "bob", "cem", None]), max_size=30).map(
    lambda owners: [job(number, owner) for number, owner in enumerate(owners, 1)]
)


def test_one_person_s_jobs_are_done_as_they_were_asked_for() -> None:
    assert numbers(next_jobs([job(3), job(1), job(2)], [], 2)) == [1, 2]


def test_a_person_with_many_jobs_does_not_keep_another_s_first_one_waiting() -> None:
    waiting = [*(job(number, "ada") for number in range(1, 51)), job(51, "bob"), job(52, "bob")]

    assert numbers(next_jobs(waiting, [], 4)) == [1, 51, 2, 52]


def test_whoever_has_a_job_at_work_comes_after_those_who_have_none() -> None:
    assert numbers(next_jobs([job(2, "ada"), job(3, "bob")], [job(1, "ada")], 2)) == [3, 2]


def test_whoever_had_the_last_turn_comes_after_the_others() -> None:
    waiting, before = [job(2, "ada"), job(3, "bob")], [job(1, "ada", turn=7)]

    assert numbers(next_jobs(waiting, [], 1, last_turns(before))) == [3]


@given(jobs_of_people, jobs_of_people, st.integers(0, 40))
def test_as_many_as_there_are_each_once_and_each_person_s_in_order(
    waiting: list[Job], running: list[Job], count: int
) -> None:
    chosen = next_jobs(waiting, running, count)

    assert len(chosen) == min(count, len(waiting)) == len({job.id for job in chosen})
    for owner in {job.request.owner for job in waiting}:
        theirs = [job.number for job in waiting if job.request.owner == owner]
        begun = [job.number for job in chosen if job.request.owner == owner]
        assert begun == theirs[: len(begun)]


@given(jobs_of_people)
def test_between_two_jobs_of_a_person_everybody_who_waits_has_one(waiting: list[Job]) -> None:
    """One job at a time, as on a small machine: turns are told by what was done before."""
    left, done = list(waiting), list[Job]()
    since: dict[str | None, set[str | None]] = defaultdict(set)
    while left:
        others = {job.request.owner for job in left}
        (chosen,) = next_jobs(left, [], 1, last_turns(done))
        owner = chosen.request.owner
        if owner in {job.request.owner for job in done}:
            assert others - {owner} <= since[owner], "somebody waits and was passed over"
        for passed in since.values():
            passed.add(owner)
        since[owner] = set()
        left.remove(chosen)
        done.append(job(chosen.number, owner, turn=len(done) + 1))


@given(jobs_of_people, jobs_of_people)
def test_the_line_that_is_shown_is_the_one_that_is_followed(waiting: list[Job], running: list[Job]) -> None:
    line = next_jobs(waiting, running, len(waiting))

    assert [next_jobs(waiting, running, count) for count in range(len(waiting) + 1)] == [
        line[:count] for count in range(len(waiting) + 1)
    ]

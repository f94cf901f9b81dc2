"""Work in hand, as people see it: what is done now, how far it is, how long it will take."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

import streamlit as st

from alignment.app import service
from alignment.app.job_details import show_details
from alignment.app.look import markdown_free, time_left
from alignment.app.pages import Pages
from alignment.errors import LibraryError
from alignment.library import Job, JobStatus
from alignment.wording import in_words, length, ordinal

__all__ = ["most_telling", "show_jobs"]

_LOOK_EVERY_S = 1.0
_MOST_SHOWN = 6


def show_jobs(pages: Pages, jobs: Iterable[Job], *, with_ended: bool = False) -> None:
    """Draw these jobs and keep them up to date.

    The page around them is drawn anew when one of them ends, or more of its episode can be listened to.

    with_ended: show what was done or stopped, too, as the page does that a person waits on. Where nothing is
    under way, nothing is drawn anew.
    """
    shown = [job for job in jobs if with_ended or job.status not in {JobStatus.DONE, JobStatus.CANCELLED}]
    if not shown:
        return
    shown, others = most_telling(shown, [*_places_in_line()], _MOST_SHOWN)
    ids = [job.id for job in shown]
    before = {job.id: (job.status.ended, job.openings) for job in shown}
    under_way = not all(job.status.ended for job in shown)

    @st.fragment(run_every=_LOOK_EVERY_S if under_way else None)
    def watch() -> None:
        places = _places_in_line()
        for id in ids:
            job = _look_up(id)
            if job is None or (job.status.ended, job.openings) != before[id]:
                st.rerun()
            with st.container(key=f"page-job-{id}", border=True, gap=None):
                _show(pages, job, places.get(id))
                show_details(job)

    watch()
    if others:
        _show_others(others, [job for job in (*shown, *others) if job.status is JobStatus.QUEUED])


def most_telling(jobs: Sequence[Job], line: Sequence[str], most: int) -> tuple[list[Job], list[Job]]:
    """Of many jobs those that are shown, `most` of them, and the others; each in the order that they have.

    First come those at work, then what failed, then those that wait, the next one first, and what ended last.
    line: ids of all that wait, the next one first.
    """
    places = {id: place for place, id in enumerate(line)}
    kinds = (JobStatus.RUNNING, JobStatus.FAILED, JobStatus.QUEUED)

    def rank(number: int) -> tuple[int, int]:
        job = jobs[number]
        kind = kinds.index(job.status) if job.status in kinds else len(kinds)
        return kind, places.get(job.id, len(line)) if job.status is JobStatus.QUEUED else -number

    chosen = set(sorted(range(len(jobs)), key=rank)[:most])
    return (
        [job for number, job in enumerate(jobs) if number in chosen],
        [job for number, job in enumerate(jobs) if number not in chosen],
    )


def _show_others(others: Sequence[Job], waiting: Sequence[Job]) -> None:
    """Say how many more there are. waiting: all that can be cancelled before they have begun."""
    counts = Counter(str(job.status) for job in others)
    words = {JobStatus.QUEUED: "waiting", JobStatus.RUNNING: "at work", JobStatus.CANCELLED: "stopped"}
    said = ", ".join(f"{count:,} {words.get(JobStatus(status), status)}" for status, count in counts.items())
    with st.container(key="page-jobs-more", horizontal=True, vertical_alignment="center"):
        st.markdown(f"And {len(others):,} more: {said}.", width="stretch")
        if not waiting:
            return
        with st.popover("Cancel all that wait", type="tertiary", key="cancel-waiting"):
            if st.button(f"Cancel {in_words(len(waiting), 'recording')}", key="cancel-all"):
                _cancel_all(waiting)


def _cancel_all(jobs: Sequence[Job]) -> None:
    try:
        for job in reversed(jobs):  # else the runner would begin one after the other
            service.jobs().cancel(job.id)
    except LibraryError as error:
        st.toast(markdown_free(str(error)), icon=":material/error:", duration="infinite")
    else:
        st.rerun()


def _look_up(id: str) -> Job | None:
    """The job as it stands; None where it was dismissed, here or in another window."""
    try:
        return service.jobs().get(id)
    except LibraryError:
        return None


def _places_in_line() -> dict[str, int]:
    """By id, each waiting job's place, counted from 1."""
    try:
        return {job.id: place for place, job in enumerate(service.jobs().line(), 1)}
    except LibraryError:
        return {}


def _show(pages: Pages, job: Job, place: int | None) -> None:
    match job.status:
        case JobStatus.QUEUED if wait_s := job.wait_s(datetime.now(UTC)):
            _show_put_off(job, wait_s)
        case JobStatus.QUEUED | JobStatus.RUNNING:
            _show_at_work(pages, job, place)
        case JobStatus.FAILED:
            _show_ended(job, f":material/error: {markdown_free(job.message)}")
        case JobStatus.CANCELLED:
            _show_ended(job, "Stopped, as you asked. Another try goes on from what was done.")
        case JobStatus.DONE:
            st.markdown(f"**{markdown_free(job.request.title)}** is ready.")
            if job.episode is not None:
                pages.link_to_episode(job.episode, "Listen now", icon=":material/play_arrow:")


def _show_at_work(pages: Pages, job: Job, place: int | None) -> None:
    progress = job.progress
    stage = progress.stage if place is None else "Next in line" if place == 1 else f"{ordinal(place)} in line"
    facts = ["Stopping" if job.stopping else stage]
    if progress.fraction is not None:
        facts.append(f"{progress.fraction:.0%}")
    if progress.eta_s is not None:
        facts.append(time_left(progress.eta_s))
    if progress.detail:
        facts.append(progress.detail)
    st.markdown(f"**{markdown_free(job.request.title)}**")
    if job.remark:
        st.caption(f":material/info: {markdown_free(job.remark)}")
    with st.container(horizontal=True, wrap=False, vertical_alignment="bottom", gap="medium"):
        share = min(max(progress.fraction or 0.0, 0.0), 1.0)
        st.progress(share, text=markdown_free(" · ".join(facts)), width="stretch")
        if job.preview is not None and job.preview != st.query_params.get("v"):
            pages.link_to_episode(job.preview, "Listen already", icon=":material/play_arrow:")
        if st.button("Cancel", key=f"cancel-{job.id}", type="tertiary", disabled=job.stopping):
            _do(service.jobs().cancel, job)


def _show_put_off(job: Job, wait_s: float) -> None:
    st.markdown(f"**{markdown_free(job.request.title)}**")
    st.markdown(f":material/schedule: {markdown_free(job.message)}")
    st.markdown(f"Tries again by itself in {length(wait_s)}.")
    with st.container(horizontal=True, key=f"page-next-{job.id}"):
        if st.button("Try now", key=f"retry-{job.id}"):
            _do(service.jobs().retry, job)
        if st.button("Cancel", key=f"cancel-{job.id}", type="tertiary"):
            _do(service.jobs().cancel, job)


def _show_ended(job: Job, message: str) -> None:
    st.markdown(f"**{markdown_free(job.request.title)}**")
    st.markdown(message)
    with st.container(horizontal=True, key=f"page-next-{job.id}"):
        if st.button("Try again", key=f"retry-{job.id}"):
            _do(service.jobs().retry, job)
        if st.button("Dismiss", key=f"dismiss-{job.id}", type="tertiary"):
            _do(service.jobs().dismiss, job)


def _do(act: Callable[[str], object], job: Job) -> None:
    try:
        act(job.id)
    except LibraryError as error:
        st.toast(markdown_free(str(error)), icon=":material/error:", duration="infinite")
    else:
        service.runner().wake()
        st.rerun()

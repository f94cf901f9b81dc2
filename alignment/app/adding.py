"""Adding many recordings at once, and what becomes of them."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass

import streamlit as st

from alignment.app import service
from alignment.app.choosing import forget_choice
from alignment.app.job_view import show_jobs
from alignment.app.look import markdown_free
from alignment.app.pages import Pages
from alignment.errors import LibraryError
from alignment.library import Job, JobRequest, JobStatus
from alignment.wording import in_words

__all__ = ["add_all", "has_added", "how_far", "show_added"]

_ADDED = "added"


@dataclass(frozen=True, slots=True)
class _Added:
    """jobs: their ids. chosen: how many recordings were. trouble: why no more were added, "" for none."""

    jobs: tuple[str, ...]
    chosen: int
    trouble: str


def add_all(requests: Sequence[JobRequest], chosen: int) -> None:
    """Ask for these jobs, one after the other, until one is refused; then show what was added.

    chosen: how many recordings were; the others stay so.
    """
    shown = st.progress(0.0, text=f"Adding {in_words(len(requests), 'recording')}")
    ids: list[str] = []
    trouble = ""
    for number, request in enumerate(requests):
        try:
            ids.append(service.submit(request).id)
        except LibraryError as error:
            trouble = str(error)
            break
        shown.progress((number + 1) / len(requests), text=f"Added {number + 1:,} of {len(requests):,}")
    shown.empty()
    if not ids:
        st.error(markdown_free(trouble))
        return
    st.session_state[_ADDED] = _Added(tuple(ids), chosen, trouble)
    if len(ids) == chosen:
        forget_choice()
    st.rerun()


def has_added() -> bool:
    """Whether this visitor has added several, and not put them away."""
    return _ADDED in st.session_state


def show_added(pages: Pages, begin_anew: Callable[[], None]) -> None:
    """Draw how far those are that were added. begin_anew: empties the form."""
    added: _Added = st.session_state[_ADDED]
    jobs = []
    for id in added.jobs:
        with suppress(LibraryError):  # dismissed
            jobs.append(service.jobs().get(id))
    count = in_words(len(added.jobs), "recording")
    ended = all(job.status.ended for job in jobs)
    st.title(f"{'Added' if ended else 'Adding'} {count}", anchor=False)
    if added.chosen > len(added.jobs):
        some = f"{len(added.jobs):,} of {in_words(added.chosen, 'recording')} were added."
        st.info(markdown_free(f"{some} The others stay chosen. {added.trouble}"))
    st.markdown(markdown_free(how_far(jobs)))
    show_jobs(pages, jobs, with_ended=True)
    if not ended:
        st.caption("This goes on by itself, even when you leave the page or close it.")
    with st.container(horizontal=True, vertical_alignment="center"):
        pages.link_to_library("Listen to something else")
        st.button("Choose more", type="tertiary", icon=":material/checklist:", on_click=_put_away)
        st.button("Add another", type="tertiary", icon=":material/add:", on_click=_begin, args=(begin_anew,))


def how_far(jobs: Collection[Job]) -> str:
    """How many of the jobs have come to their end, as a sentence."""
    counts = Counter(job.status for job in jobs)
    said = f"{counts[JobStatus.DONE]:,} of {in_words(len(jobs), 'recording')} done"
    for status, words in ((JobStatus.FAILED, "failed"), (JobStatus.CANCELLED, "stopped")):
        if counts[status]:
            said += f", {counts[status]:,} {words}"
    return f"{said}."


def _put_away() -> None:
    """To the form as it was, with the list; the jobs go on by themselves."""
    st.session_state.pop(_ADDED, None)


def _begin(begin_anew: Callable[[], None]) -> None:
    _put_away()
    begin_anew()

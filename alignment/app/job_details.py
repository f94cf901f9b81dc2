"""What happened to a job, behind "Details": its stages with their times, warnings, and what broke."""

import html
from datetime import UTC, datetime

import streamlit as st

from alignment.app import service
from alignment.errors import LibraryError
from alignment.library import Job
from alignment.library.job_log import LogEntry
from alignment.wording import length

__all__ = ["listed", "show_details"]

_MOST_SHOWN = 60


def show_details(job: Job) -> None:
    """Draw the job's log, folded: it is read when somebody opens it."""
    details = st.expander("Details", key=f"page-details-{job.id}", type="compact", on_change="rerun")
    if not details.open:
        return
    try:
        entries = service.jobs().folder(job.id).log.entries()
    except LibraryError:  # dismissed meanwhile
        return
    with details:
        end = job.updated if job.status.ended else datetime.now(UTC)
        st.html(listed(job.id, entries[-_MOST_SHOWN:], end))


def listed(id: str, entries: list[LogEntry], end: datetime) -> str:
    """The entries as HTML, each with the time that passed until the next, or until `end`. id: of the job."""
    ends = [*(entry.at for entry in entries[1:]), end]
    rows = "".join(_row(entry, until) for entry, until in zip(entries, ends, strict=True))
    return f'<p class="page-facts">Job {html.escape(id)}</p><ol class="page-log">{rows}</ol>'


def _row(entry: LogEntry, until: datetime) -> str:
    first, _, more = entry.text.partition("\n")
    took = (until - entry.at).total_seconds()
    lasted = f" · {length(took)}" if entry.kind == "stage" and took >= 1 else ""
    rest = f"<pre>{html.escape(entry.text)}</pre>" if more else ""
    text = html.escape(first if not more else entry.text.rstrip().rpartition("\n")[2])
    at = f'<time datetime="{entry.at.isoformat()}">{entry.at:%H:%M:%S}</time>'
    return f'<li class="{entry.kind}">{at} {text}{lasted}{rest}</li>'

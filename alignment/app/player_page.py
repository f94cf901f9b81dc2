"""The player page: an episode, and what can be done with it.

The player has a fixed place: whatever is shown above it is drawn into containers that are always there, so
that no rerun moves it and playback goes on. `t` in the address belongs to the player; nothing here writes to
the address while it lives.
"""

import re
from functools import partial

import streamlit as st

from alignment.app import service
from alignment.app.job_view import show_jobs
from alignment.app.look import markdown_free, page
from alignment.app.pages import Pages
from alignment.errors import AlignmentError, LibraryError
from alignment.formats import write
from alignment.library import Episode, JobRequest
from alignment.player import player

__all__ = ["show"]

_DOWNLOADS = {
    "srt": ("Subtitles (SRT)", "application/x-subrip"),
    "vtt": ("Subtitles (WebVTT)", "text/vtt"),
    "txt": ("Plain text", "text/plain"),
    "json": ("Everything (JSON)", "application/json"),
}


def show(pages: Pages, id: str) -> None:
    """Draw the page of the episode with this id."""
    try:
        episode = service.library().episode(id)
    except LibraryError as error:
        page("Not found")
        pages.link_to_library()
        st.error(markdown_free(str(error)))
        return
    page(episode.title)
    with st.container(key="page-bar", horizontal=True, vertical_alignment="center"):
        pages.link_to_library()
        menu = st.popover("More", icon=":material/more_horiz:", type="tertiary")
    messages = st.container(key="page-messages")
    stage = st.container(key="page-player")
    with menu:
        _show_menu(episode)
    with messages:
        show_jobs(pages, [job for job in service.jobs().all() if job.request.episode == id])
    with stage:
        base = f"episodes/{episode.id}"
        player(
            key=f"player-{episode.id}",
            episode_id=episode.id,
            title=episode.title,
            # Another version of the times is another address, so that the player takes it up.
            transcript_url=f"{base}/transcript.json?version={episode.aligned.stat().st_mtime_ns}",
            audio_url=f"{base}/audio",
            artwork_url=f"{base}/thumbnail" if episode.thumbnail else None,
        )


def _show_menu(episode: Episode) -> None:
    if episode.source.url:
        st.link_button("Original page", episode.source.url, icon=":material/open_in_new:", type="tertiary")
    st.caption("Download")
    for format, (label, kind) in _DOWNLOADS.items():
        st.download_button(
            label,
            data=partial(_written, episode.id, format),
            file_name=f"{_file_name(episode.title)}.{format}",
            mime=kind,
            key=f"download-{format}",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )
    st.caption("This episode")
    if st.button("Align again", icon=":material/autorenew:", type="tertiary", key="align-again"):
        _align_again(episode)
    if st.button("Remove", icon=":material/delete:", type="tertiary", key="remove"):
        _confirm_removal(episode)


def _written(id: str, format: str) -> str:
    return write(service.library().transcript(id), format)


def _file_name(title: str) -> str:
    return re.sub(r"[^\w\- ]+", "", title).strip()[:80] or "transcript"


def _align_again(episode: Episode) -> None:
    request = JobRequest(title=episode.title, model=episode.model, language=None, episode=episode.id)
    try:
        service.jobs().submit(request)
    except AlignmentError as error:
        st.error(markdown_free(str(error)))
        return
    service.runner().wake()
    st.rerun()


@st.dialog("Remove this episode?")
def _confirm_removal(episode: Episode) -> None:
    st.markdown(
        f"**{markdown_free(episode.title)}** goes with its audio, its transcript and its times. "
        "This cannot be undone."
    )
    if st.button("Remove it", type="primary"):
        service.library().remove(episode.id)
        st.query_params.clear()
        st.rerun()

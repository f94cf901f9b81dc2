"""The player page: an episode, and what can be done with it.

The player has a fixed place: whatever is shown above it is drawn into containers that are always there, so
that no rerun moves it and playback goes on. `t` in the address belongs to the player; nothing here writes to
the address while it lives.
"""

import html
import re
from functools import cache
from typing import TYPE_CHECKING

import streamlit as st

from alignment.app import episode_menu, service
from alignment.app.job_view import show_jobs
from alignment.app.look import markdown_free, page
from alignment.app.pages import Pages
from alignment.app.private_acts import show_private_acts
from alignment.app.signing_in import PRIVATE
from alignment.errors import LibraryError
from alignment.formats import format_named, writable
from alignment.library import Episode, Job, JobRequest
from alignment.player import player

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

__all__ = ["leave", "show"]

# Streamlit puts an open menu at the end of the page and leaves the focus on its button: twenty stops apart.
_GO_INTO_MENU = """
export default function () {
  const menu = document.querySelector("[data-testid=stPopoverBody]");
  if (document.activeElement?.getAttribute("aria-haspopup") === "dialog") menu?.querySelector("a")?.focus();
}
"""

_DOWNLOADS = {
    "srt": "Subtitles (SRT)",
    "vtt": "Subtitles (WebVTT)",
    "txt": "Plain text",
    "json": "All of it (JSON)",
}
_WITH_SOUND = {"page.html": "Page with the sound", "book.epub": "Book with the sound (EPUB)"}
_REPORT, _OUT = ":material/monitoring:", ":material/open_in_new:"
_AGAIN = ":material/autorenew:"

_SHOWN = "version-shown"
_MENUS_CLOSED = "menus-closed"


def show(pages: Pages, id: str) -> None:
    """Draw the page of the episode with this id."""
    try:
        episode = service.library().episode(id)
    except LibraryError as error:
        page("Not found")
        pages.link_to_library()
        if came_to_nothing := _jobs(id):
            show_jobs(pages, came_to_nothing, with_ended=True)
        else:
            st.error(markdown_free(str(error)))
        return
    page(episode.title)
    with st.container(key="page-top", gap="xsmall"):
        with st.container(key="page-bar", horizontal=True, vertical_alignment="center"):
            pages.link_to_library()
            if episode.private:
                st.html(f'<span class="page-facts">{PRIVATE}</span>', width="content")
            menu = st.popover("More", icon=":material/more_horiz:", type="tertiary", key=_menu_key())
        messages = st.container(key="page-messages")
    stage = st.container(key="page-player")
    with menu:
        _show_menu(pages, episode)
    with messages:
        show_jobs(pages, _jobs(id))
        version = _version_shown(episode)
    with stage:
        base = f"episodes/{episode.id}"
        changeable = not episode.is_preview and service.may_change(episode)
        player(
            key=f"player-{episode.id}",
            episode_id=episode.id,
            title=episode.title,
            transcript_url=f"{base}/transcript.json?version={version}",
            audio_url=f"{base}/audio",
            artwork_url=f"{base}/thumbnail" if episode.thumbnail else None,
            peaks_url=f"{base}/peaks.json",
            # The browser keeps the notes of one that is still being made, and hands them over afterwards;
            # those of visitors it keeps for good.
            notes_url=f"{base}/notes.json" if changeable else None,
            corrections_url=f"{base}/corrections" if changeable else None,
            clips_url=None if episode.is_preview else f"{base}/clip",
        )


def _jobs(id: str) -> list[Job]:
    """The work on an episode: it is made, or aligned again."""
    return [job for job in service.visible_jobs() if id in {job.request.episode, job.preview}]


def leave() -> None:
    """Forget which version of the times the player shows; the next visit begins with the latest."""
    st.session_state.pop(_SHOWN, None)


def _version_shown(episode: Episode) -> int:
    """The version of the times that the player has, with an offer of a later one.

    Another version is another address, from which the player takes the times. Those of an episode that is
    still being made come by themselves; others when the person wants them.
    """
    latest = episode.aligned.stat().st_mtime_ns
    shown_id, shown, was_preview = st.session_state.get(_SHOWN, ("", 0, False))
    if shown_id == episode.id and shown != latest and not was_preview:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key="page-newer"):
            st.markdown("This episode has been aligned again.", width="stretch")
            if st.button("Show the new times", key="newer"):
                leave()
                st.rerun()
        return int(shown)
    st.session_state[_SHOWN] = (episode.id, latest, episode.is_preview)
    return latest


def _show_menu(pages: Pages, episode: Episode) -> None:
    if episode.is_preview:
        st.caption("There is more here as soon as every line has its time.")
        return
    st.caption("Download")
    shown = [_link(episode, name, label) for name, label in _DOWNLOADS.items()]
    for name, label in _WITH_SOUND.items():
        shown.append(f'<a href="episodes/{episode.id}/{name}" download>{label}</a>')
    others = [name for name in writable() if name not in _DOWNLOADS]
    more = "".join(_link(episode, name, format_named(name).description) for name in others)
    st.html(
        f'<nav class="page-downloads" aria-label="Download">{"".join(shown)}'
        f"<details><summary>More formats</summary>{more}</details></nav>"
    )
    st.caption("This episode")
    with st.container(key="page-acts", gap=None):
        _go_into_menu()()
        st.link_button("How it was aligned", f"episodes/{episode.id}/report", icon=_REPORT, type="tertiary")
        if episode.source.url:
            st.link_button("Where it is from", episode.source.url, icon=_OUT, type="tertiary")
        show_private_acts(episode, _close_menu)
        if not service.may_change(episode):
            return
        st.button(
            "Align again", icon=_AGAIN, type="tertiary", key="again", on_click=_align_again, args=(episode,)
        )
        episode_menu.show_acts(episode, _close_menu)
        episode_menu.show_removal(pages, episode, _close_menu)


@cache
def _go_into_menu() -> "ComponentRenderer":
    return st.components.v2.component("verbatime_menu", js=_GO_INTO_MENU)


def _menu_key() -> str:
    return f"menu-{st.session_state.get(_MENUS_CLOSED, 0)}"


def _close_menu() -> None:
    """Put a new, closed menu in the place of the open one: Streamlit's own way to close it is unreliable."""
    st.session_state[_MENUS_CLOSED] = st.session_state.get(_MENUS_CLOSED, 0) + 1


def _link(episode: Episode, name: str, label: str) -> str:
    """The transcript in the format of that name, to keep."""
    address = f"episodes/{episode.id}/transcript.{name}"
    file = f"{_file_name(episode)}{format_named(name).suffix}"
    return f'<a href="{address}" download="{file}">{html.escape(label)}</a>'


def _file_name(episode: Episode) -> str:
    """Of letters that no system minds and HTML need not escape."""
    return re.sub(r"[^\w\- ]+", "", episode.title).strip()[:80] or "transcript"


def _align_again(episode: Episode) -> None:
    _close_menu()
    try:
        service.submit(JobRequest(title=episode.title, model=episode.model, episode=episode.id))
    except LibraryError as error:
        st.toast(markdown_free(str(error)), icon=":material/error:", duration="infinite")

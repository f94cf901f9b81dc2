"""What the menu of an episode does with it in the library: rename it, put it into collections, remove it."""

from collections.abc import Callable

import streamlit as st

from alignment.app import bin_view, service
from alignment.app.look import markdown_free
from alignment.app.pages import Pages
from alignment.errors import LibraryError
from alignment.library import Episode
from alignment.library.describing import MOST_OF_A_NAME

__all__ = ["show_acts", "show_removal"]

_RENAME, _COLLECT, _AWAY = ":material/edit:", ":material/folder_open:", ":material/delete:"


def show_acts(episode: Episode, close_menu: Callable[[], None]) -> None:
    """Draw what changes how the library keeps the episode. close_menu: called before a dialog opens."""
    if st.button("Rename", icon=_RENAME, type="tertiary", key="rename", on_click=close_menu):
        _rename(episode)
    if st.button("Collections", icon=_COLLECT, type="tertiary", key="collections", on_click=close_menu):
        _choose_collections(episode, _known_collections())


def show_removal(pages: Pages, episode: Episode, close_menu: Callable[[], None]) -> None:
    """Draw what moves the episode to the bin; the library page then offers to undo it."""
    if not st.button("Remove", icon=_AWAY, type="tertiary", key="remove", on_click=close_menu):
        return
    try:
        binned = service.library().remove(episode.id)
    except LibraryError as error:
        st.toast(markdown_free(str(error)), icon=":material/error:", duration="infinite")
        return
    bin_view.remember(binned)
    st.switch_page(pages.library)


@st.dialog("Rename this episode")
def _rename(episode: Episode) -> None:
    with st.form(f"page-rename-{episode.id}", border=False):
        title = st.text_input("Title", episode.title, max_chars=MOST_OF_A_NAME, key=f"title-{episode.id}")
        is_done = st.form_submit_button("Rename it", type="primary")
    if is_done:
        _describe(episode, title=title)


@st.dialog("Collections of this episode")
def _choose_collections(episode: Episode, known: list[str]) -> None:
    names = sorted({*known, *episode.collections}, key=str.casefold)
    chosen = []
    with st.form(f"page-collect-{episode.id}", border=False):
        if names:
            chosen = st.pills(
                "It is in",
                names,
                selection_mode="multi",
                default=list(episode.collections),
                key=f"collections-{episode.id}",
            )
        new = st.text_input(
            "A new collection" if names else "Name a collection",
            max_chars=MOST_OF_A_NAME,
            key=f"collection-{episode.id}",
            help="The library page shows one collection at a time, if you like.",
        )
        is_done = st.form_submit_button("Keep", type="primary")
    if is_done:
        _describe(episode, collections=[*chosen, new] if new.strip() else chosen)


def _known_collections() -> list[str]:
    try:
        return sorted({name for episode in service.library().episodes() for name in episode.collections})
    except LibraryError:
        return []


def _describe(episode: Episode, *, title: str | None = None, collections: list[str] | None = None) -> None:
    try:
        service.library().describe(episode.id, title=title, collections=collections)
    except LibraryError as error:
        st.error(markdown_free(str(error)))
    else:
        st.rerun()

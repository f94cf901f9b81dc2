"""Which episodes the library page shows, and in which order; the choice stands in the address."""

import streamlit as st

from alignment.app import service
from alignment.app.indexing import indexing
from alignment.app.pages import keep_choice
from alignment.library.index import Selection, Shelf, Sort
from alignment.wording import in_words

__all__ = ["chosen_shelf", "offer_more"]

_PAGE = 60
_SHOWN = "shelf-shown"
_CHOICES = ("sort", "channel", "language", "collection")
_SORTS: dict[Sort, str] = {
    "newest": "Newest first",
    "title": "By title",
    "longest": "Longest first",
    "shortest": "Shortest first",
}


def chosen_shelf() -> Shelf:
    """The episodes to show, with what chooses them above. Raises LibraryError."""
    at_work, visible = indexing(service.whole_library()), service.library().shows
    at_work.look()
    everything = at_work.index.shelf(Selection(), limit=2, visible=visible)
    if len(everything.episodes) < 2:
        return everything
    with st.container(key="page-choice", horizontal=True, vertical_alignment="center", gap="small"):
        sort: Sort = st.selectbox(
            "Order",
            list(_SORTS),
            format_func=_SORTS.__getitem__,
            key="sort",
            bind="query-params",
            label_visibility="collapsed",
            width=190,
        )
        selection = Selection(
            sort,
            _choice("channel", "All channels", everything.channels),
            _choice("language", "All languages", everything.languages),
            _choice("collection", "All collections", everything.collections, least=1),
        )
    keep_choice({name: value for name, value in st.query_params.items() if name in _CHOICES})
    shown = st.session_state.get(_SHOWN, (selection, _PAGE))
    limit = shown[1] if shown[0] == selection else _PAGE
    st.session_state[_SHOWN] = (selection, limit)
    return at_work.index.shelf(selection, limit=limit, visible=visible)


def offer_more(shelf: Shelf) -> None:
    """A button for the next episodes, where there are more."""
    if not (left := shelf.count - len(shelf.episodes)):
        return
    with st.container(key="page-more", horizontal_alignment="center", gap="xsmall"):
        st.caption(f"{len(shelf.episodes):,} of {in_words(shelf.count, 'episode')}", width="content")
        if st.button(f"Show {min(left, _PAGE)} more", key="more-episodes"):
            selection, limit = st.session_state[_SHOWN]
            st.session_state[_SHOWN] = (selection, limit + _PAGE)
            st.rerun()


def _choice(key: str, everything: str, names: tuple[str, ...], least: int = 2) -> str | None:
    """One of the names, or all; nothing is asked where there are fewer names than `least`."""
    if len(names) < least and key not in st.query_params:
        return None
    return st.selectbox(
        key.capitalize(),
        names,
        index=None,
        placeholder=everything,
        key=key,
        bind="query-params",
        label_visibility="collapsed",
        width=190,
    )

"""The bin on the library page: that something was moved to it, with Undo, and all that is in it."""

import html

import streamlit as st

from alignment.app import service
from alignment.app.look import day, markdown_free
from alignment.errors import LibraryError
from alignment.library import Binned
from alignment.library.bin import KEPT_FOR

__all__ = ["remember", "show_bin", "show_undo"]

_JUST_REMOVED = "just-removed"


def remember(binned: Binned) -> None:
    """Have the library page say, when it is drawn next, that this was moved to the bin."""
    st.session_state[_JUST_REMOVED] = binned


def show_undo() -> None:
    """Draw the message on what this person has just removed, until they dismiss it or leave."""
    binned: Binned | None = st.session_state.get(_JUST_REMOVED)
    if binned is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="page-undo"):
        name = f"“{markdown_free(binned.title)}”" if binned.title else f"The episode `{binned.id}`"
        st.markdown(f"{name} was moved to the bin.", width="stretch")
        if st.button("Undo", key="undo-removal"):
            _forget_then_restore(binned)
        st.button("Dismiss", key="dismiss-removal", type="tertiary", on_click=_forget)


def show_bin() -> None:
    """Draw a quiet way to what is in the bin, where there is something."""
    try:
        binned = service.library().binned()
    except LibraryError:
        return
    if binned and st.button(f"Bin ({len(binned):,})", icon=":material/delete:", type="tertiary", key="bin"):
        _show_list()


@st.dialog("Bin", width="medium")
def _show_list() -> None:
    st.html(f'<p class="page-facts">What is here is deleted {KEPT_FOR.days} days after it was removed.</p>')
    binned = service.library().binned()
    if not binned:
        st.markdown("The bin is empty.")
    for entry in binned:
        with st.container(border=True, gap="small", key=f"page-binned-{entry.name}"):
            _show_entry(entry)


def _show_entry(entry: Binned) -> None:
    by = f" by {entry.who}" if entry.who else ""
    facts = f"Removed on {day(entry.removed.isoformat())}{by}. {entry.why or ''}"
    label = entry.title or entry.id
    with st.container(gap=None):
        st.markdown(f"**{markdown_free(label)}**")
        st.html(f'<p class="page-facts">{html.escape(facts)}</p>')
    with st.container(horizontal=True):
        if st.button("Restore", key=f"restore-{entry.name}", help=f"Put “{label}” back into the library"):
            _forget_then_restore(entry)
        if st.button("Delete now", key=f"delete-{entry.name}", type="tertiary", help=f"Delete “{label}”"):
            _delete(entry)


def _delete(entry: Binned) -> None:
    try:
        service.library().delete(entry.name)
    except LibraryError as error:
        st.error(markdown_free(str(error)))
    else:
        _forget()
        st.rerun(scope="fragment")


def _forget_then_restore(entry: Binned) -> None:
    try:
        service.library().restore(entry.name)
    except LibraryError as error:
        st.error(markdown_free(str(error)))
    else:
        _forget()
        st.rerun()


def _forget() -> None:
    st.session_state.pop(_JUST_REMOVED, None)

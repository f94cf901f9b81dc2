"""The choice of one collection on the library page."""

from collections.abc import Iterable

import streamlit as st

from alignment.library import Episode

__all__ = ["chosen_collection"]


def chosen_collection(episodes: Iterable[Episode]) -> str | None:
    """Draw the choice, where there is a collection; the one that is chosen, None for all episodes."""
    names = sorted({name for episode in episodes for name in episode.collections}, key=str.casefold)
    if not names:
        return None
    with st.container(key="page-collections"):
        return st.pills("Collection", names, label_visibility="collapsed", key="collection")

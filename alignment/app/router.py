"""Which page an address shows.

/               the library
/?v=ID&t=...    an episode at a time; `t` belongs to the player in the browser and is never written here
/add            a new episode
"""

import streamlit as st

from alignment.app import add_page, library_page, player_page
from alignment.app.pages import Pages

__all__ = ["show"]


def show() -> None:
    """Draw the page that the address asks for."""

    def home() -> None:
        episode = st.query_params.get("v")
        if episode is None:
            library_page.show(pages)
        else:
            player_page.show(pages, episode)

    def add() -> None:
        add_page.show(pages)

    pages = Pages(
        home=st.Page(home, title="Library", default=True), add=st.Page(add, title="Add", url_path="add")
    )
    st.navigation([pages.home, pages.add], position="hidden").run()

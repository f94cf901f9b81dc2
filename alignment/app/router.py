"""Which page an address shows.

/                     the library
/listen?v=ID&t=...    an episode at a time; `t` belongs to the player in the browser and is never written
/add                  a new episode
"""

import streamlit as st

from alignment.app import add_page, library_page, player_page
from alignment.app.pages import Pages

__all__ = ["show"]


def show() -> None:
    """Draw the page that the address asks for."""

    def library() -> None:
        library_page.show(pages)

    def listen() -> None:
        player_page.show(pages, st.query_params.get("v", ""))

    def add() -> None:
        add_page.show(pages)

    pages = Pages(
        library=st.Page(library, title="Library", default=True),
        listen=st.Page(listen, title="Listen", url_path="listen"),
        add=st.Page(add, title="Add", url_path="add"),
    )
    st.navigation([pages.library, pages.listen, pages.add], position="hidden").run()

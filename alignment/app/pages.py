"""The pages of the app, and how one links to another."""

from dataclasses import dataclass

import streamlit as st
from streamlit.navigation.page import Page

from alignment.app.look import markdown_free

__all__ = ["Pages", "keep_choice"]

_CHOICE = "library-choice"


def keep_choice(choice: dict[str, str]) -> None:
    """Have the links to the library lead to the choice that was made there. choice: of its address."""
    st.session_state[_CHOICE] = choice


@dataclass(frozen=True, slots=True)
class Pages:
    """Where links lead. listen: to an episode, named by `?v=`. add: a new episode."""

    library: Page
    listen: Page
    add: Page

    def link_to_library(self, label: str = "Library") -> None:
        """A link to all episodes, or to those that were chosen there before."""
        choice: dict[str, str] = st.session_state.get(_CHOICE, {})
        st.page_link(self.library, label=label, icon=":material/arrow_back:", query_params=choice)

    def link_to_episode(self, id: str, title: str, icon: str | None = None) -> None:
        """A link to an episode, named with its title."""
        st.page_link(self.listen, label=markdown_free(title), query_params={"v": id}, icon=icon)

    def link_to_add(self, label: str = "Add an episode") -> None:
        """A link to the page that adds an episode."""
        st.page_link(self.add, label=label, icon=":material/add:")

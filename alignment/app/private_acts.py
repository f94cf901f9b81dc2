"""In the player's menu of a hosted app, for an episode's owner: for whom it is, and links that expire."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from alignment.app import service
from alignment.app.look import markdown_free
from alignment.app.private_links import new_key
from alignment.app.rights import may_share_privately, owns
from alignment.app.visitors import current_visitor
from alignment.errors import LibraryError
from alignment.library import Episode
from alignment.library.link_salt import link_salt, renew_link_salt

__all__ = ["show_private_acts"]


def show_private_acts(episode: Episode, close_menu: Callable[[], None]) -> None:
    """Draw what the owner may do; nothing for others. close_menu: called when something was done."""
    if not service.settings().hosted or not _is_owner(episode):
        return
    if not episode.private:
        _offer("Make private", ":material/lock:", partial(_set_private, episode.id, True, close_menu))
        return
    if st.button("Share a link for 7 days", icon=":material/link:", type="tertiary", on_click=close_menu):
        _show_link(episode.id)
    _offer("Take all links back", ":material/link_off:", partial(_take_links_back, episode.id, close_menu))
    _offer("Make public", ":material/public:", partial(_set_private, episode.id, False, close_menu))


def _offer(label: str, icon: str, act: Callable[[], None]) -> None:
    st.button(label, icon=icon, type="tertiary", on_click=act)


@st.dialog("A link for 7 days")
def _show_link(id: str) -> None:
    settings = service.settings()
    try:
        episode = service.library().episode(id)
        salt = link_salt(service.library(), id)
    except LibraryError as error:
        st.error(markdown_free(str(error)))
        return
    if may_share_privately(settings, current_visitor(settings), episode):
        st.markdown("Whoever has this link can listen, and change nothing. It ends by itself after 7 days.")
        st.code(
            f"{settings.address}listen?v={id}&key={new_key(settings, episode, salt)}",
            language=None,
            wrap_lines=True,
        )


def _set_private(id: str, private: bool, close_menu: Callable[[], None]) -> None:
    told = "Only you see this episode now." if private else "Everybody sees this episode now."
    _do(lambda: service.library().describe(id, private=private), id, told)
    close_menu()


def _take_links_back(id: str, close_menu: Callable[[], None]) -> None:
    told = "No link that was given out leads here any more."
    _do(lambda: renew_link_salt(service.library(), id), id, told)
    close_menu()


def _do(act: Callable[[], object], id: str, told: str) -> None:
    """Do it if the episode is still this visitor's."""
    try:
        if not _is_owner(service.library().episode(id)):
            raise LibraryError("This can be done by its owner alone.")
        act()
    except LibraryError as error:
        st.toast(markdown_free(str(error)), icon=":material/error:", duration="infinite")
    else:
        st.toast(told)


def _is_owner(episode: Episode) -> bool:
    return owns(current_visitor(service.settings()), episode)

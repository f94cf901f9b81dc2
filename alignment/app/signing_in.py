"""Signing in and out, where the app is hosted and has a login."""

import streamlit as st

from alignment.app import service
from alignment.app.look import markdown_free
from alignment.app.visitors import current_visitor

__all__ = ["PRIVATE", "show_sign_in"]

PRIVATE = '<span class="page-private">Private</span>'
"""The mark of an episode that is for its owner alone, as HTML."""


def show_sign_in() -> None:
    """Draw the button to sign in, or who is signed in with one to sign out; nothing in a personal app."""
    if service.settings().login is None:
        return
    who = current_visitor(service.settings()).email
    if who is not None:
        with st.popover("Account", icon=":material/person:", type="tertiary"):
            st.markdown(markdown_free(who))
            st.button("Sign out", icon=":material/logout:", type="tertiary", on_click=st.logout)
    elif st.user.get("is_logged_in") is True:
        st.caption("The address that you signed in with has not been verified by your provider.")
        st.button("Sign out", icon=":material/logout:", type="tertiary", on_click=st.logout)
    else:
        st.button("Sign in", icon=":material/login:", type="tertiary", on_click=st.login)

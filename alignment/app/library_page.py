"""The library page: every episode as a card, and the work in hand."""

import html

import streamlit as st

from alignment.app import bin_view, service
from alignment.app.disk_foot import show_usage
from alignment.app.job_view import show_jobs
from alignment.app.look import markdown_free, page, picture
from alignment.app.pages import Pages
from alignment.app.player_page import leave
from alignment.app.search import search_box
from alignment.app.shelf_view import chosen_shelf, offer_more
from alignment.app.signing_in import PRIVATE, show_sign_in
from alignment.errors import LibraryError
from alignment.library import DamagedEpisode, Episode
from alignment.wording import in_words, length

__all__ = ["show"]


def show(pages: Pages) -> None:
    """Draw the page."""
    leave()
    page()
    with st.container(key="page-head", horizontal=True, vertical_alignment="center"):
        st.title("Library", anchor=False)
        if service.may_add():
            pages.link_to_add()
        show_sign_in()
    search_box()
    try:
        jobs = service.visible_jobs()
        shelf = chosen_shelf()
    except LibraryError as error:
        st.error(markdown_free(str(error)))
        return
    bin_view.show_undo()
    show_jobs(pages, jobs)
    if not shelf.count and not shelf.damaged:
        _show_empty(pages)
    with st.container(key="page-cards"):
        for episode in shelf.episodes:
            _show_card(pages, episode)
    offer_more(shelf)
    for entry in shelf.damaged:
        _show_damaged(entry)
    with st.container(key="page-foot", horizontal=True, vertical_alignment="center"):
        show_usage()
        bin_view.show_bin()


def _show_card(pages: Pages, episode: Episode) -> None:
    with st.container(key=f"page-card-{episode.id}", gap=None):
        st.html(picture(episode))
        pages.link_to_episode(episode.id, episode.title)
        facts = [episode.source.channel, length(episode.duration), _how_much(episode)]
        shown = [html.escape(fact) for fact in facts if fact]
        if episode.private:
            shown.insert(0, PRIVATE)
        st.html('<p class="page-facts">' + " · ".join(shown) + "</p>")


def _how_much(episode: Episode) -> str:
    """How many lines have times, without claiming all where one is missing."""
    missing = episode.lines - episode.placed
    lines = in_words(episode.lines, "line")
    return f"all {lines} timed" if not missing else f"{episode.placed:,} of {lines} timed"


def _show_empty(pages: Pages) -> None:
    with st.container(key="page-empty", horizontal_alignment="center"):
        st.header("Nothing here yet", anchor=False)
        st.markdown(
            "Bring a transcript and its audio. Every line and word gets its time, "
            "and you listen while the text keeps up."
        )
        if service.may_add():
            pages.link_to_add("Add your first episode")


def _show_damaged(entry: DamagedEpisode) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"page-bad-{entry.id}"):
        st.markdown(
            f":material/warning: The episode `{entry.id}` cannot be shown. {markdown_free(entry.reason)}",
            width="stretch",
        )
        if st.button("Remove", key=f"remove-{entry.id}", help=f"Moves the folder {entry.folder} to the bin"):
            try:
                service.library().remove(entry.id)
            except LibraryError as error:
                st.error(markdown_free(str(error)))
            else:
                st.rerun()

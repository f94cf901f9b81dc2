"""On the page: the look at an address, and the list to choose from where it leads to several recordings."""

import threading
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from alignment.app import service
from alignment.app.choosing.looking import Look, Looks, looking_rules
from alignment.app.choosing.rows import (
    Choice,
    Row,
    chosen_from,
    described,
    rows_of,
    what_fits,
    why_none,
)
from alignment.app.indexing import indexing
from alignment.app.look import day, markdown_free
from alignment.app.visitors import current_visitor
from alignment.errors import AlignmentError, LibraryError
from alignment.library import Episode
from alignment.library.index import Selection
from alignment.library.jobs import TextSource
from alignment.wording import in_words

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

__all__ = ["ask_which", "forget_choice", "get_ready"]

_LOOK_EVERY_S = 0.4
_QUICK_S = 0.3
"""What is found out so soon is shown at once."""
_REMARKS = 3

_LOOK = "look"
_CHOSEN = "recordings-chosen"
_OTHER_TEXTS: dict[TextSource, str] = {
    "captions": "Captions that the source has",
    "recognised": "Recognise what is said",
}
_BEGUN_WITH = "recordings-begun-with"


@cache
def looks() -> Looks:
    """Those of all who use this server."""
    return Looks()


def get_ready() -> None:
    """Somebody is going to give an address soon: load here, and in a process that looks, what that takes."""
    _load()
    looks().get_ready()


@cache
def _load() -> None:
    threading.Thread(target=import_module, args=("alignment.sources.playlist",), daemon=True).start()


def forget_choice() -> None:
    """Nothing is chosen any more; the list stays as it was found."""
    st.session_state.pop(_CHOSEN, None)


def ask_which(given: str, text: TextSource, *, has_transcript: bool) -> Choice:
    """What the address that was given comes to: drawn here are the look at it, and the list to choose from.

    text: where the text is from. has_transcript: whether one was given.
    """
    address = _address(given)
    if address is None:
        _leave()
        return Choice()
    look = _look_at(address)
    if look is None:
        return Choice(is_unknown=True)
    if not look.is_over and not look.wait(_QUICK_S):
        _show_under_way(look)
        return Choice(is_open=True)
    if look.found is None:
        _show_nothing_found(look)
        return Choice(is_unknown=True)
    if len(look.found.found) == 1:
        return Choice()
    return _choose(look, text, has_transcript)


def _address(given: str) -> str | None:
    """The address, where what is there has to be asked for; not that of a single recording."""
    if not given:
        return None
    from alignment.sources import as_address  # with it comes all that fetches
    from alignment.sources.playlist import is_one_recording

    try:
        address = as_address(given)
        return None if address is None or is_one_recording(address) else address
    except (AlignmentError, ValueError):  # which is told when the person starts
        return None


def _look_at(address: str) -> Look | None:
    """The look at this address, begun where there is none yet; None where it may not be, which is said."""
    look: Look | None = st.session_state.get(_LOOK)
    if look is not None and look.address == address:
        return look
    _leave()
    try:
        settings = service.settings()
        person = (current_visitor(settings).email or "") if settings.hosted else None
        look = looks().begin(address, looking_rules(settings), person)
    except LibraryError as error:
        st.warning(markdown_free(str(error)))
        return None
    st.session_state[_LOOK] = look
    return look


def _leave() -> None:
    """End what was begun for another address."""
    if (look := st.session_state.pop(_LOOK, None)) is not None:
        look.stop()
    forget_choice()


def _show_under_way(look: Look) -> None:
    """Say what is being done, until the page is drawn anew with what came of it."""

    @st.fragment(run_every=_LOOK_EVERY_S)
    def watch() -> None:
        if look.is_over:
            st.rerun()
        detail = markdown_free(look.progress.detail[:1].lower() + look.progress.detail[1:])
        with st.container(key="page-look", horizontal=True, vertical_alignment="center"):
            st.markdown(
                ":material/search: Looking what is at this address" + (f" · {detail}" if detail else ""),
                width="stretch",
            )
            st.button("Stop", key="stop-looking", type="tertiary", on_click=look.stop)

    watch()


def _show_nothing_found(look: Look) -> None:
    with st.container(key="page-look"):
        if look.trouble:
            st.error(markdown_free(look.trouble))
        else:
            st.caption("It was not found out whether this address leads to several recordings.")
        st.button("Look again", key="look-again", type="tertiary", icon=":material/refresh:", on_click=_leave)


def _choose(look: Look, text: TextSource, has_transcript: bool) -> Choice:
    assert look.found is not None
    found = look.found
    above, list_place, below = st.container(), st.container(), st.container()  # the list stays where it is
    with above:
        if found.found:
            st.markdown(
                f"There are {in_words(len(found.found), 'recording')} at this address. Choose those to add."
            )
        _show_remarks(found.left_out)
    if not found.found:
        st.error("None of the recordings at this address can be had.")
        return Choice(recordings=(), missing="an address with recordings that can be had")
    try:
        rows = rows_of(found.found, _episodes(), service.visible_jobs())
        room = service.room()
    except LibraryError as error:
        st.error(markdown_free(str(error)))
        return Choice(recordings=(), is_barred=True)
    if why := why_none(rows, text):
        above.warning(markdown_free(why))
    with list_place:
        chosen = chosen_from(rows, text, _list(look, rows, text))
    several, said = len(chosen) > 1, what_fits(len(chosen), room.count, room.why)
    with below:
        if text == "given" and (several or not has_transcript):
            _offer_other_texts(several)
        elif several and said:
            st.caption(f":material/info: {markdown_free(said)}")
    barred = several and (text == "given" or not room.count)
    return Choice(
        recordings=chosen,
        places=room.count,
        missing="" if chosen else "a choice of recordings",
        is_barred=barred,
    )


def _offer_other_texts(several: bool) -> None:
    st.caption(
        "A transcript is of one recording. Take the text of several from elsewhere:"
        if several
        else "Without a transcript, take the text from elsewhere:"
    )
    with st.container(horizontal=True, key="page-texts", gap="small"):
        for text, label in _OTHER_TEXTS.items():
            st.button(label, key=f"take-{text}", on_click=_take, args=(text,))


def _take(text: TextSource) -> None:
    st.session_state["text"] = text


def _show_remarks(remarks: Sequence[str]) -> None:
    for remark in remarks[:_REMARKS]:
        st.caption(f":material/info: {markdown_free(remark)}")
    if (more := len(remarks) - _REMARKS) > 0:
        st.caption(f"{in_words(more, 'more recording')} cannot be had.")


def _episodes() -> Sequence[Episode]:
    """Of the library, as whoever looks may see it."""
    at_work = indexing(service.whole_library())
    at_work.look()
    return at_work.index.shelf(Selection(), limit=1_000_000, visible=service.library().shows).episodes


def _list(look: Look, rows: Sequence[Row], text: TextSource) -> object:
    """Draw the list; the numbers of the rows that are chosen, as the page's script says them."""
    key = f"recordings-{look.key}"
    if key not in st.session_state:
        st.session_state[_BEGUN_WITH] = st.session_state.get(_CHOSEN, [])
    begun_with = st.session_state[_BEGUN_WITH]
    result = _component()(
        key=key,
        data={"rows": described(rows, text, day), "chosen": begun_with},
        default={"chosen": begun_with},
        on_chosen_change=_nothing,
    )
    st.session_state[_CHOSEN] = result.chosen
    return result.chosen


def _nothing() -> None:
    """Called when the choice has changed; the page is drawn anew in any case."""


@cache
def _component() -> "ComponentRenderer":
    here = Path(__file__).parent
    return st.components.v2.component(
        "verbatime_choosing",
        css=(here / "choosing.css").read_text(encoding="utf-8"),
        js=(here / "choosing.js").read_text(encoding="utf-8"),
        isolate_styles=False,
    )

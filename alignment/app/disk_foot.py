"""The foot of the library page: how much room the library takes, and what of it can be freed."""

import threading
import time
from dataclasses import dataclass, field

import streamlit as st

from alignment.app import service
from alignment.app.look import markdown_free
from alignment.errors import LibraryError
from alignment.library.usage import Usage, clean, measure
from alignment.wording import in_words, size

__all__ = ["show_usage"]

_GOOD_FOR_S = 60.0
_PATIENCE_S = 0.2
_WORTH_FREEING = 10_000_000


@dataclass
class _Measured:
    """What was measured last, for everybody: a large library takes a while, and nobody waits for that."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    usage: Usage | None = None
    at: float | None = None
    thread: threading.Thread | None = None

    def latest(self) -> Usage | None:
        """The last figures, None before the first; old ones are measured anew in a thread of its own."""
        with self.lock:
            is_old = self.at is None or time.monotonic() - self.at > _GOOD_FOR_S
            if is_old and (self.thread is None or not self.thread.is_alive()):
                self.thread = threading.Thread(target=self._measure, name="usage", daemon=True)
                self.thread.start()
            thread = self.thread
        if thread is not None:
            thread.join(_PATIENCE_S)
        return self.usage

    def forget(self) -> None:
        """Measure anew when it is wanted next."""
        self.at = None

    def _measure(self) -> None:
        try:
            self.usage = measure(service.whole_library())
        except LibraryError:
            self.usage = None
        self.at = time.monotonic()


_measured = _Measured()


def show_usage() -> None:
    """Draw the line, and the way to free what can be made or fetched again, where that is worth it.

    Visitors of a hosted app have no business with it.
    """
    if service.settings().hosted:
        return
    usage = _measured.latest()
    if usage is None or not usage.episodes:
        return
    facts = f"{size(usage.total)} in {in_words(usage.episodes, 'episode')}"
    st.html(f'<p class="page-facts">{facts}</p>')
    if usage.freeable >= _WORTH_FREEING and st.button(
        f"Free {size(usage.freeable)}",
        type="tertiary",
        key="clean",
        help="Removes what is made or fetched again when it is wanted. Episodes and notes stay.",
    ):
        try:
            st.toast(f"{size(clean(service.whole_library()))} freed.")
        except LibraryError as error:
            st.toast(markdown_free(str(error)), icon=":material/error:", duration="infinite")
        _measured.forget()

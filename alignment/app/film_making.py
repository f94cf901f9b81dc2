"""Films of clips, drawn in a process of their own and one at a time, so that no listener notices."""

import threading
from pathlib import Path

from alignment.clips import Sound, tags_of
from alignment.errors import FilmError
from alignment.film import film_of
from alignment.processes import worker_pool
from alignment.transcript import Transcript

__all__ = ["FilmMaking", "FilmsBusy"]


class FilmsBusy(FilmError):
    """Another film is being drawn."""


class FilmMaking:
    """Draws one film at a time; who comes meanwhile is told so."""

    def __init__(self) -> None:
        self._working = threading.Lock()

    def film(self, sound: Sound, part: Transcript, *, shape: str, title: str, picture: Path | None) -> bytes:
        """The film of a clip, as `film_of` makes it. title: of the whole episode.

        Raises FilmsBusy while another one is drawn, and what `film_of` raises.
        """
        if not self._working.acquire(blocking=False):
            raise FilmsBusy("Another film is being drawn at the moment. Try again in a minute.")
        try:
            with worker_pool(1, _nothing) as pool:
                drawing = pool.submit(
                    film_of, sound, part, shape=shape, title=title, picture=picture, tags=tags_of(part)
                )
                return drawing.result()
        finally:
            self._working.release()


def _nothing() -> None:
    """What the process needs before its first task."""

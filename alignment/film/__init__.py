"""Clips as films to pass on: the words in large letters, lit as they are spoken, over the waveform.

Drawn with Pillow, so that every text is only ever drawn, and no filter of ffmpeg can take it for more.
"""

from alignment.film.film import LONGEST_FILM_S, film_of
from alignment.film.shapes import SHAPES

__all__ = ["LONGEST_FILM_S", "SHAPES", "film_of"]

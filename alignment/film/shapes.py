"""The shapes that a film has, and where things stand in them; everything in pixels."""

from dataclasses import dataclass

__all__ = ["SHAPES", "Shape"]

_COLUMN = 0.47
"""Width of a column of text, of the size of its letters: a little more than that of the average letter."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A film's size, and the places on it.

    margin: at the left and the right. head: top of the title and of the picture beside it.
    cover: side of that picture. title, small: sizes of the title, and of channel and times.
    letters: size of the words that are spoken. middle: of their lines, from the top.
    wave, wave_height: middle and height of the waveform. bar: width of one of its bars and the gap behind it.
    """

    width: int
    height: int
    margin: int
    head: int
    cover: int
    title: int
    small: int
    letters: int
    middle: int
    wave: int
    wave_height: int
    bar: tuple[int, int]

    @property
    def room(self) -> int:
        """Pixels from margin to margin."""
        return self.width - 2 * self.margin

    @property
    def columns(self) -> int:
        """How many columns of text a line of words has."""
        return int(self.room / (_COLUMN * self.letters))


SHAPES = {
    "16:9": Shape(1920, 1080, 150, 92, 132, 44, 32, 100, 540, 890, 116, (8, 6)),
    "1:1": Shape(1080, 1080, 84, 76, 112, 38, 27, 84, 540, 912, 92, (6, 6)),
    # The apps that show it lay their own buttons and texts over its top and its bottom.
    "9:16": Shape(1080, 1920, 90, 250, 128, 42, 30, 92, 860, 1370, 110, (6, 6)),
}
"""By the ratio of width and height."""

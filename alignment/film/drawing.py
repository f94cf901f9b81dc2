"""The pictures of a film: what stands still drawn once, then frame by frame only what changes.

A frame is an array of the film's height, width and three colours, uint8.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps, UnidentifiedImageError

from alignment.errors import FilmError
from alignment.film.lettering import Lettering, is_right_to_left
from alignment.film.pages import Page, PlacedWord
from alignment.film.shapes import Shape

__all__ = ["FRAMES_PER_SECOND", "Head", "backdrop", "frames", "read_picture"]

FRAMES_PER_SECOND = 25

Pixels = NDArray[np.uint8]
Colour = tuple[int, int, int]

_INK: Colour = (15, 18, 25)
_LIT_INK: Colour = (38, 45, 62)
_PAPER: Colour = (246, 245, 240)
_ACCENT: Colour = (255, 190, 73)
_TO_COME = 0.6
"""Of the colour of what has been said, over the background: what is still to be said."""
_SMALL = 0.68
_UNPLAYED = 0.24
_MOST_PIXELS = 50_000_000
"""Of a picture: one of 2 MB can unpack to gigabytes."""

_INK_OVER = 0.76
"""Share of ink over the picture in the background: on white, too, the words stand out by 8 to 1."""
_SOFT_S = 0.12
"""Seconds in which a word changes its colour, and a page comes or goes."""
_OVERSAMPLED = 4


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the words, and below the waveform at its two ends."""

    title: str
    channel: str
    start: str
    end: str


@dataclass(frozen=True, eq=False)
class _Drawn:
    """A word of a page. place: its part of the frame. mask: how much of each pixel is letter, 0 to 1."""

    word: PlacedWord
    place: tuple[slice, slice]
    mask: NDArray[np.float32]


def read_picture(path: Path) -> Image.Image:
    """The picture in a file. Raises FilmError."""
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise ValueError(f"it has {picture.width:,} by {picture.height:,} pixels")
            return ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, ValueError, SyntaxError) as error:
        why = getattr(error, "strerror", None) or error
        raise FilmError(
            f"{path} is no picture that can be read ({why}). Name another one with --picture."
        ) from error


def backdrop(shape: Shape, head: Head, lettering: Lettering, picture: Image.Image | None) -> Pixels:
    """What stands still: the background, the picture, title, channel and times."""
    ground = _plain_ground(shape) if picture is None else _picture_ground(shape, picture)
    frame = Image.fromarray(ground)
    draw = ImageDraw.Draw(frame)
    is_mirrored, taken = bool(is_right_to_left(head.title)), 0
    if picture is not None:
        cover = ImageOps.fit(picture, (shape.cover, shape.cover), Image.Resampling.LANCZOS)
        at = shape.width - shape.margin - shape.cover if is_mirrored else shape.margin
        frame.paste(cover, (at, shape.head), _rounded(shape.cover, shape.cover // 8))
        taken = shape.cover + shape.cover // 4
    begin = shape.margin + taken
    edge, anchor = (shape.width - begin, "ra") if is_mirrored else (begin, "la")
    room = shape.room - taken
    title, small = lettering.at(shape.title), lettering.at(shape.small, "Regular")
    titles = _wrapped(head.title, title, room, 2)
    pitch = round(1.25 * shape.title)
    height = pitch * len(titles) + (round(1.3 * shape.small) if head.channel else 0)
    top = shape.head + (max(0, shape.cover - height) // 2 if picture is not None else 0)
    quiet = _mixed(_PAPER, _INK, _SMALL)
    for line in titles:
        draw.text((edge, top), line, font=title, fill=_PAPER, anchor=anchor)
        top += pitch
    for line in _wrapped(head.channel, small, room, 1):
        draw.text((edge, top), line, font=small, fill=quiet, anchor=anchor)
    below = shape.wave + shape.wave_height // 2 + shape.small // 2
    draw.text((shape.margin, below), head.start, font=small, fill=quiet)
    draw.text((shape.width - shape.margin, below), head.end, font=small, fill=quiet, anchor="ra")
    return np.array(frame)


def frames(
    shape: Shape,
    ground: Pixels,
    pages: Sequence[Page],
    lettering: Lettering,
    loudness: Sequence[float],
    seconds: float,
) -> Iterator[Pixels]:
    """The film's frames; each is the same array, changed.

    ground: what stands still. loudness: of each bar of the waveform, 0 to 1. seconds: that the film lasts.
    """
    played, unplayed, wave = _wave(shape, ground, loudness)
    ground = ground.copy()
    ground[wave] = unplayed
    frame = ground.copy()
    count = max(1, int(np.ceil(seconds * FRAMES_PER_SECOND - 1e-6)))
    coming = iter(pages)
    page = next(coming, None)
    drawn: list[_Drawn] = []
    shown: dict[int, tuple[float, ...]] = {}
    for number in range(count):
        time = (number + 0.5) / FRAMES_PER_SECOND
        while page and time >= page.end:
            for old in drawn:
                frame[old.place] = ground[old.place]
            page, drawn, shown = next(coming, None), [], {}
        if page and time >= page.start:
            drawn = drawn or _drawn(page, shape, lettering)
            _light(frame, ground, page, drawn, shown, time)
        so_far = round(played.shape[1] * min(1.0, time / seconds))
        frame[wave][:, :so_far] = played[:, :so_far]
        yield frame


def _light(
    frame: Pixels,
    ground: Pixels,
    page: Page,
    drawn: Sequence[_Drawn],
    shown: dict[int, tuple[float, ...]],
    time: float,
) -> None:
    """Draw the words of a page as they look at a time; those that look as before stay."""
    presence = min(_step(time, page.start + _SOFT_S / 2), 1.0 - _step(time, page.end - _SOFT_S / 2))
    for at, one in enumerate(drawn):
        accent = _step(time, one.word.start) * (1.0 - _step(time, one.word.end))
        said = _step(time, one.word.start)
        look = (presence, accent, said)
        if shown.get(at) == look:
            continue
        shown[at] = look
        colour = np.asarray(_mixed(_ACCENT, _PAPER, accent), np.float32)
        strength = presence * (_TO_COME + (1.0 - _TO_COME) * said)
        under = ground[one.place].astype(np.float32)
        frame[one.place] = np.rint(under + one.mask[:, :, None] * strength * (colour - under)).astype(
            np.uint8
        )


def _step(time: float, at: float) -> float:
    """0 before a moment, 1 behind it, and softly from the one to the other."""
    share = min(1.0, max(0.0, (time - at) / _SOFT_S + 0.5))
    return share * share * (3.0 - 2.0 * share)


def _drawn(page: Page, shape: Shape, lettering: Lettering) -> list[_Drawn]:
    """The masks of a page's words."""
    font = lettering.at(page.size)
    canvas = Image.new("L", (shape.width, shape.height))
    draw = ImageDraw.Draw(canvas)
    for word in page.words:
        draw.text((word.x, word.baseline), word.text, font=font, fill=255, anchor="ls")
    mask = np.asarray(canvas, np.float32) / np.float32(255)
    places = [
        (slice(max(0, word.top), max(0, word.bottom)), slice(max(0, word.left), max(0, word.right)))
        for word in page.words
    ]
    return [_Drawn(word, place, mask[place]) for word, place in zip(page.words, places, strict=True)]


def _wave(
    shape: Shape, ground: Pixels, loudness: Sequence[float]
) -> tuple[Pixels, Pixels, tuple[slice, slice]]:
    """The waveform as played and as not yet played, and its place in the frame."""
    scale, (bar, gap) = _OVERSAMPLED, shape.bar
    width, height = shape.room, shape.wave_height
    canvas = Image.new("L", (width * scale, height * scale))
    draw = ImageDraw.Draw(canvas)
    for number, loud in enumerate(loudness):
        left = number * (bar + gap) * scale
        half = scale * max(bar, round(loud * height)) / 2
        middle = height * scale / 2
        draw.rounded_rectangle(
            (left, middle - half, left + bar * scale - 1, middle + half - 1), bar * scale / 2, fill=255
        )
    mask = np.asarray(canvas.resize((width, height), Image.Resampling.BOX), np.float32)[:, :, None] / 255
    top = shape.wave - height // 2
    place = (slice(top, top + height), slice(shape.margin, shape.margin + width))
    under = ground[place].astype(np.float32)

    def over(colour: Colour, strength: float) -> Pixels:
        return np.rint(under + mask * strength * (np.asarray(colour, np.float32) - under)).astype(np.uint8)

    return over(_ACCENT, 1.0), over(_PAPER, _UNPLAYED), place


def _plain_ground(shape: Shape) -> Pixels:
    """Ink, a little lighter towards the upper left corner."""
    y, x = np.mgrid[0.0 : shape.height, 0.0 : shape.width]
    far = np.hypot(x / shape.width, y / shape.height) / np.sqrt(2)
    light = np.clip(1.0 - 1.35 * far, 0.0, 1.0)[:, :, None] ** 1.5
    return _dithered(np.asarray(_INK) + light * (np.asarray(_LIT_INK) - np.asarray(_INK)))


def _picture_ground(shape: Shape, picture: Image.Image) -> Pixels:
    """The picture, blurred until nothing in it is read, under ink."""
    small = ImageOps.fit(picture, (shape.width // 4, shape.height // 4), Image.Resampling.LANCZOS)
    soft = small.filter(ImageFilter.GaussianBlur(min(small.size) / 12))
    whole = soft.resize((shape.width, shape.height), Image.Resampling.BICUBIC)
    return _dithered(np.asarray(whole, np.float64) * (1 - _INK_OVER) + np.asarray(_INK) * _INK_OVER)


def _dithered(colours: NDArray[np.float64]) -> Pixels:
    """Rounded with a little noise, the same every time: a soft gradient would show its steps."""
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, (*colours.shape[:2], 1))
    return np.clip(np.rint(colours + noise), 0, 255).astype(np.uint8)


def _rounded(side: int, radius: int) -> Image.Image:
    scale = _OVERSAMPLED
    mask = Image.new("L", (side * scale, side * scale))
    ImageDraw.Draw(mask).rounded_rectangle(
        (0, 0, side * scale - 1, side * scale - 1), radius * scale, fill=255
    )
    return mask.resize((side, side), Image.Resampling.BOX)


def _wrapped(text: str, font: ImageFont.FreeTypeFont, room: float, lines: int) -> list[str]:
    """The text in at most so many lines, ended by an ellipsis where it needs more."""
    made: list[str] = []
    words = text.split()
    while words and len(made) < lines:
        count = len(words)
        if len(made) < lines - 1:
            while count > 1 and font.getlength(" ".join(words[:count])) > room:
                count -= 1
        made.append(_shortened(" ".join(words[:count]), font, room))
        words = words[count:]
    return made


def _shortened(text: str, font: ImageFont.FreeTypeFont, room: float) -> str:
    if font.getlength(text) <= room:
        return text
    while text and font.getlength(f"{text.rstrip()}…") > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    """So much of the one colour over the other."""
    red, green, blue = (round(b + share * (a - b)) for a, b in zip(one, other, strict=True))
    return red, green, blue

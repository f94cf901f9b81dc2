"""The picture of a shared link, as chats show it: the quotation, whose it is, and where in the sound."""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PIL import Image, ImageDraw, ImageFont

from alignment.app.picture_fonts import Drawable, Family, drawable, font, is_right_to_left
from alignment.words import split_words

__all__ = ["BARS", "SIZE", "Card", "bars", "draw"]

SIZE = (1200, 630)
"""Pixels."""
BARS = 132
"""How many bars the waveform has."""

_PAPER, _INK, _QUIET = (251, 250, 247), (35, 39, 43), (105, 108, 106)
_TINT, _HEARD, _AHEAD = (29, 106, 99), (133, 175, 168), (214, 209, 197)
_MARGIN = 72
_WIDTH = SIZE[0] - 2 * _MARGIN
_WAVE_TOP, _WAVE_BOTTOM = 466, 550
_TALL_WAVE_TOP = 210
_QUOTE_SIZES = (76, 68, 60, 54, 48, 43, 39)
_LEADING = 1.24
_MOST_LETTERS = 420
_FINE = 4
"""The waveform is drawn this much larger, then made smaller, for smooth ends."""
_NAME = "Verbatime"


@dataclass(frozen=True, slots=True)
class Card:
    """What a picture shows.

    title, channel: of the episode. quotation: "" to show the title large in its place.
    time, whole: as a clock, where the quotation is and how long the recording is; "" where it is not known.
    bars: BARS heights from 0 to 255, none where they are not known yet.
    start, end: from 0 to 1, where the quotation is; None for nowhere.
    """

    title: str
    channel: str = ""
    quotation: str = ""
    speaker: str = ""
    time: str = ""
    whole: str = ""
    bars: tuple[int, ...] = ()
    start: float | None = None
    end: float | None = None


def bars(peaks: Sequence[int]) -> tuple[int, ...]:
    """The mean of each part of the peaks, or each peak several times where there are few."""
    count = len(peaks)
    if not count:
        return ()
    starts = [number * count // BARS for number in range(BARS + 1)]
    parts = (peaks[a : max(b, a + 1)] for a, b in pairwise(starts))
    return tuple(round(sum(part) / len(part)) for part in parts)


def draw(card: Card) -> bytes:
    """The picture as PNG. What no typeface here has the letters of is left out."""
    image = Image.new("RGB", SIZE, _PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, SIZE[0], 10), fill=_TINT)
    quotation = _drawable(f"“{card.quotation}”", "serif") if card.quotation else None
    title = _drawable(card.title, "sans" if quotation else "serif")
    top = _draw_heading(pen, card, title if quotation else None)
    if quotation:
        _draw_large(pen, quotation, top, card.speaker)
    elif title:
        _draw_large(pen, title, top, "", weight=600)
    _draw_wave(image, card, _WAVE_TOP if quotation or title else _TALL_WAVE_TOP)
    _draw_times(pen, card)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _drawable(text: str, family: Family) -> Drawable | None:
    text = " ".join(text.split())
    if len(text) > _MOST_LETTERS:
        text = text[:_MOST_LETTERS].rstrip() + ("…”" if text.endswith("”") else "…")
    found = drawable(text, family)
    return found if found and found[0].strip("“”… ") else None


def _draw_heading(pen: ImageDraw.ImageDraw, card: Card, title: Drawable | None) -> float:
    """The title and the channel, one below the other; returns where they end."""
    y = 54.0
    if title:
        text, face = title
        face_used = font(face, 34, 600)
        for line in _wrapped(text, face_used, _WIDTH, 2):
            _write(pen, y, line, face_used, _INK)
            y += 43
    channel = _drawable(card.channel, "sans")
    if channel:
        face_used = font(channel[1], 27, 400)
        line = _wrapped(channel[0], face_used, _WIDTH, 1)[0]
        _write(pen, y, line, face_used, _QUIET)
        y += 36
    return y


def _draw_large(
    pen: ImageDraw.ImageDraw, given: Drawable, top: float, speaker: str, *, weight: int = 400
) -> None:
    """A text as large as it fits, in the middle between `top` and the waveform; who says it below."""
    text, face = given
    right = is_right_to_left(text)
    name = _drawable(speaker, "sans")
    below = 50 if name else 0
    top, bottom = top + 18, _WAVE_TOP - 34
    face_used, lines = _fitted(text, face, weight, bottom - top - below)
    step = face_used.size * _LEADING
    y = top + (bottom - top - below - step * len(lines)) / 2
    for line in lines:
        _write(pen, y, line, face_used, _INK, right=right)
        y += step
    if name:
        name_font = font(name[1], 28, 600)
        line = _wrapped(f"— {name[0]}", name_font, _WIDTH, 1)[0]
        _write(pen, y + 8, line, name_font, _TINT, right=right)


def _fitted(text: str, face: str, weight: int, height: float) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest size at which all of the text fits, else the smallest and as much as fits."""
    for size in _QUOTE_SIZES:
        face_used = font(face, size, weight)
        room = max(int(height / (size * _LEADING)), 1)
        lines = _wrapped(text, face_used, _WIDTH, room + 1)
        if len(lines) <= room:
            return face_used, _balanced(text, face_used, len(lines))
    return face_used, _wrapped(text, face_used, _WIDTH, room)


def _balanced(text: str, face: ImageFont.FreeTypeFont, count: int) -> list[str]:
    """In as many lines, as equally long as they can be: no word is left alone on the last."""
    if count == 1:
        return _wrapped(text, face, _WIDTH, 1)
    narrow, wide = _WIDTH // 2, _WIDTH
    while wide - narrow > 8:
        middle = (narrow + wide) // 2
        if len(_wrapped(text, face, middle, count + 1)) <= count:
            wide = middle
        else:
            narrow = middle
    return _wrapped(text, face, wide, count)


def _wrapped(text: str, face: ImageFont.FreeTypeFont, width: float, most: int) -> list[str]:
    """The text in lines of at most `width` pixels; of more than `most`, the last one ends in "…"."""
    lines = [""]
    for piece in _pieces(text, face, width):
        if lines[-1] and face.getlength((lines[-1] + piece).rstrip()) > width:
            lines.append("")
            if len(lines) > most:
                lines.pop()
                return [*(line.rstrip() for line in lines[:-1]), _cut(lines[-1], face, width, text)]
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def _pieces(text: str, face: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """What stays together in a line: a word with the space after it, and parts of one that is too long."""
    pieces: list[str] = []
    at = 0
    for word in split_words(text):
        until = text.index(word.text, at) + len(word.text)
        while until < len(text) and text[until].isspace():
            until += 1
        piece, at = text[at:until], until
        while face.getlength(piece) > width and len(piece) > 1:
            room = max(int(len(piece) * width / face.getlength(piece)) - 1, 1)
            pieces.append(piece[:room])
            piece = piece[room:]
        pieces.append(piece)
    return pieces


def _cut(line: str, face: ImageFont.FreeTypeFont, width: float, text: str) -> str:
    """The line with "…" for what follows, and the closing mark that the whole has."""
    end = "…”" if text.endswith("”") else "…"
    while line and face.getlength(line.rstrip(" ,;:") + end) > width:
        line = line[:-1]
    return line.rstrip(" ,;:") + end


def _write(
    pen: ImageDraw.ImageDraw,
    y: float,
    text: str,
    face: ImageFont.FreeTypeFont,
    colour: tuple[int, int, int],
    *,
    right: bool | None = None,
) -> None:
    """A line between the margins, on the side where its script begins. y: top of the line."""
    right = is_right_to_left(text) if right is None else right
    x = SIZE[0] - _MARGIN if right else _MARGIN
    pen.text(
        (x, y + face.size),
        text,
        font=face,
        fill=colour,
        anchor="rs" if right else "ls",
        direction="rtl" if right else None,
    )


def _draw_wave(image: Image.Image, card: Card, top: int) -> None:
    """The bars, those of the quotation in the strongest colour, and a mark where it begins."""
    height = _WAVE_BOTTOM - top
    strip = Image.new("RGB", (_WIDTH * _FINE, height * _FINE), _PAPER)
    pen = ImageDraw.Draw(strip)
    step = _WIDTH * _FINE / BARS
    wide = 0.62 * step
    for number, loud in enumerate(card.bars or (0,) * BARS):
        tall = max(loud / 255 * (height - 8) * _FINE, wide)
        x, y = number * step + (step - wide) / 2, (height * _FINE - tall) / 2
        pen.rounded_rectangle((x, y, x + wide, y + tall), wide / 2, fill=_colour(card, number))
    if card.start is not None:
        x = min(max(card.start * _WIDTH * _FINE, 2.0 * _FINE), (_WIDTH - 2.0) * _FINE)
        for half, colour in ((5 * _FINE, _PAPER), (2 * _FINE, _TINT)):
            pen.rounded_rectangle((x - half, 0, x + half, height * _FINE), 2 * _FINE, fill=colour)
    image.paste(strip.resize((_WIDTH, height), Image.Resampling.LANCZOS), (_MARGIN, top))


def _colour(card: Card, bar: int) -> tuple[int, int, int]:
    if card.start is None:
        return _HEARD
    if bar + 1 <= card.start * BARS:
        return _HEARD
    return _TINT if card.end is not None and bar < math.ceil(card.end * BARS) else _AHEAD


def _draw_times(pen: ImageDraw.ImageDraw, card: Card) -> None:
    """Below the waveform: the time under its mark, the name, and how long the recording is."""
    y = _WAVE_BOTTOM + 14
    found = drawable(f"0123456789{_NAME}", "sans")
    if found is None:
        return
    small, strong = font(found[1], 25, 400), font(found[1], 27, 600)
    ends = f"{_NAME} · {card.whole}" if card.whole else _NAME
    pen.text((SIZE[0] - _MARGIN, y + 27), ends, font=small, fill=_QUIET, anchor="rs")
    if card.time:
        room = _WIDTH - small.getlength(ends) - 24
        wide = strong.getlength(card.time)
        x = _MARGIN + min(max((card.start or 0.0) * _WIDTH - wide / 2, 0.0), room - wide)
        pen.text((x, y + 27), card.time, font=strong, fill=_TINT, anchor="ls")

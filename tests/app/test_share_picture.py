"""Pictures for chats: nothing runs over the edge, and no letter is drawn as a box."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from alignment.app.picture_fonts import drawable, font
from alignment.app.share_picture import BARS, SIZE, Card, bars, draw

CARD = Card(
    title="A river in the afternoon",
    channel="Riverside Radio",
    quotation="The kettle is on.",
    speaker="Ada",
    time="12:34",
    whole="44:10",
    bars=(90,) * BARS,
    start=0.3,
)
LONG = "I think that what people forget is that most of what we ever read, we read aloud, in a kitchen. "


def pixels(card: Card) -> np.ndarray:
    image = Image.open(io.BytesIO(draw(card)))
    assert image.size == SIZE
    return np.asarray(image.convert("RGB")).astype(int)


def inked(card: Card) -> np.ndarray:
    """Where something else than paper is, below the bar at the top."""
    return (np.abs(pixels(card) - (251, 250, 247)).sum(axis=2) > 24)[12:]


@pytest.mark.parametrize(
    "card",
    [
        CARD,
        replace(CARD, quotation=LONG * 40),
        replace(CARD, quotation="W" * 5000),
        replace(CARD, title=LONG * 2, channel=LONG * 3, speaker=LONG * 3),
        replace(CARD, title="W" * 300, quotation=""),
        replace(CARD, quotation="谁把门打开了？没有人，是风。" * 50),
        replace(CARD, quotation="من ترك البوابة مفتوحة؟ لا أحد، كانت الريح. " * 30),
        replace(CARD, quotation="\u0301\u200d\ufe0f\u202e" * 50),
        replace(CARD, start=0.0),
        replace(CARD, start=1.0, end=1.0, time="1:00:00 – 1:00:00"),
        Card(title=""),
    ],
    ids=lambda card: f"{card.title[:6]}-{card.quotation[:6]}-{card.start}",
)
def test_all_of_it_stays_between_the_margins(card: Card) -> None:
    ink = inked(card)

    assert ink.any()
    assert not ink[:, :64].any() and not ink[:, -64:].any() and not ink[-12:].any()


def test_nothing_is_drawn_over_the_waveform() -> None:
    ink = inked(replace(CARD, quotation=LONG * 40, speaker=LONG))

    assert not ink[436:450].any()


def test_the_quotation_is_in_the_picture() -> None:
    assert inked(CARD)[120:430].sum() > 2000
    assert draw(CARD) != draw(replace(CARD, quotation="Who left the gate open?"))


@pytest.mark.parametrize("unknown", ["\U00012000\U00012001\U00012002", "\ue000\ue001", "🎉🛶"])
def test_what_no_typeface_has_is_left_out(unknown: str) -> None:
    assert draw(replace(CARD, quotation=unknown, speaker="")) == draw(replace(CARD, quotation="", speaker=""))


def test_a_little_picture_is_left_out_of_a_quotation_that_can_be_drawn() -> None:
    assert drawable("Drink tea \U0001fad6.", "serif") == drawable("Drink tea.", "serif")


def test_letters_that_have_no_typeface_are_told_from_those_that_have() -> None:
    found = drawable("Łódź, ещё", "serif")

    assert found is not None
    boxes = font(found[1], 24, 400).getmask("\U0010ffff")
    assert all(bytes(font(found[1], 24, 400).getmask(letter)) != bytes(boxes) for letter in "Łódźещё")
    assert drawable("ok \U00012000", "sans") is None


def test_few_and_many_peaks_make_as_many_bars() -> None:
    assert bars([]) == ()
    assert bars([7]) == (7,) * BARS
    assert bars([0, 200] * 900) == (pytest.approx(100, abs=20),) * BARS
    assert len(bars(range(200))) == BARS

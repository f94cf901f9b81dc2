"""A process that does many recordings loads the recogniser once."""

from collections.abc import Iterator

import pytest

from alignment.engine import loading
from alignment.engine.anchors import Recognizer
from alignment.engine.loading import kept_recognizer, load_recognizer
from alignment.engine.models import Weights
from alignment.errors import ModelError


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    loading._kept.clear()
    yield
    loading._kept.clear()


def test_it_is_the_same_one_until_another_is_asked_for(weights: Weights) -> None:
    first = kept_recognizer("base")

    assert kept_recognizer("base") is first
    assert kept_recognizer(str(weights.folder)) is not first
    assert list(loading._kept) == [str(weights.folder)]


def test_one_that_cannot_be_had_is_kept_no_more_than_its_forerunner() -> None:
    with pytest.raises(ModelError):
        kept_recognizer("no such model")
    assert loading._kept == {}


def test_a_single_recording_leaves_nothing_behind() -> None:
    assert isinstance(load_recognizer("base"), Recognizer)
    assert loading._kept == {}

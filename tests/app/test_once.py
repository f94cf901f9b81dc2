"""Many who ask at the same time have a value made once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from alignment.app.once import made_once


def test_who_asks_while_it_is_made_waits_for_it():
    asked, go_on, made = threading.Barrier(9), threading.Event(), []

    @made_once(4)
    def length(text: str) -> int:
        made.append(text)
        assert go_on.wait(30)
        return len(text)

    def ask(_: int) -> int:
        asked.wait(30)
        return length("kettle")

    with ThreadPoolExecutor(8) as threads:
        answers = threads.map(ask, range(8))
        asked.wait(30)
        go_on.set()

        assert list(answers) == [6] * 8
    assert made == ["kettle"]


def test_another_value_does_not_wait():
    inside, go_on = threading.Event(), threading.Event()

    @made_once(4)
    def slow(text: str) -> str:
        if text == "slow":
            inside.set()
            assert go_on.wait(30)
        return text

    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(slow, "slow")
        assert inside.wait(30)
        assert slow("fast") == "fast"
        go_on.set()
        assert first.result(30) == "slow"


def test_a_failure_is_not_kept_and_the_oldest_goes():
    tries: list[str] = []

    @made_once(1)
    def fragile(text: str) -> str:
        tries.append(text)
        if len(tries) == 1:
            raise OSError("not yet")
        return text

    with pytest.raises(OSError, match="not yet"):
        fragile("a")
    assert [fragile("a"), fragile("a"), fragile("b"), fragile("a")] == ["a", "a", "b", "a"]
    assert tries == ["a", "a", "b", "a"]

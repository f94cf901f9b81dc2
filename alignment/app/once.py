"""Values that are costly to make and asked for by many at the same time: each made once, then kept."""

import threading
from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from typing import Generic, TypeVar

__all__ = ["made_once"]

T = TypeVar("T")


def made_once(maxsize: int) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """As `functools.lru_cache`; who asks while a value is being made waits for it and makes no second one.

    maxsize: values that are kept, those that were asked for last. A failure is not kept.
    """

    def decorated(make: Callable[..., T]) -> Callable[..., T]:
        looking = threading.Lock()

        @lru_cache(maxsize)
        def place(*given: Hashable) -> _Place[T]:
            return _Place()

        @wraps(make)
        def made(*given: Hashable) -> T:
            with looking:
                found = place(*given)
            return found.value(lambda: make(*given))

        return made

    return decorated


class _Place(Generic[T]):
    def __init__(self) -> None:
        self._making = threading.Lock()
        self._made: list[T] = []

    def value(self, make: Callable[[], T]) -> T:
        if not self._made:
            with self._making:
                if not self._made:
                    self._made.append(make())
        return self._made[0]

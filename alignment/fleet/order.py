"""In which order recordings are handed out: hosts in turn, so that few wait for the same one."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import chain, zip_longest
from typing import TypeVar

from alignment.fleet.courtesy import host_of

__all__ = ["hosts_in_turn"]

T = TypeVar("T")
_NONE = object()


def hosts_in_turn(items: Iterable[T], audio: Callable[[T], str]) -> list[T]:
    """One of each host after the other, those of a host in their order; files here are as one host.

    audio: the address or path of an item's audio. Where feeds are done one after another, 100 workers wait
    half of their time for 50 hosts; with these in turn hardly at all (docs/scale.md).
    """
    by_host: dict[str | None, list[T]] = defaultdict(list)
    for item in items:
        by_host[host_of(audio(item))].append(item)
    rounds = chain.from_iterable(zip_longest(*by_host.values(), fillvalue=_NONE))
    return [item for item in rounds if item is not _NONE]  # type: ignore[misc]

"""Addresses as lists: the recordings at one, and those of many podcasts."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from alignment.errors import AlignmentError, Cancelled
from alignment.fleet.item import BatchItem
from alignment.fleet.listing.gathering import Listing, gathered, named
from alignment.fleet.listing.opml import FeedNamed
from alignment.progress import Progress, ProgressCallback, ignore_progress

if TYPE_CHECKING:
    from alignment.sources.access import Access
    from alignment.sources.playlist import Recording
    from alignment.sources.rules import FetchRules

__all__ = ["Turn", "Web", "at_once"]


class Turn(Protocol):
    """`Courtesy.turn`, or what stands in for it."""

    def __call__(
        self, address: str, progress: ProgressCallback = ignore_progress
    ) -> AbstractContextManager[None]:
        """Wait until the host of an address may be asked."""
        ...


def at_once(address: str, progress: ProgressCallback = ignore_progress) -> AbstractContextManager[None]:
    """The turn of those who need not wait for anybody."""
    return nullcontext()


@dataclass(frozen=True, slots=True)
class Web:
    """How addresses are listed.

    recognise: write down what is said where a recording does not say that it brings its text. language: ISO
    639-1 of what is spoken. access, rules, progress: as for `fetch`. turn: whose turn it is to ask a host.
    """

    recognise: bool = False
    language: str | None = None
    access: "Access | None" = None
    rules: "FetchRules | None" = None
    turn: Turn = at_once
    progress: ProgressCallback = ignore_progress

    def list_address(self, address: str) -> Listing:
        """The recordings at an http(s) address: of a feed, a playlist or channel, or the one that is there.

        Raises FetchError.
        """
        from alignment.sources.access import Access  # with it comes all that fetches, which takes a second
        from alignment.sources.playlist import find_recordings
        from alignment.sources.rules import PERSONAL

        with self.turn(address, self.progress):
            recordings = find_recordings(
                address,
                access=self.access or Access(),
                rules=self.rules or PERSONAL,
                progress=self.progress,
            )
        silent = [found for found in recordings.found if found.has_text is False and not self.recognise]
        remarks = [*recordings.left_out]
        if silent:
            remarks.append(
                f"{named([found.title for found in silent], 'recording')}, without a text at {address}."
            )
        return gathered(self._items(recordings.found), remarks)

    def list_feeds(self, feeds: Sequence[FeedNamed]) -> Listing:
        """The episodes of many podcasts, one after the other. One that cannot be had is a remark."""
        return Listing.joined(self._each(feeds))

    def _each(self, feeds: Sequence[FeedNamed]) -> Iterator[Listing]:
        from alignment.sources.url import as_address

        for place, feed in enumerate(feeds):
            called = feed.title or feed.address
            self.progress(Progress("Listing", place / len(feeds), detail=called))
            try:
                if (address := as_address(feed.address)) is None:
                    raise AlignmentError(f"{feed.address} is no address.")
                yield self.list_address(address)
            except Cancelled:
                raise
            except AlignmentError as error:
                yield Listing((), (f"{called}: {error}",))

    def _items(self, recordings: "Sequence[Recording]") -> Iterator[BatchItem]:
        for found in recordings:
            recognise = self.recognise and not found.has_text
            if found.has_text is False and not recognise:
                continue
            yield BatchItem(
                title=found.title,
                audio=found.address,
                language=self.language,
                length=found.length,
                recognise=recognise,
            )

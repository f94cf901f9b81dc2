"""What happens to a batch, as values that go up to whoever shows them."""

from collections.abc import Callable
from dataclasses import dataclass

from alignment.fleet.item import BatchItem
from alignment.fleet.ledger import Entry

__all__ = ["Begun", "Ended", "Event", "GivenBack", "OnEvent", "Planned", "PutOff", "Trouble"]


@dataclass(frozen=True, slots=True)
class Planned:
    """It is known what there is to do. there: what is done already. failed: earlier, and not tried again."""

    total: int
    there: int
    failed: int

    @property
    def to_do(self) -> int:
        """How many are left."""
        return self.total - self.there - self.failed


@dataclass(frozen=True, slots=True)
class Begun:
    """An item was handed to those who work."""

    key: str
    item: BatchItem


@dataclass(frozen=True, slots=True)
class Ended:
    """An item came out, well or not. there: no work was needed. s. `Entry`."""

    entry: Entry
    there: bool


@dataclass(frozen=True, slots=True)
class PutOff:
    """An item waits for another try, so many seconds."""

    key: str
    item: BatchItem
    message: str
    pause_s: float


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Who worked on an item is gone; it is in line again."""

    key: str
    item: BatchItem
    message: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Nobody works at present, and why."""

    message: str


Event = Planned | Begun | Ended | PutOff | GivenBack | Trouble
OnEvent = Callable[[Event], None]

"""What of a list of recordings is shown, what of it can be chosen, and what was; values alone."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from alignment.library import Episode, Job, JobStatus
from alignment.library.jobs import TextSource
from alignment.wording import in_words, length

if TYPE_CHECKING:
    from alignment.sources.playlist import Recording

__all__ = [
    "Choice",
    "Row",
    "Standing",
    "chosen_from",
    "described",
    "rows_of",
    "what_fits",
    "why_none",
]

_SCHEME = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)


class Standing(StrEnum):
    """Where a recording is already."""

    NEW = ""
    HERE = "in the library"
    COMING = "being added"


@dataclass(frozen=True, slots=True)
class Row:
    """A recording of the list."""

    recording: "Recording"
    standing: Standing = Standing.NEW

    def can_be_chosen(self, text: TextSource) -> bool:
        """Whether an episode could come of it that is not here yet, with its text from there.

        Another transcript makes another episode, so with one that is given all can be chosen.
        """
        if text == "given":
            return True
        brings_none = text == "captions" and self.recording.has_text is False
        return self.standing is Standing.NEW and not brings_none


@dataclass(frozen=True, slots=True)
class Choice:
    """What an address comes to so far.

    is_open: it is still being found out. is_unknown: nothing could be found out.
    recordings: those that were chosen from its list; None where the address stands for itself.
    places: how many recordings can be asked for now. missing: what is still needed, as `a choice of
    recordings`; "" for nothing. is_barred: something else, which is said there, has to change first.
    """

    is_open: bool = False
    is_unknown: bool = False
    recordings: "tuple[Recording, ...] | None" = None
    places: int = 1
    missing: str = ""
    is_barred: bool = False

    @property
    def is_one(self) -> bool:
        """Whether the address is known to stand for itself."""
        return self.recordings is None and not (self.is_open or self.is_unknown)

    @property
    def is_several(self) -> bool:
        """Whether more than one recording is meant."""
        return self.recordings is not None and len(self.recordings) > 1

    @property
    def fitting(self) -> "tuple[Recording, ...]":
        """Those of the chosen that can be asked for now."""
        return (self.recordings or ())[: self.places]


def rows_of(
    recordings: "Sequence[Recording]", episodes: Iterable[Episode], jobs: Iterable[Job]
) -> tuple[Row, ...]:
    """The rows of a list, in its order. episodes: of the library. jobs: that whoever looks may see."""
    known = _standings(episodes, jobs)
    return tuple(Row(found, known.get(_place(found.address), Standing.NEW)) for found in recordings)


def _standings(episodes: Iterable[Episode], jobs: Iterable[Job]) -> Mapping[str, Standing]:
    """By what an address is compared by. A job that is done tells of what was made from its very address."""
    known: dict[str, Standing] = {}
    ids = set()
    for episode in episodes:
        ids.add(episode.id)
        if episode.source.url:
            known[_place(episode.source.url)] = Standing.HERE
    for job in jobs:
        if not job.request.source:
            continue
        if not job.status.ended:
            known[_place(job.request.source)] = Standing.COMING
        elif job.status is JobStatus.DONE and job.episode in ids:
            known.setdefault(_place(job.request.source), Standing.HERE)
    return known


def _place(address: str) -> str:
    """An address as it is compared: sites answer with and without `s` and `www.`."""
    return _SCHEME.sub("", address).rstrip("/")


def described(rows: Sequence[Row], text: TextSource, day: Callable[[str], str]) -> list[dict[str, Any]]:
    """The rows for the page's script: title, facts, mark, and whether they can be chosen.

    day: an ISO date in words.
    """
    return [
        {
            "title": row.recording.title,
            "facts": _facts(row.recording, day),
            "mark": str(row.standing),
            "open": row.can_be_chosen(text),
        }
        for row in rows
    ]


def _facts(recording: "Recording", day: Callable[[str], str]) -> str:
    facts = [
        day(recording.published) if recording.published else "",
        length(recording.length) if recording.length else "",
        {True: "brings its text", False: "no text of its own", None: ""}[recording.has_text],
    ]
    return " · ".join(fact for fact in facts if fact)


def chosen_from(rows: Sequence[Row], text: TextSource, numbers: object) -> "tuple[Recording, ...]":
    """What a page's script says was chosen, in the order of the list; only what can be.

    numbers: of rows, from 0; anything else is passed by.
    """
    wanted = {number for number in numbers if type(number) is int} if isinstance(numbers, list) else set()
    return tuple(
        row.recording for number, row in enumerate(rows) if number in wanted and row.can_be_chosen(text)
    )


def why_none(rows: Sequence[Row], text: TextSource) -> str:
    """Why nothing of the list can be chosen, and what to do; "" where something can."""
    if any(row.can_be_chosen(text) for row in rows):
        return ""
    left = [row for row in rows if row.standing is Standing.NEW]
    if not left:
        return f"All {in_words(len(rows), 'recording')} of this list are in the library, or being added."
    those = "recordings that are not here yet" if len(left) < len(rows) else in_words(len(left), "recording")
    return (
        f"None of the {those} brings its text. To have what is said written down, choose "
        "\u201cNone: recognise what is said\u201d above."
    )


def what_fits(chosen: int, places: int, why: str) -> str:
    """How many of those chosen can be asked for now, where not all can. why: what allows no more."""
    if chosen <= places:
        return ""
    if not places:
        return f"None can be added now: {why}."
    return f"Only the first {places:,} of the {chosen:,} can be added now: {why}."

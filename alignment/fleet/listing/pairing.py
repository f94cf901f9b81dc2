"""Which transcript belongs to which recording, by their names and places."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from alignment.fleet.listing.names import (
    MEDIA_SUFFIXES,
    TRANSCRIPT_SUFFIXES,
    Reading,
    folded,
    in_natural_order,
    is_media,
    is_transcript,
    readings,
)

__all__ = ["Match", "Pair", "Pairing", "pair_up"]

_TEXT_FOLDERS = frozenset(
    "transcript transcripts text texts txt caption captions subtitle subtitles subs srt vtt json".split()
)
"""Folders that hold the transcripts of recordings beside or above them."""


@dataclass(frozen=True, slots=True)
class Match:
    """A transcript that fits a recording, and the reading of its name by which it does."""

    path: Path
    reading: Reading


@dataclass(frozen=True, slots=True)
class Pair:
    """A recording with the transcripts that fit it, the best one first; with none where none does."""

    media: Path
    matches: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class Pairing:
    """pairs: every recording, in natural order. lone: transcripts of no recording. doubles: recordings that
    are there in another form as well, which is taken."""

    pairs: tuple[Pair, ...]
    lone: tuple[Path, ...]
    doubles: tuple[Path, ...]


def pair_up(files: Iterable[Path], language: str | None = None) -> Pairing:
    """Find the recordings among the files, and the transcripts of each.

    A transcript fits the recording of the same name, whatever the case, in its own folder, with a language
    or a word such as "transcript" behind it (`talk.en.vtt`, `Talk (transcript).txt`), or with the recording's
    suffix (`talk.mp3.srt`). It also fits one in the folder above, or in another folder there, from a
    folder that is called `transcripts`, `subtitles` or so, if that is the only one of that name.
    Of several that fit, the best is in no language or in the one that is spoken, then by kind as in
    TRANSCRIPT_SUFFIXES, then the one with the shortest name.
    language: ISO 639-1 of what is spoken, None where nobody says.
    """
    ordered = sorted(files, key=in_natural_order)
    shelf = _Shelf(path for path in ordered if is_media(path.name))
    found: dict[Path, list[Match]] = defaultdict(list)
    lone: list[Path] = []
    for path in ordered:
        if is_media(path.name) or not is_transcript(path.name):
            continue
        if (match := _match(path, shelf)) is None:
            lone.append(path)
        else:
            media, reading = match
            found[media].append(Match(path, reading))
    pairs = (Pair(media, _best_first(found[media], language)) for media in shelf.chosen)
    return Pairing(tuple(pairs), tuple(lone), tuple(shelf.doubles))


class _Shelf:
    """The recordings by folder and name, one for each spelling of a name."""

    def __init__(self, media: Iterable[Path]) -> None:
        self.chosen: list[Path] = []
        self.doubles: list[Path] = []
        self._named: dict[tuple[Path, str], list[Path]] = defaultdict(list)
        self._folders: dict[tuple[Path, str], list[Path]] = defaultdict(list)
        forms: dict[tuple[Path, str], list[Path]] = defaultdict(list)
        for path in media:
            forms[path.parent, path.stem].append(path)
        for same in forms.values():
            best, *others = sorted(same, key=lambda path: MEDIA_SUFFIXES.index(path.suffix.lower()))
            self.chosen.append(best)
            self.doubles += others
            self._named[best.parent, folded(best.stem)].append(best)
            self._folders[best.parent.parent, folded(best.stem)].append(best)

    def beside(self, folder: Path, stem: str) -> Path | None:
        """The recording of that name in a folder: the one spelled so, else the first."""
        named = self._named.get((folder, folded(stem)), ())
        return next((path for path in named if path.stem == stem), named[0] if named else None)

    def around(self, folder: Path, stem: str) -> Path | None:
        """The only recording of that name in a folder or in those directly in it."""
        key = (folder, folded(stem))
        named = [*self._named.get(key, ()), *self._folders.get(key, ())]
        return named[0] if len(named) == 1 else None


def _match(path: Path, shelf: _Shelf) -> tuple[Path, Reading] | None:
    ways = tuple(readings(path.name))
    for reading in ways:
        if media := shelf.beside(path.parent, reading.stem):
            return media, reading
    if folded(path.parent.name) in _TEXT_FOLDERS:
        for reading in ways:
            if media := shelf.around(path.parent.parent, reading.stem):
                return media, reading
    return None


def _best_first(matches: Sequence[Match], language: str | None) -> tuple[Match, ...]:
    return tuple(sorted(matches, key=lambda match: _order(match, language)))


def _order(match: Match, language: str | None) -> tuple[object, ...]:
    reading, path = match.reading, match.path
    if reading.language is None or reading.language == language:
        foreign = 0
    else:
        foreign = 1 if reading.original and language is None else 2
    kind = TRANSCRIPT_SUFFIXES.index(PurePath(path.name).suffix.lower())
    return foreign, kind, len(path.name), in_natural_order(path)

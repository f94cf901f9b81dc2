"""A folder as a list: its recordings, each with the transcript that has its name."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from alignment.errors import ListingError
from alignment.fleet.item import BatchItem
from alignment.fleet.listing.gathering import Listing, gathered, named
from alignment.fleet.listing.pairing import Pair, Pairing, pair_up
from alignment.formats import native
from alignment.formats.decoding import mend_surrogates
from alignment.progress import Progress, ProgressCallback, ignore_progress
from alignment.wording import in_words

__all__ = ["list_file", "list_folder"]

_LIBRARY = "library.json"
_EPISODE = ("episode.json", "aligned.json")
_HEAD = 64 << 10


def list_folder(
    folder: Path,
    *,
    recognise: bool = False,
    language: str | None = None,
    progress: ProgressCallback = ignore_progress,
) -> Listing:
    """The recordings in a folder and in those in it, in natural order; see `pair_up` for their transcripts.

    Hidden files, libraries of this program and what it wrote are passed by.
    recognise: take those without a transcript, too. language: what is spoken, where no name tells.
    Raises ListingError where there is no recording at all.
    """
    seen = _look_through(folder.resolve(), progress)
    pairing = pair_up(seen.files, language)
    if not pairing.pairs:
        raise ListingError(
            f"{folder} holds no recording. Give a folder with audio or video files, and their transcripts "
            "beside them under the same names."
        )
    return _listing(folder.resolve(), pairing, seen.remarks(folder.resolve()), recognise, language)


def list_file(path: Path, *, recognise: bool = False, language: str | None = None) -> Listing:
    """One recording, with the transcript beside it that has its name."""
    path = path.absolute()
    seen = _Seen()
    with os.scandir(path.parent) as entries:
        _take_files(path.parent, [entry.name for entry in entries if entry.is_file()], seen)
    pairing = pair_up(seen.files, language)
    # This form of the recording is meant, whichever `pair_up` takes.
    fitting = (pair.matches for pair in pairing.pairs if pair.media.stem == path.stem)
    pair = Pair(path, next(fitting, ()))
    return _listing(path.parent, Pairing((pair,), (), ()), (), recognise, language)


@dataclass(slots=True)
class _Seen:
    """What was met on the way through a folder."""

    files: list[Path] = field(default_factory=list)
    own: list[Path] = field(default_factory=list)
    libraries: list[Path] = field(default_factory=list)
    closed: list[Path] = field(default_factory=list)

    def remarks(self, root: Path) -> tuple[str, ...]:
        """On what is passed by."""
        kinds = (
            (self.closed, "folder that cannot be read", "folders that cannot be read"),
            (self.libraries, "library passed by", "libraries passed by"),
            (self.own, "file that this program wrote, passed by", "files that this program wrote, passed by"),
        )
        return tuple(
            f"{named([_shown(path, root) for path in paths], one, many)}."
            for paths, one, many in kinds
            if paths
        )


def _look_through(root: Path, progress: ProgressCallback) -> _Seen:
    seen = _Seen()

    def note_closed(error: OSError) -> None:
        if Path(error.filename) == root:
            raise ListingError(
                f"The folder {root} cannot be read: {error.strerror}. Allow reading it."
            ) from error
        seen.closed.append(Path(error.filename))

    for place, folders, files in os.walk(root, onerror=note_closed):
        folder = Path(place)
        if _is_library(files):
            seen.libraries.append(folder)
            folders.clear()
            continue
        folders[:] = [name for name in folders if not _is_hidden(name)]
        _take_files(folder, files, seen)
        progress(
            Progress("Listing", detail=f"{in_words(len(seen.files), 'file')}, now in {_shown(folder, root)}")
        )
    return seen


def _take_files(folder: Path, names: Sequence[str], seen: _Seen) -> None:
    for name in names:
        path = folder / name
        if _is_hidden(name):
            continue
        if path.suffix.lower() == ".json" and _is_own(path):
            seen.own.append(path)
        else:
            seen.files.append(path)


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name == "__MACOSX"


def _is_library(names: Sequence[str]) -> bool:
    return _LIBRARY in names or all(name in names for name in _EPISODE)


def _is_own(path: Path) -> bool:
    """Whether it is an aligned transcript as this program writes it: an outcome, nothing to align."""
    try:
        with path.open("rb") as file:
            return native.recognises(file.read(_HEAD).decode("utf-8", "replace"))
    except OSError:
        return False


def _listing(
    root: Path, pairing: Pairing, remarks: Sequence[str], recognise: bool, language: str | None
) -> Listing:
    without = [pair.media for pair in pairing.pairs if not pair.matches]
    items = (_item(pair, recognise, language) for pair in pairing.pairs if pair.matches or recognise)
    return gathered(items, (*remarks, *_on_pairs(root, pairing, without if not recognise else (), language)))


def _item(pair: Pair, recognise: bool, language: str | None) -> BatchItem:
    best = pair.matches[0] if pair.matches else None
    return BatchItem(
        title=mend_surrogates(pair.media.stem),
        audio=str(pair.media),
        transcript=best.path if best else None,
        language=(best.reading.language if best else None) or language,
        recognise=recognise and best is None,
    )


def _on_pairs(root: Path, pairing: Pairing, without: Sequence[Path], language: str | None) -> Iterator[str]:
    def names(paths: Sequence[Path]) -> list[str]:
        return [_shown(path, root) for path in paths]

    if without:
        yield f"{named(names(without), 'recording')}, without a transcript of that name."
    if pairing.lone:
        yield f"{named(names(pairing.lone), 'text')}, without a recording of that name."
    if pairing.doubles:
        yield (
            f"{named(names(pairing.doubles), 'recording')}, there in another form under the same name, "
            "which is taken."
        )
    unsure = [pair for pair in pairing.pairs if _is_unsure(pair, language)]
    if unsure:
        chosen = [f"{_shown(pair.media, root)} ({pair.matches[0].path.name})" for pair in unsure]
        yield (
            f"{named(chosen, 'recording')}, with transcripts in several languages, of which the one in "
            "brackets is taken. Say which language is spoken to have that one."
        )


def _is_unsure(pair: Pair, language: str | None) -> bool:
    """Whether only the order of the names decides in which language its transcript is."""
    if not pair.matches or language is not None:
        return False
    best = pair.matches[0].reading
    others = {match.reading.language for match in pair.matches} - {None, best.language}
    return best.language is not None and not best.original and bool(others)


def _shown(path: Path, root: Path) -> str:
    """A path as a person who knows the folder would call it."""
    return str(path.relative_to(root)) if path.is_relative_to(root) and path != root else str(path)

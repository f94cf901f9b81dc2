"""What people name to have many recordings aligned: a folder, a list, an address."""

from pathlib import Path
from typing import TYPE_CHECKING

from alignment.errors import ListingError
from alignment.fleet.listing.folder import list_file, list_folder
from alignment.fleet.listing.gathering import Listing
from alignment.fleet.listing.names import is_media
from alignment.fleet.listing.opml import feeds_named, is_opml
from alignment.fleet.listing.table import is_csv, list_csv, list_json_lines, text_of
from alignment.fleet.listing.web import Turn, Web, at_once
from alignment.progress import Progress, ProgressCallback, ignore_progress

if TYPE_CHECKING:
    from alignment.sources import Access
    from alignment.sources.rules import FetchRules

__all__ = ["Listing", "list_items"]

_TABLES = (".csv", ".tsv")
_JSON_LINES = (".jsonl", ".ndjson")


def list_items(
    source: str,
    *,
    recognise: bool = False,
    language: str | None = None,
    access: "Access | None" = None,
    rules: "FetchRules | None" = None,
    turn: Turn = at_once,
    progress: ProgressCallback = ignore_progress,
) -> Listing:
    """The recordings that `source` stands for, in its order, each with where its text comes from.

    source: a folder; an audio or video file; a list of recordings (CSV, JSON-lines) or of podcasts (OPML);
    the address of a feed, a playlist, a channel or a recording. What is here comes before an address.
    recognise: take what has no text of its own, too, its text being what is heard.
    language: ISO 639-1 of what is spoken, where the list does not tell. access, rules: as for `fetch`.
    turn: `Courtesy.turn`, to be polite to those who are asked.
    progress: called in this thread; what it raises, as Cancelled, leaves this call at once.

    Raises ListingError for what is none of these or damaged, and FetchError where an address leads to
    nothing; what is passed by on the way is a remark.
    """
    web = Web(recognise, language, access, rules, turn, progress)
    place = _here(source)
    if place is None:
        return web.list_address(_address(source))
    if place.is_dir():
        return list_folder(place, recognise=recognise, language=language, progress=progress)
    if is_media(place.name):
        return list_file(place, recognise=recognise, language=language)
    progress(Progress("Listing", detail=place.name))
    return _of_list(place, web)


def _of_list(path: Path, web: Web) -> Listing:
    suffix, text = path.suffix.lower(), text_of(path)
    if is_opml(text):
        return web.list_feeds(feeds_named(text, path))
    if suffix in _TABLES or is_csv(text):
        return list_csv(path, recognise=web.recognise, language=web.language)
    if suffix in _JSON_LINES or text.lstrip().startswith('{"'):
        return list_json_lines(path, recognise=web.recognise, language=web.language)
    raise ListingError(
        f"{path} is no list of recordings. Expected a table (CSV) with the header audio,transcript, an "
        'object such as {"audio": "talk.mp3", "transcript": "talk.txt"} on each line, or a list of podcasts '
        "(OPML). Or give the folder that it is in."
    )


def _here(source: str) -> Path | None:
    """The file or folder of that name, None where there is none."""
    try:
        path = Path(source).expanduser()
        return path if source.strip() and path.exists() else None
    except (OSError, ValueError, RuntimeError):  # too long for a name, a NUL in it, the home of nobody
        return None


def _address(source: str) -> str:
    from alignment.sources import as_address  # with it comes all that fetches, which takes a second

    if not source.strip():
        raise ListingError("Nothing was given to align. Give a folder, a list of recordings or an address.")
    if (address := as_address(source)) is None:
        raise ListingError(
            f"There is no folder or file {source!r}, and it is no address. Give a folder with recordings, a "
            "list of them (CSV, JSON-lines, OPML), or an address that begins with https://."
        )
    return address

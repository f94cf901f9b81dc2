"""`alignment search` and `alignment reindex`: words in all episodes, and the index that finds them."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alignment.commands.opening import begun_library
from alignment.commands.options import LibraryAddress
from alignment.output import deliver
from alignment.terminal import shown_progress, tell
from alignment.wording import in_words

if TYPE_CHECKING:
    from alignment.library.index import EpisodeHit, Found

__all__ = ["commands"]

commands = typer.Typer()

_LINES = 5


@commands.command(epilog="""Example: alignment search '"the gate" wind speaker:ann after:2023'""")
def search(
    words: Annotated[
        list[str],
        typer.Argument(
            help='Words, "phrases", beginnings (gat*), channel:, speaker:, before:, after:.', metavar="WORDS"
        ),
    ],
    limit: Annotated[int, typer.Option(help="Episodes to list at most.", min=1, max=1000, metavar="N")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    library: LibraryAddress = "cache",
) -> None:
    """Find words in all episodes of the library; print where each is said, with its address."""
    from alignment.library.index import Index
    from alignment.library.query import parse_query

    index = Index(begun_library(library))
    with shown_progress() as progress:
        index.update(progress=progress)
    asked = " ".join(words) + " "
    found = index.search(asked, limit=limit, lines=_LINES)
    deliver(_as_json(found) if as_json else "\n".join(map(_listed, found.hits)), None)
    for field in parse_query(asked).dateless:
        tell(f"{field} is left out, as it names no day: give 2023, 2023-05 or 2023-05-17.")
    if not found.hits:
        tell("Nothing was found.")
    elif found.next is not None:
        tell("There are more episodes; --limit shows them.")


@commands.command(epilog="Example: alignment reindex --library talks")
def reindex(library: LibraryAddress = "cache") -> None:
    """Make the index of the library anew, from the folders of its episodes."""
    from alignment.library.index import Index

    home = begun_library(library)
    with shown_progress() as progress:
        count = Index(home).rebuild(progress=progress)
    tell(f"{in_words(count, 'episode')} indexed.")


def _listed(hit: "EpisodeHit") -> str:
    from alignment.app.search_routes import address_of
    from alignment.wording import clock

    episode = hit.episode
    channel = f" ({episode.source.channel})" if episode.source.channel else ""
    lines = [f"{episode.title}{channel}"]
    if not hit.lines:
        lines.append(f"  /{address_of(episode.id, None)}")
    for line in hit.lines:
        when = "--:--" if line.start is None else clock(line.start)
        who = f"{line.speaker}: " if line.speaker else ""
        lines.append(f"  {when:>8}  {who}{line.text}")
        lines.append(f"            /{address_of(episode.id, line.start)}")
    if hit.count > len(hit.lines):
        lines.append(f"  and {in_words(hit.count - len(hit.lines), 'more line')}")
    return "\n".join(lines) + "\n"


def _as_json(found: "Found") -> str:
    from alignment.app.search_routes import described

    value: dict[str, Any] = described(found)
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"

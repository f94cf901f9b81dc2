"""`alignment doctor`: is all well with this machine and the library?"""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from alignment.commands.opening import no_library
from alignment.commands.options import LibraryAddress
from alignment.output import deliver
from alignment.terminal import tell
from alignment.wording import in_words

if TYPE_CHECKING:
    from alignment.library.doctor import Finding

__all__ = ["commands"]

commands = typer.Typer()


@commands.command(epilog="Example: alignment doctor --deep")
def doctor(
    repair: Annotated[
        bool, typer.Option("--repair", help="Mend what can be mended without losing anything.")
    ] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="Read all recordings and compare them with their SHA-256.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    library: LibraryAddress = "cache",
) -> None:
    """Look over this machine and the library: a line for each thing that is wrong, and what to do.

    Exit status 0: all is well, or was mended; 1: something is left to do.
    """
    from alignment.environment import troubles
    from alignment.library import open_library
    from alignment.library.doctor import Finding, examine
    from alignment.library.doctor import repair as mend

    environment = [Finding(what, where, advice) for where, what, advice in troubles()]
    home = open_library(library)
    findings = list(examine(home, deep=deep))
    mended = mend(findings) if repair else []
    left = [*environment, *(list(examine(home, deep=deep)) if mended else findings)]
    if as_json:
        told = {"found": [finding.describe() for finding in left], "mended": [f.describe() for f in mended]}
        deliver(json.dumps(told, ensure_ascii=False, indent=1) + "\n", None)
    else:
        deliver("".join(f"{finding}\n" for finding in left), None)
        for finding in mended:
            tell(f"Mended: {finding.where}: {finding.what}")
        if not home.is_begun:
            tell(no_library(home))
        _summarise(left)
    if left:
        raise typer.Exit(1)


def _summarise(left: list["Finding"]) -> None:
    if not left:
        tell("All is well.")
        return
    advice = " `alignment doctor --repair` mends some of it." if any(finding.mend for finding in left) else ""
    tell(f"{in_words(len(left), 'thing')} to look at.{advice}")

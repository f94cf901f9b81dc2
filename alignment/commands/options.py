"""Options that several commands take."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["LibraryFolder"]

LibraryFolder = Annotated[
    Path, typer.Option("--library", help="Folder of the library.", envvar="ALIGNMENT_LIBRARY", metavar="DIR")
]

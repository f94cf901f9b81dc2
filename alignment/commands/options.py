"""Options that several commands take."""

from typing import Annotated

import typer

__all__ = ["LibraryAddress"]

LibraryAddress = Annotated[
    str,
    typer.Option(
        "--library",
        help="Folder of the library, or its address in a store, as s3://BUCKET/NAME.",
        envvar="ALIGNMENT_LIBRARY",
        metavar="DIR|ADDRESS",
    ),
]

"""Options that several commands take."""

from typing import Annotated

import typer

__all__ = ["LibraryAddress", "Model", "language_code"]

LibraryAddress = Annotated[
    str,
    typer.Option(
        "--library",
        help="Folder of the library, or its address in a store, as s3://BUCKET/NAME.",
        envvar="ALIGNMENT_LIBRARY",
        metavar="DIR|ADDRESS",
    ),
]

Model = Annotated[
    str, typer.Option(help="Whisper size, a model hub's OWNER/NAME, or a folder of weights.", metavar="NAME")
]


def language_code(language: str) -> str | None:
    """What `--language` says, None for auto."""
    return None if language == "auto" else language

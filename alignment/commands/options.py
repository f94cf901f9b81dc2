"""Options that several commands take."""

from contextlib import suppress
from typing import Annotated
from urllib.parse import urlsplit

import typer

from alignment.errors import AlignmentError

__all__ = ["LibraryAddress", "Model", "language_code", "scheduler_address"]

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


def scheduler_address(text: str) -> str:
    """The text, which is the address of a Dask scheduler; raises AlignmentError where it can be none."""
    with suppress(ValueError):  # a port that is no number, or too large
        parts = urlsplit(text)
        if parts.scheme in {"tcp", "tls"} and parts.hostname and parts.port:
            return text
    raise AlignmentError(f"{text!r} is no scheduler's address. Give it as tcp://HOST:8786.")

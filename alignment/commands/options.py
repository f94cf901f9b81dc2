"""Options that several commands take."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from alignment.errors import AlignmentError

__all__ = ["LibraryAddress", "Model", "language_given", "output_file", "scheduler_address"]

_LONGEST_CODE = 3

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


def language_given(text: str) -> str | None:
    """The code of the language that `--language` names, by code, tag or English name; None for auto.

    What is none of these stays as it is: the model knows codes of its own, and refuses what it does not know.
    """
    from alignment.formats.language_codes import language_code

    given = text.strip().lower()
    if given == "auto":
        return None
    return given if len(given) <= _LONGEST_CODE else language_code(given) or given


def output_file(text: str) -> Path:
    """The file to write that an option names; raises AlignmentError where it names a folder."""
    if text.endswith(("/", os.sep)):
        raise AlignmentError(f"{text} is a folder. Name a file in it.")
    return Path(text)


def scheduler_address(text: str) -> str:
    """The text, which is the address of a Dask scheduler; raises AlignmentError where it can be none."""
    with suppress(ValueError):  # a port that is no number, or too large
        parts = urlsplit(text)
        if parts.scheme in {"tcp", "tls"} and parts.hostname and parts.port:
            return text
    raise AlignmentError(f"{text!r} is no scheduler's address. Give it as tcp://HOST:8786.")

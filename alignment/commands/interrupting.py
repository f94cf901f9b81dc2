"""Ctrl-C in the middle of work that is kept."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from alignment.terminal import complain

__all__ = ["resumable"]


@contextmanager
def resumable() -> Iterator[None]:
    """Say on Ctrl-C that what is done is kept."""
    try:
        yield
    except KeyboardInterrupt:
        complain("Interrupted. The same command goes on from here.")
        raise typer.Exit(130) from None

"""What the whole server shares: one library and one runner of its jobs."""

import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import streamlit as st

from alignment.app.indexing import indexing
from alignment.errors import AlignmentError
from alignment.library import Jobs, Library, Runner, add_demo_once
from alignment.library.capacity import jobs_at_a_time

__all__ = ["SCRIPT", "jobs", "library", "library_root", "lifespan", "runner"]

SCRIPT = Path(__file__).with_name("main.py")
"""The script that Streamlit runs for every visitor."""

_log = logging.getLogger(__name__)


def library_root() -> Path:
    """The folder of the library: ALIGNMENT_LIBRARY, or `cache` where the server was started."""
    return Path(os.environ.get("ALIGNMENT_LIBRARY") or "cache")


@cache
def library() -> Library:
    """The library that this server serves."""
    return Library(library_root())


@cache
def runner() -> Runner:
    """What does the library's jobs; started with the server."""
    return Runner(library(), at_a_time=jobs_at_a_time())


def jobs() -> Jobs:
    """The jobs of the library."""
    return runner().jobs


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """Run the jobs for as long as the server is up, and put the demo into a library that never had it."""
    runner().start()
    try:
        add_demo_once(library())
    except AlignmentError as error:
        _log.warning("The demo could not be added. %s", error)
    indexing(library()).begin()
    try:
        yield
    finally:
        indexing(library()).stop()
        runner().stop()

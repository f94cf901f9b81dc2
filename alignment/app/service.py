"""What the whole server shares: one library and one runner of its jobs."""

import logging
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import BinaryIO

import streamlit as st

from alignment.app import rights
from alignment.app.choices import LANGUAGES, MODELS
from alignment.app.discretion import keep_secrets_out_of_logs
from alignment.app.indexing import indexing
from alignment.app.limits import Room, check_limits, room_for_more
from alignment.app.readable import ReadableLibrary
from alignment.app.settings import Settings, SettingsError
from alignment.app.tools import tools
from alignment.app.visitors import current_visitor
from alignment.errors import AlignmentError, LibraryError
from alignment.library import Episode, Job, JobRequest, Jobs, Library, Runner, add_demo_once, open_library
from alignment.library.capacity import jobs_at_a_time
from alignment.library.quota import note_use, uses_within_a_day
from alignment.terminal import complain

__all__ = [
    "SCRIPT",
    "jobs",
    "library",
    "lifespan",
    "may_add",
    "may_change",
    "room",
    "runner",
    "settings",
    "submit",
    "visible_jobs",
    "whole_library",
]

SCRIPT = Path(__file__).with_name("main.py")
"""The script that Streamlit runs for every visitor."""

_log = logging.getLogger(__name__)


@cache
def settings() -> Settings:
    """How this server is served. Where a setting cannot be used, the process says so and ends with 2."""
    try:
        return Settings.from_environment()
    except SettingsError as error:
        complain(str(error))
        sys.exit(2)


@cache
def whole_library() -> Library:
    """The library that this server serves, with all that is private: for what no visitor asks for.

    It is the one of ALIGNMENT_LIBRARY, or in the folder `cache` where the server was started.
    """
    return open_library(os.environ.get("ALIGNMENT_LIBRARY") or "cache")


def library() -> Library:
    """The library as whoever asks may see it: a request, or a page; a hosted one shows nobody else's."""
    if not settings().hosted:
        return whole_library()
    return ReadableLibrary(whole_library(), settings(), current_visitor(settings()))


@cache
def runner() -> Runner:
    """What does the library's jobs; started with the server."""
    return Runner(whole_library(), tools, at_a_time=jobs_at_a_time())


def jobs() -> Jobs:
    """The jobs of the library."""
    return runner().jobs


def visible_jobs() -> list[Job]:
    """The jobs that whoever asks may watch and stop, the oldest first."""
    who = current_visitor(settings())
    return [job for job in jobs().all() if rights.may_see_job(settings(), who, job)]


def may_add() -> bool:
    """Whether whoever asks may add episodes."""
    return rights.may_add(settings(), current_visitor(settings()))


def may_change(episode: Episode) -> bool:
    """Whether whoever asks may change this episode."""
    return rights.may_change(settings(), current_visitor(settings()), episode)


def room() -> Room:
    """How many more recordings whoever asks may have made now."""
    if not settings().hosted:
        return room_for_more(None, jobs().all(), 0)
    return room_for_more(settings().limits, *_had_by(current_visitor(settings()).email or ""))


def submit(
    request: JobRequest,
    transcript: bytes = b"",
    upload: BinaryIO | None = None,
    upload_name: str = "",
) -> Job:
    """Ask for a job as `Jobs.submit` does, on behalf of whoever asks, and let it begin.

    Raises LibraryError where they may not, or have had what one person may have.
    """
    if not settings().hosted:
        job = jobs().submit(request, transcript, upload, upload_name)
        runner().wake()
        return job
    who = current_visitor(settings())
    if request.episode is None:
        allowed = rights.may_add(settings(), who)
    else:
        allowed = rights.may_change(settings(), who, library().episode(request.episode))
    if who.email is None or not allowed:
        raise LibraryError("This is not yours to do here. Sign in as somebody who may.")
    request = _checked(request)
    size = upload.seek(0, os.SEEK_END) if upload is not None else 0
    check_limits(settings().limits, *_had_by(who.email), size)
    note_use(whole_library().root, who.email)
    job = jobs().submit(replace(request, owner=who.email), transcript, upload, upload_name)
    runner().wake()
    return job


def _had_by(email: str) -> tuple[list[Job], int]:
    """The jobs of a person, and how many they have asked for within a day."""
    theirs = [job for job in jobs().all() if job.request.owner == email]
    return theirs, uses_within_a_day(whole_library().root, email)


def _checked(request: JobRequest) -> JobRequest:
    """What a visitor wants, with nothing in it that could mean a file of the server. Raises LibraryError."""
    from alignment.sources import as_address  # with it comes all that fetches

    if request.episode is None and (request.model not in MODELS or request.language not in LANGUAGES):
        raise LibraryError("This model or language is none of those to choose from. Choose one of them.")
    if request.source is None:
        return request
    try:
        address = as_address(request.source)
    except AlignmentError as error:
        raise LibraryError(str(error)) from error
    if address is None:
        raise LibraryError("This is no address. Give one that begins with https://, or drop the file.")
    return replace(request, source=address)


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """Run the jobs for as long as the server is up, and put the demo into a library that never had it."""
    keep_secrets_out_of_logs()
    runner().start()
    try:
        add_demo_once(whole_library())
    except AlignmentError as error:
        _log.warning("The demo could not be added. %s", error)
    indexing(whole_library()).begin()
    try:
        yield
    finally:
        indexing(whole_library()).stop()
        runner().stop()

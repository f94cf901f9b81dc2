"""Runs what is asynchronous in a thread of its own: the browser's tests leave a loop running in theirs."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def run_elsewhere(work: Coroutine[Any, Any, T]) -> T:
    """What `asyncio.run` gives, wherever it is called."""
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(asyncio.run, work).result()

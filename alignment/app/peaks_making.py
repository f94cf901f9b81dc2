"""Peaks that are not kept yet: each made once, however many ask, and no request waits for another's."""

import asyncio
import threading
from concurrent.futures import Future
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from alignment.library import Library

__all__ = ["PeaksMaking"]


class PeaksMaking:
    """Makes peaks in threads of its own, one recording at a time; whoever asks holds no thread of the server.

    The threads end with the process: what was not finished is made when it is wanted again.
    """

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._working = threading.Lock()
        self._promises: dict[str, Future[Path]] = {}

    async def path(self, library: Library, id: str) -> Path:
        """Where the episode's peaks are, made first if need be. Raises what `Library.peaks` raises."""
        if await run_in_threadpool(library.has_peaks, id):
            return await run_in_threadpool(library.peaks, id)
        return await asyncio.wrap_future(self._promise(library, id))

    def _promise(self, library: Library, id: str) -> Future[Path]:
        with self._changing:
            promise = self._promises.get(id)
            if promise is None:
                promise = self._promises[id] = Future()
                promise.set_running_or_notify_cancel()  # who goes away does not take it from the others
                threading.Thread(target=self._make, args=(library, id, promise), daemon=True).start()
            return promise

    def _make(self, library: Library, id: str, promise: Future[Path]) -> None:
        try:
            with self._working:
                path = library.peaks(id)
        except Exception as error:
            promise.set_exception(error)
        else:
            promise.set_result(path)
        finally:
            with self._changing:
                del self._promises[id]

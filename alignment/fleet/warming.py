"""Has the workers of a Dask cluster load their models before there is work."""

from distributed import Worker, WorkerPlugin

from alignment.fleet.preparing import prepare
from alignment.processes import cores_to_use

__all__ = ["WarmUp"]


class WarmUp(WorkerPlugin):
    """Loads the recogniser's model once a worker process. model: name of the weights."""

    name = "verbatime-model"

    def __init__(self, model: str) -> None:
        self._model = model

    def setup(self, worker: Worker) -> None:
        """Ahead of its tasks in their own line: a worker that comes back to a scheduler may be at work."""
        cores = max(cores_to_use() // worker.state.nthreads, 1)
        worker.executor.submit(prepare, self._model, cores)

"""What a process that works for a fleet does before its first task."""

import logging
import os

from alignment.errors import AlignmentError
from alignment.processes import CORES

__all__ = ["prepare"]

_kept: list[object] = []
"""The recogniser, which is in use as long as it is here."""

_log = logging.getLogger(__name__)


def prepare(model: str, cores: int) -> None:
    """Load the recogniser's model and the dictionaries, and keep to so many cores.

    What cannot be loaded is told by the first task, which needs it.
    """
    os.environ[CORES] = str(cores)
    from alignment.engine.acoustic_model import acoustic_model
    from alignment.engine.anchors import recognizer_with
    from alignment.engine.models import find_weights
    from alignment.engine.pronunciation import pronunciations

    try:
        _kept.clear()  # first, so that there are never two in memory
        _kept.append(recognizer_with(find_weights(model)))
    except AlignmentError as error:
        _log.warning("%s", error)
    pronunciations("ready")
    if cores == 1:  # else it is loaded by processes of their own
        acoustic_model()

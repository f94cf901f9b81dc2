"""Where an outcome goes, and the messages beside it."""

import sys
from contextlib import suppress
from pathlib import Path

import pytest

from alignment.errors import AlignmentError
from alignment.output import check_output, deliver
from alignment.terminal import tell

full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")


def test_a_closed_standard_output_is_said_before_the_work(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "stdout", None)

    for give in (lambda: check_output(None), lambda: deliver("Seeds first.", None)):
        with pytest.raises(AlignmentError, match="Standard output is closed"):
            give()


@full
def test_a_message_that_cannot_be_written_does_not_end_the_work(monkeypatch: pytest.MonkeyPatch):
    stream = Path("/dev/full").open("w", buffering=1)  # noqa: SIM115
    monkeypatch.setattr(sys, "stderr", stream)

    tell("5 of 5 lines placed.")

    with suppress(OSError):  # what is left in its buffer
        stream.close()

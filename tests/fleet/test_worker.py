"""Which GPU each process of a machine that works for a scheduler has for itself."""

import ctranslate2
import pytest

from alignment.engine.device import DEVICE
from alignment.errors import ModelError
from alignment.fleet.worker import _gpus

VISIBLE = "CUDA_VISIBLE_DEVICES"


@pytest.fixture(autouse=True)
def two_gpus(monkeypatch):
    monkeypatch.setattr(ctranslate2, "get_cuda_device_count", lambda: 2)
    monkeypatch.delenv(VISIBLE, raising=False)
    monkeypatch.delenv(DEVICE, raising=False)


@pytest.mark.parametrize(("jobs", "found"), [(1, ["0"]), (2, ["0", "1"]), (5, ["0", "1"])])
def test_each_process_has_one_as_far_as_there_are_any(jobs, found):
    assert _gpus(jobs) == found


def test_those_that_this_machine_may_use_are_handed_on_by_their_names(monkeypatch):
    monkeypatch.setenv(VISIBLE, "3,GPU-7f")

    assert _gpus(4) == ["3", "GPU-7f"]


def test_they_are_left_alone_where_the_cores_are_asked_for(monkeypatch):
    monkeypatch.setenv(DEVICE, "cpu")

    assert _gpus(4) == []


def test_too_few_are_an_error_where_nothing_else_will_do(monkeypatch):
    monkeypatch.setenv(DEVICE, "cuda")

    assert _gpus(2) == ["0", "1"]
    with pytest.raises(ModelError, match=r"each of 3 at a time, and 2 can be used here\. Give fewer"):
        _gpus(3)

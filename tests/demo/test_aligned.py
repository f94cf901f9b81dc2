"""The times that ship with the demo are this project's own, for the recording that ships, and right."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from alignment.demo import DEMO
from alignment.formats import read_transcript
from alignment.transcript import Transcript


@cache
def aligned() -> Transcript:
    return read_transcript(DEMO.aligned)


@cache
def truth() -> dict[str, Any]:
    return json.loads(DEMO.truth.read_text(encoding="utf-8"))


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_times_were_made_from_the_very_files_that_ship():
    provenance = aligned().provenance

    assert provenance is not None
    assert provenance.audio_sha256 == sha256(DEMO.audio)
    assert [segment.text for segment in aligned().segments] == [line["text"] for line in truth()["lines"]]


def test_every_line_was_found_and_begins_where_it_is_heard():
    errors = np.array(
        [
            segment.start - line["start"]
            for segment, line in zip(aligned().segments, truth()["lines"], strict=True)
            if segment.status == "aligned" and segment.start is not None
        ]
    )

    assert len(errors) == len(aligned().segments)
    assert np.abs(errors).mean() <= 0.05
    assert np.abs(errors).max() <= 0.2


def test_words_begin_where_they_are_heard():
    errors = np.array(
        [
            word.start - known["start"]
            for word, known in zip(aligned().words(), truth()["words"], strict=True)
            if word.start is not None
        ]
    )

    assert len(errors) == len(truth()["words"])
    assert np.abs(errors).mean() <= 0.06
    assert np.mean(np.abs(errors) <= 0.2) >= 0.99

import json
import sys
from dataclasses import asdict

import pytest

from tests.benchmarks.systems.worker import Job, lay_on_lines, serve, with_times

LINES = [["Good", "morning,"], ["Anna."]]


def test_tokens_cut_elsewhere_give_their_times_to_the_words():
    tokens = [
        (" Go", 0.0, 0.2),
        ("od", 0.2, 0.4),
        (" morning", 0.5, 0.9),
        (", Anna", 1.0, 1.4),
        (".", 1.4, 1.5),
    ]

    first, second = lay_on_lines(LINES, tokens)["segments"]

    assert [(word["start"], word["end"]) for word in first["words"]] == [(0.0, 0.4), (0.5, 1.4)]
    assert (first["start"], first["end"]) == (0.0, 1.4)
    assert (second["text"], second["start"], second["end"]) == ("Anna.", 1.0, 1.5)


def test_tokens_of_another_text_are_refused():
    with pytest.raises(ValueError, match="not the text"):
        lay_on_lines(LINES, [("Good evening, Anna.", 0.0, 1.0)])


def test_a_word_without_times_leaves_its_line_to_the_others():
    first, second = with_times(LINES, {1: (0.5, 0.9)})["segments"]

    assert first["words"][0] == {"text": "Good", "start": None, "end": None}
    assert (first["start"], first["end"]) == (0.5, 0.9)
    assert (second["start"], second["end"]) == (None, None)


def test_a_script_reads_its_job_and_writes_its_result(tmp_path, monkeypatch):
    job = Job("a.flac", "a.wav", "a.txt", "en", LINES, "weights", "ffmpeg")
    job_file, result_file = tmp_path / "job.json", tmp_path / "result.json"
    job_file.write_text(json.dumps(asdict(job)), "utf-8")
    monkeypatch.setattr(sys, "argv", ["script", str(job_file), str(result_file)])

    serve(lambda given: {"segments": [], "language": given.language})

    result = json.loads(result_file.read_text("utf-8"))
    assert result["aligned"] == {"segments": [], "language": "en"}
    assert result["seconds"] >= 0

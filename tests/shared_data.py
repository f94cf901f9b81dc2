"""The measuring data that lies in a `shared` folder beside the repository, where a machine has it.

It is for measuring only and never part of the project, so every test that needs it says so and is skipped
without it:

    @requires_shared_data("hand-labelled-words")
    def test_words_are_exact():
        recording = shared_recording("hand-labelled-words")
        rows = score(aligned_json, recording.truth)
        assert rows["word start"]["mae_ms"] <= 40
"""

import json
import runpy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

__all__ = ["SHARED", "Recording", "requires_shared_data", "score", "shared_recording"]

SHARED = Path(__file__).resolve().parents[2] / "shared"
"""Where the folder is expected; it need not exist."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording of the measuring data.

    transcript: the file as a person would give it.
    truth: the times that are known, or None where nobody knows any.
    """

    audio: Path
    transcript: Path
    truth: dict[str, Any] | None


def requires_shared_data(*names: str) -> pytest.MarkDecorator:
    """Skip the test unless `data/<name>` is there for each of the names (for none: `score.py` alone)."""
    needed = [SHARED / "score.py", *(SHARED / "data" / name for name in names)]
    missing = [str(path.relative_to(SHARED.parent)) for path in needed if not path.exists()]
    return pytest.mark.skipif(
        bool(missing), reason=f"measuring data not beside the repository: {', '.join(missing)}"
    )


def shared_recording(name: str) -> Recording:
    """The recording in `data/<name>`; LookupError, with what is there, if it is not as expected."""
    folder = SHARED / "data" / name
    audio = sorted(folder.glob("audio.*"))
    transcript = [folder / file for file in ("page.txt", "transcript.txt") if (folder / file).is_file()]
    if len(audio) != 1 or not transcript:
        found = ", ".join(sorted(path.name for path in folder.glob("*"))) or "nothing"
        raise LookupError(
            f"{folder} should hold one audio.* and a page.txt or transcript.txt; it holds {found}."
        )
    truth = folder / "truth.json"
    return Recording(
        audio=audio[0],
        transcript=transcript[0],
        truth=json.loads(truth.read_text(encoding="utf-8")) if truth.is_file() else None,
    )


def score(aligned: Mapping[str, Any], truth: Mapping[str, Any] | None) -> dict[str, dict[str, Any]]:
    """Measure an aligned transcript (native JSON, parsed) against known times by `score.py`.

    The result is keyed by measure: "word start", "word end", "words placed", "line start", "line end",
    "line in its clip", "lines placed", "segments out of order, reversed or outside the audio". A row of
    errors has n, mae_ms, median_ms, p95_ms, within_20, within_50, within_100, within_200, over_500, bias_ms.
    Skips the test where `score.py` is absent.
    """
    if truth is None:
        raise ValueError("No times are known for this recording; there is nothing to score against.")
    rows = _scorer()(aligned, truth)
    return {row["measure"]: {key: value for key, value in row.items() if key != "measure"} for row in rows}


@cache
def _scorer() -> Callable[..., list[dict[str, Any]]]:
    path = SHARED / "score.py"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    scorer: Callable[..., list[dict[str, Any]]] = runpy.run_path(str(path))["score"]
    return scorer

"""What a system's script is given and gives back.

Standard library only: it runs in the peers' Pythons too.
"""

import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Job", "Token", "lay_on_lines", "serve", "with_times"]

Token = tuple[str, float, float]
"""A stretch of the text with its start and end in seconds."""


@dataclass(frozen=True)
class Job:
    """A recording and its text.

    audio, transcript: the files as a person would give them. wav: the same audio as 16 kHz mono PCM.
    lines: the words of each line, as written. weights: folder of Whisper base. ffmpeg: a program.
    """

    audio: str
    wav: str
    transcript: str
    language: str
    lines: list[list[str]]
    weights: str
    ffmpeg: str


def serve(align: Callable[[Job], dict[str, Any] | None]) -> None:
    """Do the job of the first argument's file and write the outcome to the second's.

    align: returns an aligned transcript as far as `score.py` reads it, or None from a floor. It may add
    "stages", seconds by the name of a stage. Its time is measured here: loading weights and decoding audio
    count, starting Python and importing libraries do not.
    """
    job_file, result_file = map(Path, sys.argv[1:])
    job = Job(**json.loads(job_file.read_text("utf-8")))
    began = time.perf_counter()
    aligned = align(job)
    seconds = time.perf_counter() - began
    result_file.write_text(json.dumps({"seconds": seconds, "aligned": aligned}), "utf-8")


def lay_on_lines(lines: Sequence[Sequence[str]], tokens: Iterable[Token]) -> dict[str, Any]:
    """Lines whose words have the times of the tokens.

    The tokens are the text again, cut elsewhere: compared without white space. ValueError where they are not.
    """
    characters: list[tuple[str, float, float]] = []
    for text, start, end in tokens:
        characters += [(character, start, end) for character in text if not character.isspace()]
    words = [word for line in lines for word in line]
    if "".join(words) != "".join(character for character, *_ in characters):
        raise ValueError("The timed text is not the text that was given.")
    times: dict[int, tuple[float, float]] = {}
    at = 0
    for number, word in enumerate(words):
        times[number] = (characters[at][1], characters[at + len(word) - 1][2])
        at += len(word)
    return with_times(lines, times)


def with_times(lines: Sequence[Sequence[str]], times: Mapping[int, tuple[float, float]]) -> dict[str, Any]:
    """Lines whose words have times, in the shape that `score.py` reads.

    times: start and end in seconds by the word's number in the whole text; a word that is missing has none.
    """
    segments: list[dict[str, Any]] = []
    at = 0
    for line in lines:
        spans = [times.get(number, (None, None)) for number in range(at, at + len(line))]
        at += len(line)
        found = [span for span in spans if span[0] is not None]
        segments.append(
            {
                "text": " ".join(line),
                "start": found[0][0] if found else None,
                "end": found[-1][1] if found else None,
                "words": [
                    {"text": word, "start": start, "end": end}
                    for word, (start, end) in zip(line, spans, strict=True)
                ],
            }
        )
    return {"segments": segments}

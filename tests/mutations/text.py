"""Lines left out of the text, put into it, and put elsewhere."""

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from tests.mutations.recording import KnownLine, Recording

__all__ = ["delete_lines", "delete_share", "insert_lines", "insert_share", "swap_lines"]


def delete_lines(recording: Recording, numbers: Collection[int]) -> Recording:
    """The text lacks these lines; what is said of them is unwritten."""
    kept = [line for number, line in enumerate(recording.lines) if number not in numbers]
    gone = [recording.said(n) for n in numbers if recording.lines[n].expected != "not_in_audio"]
    return recording.with_lines(kept, gone)


def insert_lines(recording: Recording, before: int, texts: Sequence[str]) -> Recording:
    """Lines that are never said, in one block."""
    foreign = [KnownLine.never_said(text) for text in texts]
    return recording.with_lines([*recording.lines[:before], *foreign, *recording.lines[before:]])


def delete_share(recording: Recording, share: float, seed: int = 0) -> Recording:
    """The text lacks a share of its lines here and there."""
    count = round(share * len(recording.lines))
    numbers = np.random.default_rng(seed).choice(len(recording.lines), count, replace=False)
    return delete_lines(recording, set(numbers.tolist()))


def insert_share(recording: Recording, texts: Sequence[str], share: float, seed: int = 0) -> Recording:
    """Lines that are never said, each somewhere else; share: of the recording's lines.

    Raises ValueError where there are too few texts.
    """
    count = round(share * len(recording.lines))
    if count > len(texts):
        raise ValueError(f"{count} texts are needed; there are {len(texts)}.")
    places = np.random.default_rng(seed).choice(len(recording.lines), count, replace=False)
    foreign = dict(zip(sorted(places.tolist()), texts, strict=False))
    lines: list[KnownLine] = []
    for number, line in enumerate(recording.lines):
        if number in foreign:
            lines.append(KnownLine.never_said(foreign[number]))
        lines.append(line)
    return recording.with_lines(lines)


def swap_lines(recording: Recording, first: int, middle: int, end: int) -> Recording:
    """Lines `first` to `middle` and `middle` to `end` (exclusive) change places in the text."""
    one, other = recording.lines[first:middle], recording.lines[middle:end]
    swapped = [replace(line, expected="out_of_order") for line in (*other, *one)]
    return recording.with_lines([*recording.lines[:first], *swapped, *recording.lines[end:]])

"""What transcripts hold beside the words that are said: speakers, sounds, headings, pages, footnotes."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tests.mutations.recording import KnownLine, Recording
from tests.mutations.text import insert_lines

__all__ = ["with_footnote_marks", "with_headings", "with_page_numbers", "with_sounds", "with_speakers"]

_MARKS = ("[1]", "²", "*", "†", "[12]", "(3)")
_SOUNDS = ("(laughter)", "[Music]", "[applause]", "♪")
_HEADINGS = ("CHAPTER TWO", "III. The Harbour", "=== Questions ===", "4.1 Background of the Study")


def with_speakers(recording: Recording, names: Sequence[str], every: int = 4) -> Recording:
    """Every so many lines, "TOM:" before the words."""
    lines = list(recording.lines)
    for turn, number in enumerate(range(0, len(lines), every)):
        lines[number] = _with_word(lines[number], 0, f"{names[turn % len(names)]}:")
    return recording.with_lines(lines)


def with_sounds(recording: Recording, every: int = 3) -> Recording:
    """Every so many lines, "(laughter)" amid the words and "[Music]" on a line of its own by turns."""
    lines: list[KnownLine] = []
    for number, line in enumerate(recording.lines):
        turn, is_due = number // every, number % every == 0
        sound = _SOUNDS[turn % len(_SOUNDS)]
        if is_due and turn % 2 == 0:
            line = _with_word(line, len(line.text.split()) // 2, sound)  # noqa: PLW2901
        elif is_due:
            lines.append(KnownLine.never_said(sound))
        lines.append(line)
    return recording.with_lines(lines)


def with_headings(recording: Recording, before: Iterable[int]) -> Recording:
    """Headings that nobody reads out before these lines."""
    return _with_each(recording, before, _HEADINGS)


def with_page_numbers(recording: Recording, before: Iterable[int], first: int = 14) -> Recording:
    """Page numbers on lines of their own before these lines."""
    numbers = list(before)
    return _with_each(recording, numbers, [str(first + n) for n in range(len(numbers))])


def with_footnote_marks(recording: Recording, every: int = 3) -> Recording:
    """Every so many lines, a mark at the end of its middle word."""
    lines = list(recording.lines)
    for turn, number in enumerate(range(0, len(lines), every)):
        words = lines[number].text.split()
        words[len(words) // 2] += _MARKS[turn % len(_MARKS)]
        lines[number] = replace(lines[number], text=" ".join(words))
    return recording.with_lines(lines)


def _with_each(recording: Recording, before: Iterable[int], texts: Sequence[str]) -> Recording:
    for turn, number in reversed(list(enumerate(sorted(before)))):
        recording = insert_lines(recording, number, [texts[turn % len(texts)]])
    return recording


def _with_word(line: KnownLine, at: int, word: str) -> KnownLine:
    """The line with a word that is not said before its word `at`."""
    words, starts = line.text.split(), line.word_starts
    text = " ".join((*words[:at], word, *words[at:]))
    return replace(line, text=text, word_starts=(*starts[:at], None, *starts[at:]) if starts else ())

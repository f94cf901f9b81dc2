"""What Word, PDF and EPUB files and web pages share: paragraphs into lines, and the errors for such files."""

from collections.abc import Iterable

from alignment.errors import TranscriptError
from alignment.formats.caption_lines import CaptionLine, captions_in
from alignment.transcript import Segment
from alignment.words import WHITE_SPACE, is_blank

__all__ = ["needs_extra", "paragraph_lines", "segments", "unreadable"]


def segments(paragraphs: Iterable[str]) -> tuple[Segment, ...]:
    """A turn for every paragraph that is not blank, in the lines of `paragraph_lines`, none with a time."""
    spoken: list[Segment] = []
    turn = 0
    for paragraph in paragraphs:
        for line in paragraph_lines(paragraph):
            spoken.append(Segment(id=len(spoken), text=line.text, turn=turn))
            turn += line.ends_turn
        if spoken and spoken[-1].turn == turn:
            turn += 1
    return tuple(spoken)


def paragraph_lines(paragraph: str) -> list[CaptionLine]:
    """The lines of a paragraph; one that is too long for a caption is cut as in plain text."""
    lines: list[CaptionLine] = []
    for given in paragraph.splitlines():
        line = given.strip(WHITE_SPACE)
        if not is_blank(line):
            lines += captions_in(line)
    return lines


def unreadable(kind: str, why: str) -> TranscriptError:
    """The error for a file of a known kind that cannot be read. why: a sentence without its dot."""
    return TranscriptError(
        f"This {kind} cannot be read: {why.rstrip('.')}. Expected the whole file, as the program that made "
        "it wrote it, open to everyone; save it anew, or copy its text and paste that."
    )


def needs_extra(kind: str) -> TranscriptError:
    """The error for a file that is read with the libraries of the extra "documents", which are missing."""
    return TranscriptError(
        f"This is {kind}, and what reads it is not installed. "
        'Install it with: pip install "verbatime[documents]", or copy the text and paste that.'
    )

"""Plain text: a caption to a line, a blank line between turns. A line of running text becomes several."""

from alignment.formats.caption_lines import captions_in
from alignment.formats.format import Format
from alignment.transcript import Segment, Transcript
from alignment.words import WHITE_SPACE

__all__ = ["FORMAT", "read", "recognises", "write"]


def recognises(text: str) -> bool:
    """Any text is plain text, if nothing else."""
    return True


def read(text: str) -> Transcript:
    """A segment for every line that is not blank; blank lines begin a new turn.

    A line that is too long for a caption is cut at sentences and phrases, or at the separators of a
    video-transcript page if it is the captions of one.
    """
    segments: list[Segment] = []
    turn = 0
    for given in text.splitlines():
        line = given.strip(WHITE_SPACE)
        if not line and segments and segments[-1].turn == turn:
            turn += 1
        elif line:
            for caption in captions_in(line):
                segments.append(Segment(id=len(segments), text=caption.text, turn=turn))
                turn += caption.ends_turn
    return Transcript(segments=tuple(segments))


def write(transcript: Transcript) -> str:
    """The segments' texts, one to a line, a blank line between turns; times and all else are left out."""
    lines: list[str] = []
    turn = None
    for segment in transcript.segments:
        if turn is not None and segment.turn != turn:
            lines.append("")
        turn = segment.turn
        lines.append(" ".join(segment.text.splitlines()))
    return "\n".join([*lines, ""])


FORMAT = Format("txt", "Plain text", recognises, read=read, write=write, untimed=True)

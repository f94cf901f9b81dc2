"""Whether audio and text are in another language than the one that was given: then little of it is heard."""

from collections.abc import Callable, Sequence

from alignment.audio import Span
from alignment.engine.anchors import HeardWord
from alignment.engine.hearing import Hearing
from alignment.engine.merged import MergedText
from alignment.errors import TranscriptError
from alignment.transcript import Transcript

__all__ = ["refuse_other_language"]

_FIRST = 3
"""Windows that tell enough, at most."""


def refuse_other_language(
    text: MergedText,
    transcript: Transcript,
    windows: Sequence[Span],
    detect: Callable[[], str],
    hear: Callable[[Sequence[Span], str], dict[Span, list[HeardWord]]],
) -> None:
    """Raise TranscriptError where the text is what is said in another language than it was taken for.

    A language that the recogniser does not know well is never mistaken for another: the words have to fit.
    text: what was heard and written, in the language given. windows: all that hold speech. detect: tells the
    language of the audio. hear: gives the words of some windows, heard in a language.
    """
    if text.is_understood or (language := detect()) == text.language:
        return
    hearing = Hearing(windows, hear(windows[:_FIRST], language))
    other = MergedText.of(transcript, hearing.words, language, hearing.breaks)
    if other.is_understood:
        raise TranscriptError(
            f"This audio and its transcript are in the language {language!r}, not in {text.language!r} as it "
            f"was given. Leave the language out, or give {language}."
        )

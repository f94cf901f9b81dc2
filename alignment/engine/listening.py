"""Listen to a sample of the audio, and to more where its sound does not bear out that the text is said."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from alignment.audio import Span
from alignment.engine.anchors import HeardWord
from alignment.engine.chunks import Chunk
from alignment.engine.hearing import Hearing
from alignment.engine.merged import MergedText
from alignment.engine.placing import Placer
from alignment.engine.proof import Proof
from alignment.engine.verbatim import said_word_for_word
from alignment.progress import ProgressCallback
from alignment.transcript import Transcript

__all__ = ["Listener", "openings"]

_DEPARTURE = 3
"""Words by which what was heard and what is written differ in length, from which the speaker departs from the
text: then what is said nearby is listened to as well."""

_MADE_UP = 3
"""Words more that may be made up where nobody listened further: the recogniser ends what is cut off."""

_NEARBY = 30.0
"""Seconds."""

_TELLING = 100
"""Words of a sample that tell something."""

_SHORT = 120.0
"""Seconds of audio that may be forced once more for that: in one piece it takes long."""

_OPENING = 240.0
"""Seconds of the first opening that is listened to before the rest: its lines are there in seconds."""

_LONGER = 3.0
"""How much longer each opening is than the one before: what is done twice stays little."""

_MOST_OF_IT = 0.6
"""Share of the audio from which an opening is not worth its while."""

_WITHIN = 4.0
"""Seconds before the last word heard within which it may belong elsewhere in the text."""

_NOTHING = 0.02
"""Share of words heard in runs as they are written, below which two texts have nothing in common."""


@dataclass
class Listener:
    """Listens to one recording until the whole text is heard or borne out by the sound.

    windows: all that hold speech. first: those to begin with. told: words that stand for those of windows as
    long as nobody listens to them. hear: gives the words of each of some windows. question: raises where what
    was heard first speaks against what is taken for granted. cut: gives the chunks of a sequence.
    """

    transcript: Transcript
    language: str
    windows: Sequence[Span]
    first: Sequence[Span]
    told: Mapping[Span, Sequence[HeardWord]]
    hear: Callable[[Sequence[Span], ProgressCallback], dict[Span, list[HeardWord]]]
    question: Callable[[MergedText], None]
    cut: Callable[[MergedText], list[Chunk]]
    placer: Placer
    proof: Proof
    _heard: dict[Span, list[HeardWord]] = field(default_factory=dict)

    def listen(self, progress: ProgressCallback) -> tuple[MergedText, list[Chunk]]:
        """What is heard and written as one sequence, and its chunks, each heard or borne out by its sound.

        Raises TranscriptError where the text is of something else.
        """
        hearing, text = self._listen_to(self.first, self.told, progress)
        self.question(text)
        while True:
            if alone := self._text_alone(text, progress):
                return alone
            if text.is_of_another_talk:
                wanted = hearing.missed(self.windows)
                if not wanted or _is_hopeless(text):
                    text.refuse_another_talk()
            else:
                chunks = self.cut(text)
                wanted = hearing.missed(_departures(text))
                wanted = wanted or hearing.missed(self._unproved(text, chunks, hearing, progress))
                if not wanted:
                    return text, chunks
            hearing, text = self._listen_to(wanted, self.told, progress)

    def listen_to_opening(
        self, end: float, progress: ProgressCallback
    ) -> tuple[MergedText, list[Chunk]] | None:
        """The same of the audio up to `end`, with the chunks that surely lie before it.

        None where the text does not begin there, or not surely: the whole audio will tell.
        """
        within = {window for window in self.windows if window.end <= end}
        wanted = [window for window in self.first if window in within]
        told = {window: words for window, words in self.told.items() if window in within}
        while True:
            hearing, text = self._listen_to(wanted, told, progress)
            last = max((word.end for word in text.heard), default=0.0)
            chunks = [chunk for chunk in self.cut(text) if chunk.span.end <= last - _WITHIN]
            if text.is_of_another_talk or not chunks or _is_elsewhere(text, chunks[-1].last_slot):
                return None
            wanted = [window for window in hearing.missed(_departures(text)) if window in within]
            wanted = wanted or hearing.missed(self._unproved(text, chunks, hearing, progress))
            if not wanted:
                return text, chunks

    def _listen_to(
        self, wanted: Sequence[Span], told: Mapping[Span, Sequence[HeardWord]], progress: ProgressCallback
    ) -> tuple[Hearing, MergedText]:
        self._heard |= self.hear([window for window in wanted if window not in self._heard], progress)
        hearing = Hearing(self.windows, self._heard, told)
        text = MergedText.of(self.transcript, hearing.words, self.language, hearing.breaks)
        return hearing, text

    def _text_alone(
        self, text: MergedText, progress: ProgressCallback
    ) -> tuple[MergedText, list[Chunk]] | None:
        """The text alone, where the recogniser understands little and the sound bears the text out."""
        speech = Span(self.windows[0].start, self.windows[-1].end)
        if not text.is_of_another_talk and (text.is_understood or speech.length > _SHORT):
            return None
        alone = said_word_for_word(self.transcript, self.language, speech, self.placer, progress)
        if alone is None or text.is_of_another_talk:
            return alone
        nobody_heard = Hearing(self.windows, {})
        return None if any(self._unproved(*alone, nobody_heard, progress)) else alone

    def _unproved(
        self, text: MergedText, chunks: Sequence[Chunk], hearing: Hearing, progress: ProgressCallback
    ) -> Iterator[Span]:
        """Where forcing the text upon what nobody listened to does not turn out well."""
        unheard = [chunk for chunk in chunks if hearing.missed([chunk.span])]
        found = self.placer.force(text, unheard, "Comparing text and sound", progress)
        stretches = [(chunk.span, words) for chunk, words in zip(unheard, found, strict=True)]
        yield from self.proof.doubtful(stretches)


def openings(windows: Sequence[Span]) -> Iterator[float]:
    """Ends of ever longer openings of the audio, in seconds, as long as much of it comes after them."""
    end = _OPENING
    while windows and end <= _MOST_OF_IT * windows[-1].end:
        yield end
        end *= _LONGER


def _is_hopeless(text: MergedText) -> bool:
    """Whether a sample tells enough: of a text as long as itself it would hold something."""
    return len(text.words) >= len(text.heard) >= _TELLING and text.agreement < _NOTHING


def _is_elsewhere(text: MergedText, end: int) -> bool:
    """Whether most of what is written up to a slot was not said where it would stand."""
    written = [slot for slot in text.slots[:end] if slot.written is not None]
    heard = sum(slot.heard is not None for slot in written)
    return heard < sum(slot.heard is None and slot.listened for slot in written)


def _departures(text: MergedText) -> Iterator[Span]:
    """Where the speaker was heard to say more or less than is written."""
    last = 0.0
    for matched, run in groupby(
        text.slots, key=lambda slot: slot.written is not None and slot.heard is not None
    ):
        slots = list(run)
        heard = [text.heard[slot.heard] for slot in slots if slot.heard is not None]
        if not matched:
            written = sum(slot.written is not None for slot in slots)
            listened = all(slot.listened for slot in slots)
            departure = abs(len(heard) - written) if listened else len(heard) - _MADE_UP
            if departure >= _DEPARTURE:
                end = heard[-1].end if heard else last
                yield Span((heard[0].start if heard else last) - _NEARBY, end + _NEARBY)
        last = heard[-1].end if heard else last

"""The mutated recordings that confidence is fitted to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from alignment.audio import Span
from tests.mutations import (
    annotations,
    captions,
    cuts,
    mistakes,
    music,
    noise,
    paraphrase,
    sources,
    speed,
    telephone,
    text,
)  # fmt: skip
from tests.mutations.recording import Recording

__all__ = ["RECORDINGS", "Case", "cases"]


@dataclass(frozen=True, slots=True)
class Case:
    """A recording under its name, with a mutation under its name."""

    recording: str
    mutation: str
    make: Callable[[], Recording]


RECORDINGS: dict[str, Callable[[], Recording]] = {
    "demo": lambda: captions.as_captions(sources.demo()),
    "hand-labelled-words": lambda: captions.as_captions(sources.hand_labelled_words(), words=4, fewest=2),
    "interview": lambda: captions.as_captions(sources.interview().excerpt(60, 90)),
    "talking-book": lambda: sources.talking_book().excerpt(1, 46),
}
"""Two or three minutes of each; the voices are two synthetic ones, six people, another synthetic one, and a
narrator."""

_NEVER_SAID = (
    "The harbour was full of small boats that morning.",
    "Nobody had told the baker about the change of plan.",
    "In the second year the price of copper fell by half.",
    "She kept the letters in a drawer under the stairs.",
    "A brass band played in front of the town hall.",
    "Most of the seeds had been carried there by birds.",
    "He promised to return the ladder on Saturday.",
    "The committee voted against it without discussion.",
    "Rain came in through the window and spoiled the maps.",
    "There is a second staircase behind the kitchen.",
    "They measured the depth of the lake with a stone on a rope.",
    "Its feathers are brown above and pale grey below.",
)
_VOCABULARY = tuple(word.strip(".").lower() for line in _NEVER_SAID for word in line.split())


def cases(recordings: tuple[str, ...]) -> Iterator[Case]:
    """Every mutation of each of the recordings."""
    for name in recordings:
        talk = RECORDINGS[name]
        for mutation, change in _MUTATIONS.items():
            yield Case(name, mutation, lambda talk=talk, change=change: change(talk()))


def _careless(recording: Recording, share: float) -> Recording:
    return mistakes.with_mistakes(recording, share, _VOCABULARY, seed=round(100 * share))


def _with_unsaid(recording: Recording, share: float = 0.15) -> Recording:
    many = min(share, len(_NEVER_SAID) / len(recording.lines))
    return text.insert_share(recording, _NEVER_SAID, many)


def _third(recording: Recording) -> int:
    return len(recording.lines) // 3


def _with_voice(recording: Recording, snr_db: float) -> Recording:
    """A narrator speaks at the same time."""
    speech = sources.talking_book().sound(Span(600, 600 + recording.duration))
    return noise.with_voice(recording, speech, 0.0, snr_db)


def _foreign(recording: Recording) -> Recording:
    ode = sources.foreign_speech("german-ode", Span(40, 65))
    return cuts.insert_speech(recording, len(recording.lines) // 2, ode)


_MUTATIONS: dict[str, Callable[[Recording], Recording]] = {
    "as it is": lambda talk: talk,
    "lines never said": _with_unsaid,
    "a block never said": lambda talk: text.insert_lines(talk, _third(talk), _NEVER_SAID),
    "lines left out": lambda talk: text.delete_share(talk, 0.25),
    "lines cut from the sound": lambda talk: cuts.cut_lines(talk, _third(talk), _third(talk) + 6),
    "swapped": lambda talk: text.swap_lines(talk, _third(talk), _third(talk) + 5, _third(talk) + 10),
    "mistakes, 10 %": lambda talk: _careless(talk, 0.1),
    "mistakes, 25 %": lambda talk: _careless(talk, 0.25),
    "mistakes, 45 %": lambda talk: _careless(talk, 0.45),
    "paraphrase": lambda talk: paraphrase.paraphrase(talk, range(0, len(talk.lines), 2)),
    "annotations": lambda talk: annotations.with_sounds(annotations.with_speakers(talk, ("TOM", "ANN"))),
    "noise, 10 dB": lambda talk: noise.with_noise(_with_unsaid(talk), 10),
    "noise, 5 dB": lambda talk: noise.with_noise(talk, 5),
    "noise, 0 dB": lambda talk: noise.with_noise(talk, 0),
    "telephone": telephone.over_telephone,
    "music": lambda talk: music.with_music_bed(_careless(talk, 0.05), 3),
    "two voices, 6 dB": lambda talk: _with_voice(talk, 6),
    "two voices, 2 dB": lambda talk: _with_voice(talk, 2),
    "speed 1.5": lambda talk: speed.at_speed(talk, 1.5),
    "speed 0.8": lambda talk: speed.at_speed(talk, 0.8),
    "foreign speech": lambda talk: _foreign(_careless(talk, 0.05)),
}

"""Audio and text in another language than the one given: refused, and only then."""

import pytest

from alignment.audio import SAMPLE_RATE, Audio, Span
from alignment.engine.merged import MergedText
from alignment.engine.other_language import refuse_other_language
from alignment.engine.pipeline import align
from alignment.errors import TranscriptError
from tests.engine.texts import heard, transcript

SAID = "the first of many things to say is that it rained all day and all night"
MISHEARD = "der Förster von Menni sinkt zu sehr ist dass es rennt alte und alt nein"
WINDOWS = [Span(0, 29), Span(29, 50), Span(50, 79), Span(79, 99)]


def refuse(said_as_given, detected, said_as_detected):
    """What was heard in between: the windows and language that were listened to again."""
    asked = []
    text = transcript(SAID)

    def hear(windows, language):
        asked.append((windows, language))
        return {window: said_as_detected if n == 0 else [] for n, window in enumerate(windows)}

    taken = MergedText.of(text, said_as_given, "de")
    refuse_other_language(taken, text, WINDOWS, lambda: detected, hear)
    return asked


def test_what_is_understood_in_another_language_is_in_that():
    with pytest.raises(TranscriptError, match=r"'en', not in 'de'.*Leave the language out, or give en"):
        refuse(heard(MISHEARD), "en", heard(SAID))


def test_what_is_understood_is_not_listened_to_again():
    assert refuse(heard(SAID), "en", heard(SAID)) == []


def test_a_language_that_is_known_badly_is_kept_where_no_other_fits():
    assert refuse(heard(MISHEARD), "de", heard(SAID)) == []
    assert refuse(heard(MISHEARD), "nl", heard("de voorster van menig zink")) == [(WINDOWS[:3], "nl")]


@pytest.fixture
def opening(demo_audio):
    """Half a minute of English."""
    return Audio(demo_audio.samples[: 30 * SAMPLE_RATE], demo_audio.sha256)


def test_english_taken_for_german_is_refused_by_the_name_of_its_language(recognizer, opening, demo_text):
    with pytest.raises(TranscriptError, match=r"in the language 'en', not in 'de'"):
        align(opening, demo_text, language="de")


def test_a_translation_is_not_what_is_said(recognizer, opening):
    german = transcript(
        "Sie hören zu, und Sie lesen mit.",
        "Die Zeile, die Sie hören, ist hervorgehoben.",
        "Schauen Sie sich um, lesen Sie voraus, ich warte so lange.",
        "Im vergangenen Winter brauchte ich einen Satz aus einem alten Gespräch.",
    )

    with pytest.raises(TranscriptError, match="not of this audio"):
        align(opening, german)

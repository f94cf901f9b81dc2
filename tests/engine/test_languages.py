"""Short texts in other languages from end to end, read by espeak-ng, which Whisper hardly understands."""

import numpy as np
import pytest

from alignment.errors import TranscriptError
from tests.engine.espeak import TEXTS, requires_espeak, speak
from tests.engine.texts import transcript

pytestmark = requires_espeak


def errors(result, spoken):
    assert [segment.status for segment in result.segments] == ["aligned"] * len(spoken.lines)
    return np.array([s.start - line.start for s, line in zip(result.segments, spoken.lines, strict=True)])


@pytest.mark.parametrize("language", TEXTS)
def test_every_line_is_placed_where_it_is_said(align_heard, language, tmp_path):
    spoken = speak(TEXTS[language], language, tmp_path)

    result = align_heard(spoken.audio, transcript(*TEXTS[language]), language=language)

    assert result.language == language
    assert np.abs(errors(result, spoken)).max() <= 0.2
    assert all(word.start is not None for segment in result.segments for word in segment.words)


def test_the_language_is_heard(align_heard, tmp_path):
    spoken = speak(TEXTS["es"], "es", tmp_path)

    result = align_heard(spoken.audio, transcript(*TEXTS["es"]))

    assert result.language == "es"
    assert np.abs(errors(result, spoken)).max() <= 0.2


def test_a_phrase_of_another_language_derails_nothing(align_heard, tmp_path):
    lines = ["Gestern war ich lange im Kino.", "As you like it, my dear friend.", *TEXTS["de"][:2]]
    spoken = speak(lines, "de", tmp_path, "de", "en", "de", "de")

    result = align_heard(spoken.audio, transcript(*lines), language="de")

    assert np.abs(errors(result, spoken)).max() <= 0.2


def test_another_text_is_refused(align_heard, tmp_path):
    spoken = speak(TEXTS["ko"], "ko", tmp_path)

    with pytest.raises(TranscriptError, match="not of this audio"):
        align_heard(spoken.audio, transcript(*reversed(TEXTS["ko"])), language="ko")

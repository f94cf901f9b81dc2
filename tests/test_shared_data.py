import pytest

from tests.shared_data import requires_shared_data, score, shared_recording


@requires_shared_data()
def test_the_score_of_words_that_are_a_tenth_of_a_second_late_is_a_tenth_of_a_second():
    truth = {
        "words": [{"text": "Good", "start": 1.0, "end": 1.2}, {"text": "morning.", "start": 1.2, "end": 1.7}],
        "lines": [{"text": "Good morning.", "start": 1.0, "end": 1.7, "verbatim": True}],
    }
    late = [{**word, "start": word["start"] + 0.1, "end": word["end"] + 0.1} for word in truth["words"]]
    aligned = {
        "duration": 2.0,
        "segments": [{"text": "Good morning.", "start": 1.1, "end": 1.8, "words": late}],
    }

    rows = score(aligned, truth)

    assert rows["word start"]["mae_ms"] == pytest.approx(100)
    assert rows["line end"]["bias_ms"] == pytest.approx(100)
    assert rows["lines placed"]["share"] == 1


def test_a_recording_without_known_times_cannot_be_scored():
    with pytest.raises(ValueError, match="nothing to score"):
        score({"segments": []}, None)


def test_a_recording_that_is_not_there_is_named_in_the_error():
    with pytest.raises(LookupError, match="no-such-recording"):
        shared_recording("no-such-recording")

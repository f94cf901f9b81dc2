"""The text tells in other words what is said, or holds signs that nobody says."""

import pytest

from tests.mutations import annotations
from tests.mutations.paraphrase import paraphrase
from tests.shared_data import requires_shared_data


def test_lines_beside_a_paraphrase_are_exact(hold, talk):
    """After one of them "Miriam," is heard as "Mariam,"."""
    held = hold(paraphrase(talk, [3, 8, 17, 21]))

    held.assert_rest_is_exact()


@requires_shared_data("interview")
def test_sentences_beside_a_paraphrase_are_exact(hold, interview):
    held = hold(paraphrase(interview, [3, 8, 13]))

    assert held.outcome.missed() == []


@pytest.mark.parametrize(
    "annotate",
    [
        lambda talk: annotations.with_speakers(talk, ["TOM", "Miriam Vale"], 2),
        annotations.with_sounds,
        lambda talk: annotations.with_headings(talk, [3, 10, 16]),
        lambda talk: annotations.with_page_numbers(talk, [5, 12, 20]),
        annotations.with_footnote_marks,
    ],
    ids=["speaker labels", "[Music] and (laughter)", "headings", "page numbers", "footnote marks"],
)
def test_annotations_that_nobody_says(hold, talk, annotate):
    held = hold(annotate(talk))

    held.assert_rest_is_exact()
    held.assert_told()


@requires_shared_data("interview")
def test_speaker_labels_in_the_interview(hold, interview):
    held = hold(annotations.with_speakers(interview, ["Q", "Anna Berg"], 2))

    held.assert_rest_is_exact()

"""Captions that roll up are told from those in which something is said twice."""

import pytest

from alignment.formats.rolling import Display, repeated_lines

LAMP, SHIPS, HOME = "The lamp is lit.", "The ships", "come home."


def cues(*texts):
    """Cues of two seconds each, one after the other."""
    return [Display(2.0 * n, 2.0 * n + 2, lines) for n, lines in enumerate(texts)]


def test_lines_that_stay_while_others_appear_are_repeated():
    assert repeated_lines(cues([LAMP], [LAMP, SHIPS], [SHIPS, HOME], [SHIPS, HOME])) == [0, 1, 1, 2]


def test_a_line_said_twice_is_repeated_once():
    assert repeated_lines(cues([LAMP, "No."], ["No.", "No."], ["No.", SHIPS])) == [0, 1, 1]


def test_after_a_pause_nothing_stands_there_any_more():
    first, second, third, _ = cues([LAMP], [LAMP, SHIPS], [SHIPS, HOME], [])
    late = Display(9.0, 11.0, [HOME, LAMP])

    assert repeated_lines([first, second, third, late]) == [0, 1, 1, 0]


def test_bridges_are_not_counted_among_the_cues():
    texts = [[LAMP], [LAMP, SHIPS], [SHIPS, HOME]]
    rolling = []
    for n, lines in enumerate(texts):
        rolling += [Display(2.0 * n, 2.0 * n + 1.99, lines), Display(2.0 * n + 1.99, 2.0 * n + 2, lines[-1:])]

    assert repeated_lines(rolling) == [0, 1, 1, 1, 1, 1]


@pytest.mark.parametrize(
    "texts",
    [
        [["No."], ["No."], ["No."], ["No."]],
        [["No.", "No."], ["No.", "No."], ["No.", "No."]],
        [["No."], ["No.", "Not yet."], [LAMP], [SHIPS]],
        [[LAMP], [SHIPS], [SHIPS, HOME], [HOME], [LAMP]],
        [[]],
        [],
    ],
)
def test_in_other_captions_nothing_counts_as_repeated(texts):
    assert repeated_lines(cues(*texts)) == [0] * len(texts)

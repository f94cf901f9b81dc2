from tests.mutations import sources
from tests.mutations.captions import as_captions


def test_sentences_are_broken_where_a_word_of_known_start_begins():
    talk = sources.demo()

    captions = as_captions(talk, words=7, fewest=3)

    assert " ".join(line.text for line in captions.lines) == " ".join(line.text for line in talk.lines)
    assert len(captions.lines) > len(talk.lines)
    assert max(len(line.text.split()) for line in captions.lines) < 7 + 3
    starts = [line.start for line in captions.lines]
    assert None not in starts and starts == sorted(starts)
    assert all(line.start <= line.end for line in captions.lines)
    words = [start for line in captions.lines for start in line.word_starts]
    assert words == [start for line in talk.lines for start in line.word_starts]

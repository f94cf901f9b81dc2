"""Subtitles: cues that read well, keep to the rules wherever the words allow, and lose nothing."""

import re
import unicodedata
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.errors import TranscriptError
from alignment.formats import read_transcript, write
from alignment.subtitles import SubtitleRules, resegmented, shifted, stretched
from alignment.transcript import Chapter, Passage, Segment, Source, Transcript, Word
from alignment.words import split_words
from tests.formats.strategies import anything

RULES = SubtitleRules()


def said(text, start=0.0, letter=0.06, gap=0.05, **fields):
    """A line that is spoken at a steady pace: seconds for each letter, and between two words."""
    words, now = [], start
    for word in split_words(text):
        words.append(Word(word.text, round(now, 3), round(now + letter * len(word.text), 3)))
        now = words[-1].end + gap
    return Segment(0, text, start, words[-1].end, words=tuple(words), **fields)


def cues(*lines, rules=RULES, **fields):
    return resegmented(Transcript(lines, **fields), rules).segments


def texts(*lines, **fields):
    return [cue.text for cue in cues(*lines, **fields)]


def width(line):
    marks = ("Mn", "Me", "Cf")
    return sum(
        (2 if unicodedata.east_asian_width(character) in "WF" else 1)
        for character in line
        if unicodedata.category(character) not in marks
    )


def test_cues_end_with_sentences_and_phrases_and_lines_are_even():
    spoken = said(
        "The old keeper climbed the stairs of the lighthouse every evening, and when the lamp was lit he "
        "wrote the weather and the ships into a book that nobody ever read. Was it the sea that he loved, "
        "or the quiet of the room above it?"
    )

    assert texts(spoken) == [
        "The old keeper climbed the stairs\nof the lighthouse every evening,",
        "and when the lamp was lit\nhe wrote the weather",
        "and the ships into a book\nthat nobody ever read.",
        "Was it the sea that he loved,\nor the quiet of the room above it?",
    ]


def test_captions_cut_anywhere_become_cues_of_whole_sentences():
    captions = [said("the lamp was", 0.0), said("lit. It burnt all", 0.9), said("night in the", 2.1)]
    captions.append(said("tower.", 3.0))

    assert texts(*captions) == ["the lamp was lit.", "It burnt all night in the tower."]


def test_a_sentence_that_would_be_gone_at_once_stands_beside_the_next():
    assert texts(said("Aye. She burns, keeper.")) == ["Aye. She burns, keeper."]
    assert texts(said("Aye."), said("She burns, keeper.", 1.2)) == ["Aye.", "She burns, keeper."]


def test_no_line_ends_with_an_article():
    spoken = said("They had seen the enormous lighthouse from a very distant harbour of the northern islands")

    lines = "\n".join(texts(spoken)).split("\n")

    assert len(lines) > 1
    assert not any(re.search(r"\b(the|a|of|from)$", line) for line in lines)


def test_a_title_and_its_name_are_one_sentence():
    assert texts(said("I saw Mr. Bell. He waved.", gap=0.4))[0] == "I saw Mr. Bell."


def test_the_words_that_are_kept_together_are_english_ones():
    spoken = said("mango mango mango mango the mango mango mango mango mango")

    assert texts(spoken, language="en") == ["mango mango mango mango\nthe mango mango mango mango mango"]
    assert texts(spoken, language="it") == ["mango mango mango mango the\nmango mango mango mango mango"]


def test_scripts_without_spaces_are_cut_between_characters_that_are_two_columns_wide():
    spoken = said(
        "他们点亮灯塔上的灯，然后把天气和船只写进一本没有人读过的书里。他并不介意。", letter=0.2, gap=0.0
    )

    assert texts(spoken) == [
        "他们点亮灯塔上的灯，\n然后把天气和船只写进一本没有人读过的书里。",
        "他并不介意。",
    ]


def test_a_change_of_speaker_or_turn_and_a_pause_end_a_cue():
    assert texts(
        said("Who is", 0.0, speaker="Ada"),
        said("there it", 1.0, speaker="Bo", turn=1),
        said("is I", 2.0, speaker="Bo", turn=2),
        said("the keeper", 5.0, speaker="Bo", turn=2),
    ) == ["Who is", "there it", "is I", "the keeper"]


def test_a_cue_stays_as_long_as_it_takes_to_read_if_the_next_leaves_the_time():
    fast = said("Incomprehensibilities notwithstanding, the lamp.", letter=0.02)

    (alone,) = cues(fast)
    (before, _) = cues(fast, said("Aye, keeper.", 2.0))
    (hurried, _) = cues(fast, said("Aye, keeper.", fast.end, speaker="Bo"))

    assert alone.end == pytest.approx(sum(map(len, alone.text.split("\n"))) / 17)
    assert before.end == pytest.approx(2.0 - RULES.gap)
    assert hurried.end == pytest.approx(fast.end - RULES.gap)


def test_a_short_cue_stays_for_the_shortest_time_but_not_beyond_the_audio():
    assert cues(said("Aye."))[0].end == pytest.approx(5 / 6)
    assert cues(said("Aye."), duration=0.5)[0].end == 0.5


def test_people_who_speak_at_once_keep_their_times():
    long, short = (
        said("The lamp is lit and burns", letter=0.15, speaker="Ada"),
        said("Aye.", 1.0, speaker="Bo"),
    )

    first, second = cues(long, short)

    assert (first.start, first.end) == (0.0, long.end)
    assert second.start == 1.0


def test_lines_without_times_stay_as_they_are_and_where_they_are():
    untimed = Segment(1, "A very long line that nobody has found in the audio, so it is not cut,\nnever.")

    found = cues(said("The lamp."), untimed, said("The sea.", 2.0))

    assert [cue.text for cue in found] == ["The lamp.", untimed.text, "The sea."]
    assert found[1] == untimed


def test_words_without_times_are_placed_by_their_neighbours():
    words = (Word("Aye.", 0.0, 1.0), Word("The"), Word("lamp."), Word("It", 4.0, 4.5), Word("burns."))
    line = Segment(0, "Aye. The lamp. It burns.", 0.0, 5.0, words=words)

    found = cues(line)

    assert [(cue.text, cue.start) for cue in found] == [("Aye.", 0.0), ("The lamp.", 1.0), ("It burns.", 4.0)]
    assert [word for cue in found for word in cue.words] == list(words)


def test_a_line_without_words_gets_those_of_its_text():
    (cue,) = cues(Segment(0, "The lamp\nis lit.", 1.0, 3.0))

    assert cue.text == "The lamp is lit."
    assert (cue.start, cue.end) == (1.0, 3.0)


def test_what_is_known_of_the_lines_is_known_of_their_cues():
    found = cues(
        said("The lamp", 0.0, status="aligned", confidence=0.9, corrected=("text",)),
        said("is lit. Aye", 1.0, status="interpolated", confidence=0.5, corrected=("time", "text")),
        said("it is.", 2.0, status="aligned"),
        said("Never.", 9.0, status="aligned"),
    )

    assert [(cue.status, cue.confidence, cue.corrected) for cue in found] == [
        ("interpolated", 0.5, ("text", "time")),
        ("interpolated", 0.5, ("time", "text")),
        ("aligned", None, ()),
    ]


def test_other_rules_give_other_cues():
    spoken = said("The old keeper climbed the stairs of the lighthouse.")

    assert texts(spoken, rules=SubtitleRules(columns=20, lines=3)) == [
        "The old keeper\nclimbed the stairs\nof the lighthouse."
    ]
    assert texts(spoken, rules=SubtitleRules(columns=60)) == [spoken.text]


WORDS = "the a lamp of and light, sea. he burns Mr. — 中 灯。 né e\u0301 ไฟดี (aye) R&D 3.5".split()
WORDS.append("x" * 50)
LENGTHS = [0.1, 0.3]
ODD_LENGTHS = [0.0, 0.05, 0.2, 0.4, 0.9, 8.0]


@st.composite
def transcripts(draw):
    """Lines with words at any pace, some without times, of up to two speakers."""
    now, lines = 0.0, []
    for number in range(draw(st.integers(1, 8))):
        text = draw(st.sampled_from([" ", "\n", "\u00a0 "])).join(
            draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=25))
        )
        speaker = draw(st.sampled_from([None, None, None, "Ada"]))
        if draw(st.integers(0, 5)) == 0:
            lines.append(Segment(number, text, speaker=speaker, words=split_words(text)))
            continue
        start, words = now, []
        for word in split_words(text):
            end = now + draw(st.sampled_from(ODD_LENGTHS if len(words) == 3 else LENGTHS))
            is_known = draw(st.integers(0, 9)) > 0
            words.append(Word(word.text, now, end) if is_known else word)
            now = max(now, end + draw(st.sampled_from([0.0, 0.0, 0.0, -0.02, 0.1, 0.5, 3.0])))
        end = max(now, start)
        lines.append(Segment(number, text, start, end, speaker, words=tuple(words) if number % 3 else ()))
        now = max(start, end + draw(st.sampled_from([0.0, 0.3, -0.2])))
        now = max([now, *(word.start for word in words if word.start is not None)])
    transcript = Transcript(tuple(lines))
    transcript.check()
    return transcript


@given(transcripts())
def test_no_word_is_lost_moved_or_changed(transcript):
    made = resegmented(transcript)

    made.check()
    given_ = [segment.words or split_words(segment.text) for segment in transcript.segments]
    assert list(made.words()) == [word for words in given_ for word in words]
    for cue in made.segments:
        assert "".join(cue.text.split()) == "".join("".join(word.text.split()) for word in cue.words)
    assert [cue.id for cue in made.segments] == list(range(len(made.segments)))


@given(transcripts())
def test_every_cue_keeps_to_the_rules_unless_it_is_a_single_word(transcript):
    made = [cue for cue in resegmented(transcript).segments if cue.start is not None]

    for cue in made:
        lines = cue.text.split("\n")
        assert len(lines) <= RULES.lines
        assert len(cue.words) == 1 or max(map(width, lines)) <= RULES.columns
        assert cue.end - cue.start <= RULES.longest + 1e-9
    for cue, following in pairwise(made):
        assert cue.start <= following.start
        ends = [word.end if word.end is not None else float("inf") for word in cue.words]
        has_room = following.start - cue.start >= 2 * RULES.gap and max(ends) <= following.start
        assert not has_room or following.start - cue.end >= RULES.gap - 1e-9


@given(transcripts())
def test_no_cue_has_words_of_two_speakers(transcript):
    speakers = [line.speaker for line in transcript.segments for _ in line.words or split_words(line.text)]
    made = resegmented(transcript)

    assert [cue.speaker for cue in made.segments for _ in cue.words] == speakers


def test_the_lines_of_a_cue_are_lines_in_a_file():
    made = resegmented(Transcript((said("The old keeper climbed the stairs of the lighthouse."),)))

    assert "The old keeper climbed the stairs\nof the lighthouse.\n" in write(made, "srt")
    assert read_transcript(write(made, "vtt")).segments[0].text == made.segments[0].text


AT_SEA = Transcript(
    (said("The lamp.", 1.0), Segment(1, "Not said."), said("The sea.", 3.0)),
    duration=5.0,
    source=Source(chapters=(Chapter(0.0, "Night"), Chapter(2.0, "Day"))),
    untranscribed=(Passage(2.0, 2.5, "a gull"),),
)


def test_a_transcript_is_moved_with_all_that_has_a_time():
    later = shifted(AT_SEA, 10.0)

    assert [segment.start for segment in later.segments] == [11.0, None, 13.0]
    assert [word.start for word in later.segments[0].words] == [11.0, 11.23]
    assert (later.duration, later.source.chapters[1].start) == (15.0, 12.0)
    assert later.untranscribed[0] == Passage(12.0, 12.5, "a gull")


def test_what_would_begin_before_the_audio_begins_at_its_start():
    earlier = shifted(AT_SEA, -1.25)

    earlier.check()
    assert [segment.start for segment in earlier.segments] == [0.0, None, 1.75]
    assert [chapter.start for chapter in earlier.source.chapters] == [0.0, 0.75]
    assert earlier.duration == 3.75


def test_what_would_end_before_the_audio_is_not_in_it():
    lamp, *others = AT_SEA.segments
    earlier = shifted(replace(AT_SEA, segments=(replace(lamp, status="aligned"), *others)), -2.75)

    earlier.check()
    assert [(segment.start, segment.status) for segment in earlier.segments] == [
        (None, "not_in_audio"), (None, None), (0.25, None)
    ]  # fmt: skip
    assert [word.start for word in earlier.segments[0].words] == [None, None]
    assert earlier.untranscribed == ()


def test_a_shift_that_leaves_nothing_is_refused():
    with pytest.raises(TranscriptError, match=r"by -1000 s: its last line ends at 3\.\d\d s, and would be"):
        shifted(AT_SEA, -1000)


def test_a_transcript_is_stretched_with_all_that_has_a_time():
    slow = stretched(AT_SEA, 25 / 23.976)

    slow.check()
    assert slow.segments[2].start == pytest.approx(3.128, abs=0.001)
    assert [word.start for word in slow.words()][-2] == slow.segments[2].start
    assert (slow.duration, slow.source.chapters[1].start) == pytest.approx((5.214, 2.085), abs=0.001)
    assert slow.untranscribed[0].end == pytest.approx(2.607, abs=0.001)


@given(anything(), st.floats(-1e6, 1e6), st.floats(1e-3, 1e3))
def test_moved_and_stretched_transcripts_keep_their_promises(transcript, seconds, factor):
    least = -max((line.end for line in transcript.segments if line.end is not None), default=0.0)
    earlier, slower = shifted(transcript, max(seconds, least)), stretched(transcript, factor)
    earlier.check()
    slower.check()
    assert [word.text for word in earlier.words()] == [word.text for word in transcript.words()]
    assert timeless(slower) == timeless(transcript)
    if all(line.end is None or line.end + seconds >= 0 for line in transcript.segments):
        assert timeless(earlier) == timeless(transcript)


def timeless(transcript):
    return [replace(word, start=None, end=None) for word in transcript.words()]


@pytest.mark.parametrize("factor", [0, -1, float("inf"), float("nan")])
def test_an_impossible_factor_is_refused(factor):
    with pytest.raises(TranscriptError, match="expected a number above 0"):
        stretched(AT_SEA, factor)


@pytest.mark.parametrize("seconds", [float("inf"), float("nan")])
def test_an_impossible_shift_is_refused(seconds):
    with pytest.raises(TranscriptError, match="expected a number of seconds"):
        shifted(AT_SEA, seconds)

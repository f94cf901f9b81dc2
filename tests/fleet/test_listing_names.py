"""What names of files tell of each other."""

from pathlib import Path, PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.fleet.listing.names import (
    MEDIA_SUFFIXES,
    TRANSCRIPT_SUFFIXES,
    folded,
    in_natural_order,
    readings,
)
from alignment.formats import BINARY_FORMATS, FORMATS


@pytest.mark.parametrize(
    ("name", "stem", "language"),
    [
        ("talk.srt", "talk", None),
        ("talk.en.vtt", "talk", "en"),
        ("talk.EN-us.vtt", "talk", "en"),
        ("talk.pt_BR.srt", "talk", "pt"),
        ("talk-pt-BR.srt", "talk", "pt"),
        ("talk_deu.txt", "talk", "de"),
        ("talk.zh-Hans.vtt", "talk", "zh"),
        ("talk.german.vtt", "talk", "de"),
        ("talk.en.cc.vtt", "talk", "en"),
        ("talk.mp3.srt", "talk", None),
        ("talk.wav.fr.srt", "talk", "fr"),
        ("Talk (1).txt", "Talk (1)", None),
        ("Talk (transcript).txt", "Talk", None),
        ("Talk [de].txt", "Talk", "de"),
        ("My talk - transcript.txt", "My talk", None),
        ("talk.labels.txt", "talk", None),
    ],
)
def test_a_transcript_s_name_can_be_read_as_of_a_recording(name: str, stem: str, language: str | None):
    assert (stem, language) in {(reading.stem, reading.language) for reading in readings(name)}


@pytest.mark.parametrize(
    "name", ["talk.info.json", "talk.v2.txt", "Talk it.txt", "talk.hd.vtt", "talker.txt"]
)
def test_what_is_part_of_a_name_is_not_taken_off(name: str):
    assert "talk" not in {folded(reading.stem) for reading in readings(name)}


def test_the_longest_name_comes_first():
    assert [reading.stem for reading in readings("talk.mp3.en.vtt")] == ["talk.mp3.en", "talk.mp3", "talk"]


def test_names_are_the_same_whatever_their_case_and_accents():
    assert folded("Caf\u00e9 STRASSE") == folded("cafe\u0301 stra\u00dfe")


def test_numbers_are_in_their_order():
    names = ["b/1.mp3", "Talk 10.mp3", "talk 2.mp3", "Talk 1.mp3"]

    in_order = sorted(map(Path, names), key=in_natural_order)

    assert [str(path) for path in in_order] == ["b/1.mp3", "Talk 1.mp3", "talk 2.mp3", "Talk 10.mp3"]


def test_every_format_that_is_read_has_a_name_here():
    suffixes = {
        PurePath(f"x{format.suffix.lower()}").suffix
        for format in (*FORMATS.values(), *BINARY_FORMATS.values())
        if format.read and (format.write or format.name in {"epub", "pdf", "smi", "html"})
    }

    assert suffixes <= set(TRANSCRIPT_SUFFIXES)
    assert not set(TRANSCRIPT_SUFFIXES) & set(MEDIA_SUFFIXES)


@given(st.text(min_size=1, max_size=40).map(lambda stem: f"{stem}.txt"))
def test_any_name_can_be_read(name: str):
    stem = PurePath(name).stem

    assert all(stem.startswith(reading.stem) for reading in readings(name))
    in_natural_order(Path(name))

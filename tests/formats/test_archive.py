"""Hostile and damaged ZIP files are refused before anything in them is believed."""

import io
import random
import struct
import warnings
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.errors import TranscriptError
from alignment.formats.archive import is_archive, opened
from tests.formats.make_documents import archived

CENTRAL, LOCAL = b"PK\x01\x02", b"PK\x03\x04"


def packed(entries, compression=zipfile.ZIP_DEFLATED):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Of a name that is there twice.
        for name, data in entries:
            archive.writestr(name, data)
    return content.getvalue()


def refusal(content):
    with pytest.raises(TranscriptError) as refused:
        archive = opened(content, "book")
        for name in archive.names:
            archive.read(name)
    assert str(refused.value).startswith("This book cannot be read: ")
    return str(refused.value)


@given(st.dictionaries(st.text("abc/é", min_size=1).filter(lambda n: n[0] != "/"), st.binary(), max_size=5))
def test_what_was_put_in_comes_out(entries):
    archive = opened(archived(entries), "book")

    assert {name: archive.read(name) for name in archive.names} == entries


def test_an_entry_that_is_missing_is_named():
    with pytest.raises(TranscriptError, match=r"a/b\.xml is missing"):
        opened(archived({"a": ""}), "book").read("a/b.xml")


@pytest.mark.parametrize(
    "name", ["../lamp", "a/../../lamp", "/etc/lamp", "..\\lamp", "C:\\lamp", "c:/lamp", "\\x"]
)
def test_a_name_that_leads_out_is_refused(name):
    assert "has a name that leads out of it" in refusal(archived({name: "x"}))


def test_a_name_that_is_there_twice_is_refused():
    assert "'lamp' in it is there twice" in refusal(packed([("lamp", "one"), ("lamp", "two")]))


def test_a_bomb_is_refused_by_what_it_says_of_itself():
    assert "unpacks to more than 200 times its size" in refusal(packed([("lamp", b"\0" * 30_000_000)]))


def test_many_small_bombs_are_refused_by_their_sum():
    noise = random.Random(1).randbytes(12_000)
    entries = [(f"{number}", noise + b"\0" * 1_900_000) for number in range(150)]

    assert "more than 256 MB of text" in refusal(packed(entries))


def test_a_bomb_that_lies_about_its_size_is_not_unpacked():
    size = 30_000_000
    content = packed([("lamp", b"\0" * size)]).replace(struct.pack("<I", size), struct.pack("<I", 40_000))

    assert "lamp in it is damaged" in refusal(content)


def test_too_many_entries_are_refused():
    assert "it has 10,001 parts, more than 10,000" in refusal(archived({f"{n}": "" for n in range(10_001)}))


def test_an_encrypted_entry_is_refused():
    content = bytearray(archived({"lamp": "x"}))
    for header, place in ((LOCAL, 6), (CENTRAL, 8)):
        content[content.index(header) + place] |= 1

    assert "'lamp' in it is encrypted with a password" in refusal(bytes(content))


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compression_is_refused(compression):
    assert "packed in a way that these files are not" in refusal(packed([("lamp", "x" * 99)], compression))


@pytest.mark.parametrize("content", [LOCAL, LOCAL + b"\0" * 99, archived({"lamp": "x"})[:-9]])
def test_what_only_begins_as_an_archive_is_refused(content):
    assert is_archive(content)
    assert "its ZIP archive is damaged" in refusal(content)


def test_a_byte_that_was_changed_is_noticed():
    content = archived({"lamp": "The lamp is lit."})

    assert "lamp in it is damaged" in refusal(content.replace(b"is lit", b"is out"))


@given(st.data())
def test_any_damage_is_refused_or_harmless(data):
    content = bytearray(packed([("a", b"one" * 50), ("b/c", b"two" * 50)]))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        archive = opened(bytes(content), "book")
        read = [archive.read(name) for name in sorted(archive.names)]
    except TranscriptError:
        return
    assert set(read) <= {b"one" * 50, b"two" * 50, b""}

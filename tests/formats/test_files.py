"""Files as people have them, each read right: beside every file stands what is to be read from it.

`files/<format>/<name>` is the file, `<name>.read` the transcript that it holds (see `listing`), written by
hand; `<name>.refused` instead a part of the message with which it is refused.
"""

from pathlib import Path

import pytest

from alignment.errors import TranscriptError
from alignment.formats import BINARY_FORMATS, FORMATS, read_transcript
from alignment.formats.decoding import decode, normalise
from alignment.formats.sniff import sniff
from tests.formats.listing import listing

FILES = Path(__file__).parent / "files"
READ = sorted(FILES.glob("*/*.read"))
REFUSED = sorted(FILES.glob("*/*.refused"))


def named(path):
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("expected", READ, ids=named)
def test_a_file_is_read_right(expected):
    transcript = read_transcript(expected.with_suffix(""))

    assert listing(transcript) == expected.read_text("utf-8")
    transcript.check()


@pytest.mark.parametrize("expected", READ, ids=named)
def test_a_file_is_known_by_its_content(expected):
    content = expected.with_suffix("").read_bytes()

    binary = [format.name for format in BINARY_FORMATS.values() if format.recognises(content)]
    name = binary[0] if binary else sniff(normalise(decode(content)), tuple(FORMATS.values())).name
    assert name == expected.parent.name


@pytest.mark.parametrize("expected", REFUSED, ids=named)
def test_a_damaged_file_is_refused_with_a_reason(expected):
    with pytest.raises(TranscriptError) as refused:
        read_transcript(expected.with_suffix(""))

    assert expected.read_text("utf-8").strip() in str(refused.value)


def test_every_file_has_its_expectation():
    given = {path for path in FILES.glob("*/*") if path.suffix not in {".read", ".refused"}}

    assert given == {path.with_suffix("") for path in [*READ, *REFUSED]}

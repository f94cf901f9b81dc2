"""CSV and JSON-lines as lists of recordings."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alignment.errors import ListingError
from alignment.fleet.item import BatchItem
from alignment.fleet.listing import list_items


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "audio").mkdir()
    for name in ("audio/one.mp3", "audio/zw\u00f6lf; a, b.mp3", "one.txt", "zw\u00f6lf.srt"):
        (tmp_path / name).write_text(name)
    return tmp_path


def write_list(folder: Path, content: str | bytes, name: str = "list.csv") -> str:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_is_read_however_its_program_writes_it(folder: Path, delimiter: str, encoding: str):
    rows = [
        ("Audio", "transcript", "Title", "language"),
        ("audio/one.mp3", "one.txt", "The first", "English"),
        ('"audio/zw\u00f6lf; a, b.mp3"', "zw\u00f6lf.srt", "", ""),
    ]
    text = "\r\n".join(delimiter.join(row) for row in rows)

    listing = list_items(write_list(folder, text.encode(encoding)))

    assert listing.items == (
        BatchItem("The first", str(folder / "audio/one.mp3"), folder / "one.txt", "en"),
        BatchItem("zw\u00f6lf; a, b", str(folder / "audio/zw\u00f6lf; a, b.mp3"), folder / "zw\u00f6lf.srt"),
    )
    assert listing.remarks == ()


def test_lines_of_json_are_read(folder: Path):
    lines = [
        {"audio": "audio/one.mp3", "transcript": "one.txt", "title": "The first", "language": "de-AT"},
        {"audio": "https://example.org/talk", "language": None},
        {
            "audio": str(folder / "audio/one.mp3"),
            "transcript": "one.txt",
            "title": "The first again",
            "language": "de",
        },
    ]
    text = "\n\n".join(json.dumps(line) for line in lines)

    listing = list_items(write_list(folder, text, "list.jsonl"))

    assert [(item.title, item.language, item.text) for item in listing.items] == [
        ("The first", "de", "given"),
        ("https://example.org/talk", None, "captions"),
    ]


def test_a_list_is_known_by_its_content(folder: Path):
    table = list_items(write_list(folder, "audio,transcript\naudio/one.mp3,one.txt", "list.txt"))
    lines = list_items(write_list(folder, '{"audio": "audio/one.mp3", "transcript": "one.txt"}', "list.json"))

    assert table.items == lines.items
    assert len(table.items) == 1


def test_a_table_of_excel_s_own_kind_is_read(folder: Path):
    text = "sep=;\r\naudio;transcript;;notes;\r\naudio/one.mp3;one.txt;;seen;\r\n;;;;\r\n"

    listing = list_items(write_list(folder, text))

    assert len(listing.items) == 1
    assert listing.remarks == (
        "list.csv: 1 member: notes, passed by; known are audio, transcript, title, language.",
    )


def test_without_a_transcript_a_file_is_a_remark_or_recognised(folder: Path):
    given = write_list(folder, "audio,transcript\naudio/one.mp3,\nhttps://example.org/talk,\n")

    passed_by, recognised = list_items(given), list_items(given, recognise=True)

    assert [(item.audio, item.text) for item in passed_by.items] == [("https://example.org/talk", "captions")]
    assert passed_by.remarks == ("list.csv: 1 recording: line 2 (audio/one.mp3), without a transcript.",)
    assert [item.text for item in recognised.items] == ["recognised", "recognised"]
    assert recognised.remarks == ()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("gone.mp3,one.txt", "there is no audio file gone.mp3, and it is no address"),
        ("audio/one.mp3,gone.txt", "there is no transcript gone.txt"),
        ("audio/one.mp3,https://example.org/x.vtt", "is an address; save it as a file"),
        (",one.txt", "it names no audio"),
        ("audio/one.mp3,one.txt,Yes, and no,en", "it has 5 cells under a header of 4; put quotes"),
        ("audio/one.mp3,one.txt,,klingon", "klingon is no language; give a code such as en"),
        ("audio/one.mp3,one.txt,,xx", "xx is no language"),
        ("ftp://example.org/one.mp3,one.txt", "Addresses that begin with ftp: are not fetched"),
        ('audio/one.mp3,"one.txt', "it is damaged"),
        (f"{'x' * 5000},one.txt", "there is no audio file"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(folder: Path, line: str, why: str):
    text = f"audio,transcript,title,language\naudio/one.mp3,one.txt\n\n{line}\n"

    with pytest.raises(ListingError, match=r"has 1 line that cannot be used\. Line 4: ") as caught:
        list_items(write_list(folder, text))

    assert why in str(caught.value)


def test_line_numbers_count_the_lines_inside_of_cells(folder: Path):
    text = 'audio,transcript,title\naudio/one.mp3,one.txt,"two\nlines"\ngone,one.txt\n'

    with pytest.raises(ListingError, match="Line 4: "):
        list_items(write_list(folder, text))


def test_many_lines_that_cannot_be_used_are_counted(folder: Path):
    text = "audio,transcript\n" + "".join(f"gone{number}.mp3,one.txt\n" for number in range(9))

    with pytest.raises(
        ListingError, match=r"has 9 lines .* Line 2: .* Line 4: .*gone2.* So are 6 more\. Mend"
    ):
        list_items(write_list(folder, text))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{'audio': 1}", "it is no JSON"),
        ('["audio/one.mp3"]', "it is no object such as"),
        ('{"audio": 7}', "its audio is no text"),
        ('{"audio": "audio/one.mp3", "transcript": ["one.txt"]}', "its transcript is no text"),
        ('{"transcript": "one.txt"}', "it names no audio"),
        ("[" * 100_000, "it is no JSON"),
    ],
)
def test_a_line_that_is_no_such_object_is_named(folder: Path, line: str, why: str):
    with pytest.raises(ListingError, match="Line 1: ") as caught:
        list_items(write_list(folder, line, "list.ndjson"))

    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("list.csv", b"file,text\na.mp3,a.txt\n", "without the header of a list"),
        ("list.csv", b"", "without the header of a list"),
        ("list.csv", b"audio,transcript\n", "names no recording"),
        ("list.jsonl", b"\n\n", "names no recording"),
        ("list.csv", b"\0\1\2\3" * 100, "it is no text"),
        ("notes.txt", b"What was said at the meeting.", "Expected a table"),
        ("feed.xml", b"<rss version='2.0'><channel></channel></rss>", "Expected a table"),
    ],
)
def test_what_is_no_list_is_refused(folder: Path, name: str, content: bytes, why: str):
    with pytest.raises(ListingError, match=why):
        list_items(write_list(folder, content, name))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.text().map(str.encode) | st.binary(), name=st.sampled_from(["x.csv", "x.jsonl", "x.opml"]))
def test_anything_is_read_or_refused_in_plain_words(folder: Path, content: bytes, name: str):
    for start in (b"", b"audio,transcript\naudio/one.mp3,one.txt\n"):
        try:
            list_items(write_list(folder, start + content, name))
        except ListingError as error:
            assert str(folder / name) in str(error)

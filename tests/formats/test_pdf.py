"""PDF: lines of pages made into paragraphs again, and files that have none or mean harm."""

import io
import sys

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.errors import TranscriptError
from alignment.formats import pdf as pdf_format
from alignment.formats import read_transcript
from alignment.formats.pdf import paragraphs, recognises, without_running_lines
from tests.formats.make_documents import pdf

FULL = "The lamp is lit at five, or when the fog comes in from the sea,"
PAGES = [["Good evening."], ["Who counts the ships?"]]


def texts(transcript):
    return [segment.text for segment in transcript.segments]


def written(writer):
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def test_a_line_that_is_full_goes_on_and_a_short_one_does_not():
    lines = [FULL, "and it burns.", "Ships see it from twenty miles away, and then they blow their", "horns."]

    assert list(paragraphs(lines)) == [f"{FULL} and it burns.", " ".join(lines[2:])]


def test_short_lines_do_not_go_on():
    lines = ["Salt and light", "One lamp and two", "Thanks for that"]

    assert list(paragraphs(lines)) == lines


@pytest.mark.parametrize(
    ("end", "begin", "joined"),
    [
        ("light-", "house is wet", "lighthouse is wet"),
        ("well-", "known green", "well-known green"),
        ("Baden-", "Baden", "Baden-Baden"),
        ("light\u00ad", "house", "lighthouse"),
        ("at night -", "and by day", "at night - and by day"),
        ("1914-", "1918", "1914-1918"),
        ("lamp", "house", "lamp house"),
        ("灯台", "守", "灯台守"),
    ],
)
def test_how_two_lines_are_joined(end, begin, joined):
    others = ["A well-known green was the colour of the door and of the boat, and no one knew why"]
    line = f"The keeper of the lamp on the rock says that the words are these, and no others: {end}"

    assert joined in " ".join(paragraphs([*others, line, begin]))


def test_headers_of_left_and_right_pages_and_numbers_that_count_up_are_left_out():
    pages = [
        [("The Keeper" if number % 2 else "Chapter I"), f"line {chr(96 + number)}", str(10 + number)]
        for number in range(1, 7)
    ]

    assert without_running_lines(pages) == [[f"line {letter}"] for letter in "abcdef"]


@pytest.mark.parametrize(
    "pages",
    [
        [["Aye.", "a"], ["Aye.", "b"], ["No.", "c"]],
        [["a", "3"], ["b", "2"], ["c", "7"]],
        [["a", "42"], ["b", "42"], ["c", "42"]],
        [["Aye.", "a"], ["Aye.", "b"], ["Aye.", "c"], *([letter, letter] for letter in "defgh")],
        [[], [], []],
    ],
    ids=["on two pages", "numbers that do not count up", "one number", "on three of eight", "no lines"],
)
def test_lines_that_may_be_text_are_kept(pages):
    assert without_running_lines(pages) == pages


words = st.sampled_from(["lamp", "(42)", "R&D", "né", "so:", "back\\slash", "co-op", "—", "don't"])


@given(
    st.lists(
        st.lists(st.lists(words, min_size=1, max_size=12).map(" ".join), max_size=8), min_size=1, max_size=2
    )
)
def test_no_word_is_lost(pages):
    spoken = " ".join(line for page in pages for line in page).split()
    if not spoken:
        return

    transcript = read_transcript(pdf(pages))

    assert [word.text for word in transcript.words()] == spoken


def test_a_file_that_anybody_may_open_is_read_though_it_is_encrypted():
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(PAGES)))
    writer.encrypt("", owner_password="keeper", algorithm="RC4-128")

    assert texts(read_transcript(written(writer))) == ["Good evening.", "Who counts the ships?"]


def test_a_file_with_a_password_is_refused():
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(PAGES)))
    writer.encrypt("lamp", algorithm="RC4-128")

    with pytest.raises(TranscriptError, match="This PDF cannot be read: it is encrypted with a password"):
        read_transcript(written(writer))


def test_a_file_as_another_program_writes_it_is_read():
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(PAGES)))
    for page in writer.pages:
        page.compress_content_streams()
    writer.compress_identical_objects()

    assert texts(read_transcript(b"\r\n" + written(writer))) == ["Good evening.", "Who counts the ships?"]


def test_a_file_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(pdf_format, "_LIMIT_S", -1.0)

    with pytest.raises(TranscriptError, match="it takes more than"):
        read_transcript(pdf(PAGES))


def test_a_file_whose_pages_lead_to_each_other_ends():
    content = pdf(PAGES).replace(b"/Kids [5 0 R 7 0 R]", b"/Kids [2 0 R 2 0 R]")

    with pytest.raises(TranscriptError, match="This PDF cannot be read"):
        read_transcript(content)


def test_reading_without_the_extra_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pypdf", None)

    with pytest.raises(TranscriptError, match=r'pip install "verbatime\[documents\]"'):
        read_transcript(pdf(PAGES))


@pytest.mark.parametrize(
    ("title", "read"), [("Lamps", "Lamps"), ("Microsoft Word - a.doc", None), ("a.indd", None)]
)
def test_the_title_is_the_one_that_a_person_gave(title, read):
    assert read_transcript(pdf(PAGES, title=title)).title == read


@pytest.mark.parametrize("content", [b"see %PDF-1.7", b"PDF", b"", b"%pdf-1.4"])
def test_other_content_is_no_pdf(content):
    assert not recognises(content)

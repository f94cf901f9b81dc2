"""Web pages: every word that a browser shows, nothing of what stands around the text of a site."""

import html
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment.errors import TranscriptError
from alignment.formats import read_transcript
from alignment.formats.web_page import recognises

SITE = (
    "<html><head><title>The Keeper</title><script>let a = 1</script></head><body>"
    "<header><nav><a href='/'>Home</a></nav></header>{}<footer>All rights reserved.</footer></body></html>"
)
PARAGRAPHS = [
    "The lamp is lit at five, or when the fog comes in from the sea, and it burns until it is light.",
    "Ships see it from twenty miles away, and some of them blow their horns to say thanks for it.",
    "In the morning I put it out again, clean the glass and write down how much oil it took.",
]
words = st.sampled_from(
    ["lamp", "42", "a<b", "R&D", "né", "中文", "&amp;", "<i>", "“so”", "--", "-->", "Ada:"]
)
spoken = st.lists(st.lists(words, min_size=1, max_size=6).map(" ".join), min_size=1, max_size=6)


def texts(transcript):
    return [segment.text for segment in transcript.segments]


@given(spoken, st.sampled_from(["p", "div", "li", "h2", "td", "blockquote", "pre", "dd"]))
def test_every_paragraph_of_a_plain_page_is_a_line_of_its_own(paragraphs, tag):
    page = "\n".join(f"<{tag}>{html.escape(text)}</{tag}>" for text in paragraphs)

    assert texts(read_transcript(f"<!DOCTYPE html><body>{page}</body>")) == paragraphs


@given(spoken)
def test_a_transcript_of_a_podcast_keeps_speakers_times_and_texts(lines):
    page = "\n".join(
        f"<cite>Ada {number}:</cite>\n<time>{number}:07</time>\n<p>{html.escape(line)}</p>"
        for number, line in enumerate(lines)
    )

    segments = read_transcript(page).segments

    assert [(segment.speaker, segment.start, segment.text) for segment in segments] == [
        (f"Ada {number}", number * 60.0 + 7, line) for number, line in enumerate(lines)
    ]
    assert [segment.end for segment in segments[:-1]] == [segment.start for segment in segments[1:]]
    assert segments[-1].end > segments[-1].start


def test_the_page_of_a_site_is_read_without_what_stands_around_its_text():
    page = SITE.format("<main>" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS) + "</main>")

    assert texts(read_transcript(page)) == PARAGRAPHS


def test_the_page_of_a_site_is_read_where_the_extra_is_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    page = SITE.format("<div>" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS) + "</div>")

    assert texts(read_transcript(page)) == PARAGRAPHS


def test_paragraphs_that_are_links_stay_in_between():
    linked = [PARAGRAPHS[0], f"<a href='#t=2'>{PARAGRAPHS[1]}</a>", PARAGRAPHS[2]]
    page = SITE.format("<div>" + "".join(f"<p>{text}</p>" for text in linked) + "</div>")

    assert texts(read_transcript(page)) == PARAGRAPHS


def test_a_refrain_is_there_each_time():
    page = SITE.format("<div>" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS * 4) + "</div>")

    assert texts(read_transcript(page)) == PARAGRAPHS * 4


def test_the_date_of_an_article_is_no_time_of_a_line():
    transcript = read_transcript("<article><time>3 February</time> <cite>Ada:</cite> <p>Hello.</p></article>")

    assert [segment.start for segment in transcript.segments] == [None, None]
    assert texts(transcript) == ["3 February Ada:", "Hello."]


@pytest.mark.parametrize(
    "mark", ["<cite>Ada: ", "<time>0:05", "<time>0:05</time><cite>Ada", "<cite>Ada</p><time>"]
)
@pytest.mark.parametrize("parts", [1, 30])
def test_a_mark_that_swallows_the_page_loses_no_word(mark, parts):
    swallowed = "<p>" + "The lamp is lit.</p><p>" * parts + "Is it? " * 20

    transcript = read_transcript(f"<time>0:01</time><p>Yes.</p><time>0:02</time>{mark}{swallowed}")

    assert " ".join(texts(transcript)).count("The lamp is lit.") == parts
    assert " ".join(texts(transcript)).count("Is it?") == 20


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("iso-8859-2", "Światło gaśnie"),
        ("Shift_JIS", "灯りがつく"),
        ("GB2312", "灯塔的灯"),
        ("koi8-r", "Чайки"),
    ],
)
def test_the_encoding_is_the_one_that_the_page_declares(charset, text):
    page = f'<html><head><meta charset="{charset}"></head><body>{text}</body></html>'

    assert texts(read_transcript(page.encode(charset))) == [text]


@pytest.mark.parametrize("charset", ["punycode", "zip", "hex", "utf-8", "none"])
def test_an_encoding_that_no_page_is_in_is_not_believed(charset):
    page = f'<html><head><meta charset="{charset}"></head><body>Où ?</body></html>'

    assert texts(read_transcript(page.encode("cp1252"))) == ["Où ?"]


@pytest.mark.parametrize("language", ["en", "EN-gb", "en_US"])
def test_the_language_is_two_letters(language):
    assert read_transcript(f"<html lang='{language}'><p>Hello").language == "en"


@pytest.mark.parametrize("language", ["gsw", "", "x-klingon", "中文"])
def test_a_language_without_two_letters_is_not_known(language):
    assert read_transcript(f"<html lang='{language}'><p>Hello").language is None


@pytest.mark.parametrize(
    "text",
    [
        "<p> is a tag",
        "<!-- c --> <DIV class=x>",
        '\n<?xml version="1.0"?>\n<!DOCTYPE HTML PUBLIC "x">',
        "<h1/>",
    ],
)
def test_what_begins_with_an_element_is_html(text):
    assert recognises(text)


@pytest.mark.parametrize(
    "text",
    ["<Ada> the lamp", "< p>", "<pa>", "a <p>", "<tt xmlns='x'>", "<i>Hi</i>", "<timed>", "<!-- <p> --"],
)
def test_other_text_is_not_html(text):
    assert not recognises(text)


def test_attributes_without_a_value_do_no_harm():
    assert texts(read_transcript("<p style>The lamp</p><p lang>is lit.<p hidden>Not this.")) == [
        "The lamp",
        "is lit.",
    ]


@given(st.text(alphabet="<>/=&;!-\"' pbrdivcitetmenascript:0123\n"))
def test_any_markup_is_read_or_refused(text):
    try:
        transcript = read_transcript(f"<p>{text}\n")
    except TranscriptError:
        return
    transcript.check()

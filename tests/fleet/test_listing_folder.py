"""A folder as a list of recordings."""

import os
from pathlib import Path

import pytest

from alignment.errors import Cancelled, ListingError
from alignment.fleet.item import BatchItem
from alignment.fleet.listing import Listing, list_items
from alignment.formats import write
from alignment.progress import Progress
from tests.library.episodes import aligned


def fill(folder: Path, *names: str) -> None:
    """Files with these names, each with a text of its own."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"The text of {name}.")


def found(listing: Listing, folder: Path) -> list[tuple[str, str | None]]:
    """Each recording with its transcript, from the folder on."""
    return [
        (
            os.path.relpath(item.audio, folder),
            None if item.transcript is None else os.path.relpath(item.transcript, folder),
        )
        for item in listing.items
    ]


def test_recordings_are_found_with_the_transcripts_of_their_names(tmp_path: Path):
    fill(tmp_path, "b/Talk 10.mp3", "b/talk 10.SRT", "b/Talk 2.MP4", "b/Talk 2.en.vtt")
    fill(
        tmp_path, "Talk (1).m4a", "Talk (1).txt", "Za\u0308hne.opus", "Z\u00e4hne.json3", "a.wav", "a.wav.srt"
    )

    listing = list_items(str(tmp_path))

    assert found(listing, tmp_path) == [
        ("a.wav", "a.wav.srt"),
        ("b/Talk 2.MP4", "b/Talk 2.en.vtt"),
        ("b/Talk 10.mp3", "b/talk 10.SRT"),
        ("Talk (1).m4a", "Talk (1).txt"),
        ("Za\u0308hne.opus", "Z\u00e4hne.json3"),
    ]
    assert listing.remarks == ()
    assert listing.items[1] == BatchItem(
        "Talk 2", str(tmp_path / "b/Talk 2.MP4"), tmp_path / "b/Talk 2.en.vtt", "en"
    )


@pytest.mark.parametrize(
    ("names", "language", "best"),
    [
        (("talk.srt", "talk.txt", "talk.html"), None, "talk.txt"),
        (("talk.json", "talk.srt", "talk.vtt", "talk.pdf"), None, "talk.vtt"),
        (("talk.de.txt", "talk.vtt"), None, "talk.vtt"),
        (("talk.de.vtt", "talk.en.vtt"), "en", "talk.en.vtt"),
        (("talk.de.vtt", "talk.en-orig.vtt", "talk.fr.vtt"), None, "talk.en-orig.vtt"),
        (("talk.en.cc.vtt", "talk.en.vtt"), "en", "talk.en.vtt"),
    ],
)
def test_of_several_transcripts_the_best_is_taken(
    tmp_path: Path, names: tuple[str, ...], language: str | None, best: str
):
    fill(tmp_path, "talk.mp3", *names)

    listing = list_items(str(tmp_path), language=language)

    assert found(listing, tmp_path) == [("talk.mp3", best)]
    assert listing.remarks == ()


def test_where_only_the_alphabet_chooses_a_language_that_is_said(tmp_path: Path):
    fill(tmp_path, "talk.mp3", "talk.fr.vtt", "talk.en.vtt")

    listing = list_items(str(tmp_path))

    assert [(item.language, item.transcript) for item in listing.items] == [("en", tmp_path / "talk.en.vtt")]
    assert listing.remarks == (
        "1 recording: talk.mp3 (talk.en.vtt), with transcripts in several languages, of which the one in "
        "brackets is taken. Say which language is spoken to have that one.",
    )


def test_names_that_differ_in_case_alone_are_of_different_recordings(tmp_path: Path):
    fill(tmp_path, "talk.mp3", "Talk.mp3", "Talk.txt", "talk.txt")

    assert found(list_items(str(tmp_path)), tmp_path) == [("Talk.mp3", "Talk.txt"), ("talk.mp3", "talk.txt")]


def test_transcripts_may_have_a_folder_of_their_own(tmp_path: Path):
    fill(tmp_path, "audio/one.mp3", "Transcripts/one.en.txt", "two.mp3", "subs/two.srt")
    fill(tmp_path, "book 1/01.mp3", "book 2/01.mp3", "text/01.txt", "notes/one.txt")

    listing = list_items(str(tmp_path))

    assert found(listing, tmp_path) == [
        ("audio/one.mp3", "Transcripts/one.en.txt"),
        ("two.mp3", "subs/two.srt"),
    ]
    assert listing.remarks == (
        "2 recordings: book 1/01.mp3, book 2/01.mp3, without a transcript of that name.",
        "2 texts: notes/one.txt, text/01.txt, without a recording of that name.",
    )


def test_what_has_no_partner_is_a_remark(tmp_path: Path):
    fill(tmp_path, "talk.mp3", "talk.txt", "talk.info.json", "talker.txt", "README.md", "cover.jpg")
    fill(tmp_path, *(f"song {number}.mp3" for number in range(1, 8)))

    listing = list_items(str(tmp_path))

    assert found(listing, tmp_path) == [("talk.mp3", "talk.txt")]
    assert listing.remarks == (
        "7 recordings: song 1.mp3, song 2.mp3, song 3.mp3, song 4.mp3, song 5.mp3 and 2 more, "
        "without a transcript of that name.",
        "2 texts: README.md, talker.txt, without a recording of that name.",
    )


def test_recordings_without_a_text_can_be_recognised(tmp_path: Path):
    fill(tmp_path, "one.mp3", "two.mp3", "two.txt")

    listing = list_items(str(tmp_path), recognise=True, language="de")

    assert [(item.title, item.text, item.language) for item in listing.items] == [
        ("one", "recognised", "de"),
        ("two", "given", "de"),
    ]
    assert len({item.key("base") for item in listing.items}) == 2
    assert listing.remarks == ()


def test_a_recording_in_two_forms_is_one(tmp_path: Path):
    fill(tmp_path, "talk.mp4", "talk.mp3", "talk.txt")

    listing = list_items(str(tmp_path))

    assert found(listing, tmp_path) == [("talk.mp3", "talk.txt")]
    assert listing.remarks == (
        "1 recording: talk.mp4, there in another form under the same name, which is taken.",
    )


def test_hidden_files_libraries_and_what_this_program_wrote_are_passed_by(tmp_path: Path):
    fill(tmp_path, "talk.mp3", "talk.txt", "._talk.mp3", ".git/x.mp3", "__MACOSX/talk.mp3")
    fill(tmp_path, "cache/library.json", "cache/episodes/abc/audio.m4a", "cache/episodes/abc/transcript.txt")
    fill(tmp_path, "other.mp3")
    (tmp_path / "other.json").write_text(write(aligned("Other"), "json"))

    listing = list_items(str(tmp_path))

    assert found(listing, tmp_path) == [("talk.mp3", "talk.txt")]
    assert listing.remarks == (
        "1 library passed by: cache.",
        "1 file that this program wrote, passed by: other.json.",
        "1 recording: other.mp3, without a transcript of that name.",
    )


def test_a_file_stands_for_itself_with_the_transcript_beside_it(tmp_path: Path):
    fill(tmp_path, "one.mp4", "one.mp3", "one.srt", "two.mp3", "two.txt")

    assert found(list_items(str(tmp_path / "one.mp4")), tmp_path) == [("one.mp4", "one.srt")]


def test_the_same_recording_with_the_same_text_is_there_once(tmp_path: Path):
    fill(tmp_path, "talk.mp3", "talk.txt")

    listing = Listing.joined([list_items(str(tmp_path)), list_items(str(tmp_path / "talk.mp3"))])

    assert len(listing.items) == 1


def test_a_transcript_that_cannot_be_read_is_a_remark(tmp_path: Path):
    fill(tmp_path, "talk.mp3")
    (tmp_path / "talk.txt").symlink_to(tmp_path / "gone")

    listing = list_items(str(tmp_path))

    assert listing.items == ()
    assert listing.remarks == (
        f"The transcript {tmp_path / 'talk.txt'} cannot be read: No such file or directory.",
    )


def test_names_that_are_no_unicode_are_taken(tmp_path: Path):
    for name in (b"caf\xe9.mp3", b"caf\xe9.txt", b"th\xe9.mp3"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(b"x")

    listing = list_items(str(tmp_path))

    assert [item.title for item in listing.items] == ["caf\ufffd"]
    assert Path(listing.items[0].audio).is_file()
    assert "".join(listing.remarks).encode()


def test_a_folder_without_any_recording_is_refused(tmp_path: Path):
    fill(tmp_path, "notes.txt")

    with pytest.raises(ListingError, match=r"holds no recording\. Give a folder with audio or video files"):
        list_items(str(tmp_path))


@pytest.mark.parametrize("source", ["nowhere", "no/where", "x" * 5000, "a\0b", "", "  "])
def test_what_is_neither_here_nor_an_address_is_refused(source: str):
    with pytest.raises(ListingError, match=r"Give a folder"):
        list_items(source)


def test_a_long_look_can_be_ended(tmp_path: Path):
    fill(tmp_path, "talk.mp3", "talk.txt")

    def stop(progress: Progress) -> None:
        assert progress.stage == "Listing"
        raise Cancelled

    with pytest.raises(Cancelled):
        list_items(str(tmp_path), progress=stop)

"""The add page: give a transcript and where its audio is, see what was recognised, start."""

import html
from contextlib import suppress
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from alignment.app import service
from alignment.app.adding import add_all, has_added, show_added
from alignment.app.choices import LANGUAGES, MODELS
from alignment.app.choosing import Choice, ask_which, get_ready
from alignment.app.job_view import show_jobs
from alignment.app.look import day, markdown_free, page
from alignment.app.pages import Pages
from alignment.app.signing_in import show_sign_in
from alignment.errors import AlignmentError, LibraryError
from alignment.formats import read_transcript
from alignment.formats.archive import MAX_ARCHIVE_BYTES
from alignment.library import Job, JobRequest, JobStatus
from alignment.library.jobs import TextSource
from alignment.transcript import Transcript
from alignment.wording import in_words, length

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

    from alignment.sources.playlist import Recording

__all__ = ["show"]

# Streamlit takes a text when its field is left. What is pasted is complete, so the field is left at once and
# the page can say what it makes of it; also what was pasted before this was here: nobody types lines so fast,
# or a whole address.
_TAKE_WHAT_IS_PASTED = """
export default function () {
  const take = ({ target }) => {
    if (target.matches("textarea, [aria-label='Its address']")) requestAnimationFrame(() => target.blur());
  };
  const early = document.activeElement;
  const isWhole = { TEXTAREA: /\\n/, INPUT: /^https?:[/][/].{8}/ }[early?.tagName];
  if (isWhole?.test(early.value)) early.blur();
  document.addEventListener("paste", take);
  return () => document.removeEventListener("paste", take);
}
"""

_TEXTS: dict[TextSource, str] = {
    "given": "I have it",
    "captions": "Captions that the source has",
    "recognised": "None: recognise what is said",
}

_JOB = "job"
_PASTED = "pasted"
_ADDRESS = "address"
_FILLED_IN = "address-filled-in"
_WANTED = "wanted-when-known"


def show(pages: Pages) -> None:
    """Draw the page: the form, or the job that it started."""
    page("Add an episode")
    with (
        st.container(key="page-top"),
        st.container(key="page-bar", horizontal=True, vertical_alignment="center"),
    ):
        pages.link_to_library()
    with st.container(key="page-form"):
        if not service.may_add():
            _ask_to_sign_in()
        elif (job := _started_job()) is not None:
            _show_job(pages, job)
        elif has_added():
            show_added(pages, begin_anew=_begin_anew)
        else:
            _show_form()


def _ask_to_sign_in() -> None:
    st.title("Add an episode", anchor=False)
    st.markdown("Those may add episodes whom the owner of this app has named, when they have signed in.")
    show_sign_in()


def _show_form() -> None:
    st.title("Add an episode", anchor=False)
    with st.container(key="page-transcript"):
        text = _ask_where_text_is()
        given = _ask_for_transcript() if text == "given" else b""
        transcript = _read(given) if given else None
        if transcript is not None:
            _show_recognised(transcript)
            _fill_in_address(transcript)
    address, upload, choice = _ask_for_audio(text, transcript)
    wanted = _ask_how(text, transcript, address, upload)
    if _may_start(transcript, wanted, choice):
        if choice.is_several:
            requests = [_of(found, wanted, transcript) for found in choice.fitting]
            add_all(requests, len(choice.recordings or ()))
        else:
            chosen = choice.recordings
            _start(_of(chosen[0], wanted, transcript) if chosen else wanted, given, upload)
    _take_what_is_pasted()()


def _of(recording: "Recording", wanted: JobRequest, transcript: Transcript | None) -> JobRequest:
    """The request for one recording of a list."""
    title = (transcript.title if transcript else None) or recording.title
    return replace(wanted, title=title, source=recording.address)


def _ask_where_text_is() -> TextSource:
    st.header("The transcript", anchor=False)
    chosen = st.radio(
        "Where the text is from",
        _TEXTS,
        format_func=_TEXTS.__getitem__,
        horizontal=True,
        label_visibility="collapsed",
        key="text",
        persist_state="session",
    )
    return chosen or "given"


def _ask_for_transcript() -> bytes:
    pasted = st.text_area(
        "Paste it",
        height=200,
        placeholder="The text of a transcript, or a whole page copied from a site of video transcripts.",
        key=_PASTED,
        persist_state="session",
    )
    dropped = st.file_uploader(
        "Or drop a file with it: text, subtitles, JSON, a web page, a book, Word or PDF",
        key="transcript-file",
        max_upload_size=MAX_ARCHIVE_BYTES >> 20,
    )
    if dropped is not None:
        return dropped.getvalue()
    return (pasted or "").encode()


@cache
def _take_what_is_pasted() -> "ComponentRenderer":
    return st.components.v2.component("verbatime_paste", js=_TAKE_WHAT_IS_PASTED)


def _read(given: bytes) -> Transcript | None:
    try:
        return _parse(given)
    except AlignmentError as error:
        st.error(markdown_free(str(error)))
        return None


@lru_cache(maxsize=8)
def _parse(given: bytes) -> Transcript:
    """Kept, because every change on the page asks for it again."""
    return read_transcript(given)


def _show_recognised(transcript: Transcript) -> None:
    """What was made of the text, before any work."""
    words = sum(len(segment.text.split()) for segment in transcript.segments)
    facts = [f"{in_words(len(transcript.segments), 'line')}, {in_words(words, 'word')}"]
    if transcript.source.channel:
        facts.append(transcript.source.channel)
    if transcript.source.length:
        facts.append(length(transcript.source.length))
    if transcript.source.published:
        facts.append(day(transcript.source.published))
    if transcript.about and transcript.about.comments:
        facts.append(in_words(len(transcript.about.comments), "comment"))
    title = transcript.title or "A transcript without a title"
    first = transcript.segments[0].text if transcript.segments else ""
    st.html(
        '<div class="page-recognised" role="status">'
        f"<strong>{html.escape(title)}</strong>"
        f'<p class="page-facts">{html.escape(" · ".join(facts))}</p>'
        f"<p><q>{html.escape(first)}</q> …</p></div>"
    )


def _fill_in_address(transcript: Transcript) -> None:
    """Put the page's address into the field, unless the person wrote another one there.

    Once for each address: to set a field is to overwrite what is being typed into it.
    """
    found, filled_in = transcript.source.url or "", st.session_state.get(_FILLED_IN, "")
    if found != filled_in and st.session_state.get(_ADDRESS, "") == filled_in:
        st.session_state[_ADDRESS] = found
        st.session_state[_FILLED_IN] = found


def _ask_for_audio(
    text: TextSource, transcript: Transcript | None
) -> tuple[str, UploadedFile | None, Choice]:
    st.header("The audio", anchor=False)
    address = st.text_input(
        "Its address",
        key=_ADDRESS,
        placeholder="https://… a video, a podcast's feed or episode, a playlist, an audio file",
        persist_state="session",
        help="Where it leads to several recordings, as that of a feed, a playlist or a channel, you choose "
        "among them.",
    )
    address = (address or "").strip()
    which = st.container(key="page-which")
    upload = st.file_uploader("Or drop the audio or video file, which is taken instead", key="audio-file")
    if not address:
        get_ready()
    with which:
        given = address if upload is None else ""
        choice = ask_which(given, text, has_transcript=transcript is not None)
    return address, upload, choice


def _ask_how(
    text: TextSource, transcript: Transcript | None, address: str, upload: UploadedFile | None
) -> JobRequest:
    """The request that the form makes, so far as it is filled in."""
    with st.expander("Language and model"):
        language = st.selectbox("Language", LANGUAGES, format_func=LANGUAGES.__getitem__, key="language")
        model = st.selectbox("Model", MODELS, format_func=MODELS.__getitem__, key="model")
    name = upload.name if upload is not None else address
    title = (transcript.title if transcript else None) or Path(name).stem or name
    source = None if upload is not None else address
    private = service.settings().hosted and st.checkbox(
        "Private: for you alone, and for those to whom you give a link", key="private"
    )
    return JobRequest(title, source, model or "base", language, text=text, private=private)


def _may_start(transcript: Transcript | None, wanted: JobRequest, choice: Choice) -> bool:
    """Offer to start, or say what is missing; whether to start now, as the person wishes."""
    missing = _missing(transcript, wanted, choice)
    several = choice.is_several
    count = len(choice.fitting or choice.recordings or ())
    start = st.button(
        f"Add {in_words(count, 'recording')}" if several else "Align",
        type="primary",
        icon=":material/playlist_add:" if several else ":material/play_arrow:",
        disabled=bool(missing) or choice.is_barred,
        key="start",
    )
    if missing:
        st.caption(f"Still needed: {' and '.join(missing)}.")
    wished = st.session_state.pop(_WANTED, None) == wanted
    if choice.is_open and (start or wished):
        st.session_state[_WANTED] = wanted
        st.caption("It begins as soon as that is known.")
        return False
    return (start or (wished and choice.is_one)) and not missing


def _missing(transcript: Transcript | None, wanted: JobRequest, choice: Choice) -> list[str]:
    missing = []
    if wanted.text == "given" and choice.is_several:
        missing.append("a source of their texts")
    elif wanted.text == "given" and transcript is None:
        missing.append("a transcript")
    if wanted.source == "":
        missing.append("an address or an audio file")
    elif wanted.source is None and wanted.text == "captions":
        missing.append("an address: a file brings no captions")
    if choice.missing:
        missing.append(choice.missing)
    return missing


def _start(wanted: JobRequest, given: bytes, upload: UploadedFile | None) -> None:
    try:
        job = service.submit(wanted, given, upload, upload.name if upload is not None else "")
    except LibraryError as error:
        st.error(markdown_free(str(error)))
        return
    st.session_state[_JOB] = job.id
    st.rerun()


def _started_job() -> Job | None:
    """The job that this visitor started and has not put away."""
    try:
        return service.jobs().get(st.session_state[_JOB])
    except (KeyError, LibraryError):
        st.session_state.pop(_JOB, None)
        return None


def _show_job(pages: Pages, job: Job) -> None:
    st.title("Adding" if not job.status.ended else "Added" if job.episode else "Not added", anchor=False)
    show_jobs(pages, [job], with_ended=True)
    if not job.status.ended:
        st.caption("This goes on by itself, even when you leave the page or close it.")
    with st.container(horizontal=True, vertical_alignment="center"):
        pages.link_to_library("Listen to something else")
        if job.status in {JobStatus.FAILED, JobStatus.CANCELLED}:
            st.button("Change what was given", type="tertiary", icon=":material/edit:", on_click=_change)
        else:
            st.button("Add another", type="tertiary", icon=":material/add:", on_click=_begin_anew)


def _change() -> None:
    """Back to the form as it was filled in; the job that came to nothing goes."""
    id = st.session_state.pop(_JOB)
    with suppress(LibraryError):  # gone already
        service.jobs().cancel(id)  # asked for again meanwhile, in another window perhaps
        service.jobs().dismiss(id)


def _begin_anew() -> None:
    """To an empty form; the job goes on by itself."""
    st.session_state.pop(_JOB, None)
    for key in (_PASTED, _ADDRESS, _FILLED_IN):
        st.session_state[key] = ""

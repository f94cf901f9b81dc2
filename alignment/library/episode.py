"""An episode as the library keeps it: what `episode.json` says, and how it is written there.

The folder of an episode is the truth about it and can be read by a person:

    episodes/<id>/episode.json     this module; versions.py reads older ones
    episodes/<id>/audio.m4a        the very file that was aligned and is played
    episodes/<id>/transcript.txt   the transcript as it was given, byte for byte
    episodes/<id>/aligned.json     the native JSON of `alignment.formats`
    episodes/<id>/corrections.json what people have corrected (corrections.py)
    episodes/<id>/thumbnail.jpg    where the source has one
    episodes/<id>/peaks.json       how loud the audio is; made when it is wanted, and again if deleted
    episodes/<id>/notes.json       what listeners have noted, `alignment.library.notes`
    episodes/<id>/links.json       what its private links are signed with, `alignment.library.link_salt`

While an episode is made, its beginning is in a folder with the same files, previews/<id>.
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from alignment.disk import identifier, write_json
from alignment.errors import LibraryError
from alignment.library.versions import EPISODE_VERSION, keep_old_description, migrated
from alignment.transcript import Chapter, Source, Transcript

__all__ = [
    "ALIGNED",
    "DESCRIPTION",
    "PEAKS",
    "PREVIEWS",
    "TRANSCRIPT",
    "UNTITLED",
    "DamagedEpisode",
    "Episode",
    "describe_source",
    "episode_id",
    "read_source",
    "share_placed",
    "write_description",
]

DESCRIPTION = "episode.json"
ALIGNED = "aligned.json"
TRANSCRIPT = "transcript.txt"
PEAKS = "peaks.json"
PREVIEWS = "previews"
UNTITLED = "Untitled"
"""The title of an episode whose transcript has none."""
_NOWHERE = Source()


@dataclass(frozen=True, slots=True)
class Episode:
    """What the library knows of an episode without reading its lines.

    id: from the contents of audio and transcript, fit for a URL.
    folder: where its files are.
    duration: seconds of audio.
    lines, placed: how many lines the transcript has, and how many of them have times.
    model: name of the recogniser's weights that it was aligned with.
    aligned_bytes: size of `aligned.json` when `placed` was counted; another size means: count again.
    collections: names of those that it is in, sorted.
    owner: who added it, as the login names them; None where nobody was logged in.
    private: whether it is for its owner alone.
    """

    id: str
    folder: Path
    title: str
    added: datetime
    audio_name: str
    audio_sha256: str
    audio_bytes: int
    transcript_sha256: str
    duration: float
    lines: int
    placed: int
    model: str
    aligned_bytes: int
    language: str | None = None
    thumbnail_name: str | None = None
    source: Source = _NOWHERE
    collections: tuple[str, ...] = ()
    owner: str | None = None
    private: bool = False

    @property
    def audio(self) -> Path:
        """The audio that was aligned and is played."""
        return self.folder / self.audio_name

    @property
    def transcript(self) -> Path:
        """The transcript as it was given."""
        return self.folder / TRANSCRIPT

    @property
    def aligned(self) -> Path:
        """The aligned transcript as native JSON."""
        return self.folder / ALIGNED

    @property
    def thumbnail(self) -> Path | None:
        """A picture of the episode, where its source has one."""
        return self.folder / self.thumbnail_name if self.thumbnail_name else None

    @property
    def peaks(self) -> Path:
        """Where its loudness is kept for drawing, once `Library.peaks` has made it."""
        return self.folder / PEAKS

    @property
    def is_preview(self) -> bool:
        """Whether it is still being made, and later lines have no times yet."""
        return self.folder.parent.name == PREVIEWS

    @property
    def share_aligned(self) -> float:
        """Share of the lines that have times, 0 to 1."""
        return self.placed / self.lines if self.lines else 0.0

    def describe(self) -> dict[str, Any]:
        """The value that `episode.json` holds."""
        return {
            "version": EPISODE_VERSION,
            "id": self.id,
            "title": self.title,
            "added": self.added.isoformat(timespec="seconds"),
            "language": self.language,
            "duration": self.duration,
            "audio": {"file": self.audio_name, "sha256": self.audio_sha256, "bytes": self.audio_bytes},
            "transcript": {"file": TRANSCRIPT, "sha256": self.transcript_sha256},
            "aligned": {
                "file": ALIGNED,
                "bytes": self.aligned_bytes,
                "model": self.model,
                "lines": self.lines,
                "placed": self.placed,
            },
            "thumbnail": self.thumbnail_name,
            "source": describe_source(self.source),
            "collections": list(self.collections),
            "owner": self.owner,
            "private": self.private,
        }

    @classmethod
    def from_description(cls, folder: Path, value: dict[str, Any]) -> "Episode":
        """The episode whose `episode.json` holds `value`. Raises LibraryError where that cannot be."""
        value = migrated(value, DESCRIPTION)
        try:
            return cls(
                id=folder.name,
                folder=folder,
                title=str(value["title"]),
                added=datetime.fromisoformat(value["added"]),
                audio_name=_file_name(value["audio"]["file"]),
                audio_sha256=str(value["audio"]["sha256"]),
                audio_bytes=int(value["audio"]["bytes"]),
                transcript_sha256=str(value["transcript"]["sha256"]),
                duration=float(value["duration"]),
                lines=int(value["aligned"]["lines"]),
                placed=int(value["aligned"]["placed"]),
                model=str(value["aligned"]["model"]),
                aligned_bytes=int(value["aligned"]["bytes"]),
                language=value.get("language"),
                thumbnail_name=_file_name(value["thumbnail"]) if value.get("thumbnail") else None,
                source=read_source(value.get("source") or {}),
                collections=_texts(value["collections"]),
                owner=None if value["owner"] is None else _text(value["owner"]),
                private=_flag(value["private"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise LibraryError(
                f"Its {DESCRIPTION} lacks something or holds something else: {error}."
            ) from error

    def with_alignment(self, transcript: Transcript, size: int) -> "Episode":
        """The same episode, aligned anew. size: of its new `aligned.json`, in bytes."""
        placed, lines = share_placed(transcript)
        model = transcript.provenance.model if transcript.provenance else self.model
        language = transcript.language or self.language
        return replace(self, lines=lines, placed=placed, model=model, language=language, aligned_bytes=size)


@dataclass(frozen=True, slots=True)
class DamagedEpisode:
    """An episode folder that cannot be shown. reason: what is wrong with it, as a sentence."""

    id: str
    folder: Path
    reason: str


def write_description(folder: Path, episode: Episode) -> None:
    """Write an episode's `episode.json` to its folder; one of an older version stays beside it.

    Raises OSError.
    """
    keep_old_description(folder / DESCRIPTION)
    write_json(folder / DESCRIPTION, episode.describe())


def describe_source(source: Source) -> dict[str, Any]:
    """A source as a JSON value, without what is not known."""
    return {name: value for name, value in asdict(source).items() if value}


def read_source(value: dict[str, Any]) -> Source:
    """The source that `describe_source` described. Raises TypeError where it is something else."""
    chapters = tuple(Chapter(**chapter) for chapter in value.get("chapters", ()))
    return Source(**{**value, "chapters": chapters})


def episode_id(audio_sha256: str, transcript_sha256: str) -> str:
    """The id of the episode with this audio and this transcript: the same contents have the same id."""
    return identifier(audio_sha256, transcript_sha256)


def share_placed(transcript: Transcript) -> tuple[int, int]:
    """How many lines have times, and how many there are."""
    return sum(segment.start is not None for segment in transcript.segments), len(transcript.segments)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r:.40} is no text")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f"{value!r:.40} is no list")
    return tuple(_text(item) for item in value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r:.40} is neither true nor false")
    return value


def _file_name(value: object) -> str:
    """The value, if it names a file in the episode's own folder."""
    name = str(value)
    if Path(name).name != name or name in {"", ".", ".."} or "\\" in name or "\0" in name:
        raise ValueError(f"{name!r} is no file name")
    return name

"""The library: a folder with every episode, kept so that a killed process or a full disk loses nothing."""

import os
import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alignment.disk import (
    clear_leftovers,
    clearly,
    copy_durably,
    digest,
    read_json,
    settle,
    workspace,
    write_durably,
)
from alignment.errors import AlignmentError, LibraryError
from alignment.formats import read_transcript, write
from alignment.library.backing import AUDIO_AWAY, Backing, library_lock
from alignment.library.bin import BIN, Binned, binned_in, put_in, take_out
from alignment.library.corrections import (
    aligned_transcript,
    carry_corrections,
    corrected,
    merge_corrections,
)
from alignment.library.describing import DescriptionNotTakenError, collection_names, title_of
from alignment.library.episode import (
    ALIGNED,
    DESCRIPTION,
    PEAKS,
    PREVIEWS,
    TRANSCRIPT,
    UNTITLED,
    DamagedEpisode,
    Episode,
    episode_id,
    share_placed,
    write_description,
)
from alignment.library.notes import carry_notes, merge_notes
from alignment.library.versions import LIBRARY, check_library, claim_library, old_descriptions
from alignment.transcript import Transcript

__all__ = ["Library"]

_ID = re.compile(r"[a-z2-7]{12}")
_KEEP_PREVIEWS = timedelta(days=1)
_NOWHERE_ELSE = Backing()
_PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif"}


class Library:
    """Episodes in a folder. Any number of processes may use one library at the same time.

    root: made when something is first kept in it. Opening clears away what killed processes left unfinished.
    backing: where else it is kept, with this folder as a copy; see `open_library`.
    Raises LibraryError where a newer program keeps it, and where that is no folder.
    """

    def __init__(self, root: Path | str, backing: Backing = _NOWHERE_ELSE) -> None:
        self.root = Path(root).expanduser().absolute()
        self._backing = backing
        self._episodes = self.root / "episodes"
        self._previews = self.root / PREVIEWS
        self._bin = self.root / BIN
        self._workspaces = self.root / "tmp"
        check_library(self.root)
        clear_leftovers(self._workspaces)

    @property
    def address(self) -> str:
        """What `open_library` opens it by, in this process or in another one."""
        return self._backing.address or str(self.root)

    @property
    def is_in_store(self) -> bool:
        """Whether its folder is this machine's copy of one in a store."""
        return self._backing.address is not None

    @property
    def is_begun(self) -> bool:
        """Whether anything was ever kept in it."""
        kept = (LIBRARY, "episodes", "jobs", PREVIEWS, BIN)
        return self.is_in_store or any((self.root / name).exists() for name in kept)

    @property
    def whole(self) -> "Library":
        """The library with all that is in it, whatever whoever asks may see of it."""
        return self

    @property
    def shows(self) -> Callable[[Episode], bool] | None:
        """Tells which episodes lists have for whoever asks; None for all."""
        return None

    def refresh(self) -> None:
        """See what others have changed, where the library is kept elsewhere. Raises LibraryError."""
        with clearly(self.root):
            self._backing.refresh()

    def episodes(self) -> list[Episode]:
        """Every episode that can be played, the newest first."""
        self.refresh()
        found = [entry for entry in self._scan() if isinstance(entry, Episode)]
        return sorted(found, key=lambda episode: (episode.added, episode.id), reverse=True)

    def damaged(self) -> list[DamagedEpisode]:
        """Every episode folder that cannot be shown, with the reason."""
        self.refresh()
        return [entry for entry in self._scan() if isinstance(entry, DamagedEpisode)]

    def damaged_previews(self) -> list[DamagedEpisode]:
        """What is shown of episodes in the making and cannot be, with the reason."""
        return [entry for entry in self._scan(self._previews) if isinstance(entry, DamagedEpisode)]

    def episode(self, id: str) -> Episode:
        """The episode with this id, or its preview.

        Raises LibraryError where there is none, or where it is damaged.
        """
        folder = self._folder(id)
        if not self._is_preview(id):
            self._backing.look(_place(id))
        if not folder.is_dir():
            folder = self._previews / id
        if not folder.is_dir():
            raise LibraryError(f"The library has no episode {id!r}. It may have been removed.")
        entry = _read_episode(folder)
        if isinstance(entry, DamagedEpisode):
            raise LibraryError(f"Episode {id} is damaged: {entry.reason}")
        return entry

    def find(
        self, audio_sha256: str, transcript_sha256: str, model: str, language: str | None = None
    ) -> Episode | None:
        """The episode with these contents, if it is here and was aligned with this model.

        language: what the person asked for; None takes an episode in any language.
        """
        try:
            episode = self.episode(episode_id(audio_sha256, transcript_sha256))
        except LibraryError:
            return None
        fits = episode.model == model and language in {None, episode.language}
        return episode if fits and not episode.is_preview else None

    def find_source(
        self, address: str, transcript_sha256: str, model: str, language: str | None = None
    ) -> Episode | None:
        """The episode made from this address and this transcript, so that it needs no fetching."""
        for episode in self.episodes():
            if episode.source.url == address and episode.transcript_sha256 == transcript_sha256:
                return self.find(episode.audio_sha256, transcript_sha256, model, language)
        return None

    def add(
        self,
        *,
        transcript: bytes,
        audio: Path,
        aligned: Transcript,
        thumbnail: Path | None = None,
        owner: str | None = None,
        private: bool = False,
    ) -> Episode:
        """Keep an episode; all of it is on the disk when this returns, and none of it before.

        transcript: as it was given.
        audio: the file that was aligned; linked if it lies in the library (in a job's folder), else copied.
        owner, private: see `Episode`.
        An episode with the same audio and transcript keeps its place, its owner and all that people have said
        of it, and takes the new times, unless it is another owner's. Raises LibraryError.
        """
        with clearly(self.root), workspace(self._workspaces) as folder:
            episode = self._build(folder, self._episodes, transcript, audio, aligned, thumbnail)
            write_description(folder, replace(episode, owner=owner, private=private))
            self._backing.keep_audio(_place(episode.id), folder / episode.audio_name)
            with self._changing(_place(episode.id)) as changed:
                with suppress(FileNotFoundError):
                    (self._previews / episode.id / PEAKS).rename(folder / PEAKS)
                self._discard(self._previews / episode.id)
                if isinstance(there := _read_episode(episode.folder), Episode):
                    if owner is not None and owner != there.owner:
                        return there  # who adds what somebody else has does not change it for them
                    return self._replace_alignment(episode.id, aligned)
                carry_notes(episode.folder, folder)
                carry_corrections(episode.folder, folder)
                _carry_description(episode.folder, folder)
                if episode.folder.exists():
                    why = "It was damaged, and the episode was added again."
                    changed.append(_place(put_in(self._bin, episode.folder, why=why)))
                self._episodes.mkdir(exist_ok=True)
                folder.rename(episode.folder)
                settle(self._episodes)
        return self.episode(episode.id)

    def show_preview(
        self,
        *,
        transcript: bytes,
        audio: Path,
        aligned: Transcript,
        thumbnail: Path | None = None,
        owner: str | None = None,
        private: bool = False,
    ) -> Episode:
        """Let the beginning of an episode be listened to while the rest is made; see `add`.

        It is found by its id, and in no list. Shown again, it takes the new times.
        """
        with clearly(self.root), workspace(self._workspaces) as folder:
            preview = self._build(folder, self._previews, transcript, audio, aligned, thumbnail)
            preview = replace(preview, owner=owner, private=private)
            write_description(folder, preview)
            with self._changing():
                if isinstance(_read_episode(preview.folder), Episode):
                    _write_alignment(preview, aligned)
                else:
                    self._discard(preview.folder)
                    self._previews.mkdir(exist_ok=True)
                    folder.rename(preview.folder)
        return preview

    def end_preview(self, id: str) -> None:
        """Take away what was shown of an episode that is finished now, or came to nothing."""
        with clearly(self.root), self._changing():
            self._discard(self._previews / id)

    def forget_old_previews(self, keep: Collection[str] = ()) -> None:
        """Take away those that nobody went on with for a day. keep: ids of those still made."""
        now = datetime.now(UTC).timestamp()
        with clearly(self.root):
            for folder in self._previews.iterdir() if self._previews.is_dir() else ():
                if not _ID.fullmatch(folder.name) or folder.name in keep:
                    continue
                if abs(now - folder.stat().st_mtime) > _KEEP_PREVIEWS.total_seconds():
                    self.end_preview(folder.name)

    def replace_alignment(self, id: str, aligned: Transcript) -> Episode:
        """Give an episode new times; its text and its audio stay. Raises LibraryError."""
        with clearly(self.root), self._changing(_place(id)):
            return self._replace_alignment(id, aligned)

    def describe(
        self,
        id: str,
        *,
        title: str | None = None,
        collections: Iterable[str] | None = None,
        private: bool | None = None,
    ) -> Episode:
        """Give an episode another title, other collections, or take it from or to the public; None: as it is.

        A new alignment changes none of it. Raises LibraryError, of which DescriptionNotTakenError says what
        is wrong with a name, or that the episode is still being made.
        """
        with self.changing(id) as episode:
            if episode.is_preview:
                raise DescriptionNotTakenError(
                    "This episode is still being made. It can be renamed when it is finished."
                )
            changed = replace(
                episode,
                title=episode.title if title is None else title_of(title),
                collections=episode.collections if collections is None else collection_names(collections),
                private=episode.private if private is None else private,
            )
            write_description(changed.folder, changed)
        return changed

    def remove(self, id: str, *, who: str | None = None, why: str | None = None) -> Binned:
        """Move an episode, damaged or not, to the bin. Raises LibraryError where there is none.

        who: the person who wants that, as the login names them. why: where no person does.
        """
        folder = self._folder(id)
        with clearly(self.root), self._changing(_place(id)) as changed:
            if not folder.is_dir():
                raise LibraryError(f"The library has no episode {id!r} to remove.")
            binned = put_in(self._bin, folder, who=who, why=why)
            changed.append(_place(binned))
        return binned

    def take_into_bin(self, folder: Path, *, why: str) -> Binned:
        """Put an episode's folder, built in a workspace of the library, into the bin. Raises LibraryError."""
        with clearly(self.root), self._changing() as changed:
            binned = put_in(self._bin, folder, why=why)
            changed.append(_place(binned))
        return binned

    def binned(self) -> list[Binned]:
        """What is in the bin, what was removed last first. Raises LibraryError."""
        with clearly(self.root):
            self._backing.refresh()
            return binned_in(self._bin)

    def restore(self, name: str) -> str:
        """Take an episode out of the bin; its id. A damaged one in its place goes to the bin.

        name: of `Binned`. Raises LibraryError, also where the library has this episode again.
        """
        with clearly(self.root), self._changing() as changed:
            entry = self._binned(name)
            place = self._episodes / entry.id
            changed += [_place(entry), _place(entry.id)]
            if isinstance(_read_episode(place), Episode):
                raise LibraryError(
                    f"The library has the episode {entry.id} again. Remove that first, then restore this one."
                )
            if place.exists():
                why = "It was damaged, and the episode was restored."
                changed.append(_place(put_in(self._bin, place, why=why)))
            take_out(entry, place)
        return entry.id

    def delete(self, name: str) -> None:
        """Delete what is in the bin under this name, for good. Raises LibraryError."""
        with clearly(self.root), self._changing() as changed:
            entry = self._binned(name)
            changed.append(_place(entry))
            self._discard(entry.folder)

    def empty_bin(self, *, older_than: timedelta = timedelta(0)) -> list[Binned]:
        """Delete for good what was removed so long ago; what that was. Raises LibraryError."""
        limit = datetime.now(UTC) - older_than
        old = [entry for entry in self.binned() if entry.removed <= limit or not older_than]
        for entry in old:
            with clearly(self.root), self._changing(_place(entry)):
                self._discard(entry.folder)
        return old

    @contextmanager
    def changing(self, id: str) -> Iterator[Episode]:
        """The episode with this id, while nobody else changes or removes it. Raises LibraryError."""
        with clearly(self.root), self._changing(*([] if self._is_preview(id) else [_place(id)])):
            yield self.episode(id)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """While nobody else puts an episode in place, changes it or takes it away.

        Raises LibraryError where a newer program keeps the library, and OSError.
        """
        with self._changing():
            yield

    def take_in(self, folder: Path, id: str, *, instead: Callable[[Path], None]) -> bool:
        """Put a whole episode's folder, built in a workspace of this library, in its place.

        instead: called with the folder of an episode that is there already, while nobody changes it.
        A damaged one goes to the bin; what people have added to it comes to what `folder` has.
        Whether the folder was taken. Raises LibraryError.
        """
        place = self._folder(id)
        with clearly(self.root), self._changing(_place(id)) as changed:
            if isinstance(_read_episode(place), Episode):
                instead(place)
                return False
            damaged = None
            if place.exists():
                _carry_description(place, folder)
                damaged = put_in(self._bin, place, why="It was damaged, and came whole from an archive.")
                changed.append(_place(damaged))
            self._episodes.mkdir(exist_ok=True)
            folder.rename(place)
            settle(self._episodes)
            if damaged:
                merge_notes(place, damaged.folder)
                merge_corrections(place, damaged.folder)
        return True

    def transcript(self, id: str) -> Transcript:
        """The transcript of an episode, with what people have corrected. Raises LibraryError."""
        return corrected(self, id).transcript

    def aligned_transcript(self, id: str) -> Transcript:
        """The transcript of an episode as the aligner has left it. Raises LibraryError."""
        return aligned_transcript(self.episode(id))

    def audio_path(self, id: str) -> Path:
        """The audio of an episode, which may have to come from where the library is kept.

        Raises LibraryError; the id cannot lead outside the library.
        """
        episode = self.episode(id)
        with clearly(self.root):
            if not episode.audio.is_file():
                self._backing.bring_audio(_place(id), episode.audio_name)
            elif self.is_in_store:
                os.utime(episode.audio)  # what was listened to last stays longest
        return episode.audio

    def read_audio(self, episode: Episode, start: int, end: int) -> bytes:
        """A part of audio that is not on this machine's disk. start, end: in bytes. Raises LibraryError."""
        return self._backing.read_audio(_place(episode.id), episode.audio_name, start, end)

    def peaks(self, id: str) -> Path:
        """How loud an episode is over its whole length, as JSON: made now, in seconds, where it is not kept.

        It says "version" and "peaks": at most 1,800 numbers from 0 to 255, for parts of equal length.
        Raises LibraryError, and AudioError where the audio cannot be decoded.
        """
        episode = self.episode(id)
        if episode.peaks.is_file():
            return episode.peaks
        from alignment.peaks import peaks_json  # decoders, for nothing else here

        data = peaks_json(self.audio_path(id)).encode()
        with clearly(self.root), self._changing(*([] if self._is_preview(id) else [_place(id)])):
            episode = self.episode(id)  # a preview may have become an episode meanwhile
            write_durably(episode.peaks, data, sync=False)
        return episode.peaks

    def has_peaks(self, id: str) -> bool:
        """Whether `peaks` answers at once. Raises LibraryError where there is no such episode."""
        return self.episode(id).peaks.is_file()

    def _is_preview(self, id: str) -> bool:
        return not self._folder(id).is_dir() and (self._previews / id).is_dir()

    def _binned(self, name: str) -> Binned:
        found = [entry for entry in binned_in(self._bin) if entry.name == name]
        if not found:
            raise LibraryError(f"The bin holds no {name!r}. It may have been restored or deleted.")
        return found[0]

    def _folder(self, id: str) -> Path:
        if not _ID.fullmatch(id):
            raise LibraryError(
                f"{id!r} is no episode's id. An id is 12 small letters and digits, as the library page shows."
            )
        return self._episodes / id

    def _scan(self, parent: Path | None = None) -> list[Episode | DamagedEpisode]:
        try:
            folders = [entry for entry in (parent or self._episodes).iterdir() if _ID.fullmatch(entry.name)]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise LibraryError(f"The library {self.root} cannot be read: {error}.") from error
        return [_read_episode(folder) for folder in folders]

    @contextmanager
    def _changing(self, *places: str) -> Iterator[list[str]]:
        """Held while an episode is put in place, changed or taken away: short, and freed by a kill.

        places: what is to be changed, for where the library is kept; the caller adds what else it changes.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        changed = list(places)
        with library_lock(self.root):
            claim_library(self.root)
            with self._backing.changing(changed):
                yield changed

    def _build(
        self,
        folder: Path,
        place: Path,
        transcript: bytes,
        audio: Path,
        aligned: Transcript,
        thumbnail: Path | None,
    ) -> Episode:
        """Write all files of an episode to `folder` and return it as it will stand in its own place."""
        suffix = audio.suffix.lower()
        kept = folder / f"audio{suffix}"
        self._link_or_copy(audio, kept)
        write_durably(folder / TRANSCRIPT, transcript)
        thumbnail_name = _keep_thumbnail(thumbnail, folder)
        data = write(aligned, "json").encode()
        write_durably(folder / ALIGNED, data)
        audio_sha256, transcript_sha256 = digest(kept), digest(transcript)
        placed, lines = share_placed(aligned)
        id = episode_id(audio_sha256, transcript_sha256)
        episode = Episode(
            id=id,
            folder=place / id,
            title=aligned.title or UNTITLED,
            added=datetime.now(UTC),
            audio_name=kept.name,
            audio_sha256=audio_sha256,
            audio_bytes=kept.stat().st_size,
            transcript_sha256=transcript_sha256,
            duration=aligned.duration or 0.0,
            lines=lines,
            placed=placed,
            model=aligned.provenance.model if aligned.provenance else "unknown",
            aligned_bytes=len(data),
            language=aligned.language,
            thumbnail_name=thumbnail_name,
            source=aligned.source,
        )
        return episode

    def _link_or_copy(self, audio: Path, target: Path) -> None:
        """A link costs no space; only to files of the library's own, which nobody else will change."""
        if audio.resolve().is_relative_to(self.root.resolve()):
            try:
                os.link(audio, target)
            except OSError:  # a file system without hard links
                copy_durably(audio, target)
            else:
                with target.open("rb+") as stream:
                    os.fsync(stream.fileno())
            return
        copy_durably(audio, target)

    def _replace_alignment(self, id: str, aligned: Transcript) -> Episode:
        episode = self.episode(id)
        return _write_alignment(episode, replace(aligned, title=episode.title, source=episode.source))

    def _discard(self, folder: Path) -> None:
        """Take a folder out of sight in one step, then delete it; killed in between, the next start does."""
        if folder.exists():
            with workspace(self._workspaces) as doomed:
                folder.rename(doomed / folder.name)
                settle(folder.parent)


def _place(what: str | Binned) -> str:
    """The folder of an episode with this id, or of one in the bin, as a `Backing` names it."""
    return f"{BIN}/{what.name}" if isinstance(what, Binned) else f"episodes/{what}"


def _write_alignment(episode: Episode, aligned: Transcript) -> Episode:
    data = write(aligned, "json").encode()
    write_durably(episode.aligned, data)
    # Killed between the two writes, the counts are taken anew from aligned.json, whose size differs.
    episode = episode.with_alignment(aligned, len(data))
    write_description(episode.folder, episode)
    return episode


def _carry_description(source: Path, target: Path) -> None:
    """Keep what people have said of a damaged episode, as far as it can be read, in what takes its place."""
    for old in old_descriptions(source):
        shutil.copy2(old, target / old.name)
    try:
        before = Episode.from_description(source, read_json(source / DESCRIPTION))
    except (LibraryError, OSError, ValueError):
        return
    episode = Episode.from_description(source, read_json(target / DESCRIPTION))
    episode = replace(
        episode,
        title=before.title,
        added=before.added,
        collections=before.collections,
        owner=before.owner,
        private=before.private,
    )
    write_description(target, episode)


def _read_episode(folder: Path) -> Episode | DamagedEpisode:
    try:
        episode = Episode.from_description(folder, read_json(folder / DESCRIPTION))
        audio_bytes = _audio_bytes(episode)
        aligned_bytes = episode.aligned.stat().st_size
        if audio_bytes != episode.audio_bytes:
            raise LibraryError(f"Its audio has {audio_bytes} bytes, {episode.audio_bytes} are expected.")
        if aligned_bytes != episode.aligned_bytes:
            return episode.with_alignment(read_transcript(episode.aligned), aligned_bytes)
        return episode
    except FileNotFoundError as error:
        missing = Path(error.filename).name if error.filename else "a file"
        return DamagedEpisode(folder.name, folder, f"Its {missing} is missing.")
    except ValueError as error:
        return DamagedEpisode(folder.name, folder, f"Its {DESCRIPTION} is no JSON: {error}.")
    except (AlignmentError, OSError) as error:
        return DamagedEpisode(folder.name, folder, str(error))


def _audio_bytes(episode: Episode) -> int:
    try:
        return episode.audio.stat().st_size
    except FileNotFoundError:
        if (episode.folder / AUDIO_AWAY).exists():
            return episode.audio_bytes
        raise


def _keep_thumbnail(thumbnail: Path | None, folder: Path) -> str | None:
    """Copy a picture beside the audio; one that is missing or of an unknown kind is left out."""
    if thumbnail is None or thumbnail.suffix.lower() not in _PICTURES or not thumbnail.is_file():
        return None
    name = f"thumbnail{thumbnail.suffix.lower()}"
    try:
        shutil.copyfile(thumbnail, folder / name)
    except FileNotFoundError:
        return None
    return name

"""The errors that people meet. Each message says what was given, what was expected and what to do."""

__all__ = [
    "AlignmentError",
    "AudioError",
    "Cancelled",
    "FetchError",
    "FilmError",
    "LibraryError",
    "ListingError",
    "ModelError",
    "StoreError",
    "TranscriptError",
]


class AlignmentError(Exception):
    """Base of every error that this package raises on purpose; `str()` of it is fit for a person to read."""


class TranscriptError(AlignmentError):
    """The text given is not a transcript, or not one that can be read."""


class AudioError(AlignmentError):
    """The audio cannot be read or holds no sound."""


class FetchError(AlignmentError):
    """The audio could not be had from the address given."""


class ModelError(AlignmentError):
    """The weights of the recogniser are missing or are not the right ones."""


class FilmError(AlignmentError):
    """A clip cannot be shown as a film: its letters, its picture or its encoding."""


class LibraryError(AlignmentError):
    """The library, or an episode in it, is missing, damaged or cannot be written."""


class StoreError(LibraryError):
    """The store that the library is kept in does not answer, or refuses."""


class ListingError(AlignmentError):
    """What was given to be aligned as many recordings is no list, folder or address, or a damaged one."""


class Cancelled(AlignmentError):
    """The person asked to stop. Raised out of a progress callback; work already saved is kept."""

"""What browsers call the files that we give them."""

from pathlib import Path

__all__ = ["audio_type"]

_AUDIO_TYPES = {
    ".m4a": "audio/mp4",
    ".mp4": "audio/mp4",
    ".aac": "audio/aac",
    ".opus": "audio/ogg",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".webm": "audio/webm",
    ".mp3": "audio/mpeg",
    ".flac": "audio/flac",
    ".wav": "audio/wav",
}


def audio_type(path: Path) -> str:
    """The media type of an audio file, by its suffix."""
    return _AUDIO_TYPES.get(path.suffix.lower(), "application/octet-stream")

"""Keep the picture that comes with a recording, so that the app has it without asking anyone else."""

import os
from pathlib import Path

__all__ = ["keep_picture"]

_KINDS = ((b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"GIF8", "gif"))


def keep_picture(content: bytes, directory: Path) -> Path | None:
    """Write the picture to `directory` as `thumbnail.<kind>`; None where it is no JPEG, PNG, GIF or WebP.

    The kind is told from the bytes alone, whatever the sender calls them: an SVG or a page could run scripts.
    """
    kind = next((name for magic, name in _KINDS if content.startswith(magic)), None)
    if kind is None and content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        kind = "webp"
    if kind is None:
        return None
    target = directory / f"thumbnail.{kind}"
    part = target.with_name(target.name + ".tmp")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return part.replace(target)

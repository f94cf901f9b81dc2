"""Keep the picture that comes with a recording, so that the app has it without asking anyone else."""

import io
import os
from pathlib import Path

from PIL import Image

__all__ = ["keep_picture"]

_KINDS = ((b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"GIF8", "gif"))
_MOST_PIXELS = 50_000_000
"""Of a picture: one of 2 MB can unpack to gigabytes."""


def keep_picture(content: bytes, directory: Path) -> Path | None:
    """Write the picture to `directory` as `thumbnail.<kind>`; None where it is no JPEG, PNG, GIF or WebP.

    The kind is told from the bytes alone, whatever the sender calls them: an SVG or a page could run scripts.
    None also for one that unpacks to more than anybody looks at: every listener's browser would have to.
    """
    kind = next((name for magic, name in _KINDS if content.startswith(magic)), None)
    if kind is None and content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        kind = "webp"
    if kind is None or _is_too_large(content):
        return None
    target = directory / f"thumbnail.{kind}"
    part = target.with_name(target.name + ".tmp")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return part.replace(target)


def _is_too_large(content: bytes) -> bool:
    """By the size that the picture states; nothing of it is unpacked."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            return picture.width * picture.height > _MOST_PIXELS
    except Image.DecompressionBombError:
        return True
    except (OSError, ValueError, SyntaxError):  # browsers will show nothing, or more than Pillow does
        return False

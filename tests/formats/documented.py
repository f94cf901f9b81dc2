"""The table of formats in docs/formats.md, made anew: python -m tests.formats.documented."""

from pathlib import Path

from alignment.formats import BINARY_FORMATS, FORMATS, format_table

__all__ = ["DOCUMENT", "with_table"]

DOCUMENT = Path(__file__).parents[2] / "docs" / "formats.md"

_FILES = Path(__file__).parent / "files"
_TABLE = ("<!-- table -->\n", "<!-- end of table -->\n")
_OTHERS = {
    "ass": "ffmpeg, pysubs2",
    "audacity": "a grammar of its own",
    "csv": "Python's csv",
    "docx": "python-docx",
    "edl": "a grammar of its own",
    "fcpxml": "lxml by a schema",
    "json": "its own types",
    "lrc": "ffmpeg",
    "md": "markdown-it-py",
    "sbv": "pysubs2",
    "srt": "ffmpeg, pysubs2",
    "textgrid": "praatio",
    "ttml": "ttconv",
    "vtt": "ffmpeg, pysubs2, Chromium",
}
"""Programs other than ours that read in the tests what we write."""


def with_table(text: str) -> str:
    """The document with the table as it is to be."""
    before, _, rest = text.partition(_TABLE[0])
    _, _, after = rest.partition(_TABLE[1])
    return before + _TABLE[0] + "\n" + _table() + "\n" + _TABLE[1] + after


def _table() -> str:
    head, rule, *rows = format_table().splitlines()
    names = [*FORMATS, *BINARY_FORMATS]
    tested = ["Tested by", *map(_tested, names)]
    width = max(map(len, tested))
    cells = [tested[0].ljust(width), "-" * width, *(cell.ljust(width) for cell in tested[1:])]
    return "\n".join(f"{row} {cell} |" for row, cell in zip([head, rule, *rows], cells, strict=True)) + "\n"


def _tested(name: str) -> str:
    """How many files are read, and what else reads what is written."""
    count = len({path.stem for path in (_FILES / name).glob("*") if path.suffix in {".read", ".refused"}})
    parts = [f"{count} files"] if count else []
    if name in _OTHERS:
        parts.append(f"read back by {_OTHERS[name]}")
    return "; ".join(parts)


if __name__ == "__main__":
    DOCUMENT.write_text(with_table(DOCUMENT.read_text("utf-8")), "utf-8")

"""The file or standard output that an outcome goes to."""

import sys
import tempfile
from pathlib import Path

from alignment.disk import write_durably
from alignment.errors import AlignmentError

__all__ = ["check_output", "deliver"]


def check_output(output: Path | None, *given: Path, option: str = "--output") -> None:
    """Find out before the work, not after it, that its outcome has no place to go to.

    output: None for standard output. given: what is read, and not to be overwritten. option: that names the
    output. Raises AlignmentError.
    """
    if output is None:
        _standard_output()
        return
    try:
        if output.is_dir():
            raise AlignmentError(f"{output} is a folder. Name a file in it with {option}.")
        if _is_special(output):
            return
        if output.exists() and any(path.exists() and path.samefile(output) for path in given):
            raise AlignmentError(f"{output} is what was given to read. Name another file with {option}.")
        with tempfile.TemporaryFile(dir=output.resolve().parent):
            pass
    except OSError as error:
        raise _unwritable(output, option, error) from error


def deliver(content: str | bytes, output: Path | None, *, option: str = "--output") -> None:
    """Write the file, whole or not at all, or print it; text as UTF-8.

    output, option: as for `check_output`. Raises AlignmentError, and BrokenPipeError where
    whoever reads along has seen enough.
    """
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    try:
        if output is None:
            # Not through sys.stdout: what it could not write it would try again at the very end.
            with open(_standard_output(), "wb", closefd=False) as stream:
                stream.write(data)
        elif _is_special(output):
            output.write_bytes(data)
        else:
            write_durably(output.resolve(), data)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _unwritable(output, option, error) from error


def _standard_output() -> int:
    """Its number, where it is open."""
    if sys.stdout is None:
        raise AlignmentError("Standard output is closed. Send it to a file, or to another program.")
    return sys.stdout.fileno()


def _is_special(path: Path) -> bool:
    """Whether it is a device or a pipe, which is written to, never replaced."""
    return path.exists() and not path.is_file()


def _unwritable(output: Path | None, option: str, error: OSError) -> AlignmentError:
    if output is None:
        return AlignmentError(
            f"Standard output cannot be written ({error.strerror}). Send it to another place."
        )
    folder = output.absolute().parent
    if not folder.is_dir():
        return AlignmentError(
            f"There is no folder {folder} to write {output.name} to. Make it, or name another with {option}."
        )
    return AlignmentError(
        f"{output} cannot be written ({error.strerror}). Allow it or free some space, "
        f"or name another file with {option}."
    )

"""The `alignment` program, also as `python -m alignment`."""

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line. Its modules take half a second to load, in which one may press Ctrl-C too."""
    try:
        from alignment.cli import main as run
    except KeyboardInterrupt:
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()

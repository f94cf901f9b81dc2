"""Feed each reader with random and mutated files for a while: python -m tests.formats.fuzz --seconds 60.

The files of `files/<format>` are cut, spliced, repeated and sprinkled with what the format lives on. A reader
has to return a transcript that keeps its promises, or refuse with a TranscriptError; nothing else, and within
a second of processor time for each megabyte, or 50,000 lines (half a second at the least).
"""

import argparse
import random
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

from alignment.errors import TranscriptError
from alignment.formats import BINARY_FORMATS, FORMATS, Format
from alignment.formats.decoding import decode, normalise
from alignment.heap import without_collector

FILES = Path(__file__).parent / "files"
LIMIT_S = 1.0
_SPRINKLED = [
    piece.encode()
    for piece in (
        *("\0", " ", "\n", "\r\n", "\n\n", "<", ">", "&", "&amp;", "&#0;", "</p>", "<p>", "]]>", "<![CDATA["),
        *(
            '"',
            "'",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            ";",
            "--",
            "-->",
            "{\\k",
            "-1",
            "1e999",
            "NaN",
            "null",
            "9" * 20,
        ),
        *("0", "9", "00:00:01,000", "1:02", "\u00a0", "\u200b", "\u202e", "\ud7ff", "😀", "中文", "é"),
    )
]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.formats.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long for each format")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("formats", nargs="*", help="their names; all by default")
    arguments = parser.parse_args()
    formats = {**FORMATS, **BINARY_FORMATS}
    failed = 0
    for name in arguments.formats or [name for name, format in formats.items() if format.read]:
        failed += _fuzz(formats[name], arguments.seconds, random.Random(arguments.seed))
    sys.exit(1 if failed else 0)


def _fuzz(format: Format, seconds: float, choose: random.Random) -> int:
    """How many of the files that it was fed with it failed on."""
    corpus = [path.read_bytes() for path in sorted((FILES / format.name).glob("*")) if _is_given(path)]
    counts: Counter[str] = Counter()
    slowest = 0.0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        content = _mutated(corpus or [b""], choose)
        began = time.process_time()
        outcome = _outcome(format, content)
        took = time.process_time() - began
        size = max(0.5, len(content) / 1e6, content.count(b"\n") / 50_000)
        slowest = max(slowest, took / size)
        if took > LIMIT_S * size:
            outcome = "slow"
            print(f"{format.name}: {took:.1f} s for {len(content)} bytes", file=sys.stderr)
        if outcome in ("failed", "slow"):
            place = Path(f"/tmp/fuzz-{format.name}-{counts[outcome]}")
            place.write_bytes(content)
            print(f"{format.name}: {outcome}, kept in {place}", file=sys.stderr)
        counts[outcome] += 1
    told = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(counts.items()))
    print(f"{format.name:12} {sum(counts.values()):9,} files: {told}; slowest {slowest:.2f} s a MB")
    return counts["failed"] + counts["slow"]


@without_collector()
def _outcome(format: Format, content: bytes) -> str:
    assert format.read
    try:
        given = content if format.name in BINARY_FORMATS else normalise(decode(content))
        if not format.recognises(given):
            return "unknown"
        transcript = format.read(given)
        transcript.check()
    except TranscriptError:
        return "refused"
    except Exception:
        traceback.print_exc()
        return "failed"
    return "read"


def _is_given(path: Path) -> bool:
    return path.suffix not in {".read", ".refused"}


def _mutated(corpus: list[bytes], choose: random.Random) -> bytes:
    content = choose.choice(corpus)
    for _ in range(choose.choice([0, 1, 1, 2, 4, 16])):
        place, other = sorted(choose.randrange(len(content) + 1) for _ in range(2))
        kind = choose.randrange(8)
        if kind == 0:
            content = content[:place] + content[other:]
        elif kind == 1:
            content = content[:place] + choose.choice(_SPRINKLED) + content[place:]
        elif kind == 2:
            content = content[:other] + content[place:other] + content[other:]
        elif kind == 3:
            content = content[:place] + choose.choice(corpus)[place:]
        elif kind == 4:
            content = content[:place] + choose.randbytes(choose.randrange(1, 9)) + content[other:]
        elif kind == 5:
            content = (
                content[:place] + choose.choice(_SPRINKLED) * choose.choice([2, 50, 3000]) + content[place:]
            )
        elif kind == 6:
            lines = content.split(b"\n")
            choose.shuffle(lines)
            content = b"\n".join(lines)
        elif len(content) < 50_000:
            content = content[:place] + content[place:other] * choose.choice([3, 30]) + content[other:]
    return content if choose.random() > 0.01 else (content + b"\n") * max(1, 1_000_000 // (len(content) + 1))


if __name__ == "__main__":
    main()

"""Which of several kinds of content a request wants most (RFC 9110, 12.5.1)."""

from collections.abc import Sequence

__all__ = ["preferred"]


def preferred(accept: str, offers: Sequence[str]) -> str | None:
    """The offer that an Accept header wants most, of equal ones the first; None where it takes none.

    accept: the header's value, "" for none, which takes anything. What is malformed in it counts for nothing.
    """
    if not accept.strip():
        return offers[0]
    ranges = [_range(part) for part in accept.lower().split(",")]
    best = max(offers, key=lambda offer: _quality(offer, ranges))
    return best if _quality(best, ranges) > 0 else None


def _range(part: str) -> tuple[str, float]:
    kind, *parameters = (piece.strip() for piece in part.split(";"))
    quality = next((value for name, _, value in (p.partition("=") for p in parameters) if name == "q"), "1")
    try:
        return kind, min(max(float(quality), 0.0), 1.0)
    except ValueError:
        return kind, 0.0


def _quality(offer: str, ranges: Sequence[tuple[str, float]]) -> float:
    """By the most specific range that the offer is in."""
    for wanted in (offer, f"{offer.partition('/')[0]}/*", "*/*"):
        found = [quality for kind, quality in ranges if kind == wanted]
        if found:
            return max(found)
    return 0.0

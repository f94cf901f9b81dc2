"""What a written word is read as: shared by `spoken` for English and `spoken_elsewhere`."""

__all__ = ["Reading", "roman_value"]

Reading = tuple[str, ...]
"""Words as they are said, in English folded; empty for what is not said at all, as a dash standing alone."""

_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


def roman_value(letters: str) -> int:
    """The number that capital letters stand for: "XIV" is 14."""
    values = [_ROMAN_VALUES[letter] for letter in letters]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))

"""Numbers, lengths, sizes and times as people write them."""

__all__ = ["clock", "in_words", "length", "ordinal", "size"]


def clock(seconds: float) -> str:
    """A moment as a player shows it, rounded down: `0:07`, `12:34`, `1:02:34`."""
    minutes, rest = divmod(max(int(seconds + 1e-6), 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def length(seconds: float) -> str:
    """A duration as people say it: `2 h 5 min`, `44 min`, `2 min 30 s`, `38 s`."""
    seconds = max(round(seconds), 0)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 600 and seconds % 60:
        return f"{seconds // 60} min {seconds % 60} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def in_words(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 line`, `1,204 lines`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def ordinal(number: int) -> str:
    """A place in a row: `1st`, `2nd`, `3rd`, `11th`, `22nd`."""
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def size(number: int) -> str:
    """Bytes as people say it: `1.2 GB`, `300 MB`, `12 kB`."""
    for unit, name in ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if number >= unit:
            return f"{number / unit:.1f} {name}" if number < 10 * unit else f"{number / unit:,.0f} {name}"
    return in_words(number, "byte")

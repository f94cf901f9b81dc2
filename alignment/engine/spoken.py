"""From written words to what is said: "1785" is read "seventeen eighty five".

A written word may be read in several ways. All are offered, the usual one first, and the audio chooses
(`forcing`). The written word itself is never changed: readings belong to it by position.
"""

import re
from functools import lru_cache
from itertools import product

from num2words import CONVERTER_CLASSES, num2words

from alignment.engine.pronunciation import fold, in_dictionary

__all__ = ["Reading", "readings"]

Reading = tuple[str, ...]
"""Folded words as they are said; empty for what is not said at all, as a dash standing alone."""

_MOST_READINGS = 6


@lru_cache(maxsize=50_000)
def readings(word: str, language: str) -> tuple[Reading, ...]:
    """The ways to say one written word (punctuation included), the usual one first; at least one.

    language: ISO 639-1. Numbers, abbreviations, acronyms and symbols are spelled out in English; in other
    languages numbers are.
    """
    bare = _strip(fold(word))
    if not bare:
        return ((),)
    found = _english(_strip(word.replace("’", "'"))) if language == "en" else _other(bare, language)
    return tuple(dict.fromkeys(found))[:_MOST_READINGS]


def _strip(word: str) -> str:
    """Without the punctuation around it; signs that are read aloud stay."""
    return re.sub(r"^[^\w$£€&@#%+'’]+|[^\w%&+'’]+$", "", word).strip("'’_")


# ---- English -----------------------------------------------------------------------------------------

_ABBREVIATIONS: dict[str, tuple[str, ...]] = {
    "mr": ("mister",), "mrs": ("misses",), "ms": ("miz", "miss"), "dr": ("doctor", "drive"),
    "st": ("saint", "street"), "prof": ("professor",), "jr": ("junior",), "sr": ("senior",),
    "vs": ("versus",), "etc": ("et cetera",), "eg": ("for example", "e g"), "ie": ("that is", "i e"),
    "cf": ("compare", "c f"), "no": ("no", "number"), "nos": ("numbers",), "p": ("page", "p"),
    "pp": ("pages", "p p"), "vol": ("volume",), "ch": ("chapter",), "fig": ("figure",),
    "ed": ("edition", "edited", "ed"), "eds": ("editors",), "trans": ("translated", "trans"),
    "approx": ("approximately",), "dept": ("department",), "inc": ("incorporated", "inc"),
    "ltd": ("limited",), "co": ("company", "co"), "corp": ("corporation",), "ave": ("avenue",),
    "blvd": ("boulevard",), "rd": ("road",), "mt": ("mount",), "ft": ("feet", "foot", "fort"),
    "lb": ("pounds",), "lbs": ("pounds",), "oz": ("ounces",), "km": ("kilometers",),
    "cm": ("centimeters",), "mm": ("millimeters",), "kg": ("kilograms", "kilos"), "mg": ("milligrams",),
    "hz": ("hertz",), "khz": ("kilohertz",), "mhz": ("megahertz",), "ghz": ("gigahertz",),
    "kb": ("kilobytes",), "mb": ("megabytes",), "gb": ("gigabytes", "gigs"), "tb": ("terabytes",),
    "jan": ("january", "jan"), "feb": ("february",), "aug": ("august",), "sept": ("september",),
    "sep": ("september",), "oct": ("october",), "nov": ("november",), "dec": ("december",),
    "ca": ("circa",), "ok": ("okay",),
}  # fmt: skip
_ONLY_WITH_PERIOD = frozenset(
    ("no", "ed", "co", "ms", "fig", "trans", "jan", "dec", "ch", "p", "ca", "inc", "nov", "ave")
)
_CURRENCY = {
    "$": ("dollar", "dollars", "cents"),
    "£": ("pound", "pounds", "pence"),
    "€": ("euro", "euros", "cents"),
}
_SCALES = {"k": "thousand", "m": "million", "bn": "billion", "b": "billion", "t": "trillion"}
_SYMBOLS = {
    "&": "and",
    "%": "percent",
    "+": "plus",
    "@": "at",
    "#": "number",
    "=": "equals",
    "$": "dollars",
    "£": "pounds",
    "€": "euros",
}
_ROMAN = re.compile(r"(?=[MDCLXVI])M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


def _english(word: str) -> list[Reading]:
    """Readings of a word without outer punctuation, its case kept."""
    for kind in (_whole_number, _money_or_percent, _clock, _abbreviation, _roman):
        found = kind(word)
        if found:
            return found
    parts = [
        part
        for part in re.split(
            r"([-‐‑–—/&@_.:+=~]|(?<=[a-z])(?=[A-Z])|(?<=\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\d))", word
        )
        if part
    ]
    if len(parts) > 1:
        return _compound(word, parts)
    return _single(word)


def _whole_number(word: str) -> list[Reading]:
    """ "1785", "1,024", "3.5", "3.9.1", "21st", "1980s"."""
    plain = re.sub(r"(?<=\d)[,'](?=\d{3}(\D|$))", "", word)
    if re.fullmatch(r"\d+", plain):
        return _cardinal(plain)
    if match := re.fullmatch(r"(\d+)(st|nd|rd|th)", plain.lower()):
        return [_say(int(match[1]), to="ordinal")]
    if match := re.fullmatch(r"'?(\d\d|\d{4})'?s", plain):
        return [(*said[:-1], _plural(said[-1])) for said in _cardinal(match[1])]
    if re.fullmatch(r"\d+(\.\d+)+", plain):
        return _pointed(plain.split("."))
    return []


def _cardinal(digits: str) -> list[Reading]:
    value = int(digits)
    one_by_one = tuple("oh" if digit == "0" else _digit(digit) for digit in digits)
    with_zero = tuple(_digit(digit) for digit in digits)
    if len(digits) > 7 or (digits[0] == "0" and len(digits) > 1):
        return [with_zero, one_by_one] if len(digits) < 16 else [with_zero]
    counted = _say(value)
    said = [counted, tuple(part for part in counted if part != "and")]
    if 1100 <= value <= 1999 or 2010 <= value <= 2099:
        return [_year(digits), *said]
    if len(digits) == 3:
        tens = (
            (_digit(digits[0]), "oh", _digit(digits[2]))
            if digits[1] == "0"
            else (_digit(digits[0]), *_say(int(digits[1:])))
        )
        return [*said, tens, with_zero]
    return [*said, with_zero] if len(digits) > 3 else said


def _year(digits: str) -> Reading:
    century, rest = _say(int(digits[:2])), int(digits[2:])
    if rest == 0:
        return (*century, "hundred")
    return (*century, "oh", *_say(rest)) if rest < 10 else (*century, *_say(rest))


def _pointed(groups: list[str]) -> list[Reading]:
    """A decimal ("three point one four") or a section number ("three nine one")."""
    counted = [_say(int(group)) if len(group) < 8 else tuple(map(_digit, group)) for group in groups]
    decimal = (*counted[0], *(word for group in groups[1:] for word in ("point", *map(_digit, group))))
    return [decimal, _join(counted, "point"), _join(counted, None), _join(counted, "dot")]


def _money_or_percent(word: str) -> list[Reading]:
    match = re.fullmatch(r"([$£€])?(\d[\d,]*(?:\.\d+)?)(bn|[kmbt])?(%)?", word, re.IGNORECASE)
    if not match or not any(match.group(1, 3, 4)):
        return []
    symbol, number, scale, percent = match.groups()
    said = [
        (*amount, *([_SCALES[scale.lower()]] if scale else []), *(["percent"] if percent else []))
        for amount in _whole_number(number)
    ]
    if not symbol:
        return said
    one, many, hundredths = _CURRENCY[symbol]
    unit = one if number == "1" and not scale else many
    found: list[Reading] = [(*amount, unit) for amount in said]
    if cents := re.fullmatch(r"(\d[\d,]*)\.(\d\d)", number):
        whole, part = _say(int(cents[1].replace(",", ""))), _say(int(cents[2]))
        found = [(*whole, unit, "and", *part, hundredths), (*whole, unit, *part), (*whole, *part), *found]
    return found


def _clock(word: str) -> list[Reading]:
    match = re.fullmatch(r"(\d{1,2})(?:[:.](\d\d))?(am|pm)?", word.lower())
    if not match or int(match[2] or 0) > 59 or (":" not in word and not match[3]):
        return []
    half = tuple(match[3] or "")  # "p", "m"
    hour, minute = _say(int(match[1])), int(match[2] or 0)
    if minute == 0:
        return [(*hour, *half), (*hour, "o'clock", *half), (*hour, "hundred")]
    return [(*hour, *(["oh"] if minute < 10 else []), *_say(minute), *half)]


def _abbreviation(word: str) -> list[Reading]:
    key = word.lower().replace(".", "")
    if word == "&":
        return [("and",)]
    if key not in _ABBREVIATIONS:
        return []
    said = [tuple(text.split()) for text in _ABBREVIATIONS[key]]
    # "no", "ed" and the like are words too; `_strip` has taken the period, so the plain word comes first.
    return [(key,), *said] if key in _ONLY_WITH_PERIOD else said


def _roman(word: str) -> list[Reading]:
    if len(word) < 2 or not _ROMAN.fullmatch(word):
        return []
    values = [_ROMAN_VALUES[letter] for letter in word]
    value = sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))
    number = _say(value)
    said: list[Reading] = [number, ("the", *_say(value, to="ordinal")), tuple(word.lower())]
    return (
        [(word.lower(),), *said]
        if in_dictionary(word.lower()) and word not in ("II", "III", "IV", "VI", "VII", "XI")
        else said
    )


def _compound(word: str, parts: list[str]) -> list[Reading]:
    """Parts joined by signs or by a change of case: "co-founder", "1745-1821", "GPT-4", "openai.com"."""
    if re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]?'?s?", word):  # "U.S.", "J.R.R."
        return [tuple(re.sub("[^a-z]", "", word.lower()))]
    address = bool(re.search(r"\w\.[a-z]{2,}|@|://", word))
    pieces: list[list[Reading]] = []
    for part in parts:
        if re.fullmatch(r"[-‐‑–—]", part):
            pieces.append([(), ("to",), ("minus",)] if re.search(r"\d[-‐‑–—]\d", word) else [()])
        elif part in "./:_~":
            said = {".": "dot", "/": "slash", "_": "underscore"}.get(part)
            pieces.append(
                [(said,), ()]
                if said and address
                else [(), (said,), ("or",)]
                if part == "/" and said
                else [()]
            )
        elif part in _SYMBOLS:
            pieces.append([(_SYMBOLS[part],)])
        else:
            pieces.append(_english(part)[:3])
    choices = product(*pieces) if _count(pieces) <= 64 else [tuple(piece[0] for piece in pieces)]
    return [tuple(w for reading in choice for w in reading) for choice in choices]


def _single(word: str) -> list[Reading]:
    """A word of one piece: letters, or something no rule knows."""
    folded = re.sub(r"[^\w']", "", fold(word))
    if word in _SYMBOLS:
        return [(_SYMBOLS[word],)]
    if not folded:
        return [()]
    if re.fullmatch(r"[A-Z]{2,6}('?s)?", word):
        stem = re.sub(r"'?s$", "", word).lower()
        ending = ("s",) if word[-1] == "s" else ()
        letters: Reading = (*stem[:-1], stem[-1] + "'s") if ending else tuple(stem)
        return [(folded,), letters] if in_dictionary(folded) and len(stem) > 2 else [letters, (folded,)]
    return [(folded,)]


def _say(value: int, to: str = "cardinal") -> Reading:
    return tuple(re.findall("[a-z]+", num2words(value, to=to)))


def _digit(digit: str) -> str:
    return ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")[int(digit)]


def _plural(word: str) -> str:
    return word[:-1] + "ies" if word.endswith("y") else word + ("es" if word.endswith("x") else "s")


def _join(groups: list[Reading], between: str | None) -> Reading:
    said: list[str] = []
    for n, group in enumerate(groups):
        said += ([between] if n and between else []) + list(group)
    return tuple(said)


def _count(pieces: list[list[Reading]]) -> int:
    total = 1
    for piece in pieces:
        total *= len(piece)
    return total


# ---- other languages ---------------------------------------------------------------------------------


def _other(bare: str, language: str) -> list[Reading]:
    """Numbers spelled out where num2words knows the language; other words parted at hyphens."""
    if re.fullmatch(r"\d{1,9}", bare) and language in CONVERTER_CLASSES:
        spelled = [num2words(int(bare), lang=language)]
        if 1100 <= int(bare) <= 2099:
            spelled.insert(0, num2words(int(bare), lang=language, to="year"))
        return [tuple(re.findall(r"[\w']+", fold(text))) for text in spelled]
    return [tuple(re.findall(r"[\w']+", bare))]

"""From written words to what is said: "1785" is read "seventeen eighty five".

A written word may be read in several ways. All are offered, the usual one first, and the audio chooses
(`forcing`). The written word itself is never changed: readings belong to it by position.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise, product

from num2words import num2words

from alignment.engine.pronunciation import fold, in_dictionary
from alignment.engine.reading import Reading, roman_value
from alignment.engine.spoken_elsewhere import read_elsewhere

__all__ = ["read_text", "readings"]

_MOST_READINGS = 6
_FOOTNOTE = re.compile(r"(?<!\dm)(?<!\d[kc]m)(?<!\dft)(?<=\S)[⁰¹²³⁴-⁹]+$")
"""A raised number after a word; "5m²" is none."""


@lru_cache(maxsize=50_000)
def readings(word: str, language: str) -> tuple[Reading, ...]:
    """The ways to say one written word (punctuation included), the usual one first; at least one.

    language: ISO 639-1. Numbers and signs are spelled out, in English abbreviations and acronyms too.
    """
    word = _FOOTNOTE.sub("", word)
    if language == "en":
        bare = _strip(word.replace("’", "'"))
        found = [*_english(bare), *_day(bare)] if _strip(fold(word)) else [()]
    else:
        found = read_elsewhere(word, language)
    return tuple(dict.fromkeys(found))[:_MOST_READINGS]


def read_text(words: Sequence[str], language: str) -> list[tuple[Reading, ...]]:
    """The readings of each word of a text: as `readings`, and what the word before it suggests."""
    found = [readings(word, language) for word in words]
    if language == "en":
        for index, (before, word) in enumerate(pairwise(words), start=1):
            found[index] = _rest_of_a_range(before, word) or found[index] + _after_a_name(before, word)
    return found


def _rest_of_a_range(before: str, word: str) -> tuple[Reading, ...]:
    """Of "-23" after "7": the recogniser parts "7-23" in two."""
    if not re.match(r"[-–]\d", word) or not before[-1:].isdigit():
        return ()
    rest = readings(word[1:], "en")
    return tuple(reading for said in rest for reading in (said, ("to", *said)))[:_MOST_READINGS]


def _after_a_name(before: str, word: str) -> tuple[Reading, ...]:
    """Of one roman letter: "Alexander I" is "the first", "Chapter V" is "five"."""
    letter = _strip(word)
    if letter not in ("I", "V", "X") or not re.fullmatch(r"[^\W\d_][\w'’-]+", before) or before[0].islower():
        return ()
    return ("the", *_say(roman_value(letter), to="ordinal")), _say(roman_value(letter))


def _strip(word: str) -> str:
    """Without the punctuation around it; signs that are read aloud stay."""
    return re.sub(r"^(?:(?![-−]?[$£€¥]?\.?\d)[^\w$£€¥§&@#%+'’])+|[^\w%&+'’°]+$", "", word).strip("'’_")


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
    "ca": ("circa",), "ok": ("okay",), "phd": ("p h d",), "phds": ("p h d's",),
}  # fmt: skip
_ONLY_WITH_PERIOD = frozenset(
    ("no", "ed", "co", "ms", "fig", "trans", "jan", "dec", "ch", "p", "ca", "inc", "nov", "ave")
)
_CURRENCY = {
    "$": ("dollar", "dollars", "cents"),
    "£": ("pound", "pounds", "pence"),
    "€": ("euro", "euros", "cents"),
    "¥": ("yen", "yen", "sen"),
}
_SCALES = {"k": "thousand", "m": "million", "bn": "billion", "b": "billion", "t": "trillion"}
_OTHER_SCALES: dict[str, tuple[str, ...]] = {"k": ("k",), "m": ("meters", "m"), "b": ("b",), "t": ("t",)}
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
    "°": "degrees",
    "§": "section",
    "¥": "yen",
}
_UNITS: dict[str, tuple[str, ...]] = {
    "km/h": ("kilometers per hour", "kilometers an hour", "k p h"),
    "kph": ("kilometers per hour", "kilometers an hour", "k p h"),
    "mph": ("miles per hour", "miles an hour", "m p h"), "m/s": ("meters per second", "meters a second"),
    "°c": ("degrees celsius", "degrees centigrade", "degrees", "degrees c"),
    "°f": ("degrees fahrenheit", "degrees", "degrees f"), "m²": ("square meters", "meters squared"),
    "km²": ("square kilometers", "kilometers squared"), "cm²": ("square centimeters",),
    "ft²": ("square feet",), "m³": ("cubic meters", "meters cubed"), "cm³": ("cubic centimeters", "c c"),
    "g": ("grams", "g"), "l": ("liters", "l"), "ml": ("milliliters",), "in": ("inches", "inch"),
    "min": ("minutes", "minute"), "mins": ("minutes",), "hr": ("hours", "hour"), "hrs": ("hours",),
    "sec": ("seconds", "second"), "kw": ("kilowatts",), "kwh": ("kilowatt hours",), "mw": ("megawatts",),
    "x": ("times", "x"),
}  # fmt: skip
"""After a number; other units are abbreviations by themselves, see `_ABBREVIATIONS`."""

_MONTHS = "january february march april may june july august september october november december".split()
_FRACTIONS = {2: ("half", "halves"), 4: ("quarter", "quarters")}
_JOINTS = re.compile(
    r"([-−‐‑–—/&@_.:+=~#°§]|(?<=\d)'(?=\d)|(?<=\d),(?!\d{3}(?:\D|$))|(?<=[a-z])(?=[A-Z])"
    r"|(?<=\d)(?=[A-Za-z])(?!(?:[Ss][Tt]|[Nn][Dd]|[Rr][Dd]|[Tt][Hh]|s)\b)|(?<=[A-Za-z])(?=\d))"
)
"""Where a word is taken apart: at signs, at a change of case, between letters and digits; not "21st"."""
_ROMAN = re.compile(r"(?=[MDCLXVI])M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")


def _english(word: str) -> list[Reading]:
    """Readings of a word without outer punctuation, its case kept."""
    for kind in (
        _signed, _date, _whole_number, _amount_range, _money_or_percent, _measure, _telephone, _clock,
        _fraction, _abbreviation, _scale, _roman,
    ):  # fmt: skip
        found = kind(word)
        if found:
            return found
    parts = [part for part in _JOINTS.split(word) if part]
    if len(parts) > 1:
        return _compound(word, parts)
    return _single(word)


def _day(word: str) -> list[Reading]:
    """The number of a day as it is said beside its month: "12 May", "May 12"."""
    if not re.fullmatch(r"0?[1-9]|[12]\d|3[01]", word):
        return []
    nth = _say(int(word), to="ordinal")
    return [nth, ("the", *nth), ("the", *nth, "of")]


def _signed(word: str) -> list[Reading]:
    """ "-5", "-$2", ".5"."""
    if re.match(r"[-−][$£€¥]?\.?\d", word):
        amounts = _english(word[1:])[:2]
        return [*(("minus", *a) for a in amounts), *(("negative", *a) for a in amounts), amounts[0]]
    if match := re.fullmatch(r"\.(\d{1,15})(%?)", word):
        unit = ("percent",) if match[2] else ()
        parts: Reading = ("point", *map(_digit, match[1]))
        said = [parts, ("zero", *parts), ("point", *_say(int(match[1]))), _say(int(match[1]))]
        return [(*number, *unit) for number in said]
    return []


def _whole_number(word: str) -> list[Reading]:
    """ "1785", "1,024", "3.5", "3.9.1", "21st", "1980s"."""
    plain = re.sub(r"(?<=\d)[,'](?=\d{3}(\D|$))", "", word)
    if re.fullmatch(r"\d+", plain):
        return _cardinal(plain)
    if match := re.fullmatch(r"(\d{1,15})(st|nd|rd|th)('?s)?", plain.lower()):
        said = _say(int(match[1]), to="ordinal")
        return [(*said[:-1], _plural(said[-1])) if match[3] else said]
    if match := re.fullmatch(r"'?(\d+)'?s", plain):
        return [(*said[:-1], _plural(said[-1])) for said in _cardinal(match[1])]
    if re.fullmatch(r"\d+(\.\d+)+", plain):
        return _pointed(plain.split("."))
    return []


def _cardinal(digits: str) -> list[Reading]:
    one_by_one = tuple("oh" if digit == "0" else _digit(digit) for digit in digits)
    with_zero = tuple(_digit(digit) for digit in digits)
    if len(digits) > 7 or (digits[0] == "0" and len(digits) > 1):
        return [with_zero, one_by_one] if len(digits) < 16 else [with_zero]
    value = int(digits)
    counted = _say(value)
    said = [counted, tuple(part for part in counted if part != "and")]
    if 1100 <= value <= 1999 or 2010 <= value <= 2099:
        return [_year(digits), *said]
    if len(digits) == 4 and value % 100:
        return [*said, _year(digits), with_zero]
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
    match = re.fullmatch(r"([$£€¥])?(\d[\d,]*(?:\.\d+)?|\.\d+)(bn|[kmbt])?(%)?", word, re.IGNORECASE)
    if not match or not any(match.group(1, 3, 4)):
        return []
    symbol, number, scale, percent = match.groups()
    if symbol and re.fullmatch(r"\.\d\d", number) and not scale and not percent:
        part = _say(int(number[1:]))
        return [
            (*part, _CURRENCY[symbol][2]),
            ("zero", _CURRENCY[symbol][1], "and", *part, _CURRENCY[symbol][2]),
        ]
    said = [
        (*amount, *([_SCALES[scale.lower()]] if scale else []), *(["percent"] if percent else []))
        for amount in _whole_number(number) or _signed(number)
    ]
    if not symbol:
        others = () if percent or not scale else _OTHER_SCALES.get(scale.lower(), ())
        counted = _whole_number(number)[:1]
        return [*said[:2], *((*amount, other) for amount in counted for other in others), *said[2:]]
    one, many, hundredths = _CURRENCY[symbol]
    unit = one if number == "1" and not scale else many
    found: list[Reading] = [(*amount, unit) for amount in said]
    found[1:1] = said[:1]  # of "$5 million" this is the "five"
    if cents := re.fullmatch(r"(\d[\d,]{0,15})\.(\d\d)", number):
        whole, part = _say(int(cents[1].replace(",", ""))), _say(int(cents[2]))
        found = [(*whole, unit, "and", *part, hundredths), (*whole, unit, *part), (*whole, *part), *found]
    return found


def _amount_range(word: str) -> list[Reading]:
    """ "£5-10", "$5-$10m": the unit is said once, at the end."""
    match = re.fullmatch(r"([$£€¥])(\d[\d,.]*)[-‐‑–—]\1?(\d[\d,.]*(?:bn|[kmb])?)", word, re.IGNORECASE)
    if not match:
        return []
    symbol, first, last = match.groups()
    lower, upper = _english(first)[0], _english(symbol + last)[0]
    unit = _CURRENCY[symbol][1]
    return [(*lower, "to", *upper), (*lower, *upper), (*lower, unit, "to", *upper), (*lower, "or", *upper)]


def _measure(word: str) -> list[Reading]:
    """ "10km/h", "20°C", "5m²"."""
    match = re.fullmatch(r"(\d[\d,]*(?:\.\d+)?)(°?[a-z/]+[²³]?)", word.lower())
    units = _UNITS.get(match[2]) if match else None
    if not match or not units:
        return []
    return [(*number, *unit.split()) for number in _whole_number(match[1])[:2] for unit in units]


def _date(word: str) -> list[Reading]:
    """ "2024-05-12", "12/05/1985": with the month's name in either order, or number by number."""
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", word):
        year, first, second = match.groups()
        orders = [(first, second)]
    elif match := re.fullmatch(r"(\d{1,2})([/.])(\d{1,2})\2(\d{4})|(\d{1,2})/(\d{1,2})/(\d\d)", word):
        first, second = match[1] or match[5], match[3] or match[6]
        year = match[4] or match[7]
        orders = [(first, second), (second, first)]
    else:
        return []
    said_year = _cardinal(year)[0]
    found: list[Reading] = []
    for month, day in orders:
        if 1 <= int(month) <= len(_MONTHS) and 1 <= int(day) <= 31:
            name, nth = _MONTHS[int(month) - 1], _say(int(day), to="ordinal")
            found += [(name, *nth, *said_year), ("the", *nth, "of", name, *said_year)]
    return [*found, (*_say(int(first)), *_say(int(second)), *said_year)] if found else []


def _telephone(word: str) -> list[Reading]:
    """ "555-123-4567": digit by digit."""
    if not re.fullmatch(r"\+?(?:\d{1,3}[-.])?(?:\(?\d{3}\)?[-.])?\d{3}[-.]\d{4}", word):
        return []
    plus = ("plus",) if word.startswith("+") else ()
    digits = re.sub(r"\D", "", word)
    with_oh = tuple("oh" if digit == "0" else _digit(digit) for digit in digits)
    said = [(*plus, *with_oh), (*plus, *map(_digit, digits)), with_oh]
    if match := re.fullmatch(r"(\d{3})-(\d{4})", word):  # or from one number to another
        first, last = _cardinal(match[1])[0], _cardinal(match[2])[0]
        said += [(*first, "to", *last), (*first, *last)]
    return said


def _scale(word: str) -> list[Reading]:
    """The second word of "$5 million", which is said "five million dollars"."""
    if word.lower() not in _SCALES.values():
        return []
    return [(word.lower(),), *((word.lower(), many) for _, many, _ in _CURRENCY.values())][:4]


def _clock(word: str) -> list[Reading]:
    match = re.fullmatch(r"(\d{1,2})(?:[:.](\d\d))?([ap]\.?m)?", word.lower())
    if not match or int(match[2] or 0) > 59 or (":" not in word and not match[3]):
        return []
    half = tuple((match[3] or "").replace(".", ""))  # "p", "m"
    hour, minute = _say(int(match[1])), int(match[2] or 0)
    if minute == 0:
        return [(*hour, *half)] if half else [hour, (*hour, "o'clock"), (*hour, "hundred")]
    return [(*hour, *(["oh"] if minute < 10 else []), *_say(minute), *half)]


def _fraction(word: str) -> list[Reading]:
    """ "1/2", "¾", "2½"; a date or a score such as "9/11" is none."""
    match = re.fullmatch(r"(\d{0,4}?)(?:(\d)/(\d|10)|([¼-¾⅐-⅞]))", word)
    if not match or (match[2] and match[1]):
        return []
    over, under = match.group(2, 3)
    if match[4]:
        over, under = unicodedata.normalize("NFKD", match[4]).split("⁄")
    if not 0 < int(over) < int(under):
        return []
    one, many = _FRACTIONS.get(int(under)) or (_say(int(under), "ordinal")[0], "")
    part = one if over == "1" else many or one + "s"
    whole: Reading = (*_say(int(match[1])), "and") if match[1] else ()
    said: list[Reading] = [(*whole, *_say(int(over)), part)]
    if over == "1":
        said = [(*whole, "a", part), *said] if whole else [*said, ("a", part), (part,)]
    if match[2]:
        said += [(*_say(int(over)), *_say(int(under))), (*_say(int(over)), "over", *_say(int(under)))]
    return said


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
    value = roman_value(word)
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
    if "://" in word and parts[0].isalpha():  # nobody reads "https" aloud
        parts = parts[parts.index("/") + 2 :]
    numbered = bool(re.search(r"\d", word))
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
        elif part == "#":
            pieces.append([("number",), ()] if numbered else [(), ("hashtag",), ("sharp",)])
        elif part in _SYMBOLS:
            pieces.append([(_SYMBOLS[part],)])
        elif numbered and part.isalpha():  # no roman number: "MI5"
            pieces.append((_abbreviation(part) or _single(part))[:3])
        elif part in "',":
            pieces.append([()])
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
    if re.search(r"\d", folded):  # no rule knows it: digits and letters by themselves
        groups = re.findall(r"\d+|[^\W\d_]+", folded)
        return [_join([_cardinal(group)[0] if group.isdecimal() else (group,) for group in groups], None)]
    if re.fullmatch(r"[b-df-hj-np-tv-xz]{2,5}", folded) and not in_dictionary(folded):  # "www", "pdf"
        return [tuple(folded), (folded,)]
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

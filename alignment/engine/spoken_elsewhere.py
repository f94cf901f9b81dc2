"""From written words to what is said in languages other than English; see `spoken` for English.

Numbers are spelled out by num2words where it knows the language; elsewhere the digits stay, and who says them
(`foreign`) sees whether espeak-ng can.
"""

import re
import unicodedata
from itertools import groupby, product
from math import prod

from num2words import CONVERTER_CLASSES, num2words

from alignment.engine.reading import Reading, roman_value
from alignment.words import split_words

__all__ = ["read_elsewhere"]

_NUMBER = re.compile(r"(\d+(?:[.,]\d+)*)")
_ROMAN = re.compile(
    r"((?=[MDCLXVI]{2}|[XVI]e)M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3}))(er?|[eè]me)?"
)
"""A number of two letters or more, or one with the ending that makes it French ("Ve")."""

_MOST_CHOICES = 64
_MOST_DIGITS = 9
_LONGEST_ENDING = 4
"""Letters after a number that may be the ending of an ordinal: "1er", "3e", "20th", "5-й"."""

_COUNTED_AS = {"bs": "sr", "hr": "sr", "nn": "no", "gl": "pt", "ms": "id", "be": "ru", "kk": "kz"}
"""Languages that num2words lacks or names otherwise, and one whose numbers are near enough to be placed."""

_UNCOUNTED = "am"
"""num2words runs on for ever at its large numbers."""

_DECIMAL_POINT = frozenset("bn he hi ja km kn ko ml mr ms my ne pa ta te th tl ur yue zh".split())
"""Languages that write 3.5 rather than 3,5."""

_SIGNS: dict[str, dict[str, str]] = {
    "%": {
        "ar": "بالمئة", "ca": "per cent", "cs": "procent", "da": "procent", "de": "prozent",
        "es": "por ciento", "fa": "درصد", "fi": "prosenttia", "fr": "pour cent", "hi": "प्रतिशत",
        "hu": "százalék", "id": "persen", "it": "per cento", "ja": "パーセント", "ko": "퍼센트",
        "nl": "procent", "no": "prosent", "pl": "procent", "pt": "por cento", "ro": "la sută",
        "ru": "процентов", "sv": "procent", "th": "เปอร์เซ็นต์", "tr": "yüzde", "uk": "відсотків",
        "vi": "phần trăm", "zh": "百分之",
    },
    "&": {
        "cs": "a", "da": "og", "de": "und", "es": "y", "fi": "ja", "fr": "et", "hu": "és", "id": "dan",
        "it": "e", "nl": "en", "no": "og", "pl": "i", "pt": "e", "ro": "și", "ru": "и", "sv": "och",
        "tr": "ve", "uk": "і",
    },
    "€": {
        "ar": "يورو", "cs": "euro", "da": "euro", "de": "euro", "es": "euros", "fi": "euroa",
        "fr": "euros", "hi": "यूरो", "hu": "euró", "it": "euro", "ja": "ユーロ", "ko": "유로", "nl": "euro",
        "no": "euro", "pl": "euro", "pt": "euros", "ro": "euro", "ru": "евро", "sv": "euro",
        "tr": "euro", "uk": "євро",
    },
    "$": {
        "ar": "دولار", "cs": "dolarů", "da": "dollar", "de": "dollar", "es": "dólares",
        "fi": "dollaria", "fr": "dollars", "hi": "डॉलर", "hu": "dollár", "it": "dollari", "ja": "ドル",
        "ko": "달러", "nl": "dollar", "no": "dollar", "pl": "dolarów", "pt": "dólares", "ro": "dolari",
        "ru": "долларов", "sv": "dollar", "tr": "dolar", "uk": "доларів", "zh": "美元",
    },
    "°": {
        "da": "grader", "de": "grad", "es": "grados", "fr": "degrés", "it": "gradi", "nl": "graden",
        "no": "grader", "pl": "stopni", "pt": "graus", "ru": "градусов", "sv": "grader",
        "uk": "градусів",
    },
    "+": {
        "de": "plus", "es": "más", "fr": "plus", "it": "più", "nl": "plus", "pl": "plus", "pt": "mais",
        "ru": "плюс", "sv": "plus", "uk": "плюс",
    },
    ",": {
        "ar": "فاصلة", "ca": "coma", "cs": "celá", "da": "komma", "de": "komma", "es": "coma",
        "fa": "ممیز", "fi": "pilkku", "fr": "virgule", "hu": "egész", "id": "koma", "it": "virgola",
        "ja": "てん", "ko": "점", "nl": "komma", "no": "komma", "pl": "przecinek", "pt": "vírgula",
        "ro": "virgulă", "ru": "и", "sv": "komma", "th": "จุด", "tr": "virgül", "uk": "кома",
        "vi": "phẩy", "zh": "点",
    },
}  # fmt: skip
"""What signs are called; "," stands for the decimal sign, whichever the language writes."""

_SIGN_BEFORE = re.compile(r"([$€])(\d+(?:[.,]\d+)*)")
_ENDED = re.compile(rf"(\d{{1,{_MOST_DIGITS}}})-?([a-zà-ÿºªа-яёіїє]{{1,{_LONGEST_ENDING}}})")
_LARGEST_DAY = 31


def read_elsewhere(word: str, language: str) -> list[Reading]:
    """The ways to say a written word (punctuation included), the usual one first; at least one.

    language: ISO 639-1, not English. The parts of a reading are lower case with their accents: what stands
    between apostrophes, hyphens and other marks, and each character of a script written without spaces.
    """
    bare = word.strip("".join(mark for mark in word if not mark.isalnum()))
    if roman := _ROMAN.fullmatch(bare):
        return _roman(roman[1], roman[2], language)
    plain = unicodedata.normalize("NFC", word).lower()
    if ended := _ENDED.fullmatch(plain.strip(".,;:!?()")):
        counted = _count(ended[1], language, "cardinal")
        return [_count(ended[1], language, "ordinal"), (*counted, *_said(ended[2], language))]
    plain = _SIGN_BEFORE.sub(r"\2\1", plain)
    if language == "zh":
        plain = re.sub(rf"{_NUMBER.pattern}%", r"%\1", plain)
    text, *rest = _NUMBER.split(plain)
    pieces = [[_said(text, language)]]
    for number, text in zip(rest[::2], rest[1::2], strict=True):
        pieces += [_number(number, language), [_said(text, language)]]
    if prod(map(len, pieces)) > _MOST_CHOICES:
        pieces = [piece[:1] for piece in pieces]
    return [tuple(part for piece in choice for part in piece) for choice in product(*pieces)]


def _said(text: str, language: str) -> Reading:
    """The spoken parts of a text without digits; signs that have no name are silent."""
    parts: list[str] = []
    for kind, run in groupby(text, key=_kind):
        letters = "".join(run)
        if kind == "letters":
            parts += [piece.text for piece in split_words(letters.translate(_UNSOUNDED))]
        elif kind == "sign":
            parts += [piece.text for sign in letters for piece in split_words(_name(sign, language))]
    return tuple(parts)


_UNSOUNDED = dict.fromkeys(map(ord, "\u0640\u200c\u200d\u00ad"))
"""Within words, without a sound: the Arabic stroke that stretches a word, joiners, the soft hyphen."""


def _kind(character: str) -> str:
    if unicodedata.category(character)[0] in "LM" or ord(character) in _UNSOUNDED:
        return "letters"
    return "sign" if character in _SIGNS and character != "," else "mark"


def _number(number: str, language: str) -> list[Reading]:
    """Readings of digits with points and commas among them."""
    point, between = (".", ",") if language in _DECIMAL_POINT else (",", ".")
    grouped = re.fullmatch(rf"(\d{{1,3}}(?:[{between}]\d{{3}})+)(?:[{point}](\d+))?", number)
    if grouped:
        whole, decimals = grouped[1].replace(between, ""), grouped[2]
    elif number.count(point) == 1 and between not in number:
        whole, decimals = number.split(point)
    elif number.isdecimal():
        whole, decimals = number, None
    else:  # a date, a time, a section number
        return [
            tuple(part for group in re.split("[.,]", number) for part in _count(group, language, "cardinal"))
        ]
    if not decimals:
        return _whole(whole, language)
    counted, sign = _count(whole, language, "cardinal"), _said(_name(",", language), language)
    one_by_one = tuple(part for digit in decimals for part in _count(digit, language, "cardinal"))
    return [(*counted, *sign, *one_by_one), (*counted, *sign, *_count(decimals, language, "cardinal"))]


def _name(sign: str, language: str) -> str:
    return _SIGNS[sign].get(language, "")


def _whole(digits: str, language: str) -> list[Reading]:
    value, said = int(digits), [_count(digits, language, "cardinal")]
    if 1100 <= value <= 2099 and language in _YEARS:
        said.insert(0, _count(digits, language, "year"))
    if value <= _LARGEST_DAY:
        said.append(_count(digits, language, "ordinal"))
    return said


_YEARS = frozenset(("da", "de", "nl", "no", "sl"))
"""Languages that count the hundreds of a year."""


def _count(digits: str, language: str, to: str) -> Reading:
    """The digits spelled out, "cardinal", "ordinal" or "year"; themselves where nobody here can."""
    code = _COUNTED_AS.get(language, language)
    if len(digits) > _MOST_DIGITS or code not in CONVERTER_CLASSES or code == _UNCOUNTED:
        return (digits,)
    try:
        spelled = num2words(int(digits), lang=code, to=to, **_AS_READ.get(code, {}))
    except (NotImplementedError, LookupError, AttributeError, TypeError):  # so its languages say they cannot
        return (digits,) if to == "cardinal" else _count(digits, language, "cardinal")
    return _said(spelled.lower(), language) or (digits,)


_AS_READ: dict[str, dict[str, bool]] = {"ja": {"reading": True}}
"""In kana, which have a sound, where num2words gives characters."""


def _roman(letters: str, ending: str | None, language: str) -> list[Reading]:
    value = str(roman_value(letters))
    cardinal, ordinal = (_count(value, language, to) for to in ("cardinal", "ordinal"))
    as_word = ((letters + (ending or "")).lower(),)
    if ending:
        return [ordinal, as_word]
    return [cardinal, ordinal, as_word] if set(letters) <= set("IVX") else [as_word, cardinal, ordinal]

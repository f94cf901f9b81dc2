"""Languages as programs name them ("english", "en-US", "cmn-Hans-CN"), as ISO 639-1 codes."""

import re

__all__ = ["is_known_language", "language_code"]

_CODE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9_-]*+)?")
_RENAMED = {"jw": "jv", "iw": "he", "in": "id", "ji": "yi", "mo": "ro"}


def _table(pairs: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in pairs.split())


# ISO 639-3 and 639-2 codes that speech recognisers use.
_LONG_CODES = _table(
    """
    afr:af ara:ar ben:bn bul:bg cat:ca ces:cs chi:zh cmn:zh dan:da deu:de dut:nl ell:el eng:en est:et eus:eu
    fas:fa fil:tl fin:fi fra:fr fre:fr ger:de glg:gl guj:gu heb:he hin:hi hrv:hr hun:hu ind:id isl:is ita:it
    jpn:ja kan:kn kor:ko lav:lv lit:lt mal:ml mar:mr msa:ms nld:nl nob:nb nor:no pan:pa per:fa pol:pl por:pt
    ron:ro rum:ro rus:ru slk:sk slv:sl spa:es srp:sr swa:sw swe:sv tam:ta tel:te tha:th tgl:tl tur:tr ukr:uk
    urd:ur vie:vi yue:zh zho:zh
    """
)
_NAMES = _table(
    """
    afrikaans:af albanian:sq amharic:am arabic:ar armenian:hy assamese:as azerbaijani:az bashkir:ba
    basque:eu belarusian:be bengali:bn bosnian:bs breton:br bulgarian:bg burmese:my cantonese:zh
    castilian:es catalan:ca chinese:zh croatian:hr czech:cs danish:da dutch:nl english:en estonian:et
    faroese:fo finnish:fi flemish:nl french:fr galician:gl georgian:ka german:de greek:el gujarati:gu
    haitian:ht hausa:ha hebrew:he hindi:hi hungarian:hu icelandic:is indonesian:id italian:it japanese:ja
    javanese:jv kannada:kn kazakh:kk khmer:km korean:ko lao:lo latin:la latvian:lv letzeburgesch:lb
    lingala:ln lithuanian:lt luxembourgish:lb macedonian:mk malagasy:mg malay:ms malayalam:ml maltese:mt
    mandarin:zh maori:mi marathi:mr moldavian:ro moldovan:ro mongolian:mn myanmar:my nepali:ne norwegian:no
    nynorsk:nn occitan:oc panjabi:pa pashto:ps persian:fa polish:pl portuguese:pt punjabi:pa pushto:ps
    romanian:ro russian:ru sanskrit:sa serbian:sr shona:sn sindhi:sd sinhala:si sinhalese:si slovak:sk
    slovenian:sl somali:so spanish:es sundanese:su swahili:sw swedish:sv tagalog:tl tajik:tg tamil:ta
    tatar:tt telugu:te thai:th tibetan:bo turkish:tr turkmen:tk ukrainian:uk urdu:ur uzbek:uz valencian:ca
    vietnamese:vi welsh:cy yiddish:yi yoruba:yo
    """
)

_KNOWN = frozenset((*_LONG_CODES.values(), *_NAMES.values()))


def language_code(name: str | None) -> str | None:
    """The code of a language by its English name, its tag or its code of three letters; None if not known."""
    given = (name or "").strip().lower()
    first = re.split(r"[ ,;(]", given, maxsplit=1)[0]  # "haitian creole", "English (US)"
    if first in _NAMES:
        return _NAMES[first]
    code = _CODE.fullmatch(given)
    if not code:
        return None
    return _RENAMED.get(code[1], code[1]) if len(code[1]) == 2 else _LONG_CODES.get(code[1])


def is_known_language(code: str) -> bool:
    """Whether this is the code of two letters of a language with a name here."""
    return code in _KNOWN

"""What one can choose for an alignment, with names for people."""

__all__ = ["LANGUAGES", "MODELS"]

MODELS = {
    "base": "Base: quick and exact, here already",
    "small": "Small: hears hard recordings better, 0.5 GB to fetch once",
    "medium": "Medium: slow, 1.5 GB to fetch once",
    "large-v3": "Large: slowest, 3 GB to fetch once",
}
"""Sizes of Whisper."""

LANGUAGES = {
    None: "Heard from the audio",
    "ar": "العربية",
    "bg": "Български",
    "bn": "বাংলা",
    "ca": "Català",
    "cs": "Čeština",
    "da": "Dansk",
    "de": "Deutsch",
    "el": "Ελληνικά",
    "en": "English",
    "es": "Español",
    "fa": "فارسی",
    "fi": "Suomi",
    "fr": "Français",
    "he": "עברית",
    "hi": "हिन्दी",
    "hr": "Hrvatski",
    "hu": "Magyar",
    "id": "Bahasa Indonesia",
    "it": "Italiano",
    "ja": "日本語",
    "ko": "한국어",
    "nl": "Nederlands",
    "no": "Norsk",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "ru": "Русский",
    "sk": "Slovenčina",
    "sr": "Српски",
    "sv": "Svenska",
    "ta": "தமிழ்",
    "th": "ไทย",
    "tr": "Türkçe",
    "uk": "Українська",
    "ur": "اردو",
    "vi": "Tiếng Việt",
    "zh": "中文",
}
"""ISO 639-1 codes, in their own words."""

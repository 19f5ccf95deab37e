"""Languages that guests speak, each under its own name."""

ENDONYMS = {
    "fr": "français", "en": "English", "de": "Deutsch", "lb": "Lëtzebuergesch", "pt": "português",
    "ro": "română", "ar": "العربية", "es": "español", "it": "italiano", "pl": "polski", "bg": "български",
    "ti": "ትግርኛ", "am": "አማርኛ", "so": "Soomaali", "wo": "Wolof", "ff": "Pulaar", "ru": "русский",
    "uk": "українська", "fa": "فارسی", "tr": "Türkçe", "hu": "magyar", "sr": "srpski", "sq": "shqip",
    "ber": "Tamaziɣt", "hi": "हिन्दी",
}  # fmt: skip
FREQUENT = ("fr", "ar", "ro", "pt", "en", "de", "lb", "it")
RIGHT_TO_LEFT = frozenset({"ar", "fa"})

"""Stemming, by Snowball: which languages have a stemmer, and the stemmer of one."""

from __future__ import annotations

from collections.abc import Callable

import Stemmer

SNOWBALL_NAMES = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french",
    "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "st": "sesotho",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
"""ISO 639-1 code → Snowball's name of the language: all that the newest PyStemmer has. An older one stems some less."""


def stemmer(name: str) -> Callable[[str], str]:
    """The stemmer that Snowball calls `name`; without one, words stay as they are."""
    known = name in Stemmer.algorithms()
    stem: Callable[[str], str] = Stemmer.Stemmer(name).stemWord if known else str
    return stem

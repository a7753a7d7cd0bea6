"""Closed-class words and scripts of all languages that can be told apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from bot.search.data_files import DATA
from bot.search.language.analysis import Analyzer, fold
from bot.search.language.word_vectors import english_word_vectors

WORDS = DATA / "closed_words.txt"

_SHORTEST_PLAIN = 4  # letters of a word that is recognised without its accents too
_ACCENTED = frozenset({"vi"})  # without accents its words look like names

LATIN = "LATIN"
SCRIPTS: Mapping[str, tuple[str, ...]] = {
    "ARABIC": ("ar", "fa", "ur"), "CYRILLIC": ("ru", "uk", "bg", "sr", "mk"), "DEVANAGARI": ("hi", "mr", "ne"),
    "CJK": ("zh", "ja"), "HIRAGANA": ("ja",), "KATAKANA": ("ja",), "HANGUL": ("ko",), "GREEK": ("el",),
    "HEBREW": ("he",), "ARMENIAN": ("hy",), "GEORGIAN": ("ka",), "BENGALI": ("bn",), "GURMUKHI": ("pa",),
    "GUJARATI": ("gu",), "TAMIL": ("ta",), "TELUGU": ("te",), "KANNADA": ("kn",), "MALAYALAM": ("ml",),
    "SINHALA": ("si",), "THAI": ("th",), "LAO": ("lo",), "KHMER": ("km",), "MYANMAR": ("my",), "ETHIOPIC": ("am",),
}  # fmt: skip
"""The first word of the Unicode name of a script's letters → the languages written in it."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What is known of all languages."""

    languages: tuple[str, ...]
    speaking: Mapping[str, frozenset[str]]
    """closed-class word → the languages it belongs to"""
    english: frozenset[str]
    """Closed-class words of other languages that are English content words too: comment, war."""
    letters: Mapping[str, frozenset[str]]
    """language in Latin script → the letters of its closed-class words"""
    scripts: Mapping[str, frozenset[str]]
    """language → the scripts it is written in"""


@cache
def load_lexicon() -> Lexicon:
    """The lexicon, read from `WORDS` when first asked for."""
    english, word_vectors = Analyzer("en"), english_word_vectors()
    speaking: dict[str, set[str]] = defaultdict(set)
    letters: dict[str, frozenset[str]] = {}
    scripts: dict[str, set[str]] = defaultdict(set)
    for script, languages in SCRIPTS.items():
        for language in languages:
            scripts[language].add(script)
    for line in WORDS.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        language, _, words = line.partition(": ")
        for word in words.split():
            speaking[word].add(language)
            plain = fold(word)
            if language not in _ACCENTED and len(plain) >= _SHORTEST_PLAIN:
                speaking[plain].add(language)  # as many type it
        if language not in scripts:
            scripts[language].add(LATIN)
            letters[language] = frozenset(words)
    return Lexicon(
        languages=tuple(scripts),
        speaking={word: frozenset(of) for word, of in speaking.items()},
        english=frozenset(word for word in speaking if word_vectors.row(english.term(word))),
        letters=letters,
        scripts={language: frozenset(of) for language, of in scripts.items()},
    )


def closed_class_words(language: str) -> frozenset[str]:
    """The question words, pronouns, prepositions … of a language (ISO 639-1); none of one that is not known."""
    return frozenset(word for word, of in load_lexicon().speaking.items() if language in of)

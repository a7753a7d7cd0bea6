"""The words of a question about texts, and what each contributes to it (`text_vocabulary`)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from rapidfuzz.distance import OSA

from bot.answering.text_vocabulary import VOCABULARIES, Vocabulary
from bot.answering.text_word_classes import W, WordClass
from bot.library.snapshots import Snapshot
from bot.search.language.analysis import fold

_LONGEST_PHRASE = 4  # words of a phrase in a vocabulary
_SHORTEST_MISSPELT, _LONGEST_MISSPELT, _SHORTEST_MEANT = 4, 20, 4  # letters
_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_CONTRACTED = re.compile(r"(?<=\w)['’ʼ](s|re)\b", re.IGNORECASE)
_ABBREVIATION = re.compile(r"\btl\s*[;:,/.]?\s*dr\b", re.IGNORECASE)
_ARABIC_PREFIXES = ("", "ال", "هال", "وال", "بال", "فال", "لل", "و", "ب", "ل", "ف", "ك")
_SPANISH_SOUNDS = ("bv", "csz", "gj", "iy", "ck", "xs", "nm")
"""Letters that are confused in Spanish."""

_ARABIC = re.compile(r"[\u0600-\u06ff]")


def words_of(text: str) -> list[str]:
    """Split `text` into folded words, with contractions taken apart."""
    plain = _ABBREVIATION.sub("tldr", text)
    return _WORD.findall(fold(_CONTRACTED.sub(_whole, plain)).replace("’", "'"))


def _whole(contraction: re.Match[str]) -> str:
    return " is" if contraction[1].lower() == "s" else " are"


def classified(
    snapshot: Snapshot, words: Sequence[str], language: str, vocabulary: Vocabulary
) -> Iterator[tuple[str, frozenset[WordClass]]]:
    """Yield the words with their classes, none for an unknown one; a phrase of the vocabulary counts as one word.

    A word that neither the texts nor their language know is taken for the word it resembles.
    """
    known_word = snapshot.searcher.expander.is_known_word
    at = 0
    while at < len(words):
        longest = min(_LONGEST_PHRASE, len(words) - at)
        for length in range(longest, 0, -1):
            phrase = " ".join(words[at : at + length])
            kinds = classes_of(phrase, language, vocabulary)
            if kinds or length == 1:
                break
        if not kinds and not known_word(phrase):
            kinds = vocabulary.get(_meant(phrase, language) or "", frozenset())
        yield phrase, kinds
        at += length


def classes_of(word: str, language: str, vocabulary: Vocabulary) -> frozenset[WordClass]:
    """The classes of a word or a phrase in one language; none if it is unknown."""
    if word.isdecimal():
        return frozenset({W.HOW_MUCH})
    if language != "ar":
        return vocabulary.get(word, frozenset())
    for prefix in _ARABIC_PREFIXES:
        stem = word.removeprefix(prefix)
        if stem == word and prefix:
            continue
        long = len(stem) > _SHORTEST_MISSPELT
        for ending in (
            ("", "ا", "ها", "ه") if long else ("", "ا")
        ):  # the accusative: نصا; its: طولها
            if (form := stem.removesuffix(ending)) in vocabulary:
                return vocabulary[form]
    return frozenset()


def classes_in_any(word: str) -> frozenset[WordClass] | None:
    """The classes of a word in all languages together; None if no vocabulary has it, not even in a phrase."""
    if _ARABIC.match(word):
        return classes_of(word, "ar", VOCABULARIES["ar"]) or _OF_ALL.get(word)
    return _OF_ALL.get(word)


def known_word_like(word: str) -> str | None:
    """The word of any vocabulary that `word` may be a misspelling of."""
    languages = ("ar",) if _ARABIC.match(word) else ("en", "es")
    return next(filter(None, (_meant(word, each) for each in languages)), None)


@lru_cache(maxsize=4_096)
def _meant(word: str, language: str) -> str | None:
    """The word of a vocabulary that `word` may be a misspelling of: one slip away."""
    if not _SHORTEST_MISSPELT <= len(word) <= _LONGEST_MISSPELT:
        return None
    near = (
        known
        for known in VOCABULARIES[language]
        if len(known) >= _SHORTEST_MEANT
        and OSA.distance(word, known, score_cutoff=1) == 1
        and (language != "es" or _sounds_alike(word, known))
    )
    return next(near, None)


def _sounds_alike(word: str, known: str) -> bool:
    """Whether no letter stands for one of another sound, which in Spanish makes another word: escribo, escrito."""
    if len(word) != len(known) or Counter(word) == Counter(
        known
    ):  # a letter more or less, or two exchanged
        return True
    letters = next({a, b} for a, b in zip(word, known, strict=True) if a != b)
    return any(letters <= set(group) for group in _SPANISH_SOUNDS)


def _united() -> Mapping[str, frozenset[WordClass]]:
    """Every single word of the vocabularies with its classes; words that occur in phrases alone have none."""
    found: dict[str, frozenset[WordClass]] = {}
    for vocabulary in VOCABULARIES.values():
        for phrase, kinds in vocabulary.items():
            first, *others = phrase.split()
            if others:
                for word in (first, *others):
                    found.setdefault(word, frozenset())
            else:
                found[first] = found.get(first, frozenset()) | kinds
    return MappingProxyType(found)


_OF_ALL = _united()

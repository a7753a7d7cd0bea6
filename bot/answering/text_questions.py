"""Recognises questions about the texts themselves: who wrote this, how long is it, what is it about.

A question is one if each of its words is in the vocabulary of one language (`text_vocabulary`), or in the title or
the author's name of a text, and if the words together ask for something that is known of texts (`text_question_rules`). One
word more is allowed if the rest surely refers to a text and no text holds that word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.answering.text_question_rules import (
    BARE,
    BARE_CLASSES,
    HERE,
    OF_A_TEXT,
    OF_THE_BOT,
    OVERVIEW,
    QUESTION_WORDS,
    REF,
    YES_OR_NO,
    fits,
)
from bot.answering.text_vocabulary import VOCABULARIES, Vocabulary
from bot.answering.text_word_classes import W, WordClass
from bot.library.snapshots import Snapshot
from bot.models import Fact, Source
from bot.search.language.analysis import fold

LONGEST = 16
"""Words of a question about a text."""

_LONGEST_PHRASE = 4  # words of a phrase in a vocabulary
_SHORTEST_MISSPELT, _LONGEST_MISSPELT, _SHORTEST_MEANT = 4, 20, 4  # letters
_MOST_NAMED = 50  # texts whose titles are compared with the question
_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_CONTRACTED = re.compile(r"(?<=\w)['’ʼ](s|re)\b", re.IGNORECASE)
_ABBREVIATION = re.compile(r"\btl\s*[;:,/.]?\s*dr\b", re.IGNORECASE)
_PRO_DROP = frozenset({"es", "ar"})
"""Languages that leave a pronoun out: “¿cuándo se escribió?”."""
_ARABIC_PREFIXES = ("", "ال", "هال", "وال", "بال", "فال", "لل", "و", "ب", "ل", "ف", "ك")
_REFERENCE = frozenset({W.THIS, W.THESE, W.TEXT})


@dataclass(frozen=True, slots=True)
class TextQuestion:
    """What a question about texts asks for.

    `facts` is empty if it asks what a text is about. `named`: the texts that it may name by their titles (empty: it
    names none); `plural`: whether it asks of all texts, `singular`: of a single one. `sure`: whether it surely refers to
    a text, or to the bot's texts; else a text may as well speak of what is asked. `points_back`: it refers by `it` or
    `that` alone, as to something said before.
    """

    facts: tuple[Fact, ...]
    named: tuple[Source, ...] = ()
    sure: bool = True
    points_back: bool = False
    plural: bool = False
    singular: bool = False

    @property
    def needs_no_search(self) -> bool:
        """Whether no text can answer it: what is asked of the bot, or for a summary of a text."""
        return self.sure and not any(fact.is_of_one_text for fact in self.facts)


def text_question(
    snapshot: Snapshot, question: str, within: Source | None = None
) -> TextQuestion | None:
    """Recognise a question about the texts of `snapshot`, or about the text `within`; None if it is another one."""
    corrected = snapshot.searcher.expander.correct_question_words(question)  # as if it were English
    for words in map(_words, dict.fromkeys((question, corrected))):
        if not 0 < len(words) <= LONGEST:
            return None
        for language, vocabulary in VOCABULARIES.items():
            found = _Reading.of(snapshot, words, language, vocabulary, within)
            if found is not None and (asked := found.asked()) is not None:
                return asked
    return None


def _words(text: str) -> list[str]:
    plain = _ABBREVIATION.sub("tldr", text)
    return _WORD.findall(fold(_CONTRACTED.sub(_whole, plain)).replace("’", "'"))


def _whole(contraction: re.Match[str]) -> str:
    return " is" if contraction[1].lower() == "s" else " are"


@dataclass(frozen=True, slots=True)
class _Reading:
    """A question of known words, in one language."""

    classes: tuple[frozenset[WordClass], ...]
    named: tuple[Source, ...]
    kind_in_title: bool
    drops_pronouns: bool
    stray: bool
    """Whether a word is unknown; the rest may still ask something of a text."""

    @classmethod
    def of(
        cls,
        snapshot: Snapshot,
        words: Sequence[str],
        language: str,
        vocabulary: Vocabulary,
        within: Source | None,
    ) -> _Reading | None:
        """Read `words`; None if one of them is unknown."""
        read: list[tuple[str, frozenset[WordClass]]] = []
        unnamed = 0
        for word, of in _classified(snapshot, words, language, vocabulary):
            unnamed += not of and not snapshot.listing.mentions(word)
            if unnamed > 1:
                return None
            read.append((word, of))
        classes = tuple(kinds for _, kinds in read)
        unknown = [word for word, kinds in read if not kinds]
        kinds = [word for word, of in read if W.KIND in of]
        texts = _Titles.naming(snapshot, [*unknown, *kinds], within)
        by_kind = tuple(texts.with_all([*unknown, *kinds])) if kinds else ()
        named = by_kind or tuple(texts.with_all(unknown))
        stray = False
        if unknown:
            last = max(at for at, of in enumerate(classes) if not of)
            if any(W.ON in of for of in classes[:last]):
                return None
            before_noun = any(W.TEXT in of for of in classes[last + 1 : last + 2])
            enough = by_kind or before_noun or any(texts.are_named_by(unknown, s) for s in named)
            stray = not (named and enough)
            if stray and not _is_aside(snapshot, unknown, classes):
                return None
        drops_pronouns = language in _PRO_DROP
        named = named if (unknown or kinds) and not stray else ()
        return cls(classes, named, bool(by_kind), drops_pronouns, stray)

    def asked(self) -> TextQuestion | None:
        """What the words ask for together; None if that is nothing known of texts."""
        has: set[WordClass | str] = set().union(*self.classes)
        if W.HOW_MUCH in has and W.SUMMARY not in has:  # one of several: “what are the two parts?”
            return None
        refers = bool(has & _REFERENCE) or self.kind_in_title
        elliptical = self.drops_pronouns or W.WRITTEN in self.classes[0]
        if elliptical and not (refers or self.named or W.KIND in has or W.TEXTS in has):
            has.add(W.IT)
        if refers or W.KIND in has or W.IT in has:
            has |= {HERE, REF}
        elif self.named or W.PART in has:
            has.add(REF)
        if all(kinds & BARE_CLASSES for kinds in self.classes):
            has.add(BARE)
        if has.isdisjoint(QUESTION_WORDS):
            has.add(YES_OR_NO)
        of_the_bot = [fact for fact, required in OF_THE_BOT if fits(required, has)]
        if of_the_bot and not self.named:
            return TextQuestion(tuple(of_the_bot[:1]), self.named, not self.stray)
        sure = refers and not self.stray
        points_back = W.IT in has and not (refers or self.named or W.KIND in has)
        if any(fits(required, has) for required in OVERVIEW):
            return TextQuestion((), self.named, sure, points_back)
        facts = dict.fromkeys(fact for fact, required in OF_A_TEXT if fits(required, has))
        if not facts:
            return None
        plural = not has.isdisjoint({W.TEXTS, W.THESE})
        singular = HERE in has and not plural
        return TextQuestion(tuple(facts), self.named, sure, points_back, plural, singular)


def _is_aside(
    snapshot: Snapshot, unknown: Sequence[str], classes: Sequence[frozenset[WordClass]]
) -> bool:
    """Whether a question surely refers to a text but for one word, of which no text speaks.

    Not if that word is what it refers to (“this proclamation”), or the first one, which says what to do.
    """
    if len(unknown) > 1 or not any(kinds & (_REFERENCE | {W.TEXTS}) for kinds in classes):
        return False
    at = next(at for at, kinds in enumerate(classes) if not kinds)
    if at == 0 or classes[at - 1] & {W.THIS, W.THESE}:
        return False
    return not snapshot.searcher.expander.is_held(unknown[0])


def _classified(
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
            kinds = _classes(phrase, language, vocabulary)
            if kinds or length == 1:
                break
        if not kinds and not known_word(phrase):
            kinds = vocabulary.get(_meant(phrase, language) or "", frozenset())
        yield phrase, kinds
        at += length


def _classes(word: str, language: str, vocabulary: Vocabulary) -> frozenset[WordClass]:
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


@lru_cache(maxsize=4_096)
def _meant(word: str, language: str) -> str | None:
    """The word of a vocabulary that `word` may be a misspelling of: one slip away."""
    if not _SHORTEST_MISSPELT <= len(word) <= _LONGEST_MISSPELT:
        return None
    near = (
        known
        for known in VOCABULARIES[language]
        if len(known) >= _SHORTEST_MEANT and OSA.distance(word, known, score_cutoff=1) == 1
    )
    return next(near, None)


@dataclass(frozen=True, slots=True)
class _Titles:
    """Texts with the words of their titles and of their authors' names."""

    texts: tuple[tuple[Source, frozenset[str], frozenset[str]], ...]

    @classmethod
    def naming(cls, snapshot: Snapshot, words: Sequence[str], within: Source | None) -> _Titles:
        """The texts that `words` may name."""
        likely = snapshot.listing.holding(words, _MOST_NAMED)
        return cls(
            tuple(
                (source, frozenset(_words(source.title)), frozenset(_words(source.author)))
                for source in likely
                if within is None or source.id == within.id
            )
        )

    def with_all(self, words: Sequence[str]) -> Iterator[Source]:
        """Yield the texts whose titles and authors hold all `words`, at least one of them the title."""
        for source, title, author in self.texts:
            if title | author >= set(words):
                yield source

    def are_named_by(self, words: Sequence[str], source: Source) -> bool:
        """Whether `words` are enough of a title to name it, or no part of it but of the author's name."""
        title, author = next((t, a) for s, t, a in self.texts if s is source)
        telling = {word for word in title if not any(word in v for v in VOCABULARIES.values())}
        said = telling & set(words)
        return set(words) <= author or (2 * len(said) >= len(telling) and len(said) > 1)

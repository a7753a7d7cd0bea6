"""Recognises questions about texts by rules: each word must be of the vocabulary of one language, or name a text.

The words together must ask for something that is known of texts (`text_question_rules`). One word more is allowed if the
rest surely refers to a text and no text holds that word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
from bot.answering.text_question_titles import Titles
from bot.answering.text_question_values import TextQuestion
from bot.answering.text_question_words import classified
from bot.answering.text_vocabulary import VOCABULARIES, Vocabulary
from bot.answering.text_word_classes import REFERENCE, W, WordClass
from bot.library.snapshots import Snapshot
from bot.models import Source

_PRO_DROP = frozenset({"es", "ar"})
"""Languages that leave a pronoun out: “¿cuándo se escribió?”."""


def read_by_rules(
    snapshot: Snapshot, words: Sequence[str], within: Source | None
) -> TextQuestion | None:
    """Recognise a question by its `words`."""
    for language, vocabulary in VOCABULARIES.items():
        found = _Reading.of(snapshot, words, language, vocabulary, within)
        if found is not None and (asked := found.asked()) is not None:
            return asked
    return None


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
        for word, of in classified(snapshot, words, language, vocabulary):
            unnamed += not of and not snapshot.listing.mentions(word)
            if unnamed > 1:
                return None
            read.append((word, of))
        classes = tuple(kinds for _, kinds in read)
        unknown = [word for word, kinds in read if not kinds]
        kinds = [word for word, of in read if W.KIND in of]
        texts = Titles.naming(snapshot, [*unknown, *kinds], within)
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
        refers = bool(has & REFERENCE) or self.kind_in_title
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
    if len(unknown) > 1 or not any(kinds & (REFERENCE | {W.TEXTS}) for kinds in classes):
        return False
    at = next(at for at, kinds in enumerate(classes) if not kinds)
    if at == 0 or classes[at - 1] & {W.THIS, W.THESE}:
        return False
    return not snapshot.searcher.expander.is_held(unknown[0])

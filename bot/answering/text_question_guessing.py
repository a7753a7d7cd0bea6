"""Recognises questions about texts by their likeness to others (`text_question_model`), whatever words they hold."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from bot.answering.text_question_features import (
    HELD,
    NAME,
    OTHER,
    AskedWord,
    features_of,
    tokens_of,
)
from bot.answering.text_question_model import Intent, text_question_model
from bot.answering.text_question_titles import Titles
from bot.answering.text_question_values import TextQuestion
from bot.answering.text_word_classes import REFERENCE, W, WordClass
from bot.library.snapshots import Snapshot
from bot.models import Fact, Source

PROBABLE = 0.5
"""Least probability that such a question is about a text."""

CERTAIN = 0.9
"""The least probability at which one that refers to a text surely is."""

_UNKNOWN = frozenset({HELD, OTHER})
_SAYING_NOTHING = frozenset({W.FILLER, W.BE, W.THE, W.IT, W.YOU})
_OF_THE_BOT = frozenset({W.YOU, W.TEXTS, W.KNOWLEDGE})
_REFERS_TO_SOMETHING = REFERENCE | _OF_THE_BOT | {W.IT, W.KIND}


def guess_text_question(
    snapshot: Snapshot, question: str, within: Source | None
) -> TextQuestion | None:
    """Recognise a question about the texts of `snapshot`, or about the text `within`; None if it is another one."""
    tokens = tokens_of(snapshot, question)
    has = frozenset[WordClass]().union(*(token.classes for token in tokens))
    unknown = any(token.mark in _UNKNOWN for token in tokens)
    if (has <= _SAYING_NOTHING and not unknown) or _has_a_subject(tokens):
        return None
    guess = text_question_model().guess(features_of(tokens))
    if guess.probability < PROBABLE:
        return None
    names = [token.word for token in tokens if token.mark == NAME]
    named = _named(snapshot, names, within, alone=not has & {W.TEXT, W.KIND})
    if names and not (named or has & _REFERS_TO_SOMETHING):
        return None
    facts = () if guess.intent is Intent.OVERVIEW else (Fact(guess.intent.value),)
    of_one_text = all(fact.is_of_one_text for fact in facts)
    refers = bool(
        has & (REFERENCE if of_one_text else REFERENCE | _OF_THE_BOT)
    ) or _is_of_a_titled_kind(snapshot, tokens, within)
    plural = not has.isdisjoint({W.TEXTS, W.THESE})
    may_be_answered = any(token.mark == HELD for token in tokens)
    return TextQuestion(
        facts,
        named,
        sure=refers and not may_be_answered and guess.probability >= CERTAIN,
        points_back=of_one_text and not (refers or named or has & {W.KIND, W.TEXTS}),
        plural=plural,
        singular=refers and not plural,
    )


def _is_of_a_titled_kind(
    snapshot: Snapshot, tokens: Sequence[AskedWord], within: Source | None
) -> bool:
    """Whether a text of the kind that is spoken of calls itself so: “the speech”, of a text with “speech” in its title."""
    kinds = [token.word for token in tokens if W.KIND in token.classes]
    return bool(kinds) and any(Titles.naming(snapshot, kinds, within).with_all(kinds))


def _has_a_subject(tokens: Sequence[AskedWord]) -> bool:
    """Whether a preposition or “this” says what it is about: `about refunds`, `this ferry` where a text has one."""
    for at, token in enumerate(tokens):
        if token.mark in _UNKNOWN and any(_leads_to_subject(tokens, on) for on in range(at)):
            return True
    behind = [token.classes for token in tokens[2:]] + [frozenset()]
    return any(
        first.classes & {W.THIS, W.THESE}
        and W.BE not in first.classes  # Spanish está
        and second.mark == HELD
        and not third & {W.TEXT, W.KIND, W.TEXTS}
        for (first, second), third in zip(pairwise(tokens), behind, strict=False)
    )


def _leads_to_subject(tokens: Sequence[AskedWord], at: int) -> bool:
    """Whether a subject follows, and not a question word, nor what tells a text from others: `the post about refunds`."""
    of_a_text = at > 0 and tokens[at - 1].classes & {W.TEXT, W.KIND, W.TEXTS}
    asked_for = at + 1 < len(tokens) and W.WHAT in tokens[at + 1].classes
    return W.ON in tokens[at].classes and not (of_a_text or asked_for)


def _named(
    snapshot: Snapshot, names: Sequence[str], within: Source | None, *, alone: bool
) -> tuple[Source, ...]:
    """The texts that are named; `alone`: by no noun besides, so that a part of a title is not enough."""
    if not names:
        return ()
    titles = Titles.naming(snapshot, names, within)
    found = tuple(titles.with_all(names))
    if len(found) == 1 and not alone:
        return found
    return tuple(one for one in found if titles.are_named_by(names, one))

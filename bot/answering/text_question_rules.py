"""Which classes of words together ask for what is known of texts."""

from __future__ import annotations

from collections.abc import Iterable

from bot.answering.text_word_classes import W, WordClass
from bot.models import Fact

REF = "reference"
"""That a text is meant."""

HERE = "reference by a noun or a pronoun"
"""That a text is meant, and not by its title alone, which is often what the text is about."""

BARE, YES_OR_NO = "nothing else", "no question word"
BARE_CLASSES = {W.WHAT, W.BE, W.THE, W.TEXT, W.KIND, W.THIS, W.WHEN, W.UPDATED, W.LAST, W.POINT}
QUESTION_WORDS = {W.WHO, W.WHAT, W.WHEN, W.WHERE, W.WHOSE, W.HOW_MANY, W.HOW_LONG, W.HOW_OLD}
_Requirement = frozenset[WordClass | str]


def _all_of(*required: WordClass | str | tuple[WordClass | str, ...]) -> tuple[_Requirement, ...]:
    return tuple(frozenset(one if isinstance(one, tuple) else (one,)) for one in required)


OF_THE_BOT: tuple[tuple[Fact, tuple[_Requirement, ...]], ...] = (
    (Fact.ADDING, _all_of(W.ADD, (W.TEXT, W.TEXTS, W.KNOWLEDGE))),
    (Fact.UPDATED, _all_of(W.UPDATED, (W.YOU, W.TEXTS, W.KNOWLEDGE, BARE))),
    (Fact.TEXTS, _all_of((W.TEXTS, W.KNOWLEDGE), W.YOU)),
    (Fact.TEXTS, _all_of(W.TEXTS, (W.WHAT, W.HOW_MANY))),
    (Fact.TEXTS, _all_of(W.TEXT, W.HOW_MANY, W.YOU)),
    (Fact.TEXTS, _all_of(W.TEXTS, W.SHOW)),
    (Fact.TEXTS, _all_of(W.WHAT, W.FIND, W.PLACE_HERE)),
    (Fact.TEXTS, _all_of(W.WHAT, W.YOU, W.ABOUT)),
    (Fact.TEXTS, _all_of(W.TEXTS, W.EXIST)),
    (Fact.TEXTS, _all_of(W.WHAT, W.ASK, (W.ABOUT, W.ON, W.YOU))),
    (Fact.TEXTS, _all_of(W.WHERE, W.ANSWERS, W.YOU, W.FROM)),
)
OF_A_TEXT: tuple[tuple[Fact, tuple[_Requirement, ...]], ...] = (
    (Fact.TITLE, _all_of(W.TITLE)),
    (Fact.TITLE, _all_of(W.CALLED, W.WHAT, HERE)),
    (Fact.TITLE, _all_of(W.CALLED, W.TEXT)),
    (Fact.TITLE, _all_of(W.WHAT, (W.TEXT, W.KIND), W.THIS, BARE)),
    (Fact.AUTHOR, _all_of(W.AUTHOR)),
    (Fact.AUTHOR, _all_of(W.WHO, (W.WRITE, W.FROM), REF)),
    (Fact.AUTHOR, _all_of(W.PERSON, W.WRITE, REF)),
    (Fact.AUTHOR, _all_of(YES_OR_NO, W.WRITTEN, W.FROM, HERE)),
    (Fact.AUTHOR, _all_of(W.WHOSE, REF)),
    (Fact.SIZE, _all_of(W.HOW_MANY, (W.PART, W.TEXT))),
    (Fact.SIZE, _all_of(W.HOW_LONG, HERE)),
    (Fact.SIZE, _all_of(W.LONG, YES_OR_NO, HERE)),
    (Fact.DATE, _all_of(W.DATE)),
    (Fact.DATE, _all_of(W.WHEN, (W.WRITE, W.FROM, W.UPDATED), REF)),
    (Fact.DATE, _all_of(W.YEAR, HERE)),
    (Fact.DATE, _all_of(W.HOW_OLD, (W.THIS, W.THESE, W.IT, W.THE, W.TEXT), HERE)),
    (Fact.LANGUAGE, _all_of(W.LANGUAGE, REF)),
    (Fact.LANGUAGE, _all_of(W.LANGUAGE_NAME, YES_OR_NO, HERE)),
    (Fact.LICENSE, _all_of(W.LICENSE)),
    (Fact.LICENSE, _all_of(W.REUSE, W.MAY, HERE)),
    (Fact.LINK, _all_of(W.LINK)),
    (Fact.LINK, _all_of(W.SOURCE, (W.WHAT, W.YOU))),
    (Fact.LINK, _all_of((W.WHERE, W.WHAT, W.FIND), W.ORIGINAL)),
    (Fact.LINK, _all_of(W.WHERE, (W.FIND, W.WRITE, W.FROM), REF)),
)
OVERVIEW: tuple[tuple[_Requirement, ...], ...] = (
    _all_of(W.SUMMARY),
    _all_of(W.MAIN, W.POINT),
    _all_of(W.POINT, W.WHAT, BARE),
    _all_of(W.EXPLAIN, (W.TEXT, W.KIND)),
    _all_of((W.ABOUT, W.SAY, W.ARGUE), W.WHAT, REF),
    _all_of(W.ARGUE, W.WHAT, W.AUTHOR),
    _all_of((W.POINT, W.ABOUT), W.WHAT, (W.SAY, REF)),
)


def fits(required: Iterable[_Requirement], has: set[WordClass | str]) -> bool:
    """Whether each requirement is met by one of the classes and signs that a question `has`."""
    return all(not one.isdisjoint(has) for one in required)

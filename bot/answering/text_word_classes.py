"""What the words of a question about a text contribute to it."""

from __future__ import annotations

from enum import StrEnum, auto


class WordClass(StrEnum):
    """What a word contributes to a question about a text."""

    FILLER = auto()
    """Nothing: articles, auxiliaries, prepositions, politeness."""
    BE = auto()
    WHO = auto()
    WHAT = auto()
    WHEN = auto()
    WHERE = auto()
    WHOSE = auto()
    HOW_MANY = auto()
    HOW_LONG = auto()
    LONG = auto()
    HOW_OLD = auto()
    THIS = auto()
    THESE = auto()
    IT = auto()
    YOU = auto()
    THE = auto()
    FROM = auto()
    TEXT = auto()
    """A noun for any text."""
    TEXTS = auto()
    KIND = auto()
    """A noun for texts of one kind, of which a text may also speak: letter, handbook."""
    PART = auto()
    HOW_MUCH = auto()
    """How long a summary should be: three, paragraph."""
    PERSON = auto()
    WRITE = auto()
    WRITTEN = auto()
    """A participle, which needs no subject where it comes first: “written when?”."""
    FIND = auto()
    SHOW = auto()
    PLACE_HERE = auto()
    ANSWERS = auto()
    ASK = auto()
    EXIST = auto()
    EXPLAIN = auto()
    ORIGINAL = auto()
    SAY = auto()
    ARGUE = auto()
    """What an author does: say, argue."""
    ABOUT = auto()
    ON = auto()
    """A preposition before what is asked for: a text's name behind it is a subject."""
    AUTHOR = auto()
    TITLE = auto()
    CALLED = auto()
    DATE = auto()
    YEAR = auto()
    LINK = auto()
    SOURCE = auto()
    """A source: where a text is from, or the text."""
    LICENSE = auto()
    REUSE = auto()
    MAY = auto()
    """That something is allowed."""
    LANGUAGE = auto()
    LANGUAGE_NAME = auto()
    SUMMARY = auto()
    MAIN = auto()
    POINT = auto()
    KNOWLEDGE = auto()
    UPDATED = auto()
    LAST = auto()
    ADD = auto()


W = WordClass

REFERENCE = frozenset({W.THIS, W.THESE, W.TEXT})
"""Words that refer to a text."""

"""Questions, and what the texts say to them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.models.places import Extract, MissingPlace
from bot.models.sources import Passage, Quote, Source, Span


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, and the turn before it in the same conversation.

    `id` identifies it in the log and in the storage; 0: none.
    """

    text: str
    after: Turn | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a conversation, and the key of the passage quoted first for it.

    `source_id`: the text that the conversation has turned to since, by asking about the text itself or for a place in
    it. `question` is empty if nothing else was asked. `unsettled`: a question that awaits the name of the text it is about.
    """

    question: str
    quoted: int | None = None
    source_id: str | None = None
    unsettled: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A ranked passage.

    `probability` is the calibrated probability that it answers the question. `bold` is the clause
    that answers best, as offsets in the passage's text (None: no clause stands out). `read` tells
    whether the reader contributed to both. `also`: passages elsewhere with the same words.
    """

    passage: Passage
    score: float
    probability: float
    bold: Span | None = None
    read: bool = False
    also: tuple[Passage, ...] = ()

    @property
    def quote(self) -> Quote:
        """What is shown of it."""
        return Quote(self.passage, self.bold, self.also)


def chance_of(hits: Iterable[Hit]) -> float:
    """The chance that at least one of `hits` answers, if each does so independently of the others."""
    return 1 - math.prod(1 - hit.probability for hit in hits)


class Outcome(StrEnum):
    """How sure an answer is, or what else was asked for than an answer from the texts (docs/answers.md)."""

    ANSWERED = "answered"
    CLOSEST = "closest"
    NOT_COVERED = "not_covered"
    SMALL_TALK = "small_talk"
    ABOUT_TEXTS = "about_texts"
    """Something about the texts themselves, such as their author: `Answer.about`."""
    OVERVIEW = "overview"
    """What a text is about: its beginning and its most central passages."""
    PLACE = "place"
    """A place in a text: `Answer.extract`."""
    NO_SUCH_PLACE = "no_such_place"
    """A place that a text does not have: `Answer.missing`."""
    WHICH_TEXT = "which_text"
    """What was asked needs one text, and it may be any of several: `Answer.which`."""

    @property
    def is_of_a_question(self) -> bool:
        """Whether the texts were searched for an answer: only such questions are kept for curators."""
        return self in {Outcome.ANSWERED, Outcome.CLOSEST, Outcome.NOT_COVERED}


class SmallTalk(StrEnum):
    """What people say to a bot without asking about the texts."""

    GREETING = "greeting"
    THANKS = "thanks"
    REACTION = "reaction"
    ABOUT = "about"
    EMPTY = "empty"


class Fact(StrEnum):
    """What people ask about the texts themselves."""

    TITLE = "title"
    AUTHOR = "author"
    SIZE = "size"
    DATE = "date"
    LANGUAGE = "language"
    LICENSE = "license"
    LINK = "link"
    TEXTS = "texts"
    """Which texts there are."""
    UPDATED = "updated"
    """When the texts have changed last."""
    ADDING = "adding"
    """Who adds texts, and how."""
    ABILITIES = "abilities"
    """What the bot can do, and what it is."""

    @property
    def is_of_one_text(self) -> bool:
        """Whether a text's card says it, rather than something about all of them."""
        return self not in {Fact.TEXTS, Fact.UPDATED, Fact.ADDING, Fact.ABILITIES}


@dataclass(frozen=True, slots=True)
class AboutTexts:
    """Facts that were asked for, and the texts that they were asked of."""

    facts: tuple[Fact, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the texts say to a question.

    `hits`: best first, or of an overview in reading order. The first `shown` are to be quoted (none unless the outcome
    is ANSWERED, CLOSEST or OVERVIEW). `language`: of the question (ISO 639-1), only if it is certainly not
    the texts'. `meant`: the question with probable misspellings corrected, if it is not covered.
    `id`: of the question. `cut`: whether the question was too long, so that `question` is its start.
    """

    question: str
    outcome: Outcome
    hits: tuple[Hit, ...] = ()
    shown: int = 0
    talk: SmallTalk | None = None
    language: str | None = None
    meant: str | None = None
    id: int = 0
    cut: bool = False
    about: AboutTexts | None = None
    which: tuple[Source, ...] = ()
    extract: Extract | None = None
    missing: MissingPlace | None = None

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The quotes that are shown unasked."""
        return tuple(hit.quote for hit in self.hits[: self.shown])

    @property
    def foreign_languages(self) -> tuple[str, ...]:
        """The languages of the quotes shown, where the question is in another one."""
        return foreign_languages(self.language, self.quotes)

    @property
    def probability(self) -> float:
        """Probability that the first hit answers; 0 without hits."""
        return self.hits[0].probability if self.hits else 0.0

    @property
    def chance(self) -> float:
        """The chance that one of the quotes shown answers; 0 if none is shown."""
        return chance_of(self.hits[: self.shown])


def foreign_languages(asked_in: str | None, quotes: Iterable[Quote]) -> tuple[str, ...]:
    """The languages of `quotes` other than the question's; none if `asked_in` is not known."""
    if asked_in is None:
        return ()
    shown = dict.fromkeys(quote.passage.source.language.split("-")[0] for quote in quotes)
    return tuple(language for language in shown if language != asked_in)

"""Question → answer: decides which hits are good enough to quote."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import NamedTuple

from bot.answering.cards import (
    answer_from_cards,
    is_answered_by_the_texts,
    question_about_texts,
)
from bot.answering.places import place_answer
from bot.answering.small_talk import asks_for_short_summary, small_talk
from bot.library.snapshots import Snapshot
from bot.models import Answer, Hit, Outcome, Passage, Question, SmallTalk, Span, chance_of
from bot.search.embedding.similarity import EmbeddedQuestion
from bot.search.highlighting.match_location import whole_words
from bot.search.literal import find_repeated, find_said, place_in
from bot.search.searcher import Searcher

MAX_HITS = 10
"""Hits in an answer at most, shown or not."""

WEAKER_QUOTE = 0.2
"""Least probability of a further quote, as a share of the first one's."""

CLOSEST_QUOTES = 2
"""Quotes shown at most where it is not certain that they answer."""

SHORT_CLAUSE = 3
"""Fewest stopwords that are looked up as a clause of a text.

Two are too few: many texts ask “So what?”, and so do people who talk with the bot.
"""


BY_WORDS, BY_READING = 0.77, 0.8
"""Least probability of an answer by default, by whether the reader took part."""

CLOSEST = 0.5
"""Least chance by default that one of the quotes shown without certainty answers."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How probable a hit must be to be quoted, and how many are quoted at once."""

    quotes: int = 3
    answered: float | None = None
    """None: the default, BY_WORDS or BY_READING."""
    closest: float | None = None
    """None: the default, CLOSEST."""
    max_question: int = 500

    def answered_from(self, *, read: bool) -> float:
        """The least probability at which an answer counts as Answered."""
        if self.answered is not None:
            return self.answered
        return BY_READING if read else BY_WORDS

    @property
    def closest_from(self) -> float:
        """The least chance, that one of the quotes shown answers, at which an answer counts as Closest."""
        return CLOSEST if self.closest is None else self.closest


def begin_vectors(
    snapshot: Snapshot, question: Question, policy: Policy
) -> Callable[[], EmbeddedQuestion | None] | None:
    """Start embedding `question`; return a function that waits for the vectors.

    None if there is no model, or nothing to search for. A caller that must not block passes the
    vectors on to `answer`.
    """
    asked = _with_context(_asked(question, policy))
    if snapshot.searcher.embeddings is None or _talk(snapshot, asked) is not None:
        return None
    return snapshot.searcher.begin_vectors(asked)


def answer(
    snapshot: Snapshot,
    question: Question,
    policy: Policy,
    source_id: str | None = None,
    vectors: Callable[[], EmbeddedQuestion | None] | None = None,
) -> Answer:
    """Answer `question` from all texts of `snapshot`, or from a single source.

    An unknown `source_id` finds nothing. Of a question that is too long only the beginning is read.
    `vectors` returns the question's vectors, None if there are none in time; without it, the model
    is asked here, and waited for.
    """
    asked = _asked(question, policy)
    given = _answered(snapshot, asked, policy, source_id, vectors)
    return replace(given, id=question.id, cut=len(asked.text) < len(question.text.strip()))


def _answered(
    snapshot: Snapshot,
    asked: Question,
    policy: Policy,
    source_id: str | None,
    vectors: Callable[[], EmbeddedQuestion | None] | None,
) -> Answer:
    text, searcher = asked.text, snapshot.searcher
    within = None if source_id is None else snapshot.ranges.get(source_id, range(0))
    if place := place_answer(snapshot, asked, source_id):
        return place
    about = question_about_texts(snapshot, asked, source_id)
    searched = _with_context(asked) if about is None else replace(asked, after=None)
    if found_said := _said(snapshot, searched, within):
        said = searcher.twins.merged(found_said, within)
        return _found(searcher, text, said, decide(said, policy))
    if about is not None and about.needs_no_search:
        return answer_from_cards(snapshot, asked, about, source_id)
    talk = _talk(snapshot, searched)
    if talk is not None and about is None:
        return Answer(text, Outcome.SMALL_TALK, talk=talk)
    waiting = searcher.begin_vectors(searched) if vectors is None else vectors
    embedded: EmbeddedQuestion | None = None
    decision = OutcomeDecision(Outcome.NOT_COVERED, 0)

    def vectors_in_time() -> EmbeddedQuestion | None:
        nonlocal embedded
        embedded = waiting()
        return embedded

    def shown(found: Sequence[Hit]) -> int:
        nonlocal decision
        decision = decide(found, policy)
        return decision.shown

    hits = searcher.search(searched, within, MAX_HITS, shown, vectors_in_time)
    found = _found(searcher, text, hits, decision)
    if hits and embedded is not None:  # without vectors the search takes no language into account
        found = replace(found, language=searcher.foreign_language(text))
    if about is not None and not is_answered_by_the_texts(snapshot, about, found):
        return answer_from_cards(snapshot, asked, about, source_id)
    if found.outcome is Outcome.NOT_COVERED:
        corrected = searcher.expander.suggest_correction(text)
        found = replace(found, meant=corrected if corrected != text else None)
    return found


def _asked(question: Question, policy: Policy) -> Question:
    """Cut the question to the length that is read."""
    return replace(question, text=_beginning(question.text.strip(), policy.max_question))


def _with_context(asked: Question) -> Question:
    """Leave out a previous turn that gives a search no context: one that asked nothing and quoted nothing."""
    before = asked.after
    useful = before is not None and (before.question or before.quoted is not None)
    return asked if useful else replace(asked, after=None)


def _beginning(text: str, most: int) -> str:
    """Cut `text` to `most` characters, between words unless one is very long."""
    if len(text) <= most:
        return text
    kept = text[:most] if text[most].isspace() else text[:most].rpartition(" ")[0]
    return (kept if len(kept) > most // 2 else text[:most]).rstrip()


def _talk(snapshot: Snapshot, asked: Question) -> SmallTalk | None:
    """The kind of small talk, if there is nothing to search for."""
    if talk := small_talk(asked.text):
        return talk
    if asked.after is None and not snapshot.searcher.has_terms(asked.text):
        return SmallTalk.EMPTY
    return None


def find_source(snapshot: Snapshot, message: str, policy: Policy) -> Answer:
    """Find the passages that `message` repeats, in whole or in part, word for word or nearly."""
    if not message.strip():
        return Answer(message, Outcome.SMALL_TALK, talk=SmallTalk.EMPTY)
    searcher = snapshot.searcher
    hits = searcher.twins.merged(find_repeated(searcher, message, MAX_HITS))
    decision = decide(hits, policy)
    return Answer(message, decision.outcome, hits, decision.shown)


def _said(snapshot: Snapshot, asked: Question, within: range | None) -> tuple[Hit, ...]:
    """Find passages by words that are not indexed: stopwords alone, or “tl;dr”."""
    searcher, text = snapshot.searcher, asked.text
    if asks_for_short_summary(text):
        return find_said(searcher, "tl;dr", within, MAX_HITS, least=2)
    if searcher.has_terms(text) or small_talk(text):
        return ()
    # After another question, “Why is that?” is about its answer.
    least_alone = 4 if asked.after else SHORT_CLAUSE
    return find_said(searcher, text, within, MAX_HITS, least_alone=least_alone)


class OutcomeDecision(NamedTuple):
    """The outcome, and how many hits are shown unasked."""

    outcome: Outcome
    shown: int


def _found(
    searcher: Searcher, text: str, hits: tuple[Hit, ...], decision: OutcomeDecision
) -> Answer:
    """Make the answer; in uncertain quotes, what they share with the question is in bold."""
    if decision.outcome is Outcome.CLOSEST:
        shown = (
            hit if hit.bold else replace(hit, bold=_shared(searcher, hit.passage, text))
            for hit in hits[: decision.shown]
        )
        hits = (*shown, *hits[decision.shown :])
    return Answer(text, decision.outcome, hits, decision.shown)


def _shared(searcher: Searcher, passage: Passage, text: str) -> Span | None:
    """Locate what `passage` shares with `text`, in whole words; None if it is nothing, or the whole passage."""
    place = place_in(searcher, passage, text)
    bold = place and whole_words(passage.text, place)
    return None if bold == Span(0, len(passage.text)) else bold


def decide(hits: Sequence[Hit], policy: Policy) -> OutcomeDecision:
    """Decide what to say of `hits`, best first, and how many of them to show."""
    if not hits:
        return OutcomeDecision(Outcome.NOT_COVERED, 0)
    best = hits[0].probability
    outcome = Outcome.CLOSEST
    if best >= policy.answered_from(read=hits[0].read):
        outcome = Outcome.ANSWERED
    most = policy.quotes if outcome is Outcome.ANSWERED else min(policy.quotes, CLOSEST_QUOTES)
    shown = [*takewhile(lambda hit: hit.probability >= best * WEAKER_QUOTE, hits[:most])]
    if outcome is Outcome.CLOSEST and chance_of(shown) < policy.closest_from:
        return OutcomeDecision(Outcome.NOT_COVERED, 0)
    return OutcomeDecision(outcome, len(shown))

"""Question → answer: decides which hits are good enough to quote."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import NamedTuple

from bot.answering.small_talk import asks_for_short_summary, small_talk
from bot.library.snapshots import Snapshot
from bot.models import Answer, Hit, Outcome, Question, SmallTalk
from bot.search.embedding.similarity import EmbeddedQuestion
from bot.search.literal import find_repeated, find_said

MAX_HITS = 10
"""Hits in an answer at most, shown or not."""

WEAKER_QUOTE = 0.2
"""Least probability of a further quote, as a share of the first one's.

Under the warning that nothing may answer, all quotes are shown.
"""

SHORT_CLAUSE = 3
"""Fewest stopwords that are looked up as a clause of a text.

Two are too few: many texts ask “So what?”, and so do people who talk with the bot.
"""


BY_WORDS, BY_READING = (0.77, 0.07), (0.8, 0.15)
"""Default thresholds: the least probability of an answer, and of a quote with the warning. They
differ by whether the reader took part.
"""


@dataclass(frozen=True, slots=True)
class Policy:
    """How probable a hit must be to be quoted, and how many are quoted at once."""

    quotes: int = 3
    answered: float | None = None
    closest: float | None = None
    """None: the defaults, BY_WORDS or BY_READING."""
    max_question: int = 500

    def thresholds(self, *, read: bool) -> tuple[float, float]:
        """The least probability of an answer, and of a quote with the warning."""
        answered, closest = BY_READING if read else BY_WORDS
        answered = answered if self.answered is None else self.answered
        closest = closest if self.closest is None else self.closest
        return answered, min(closest, answered)


def begin_vectors(
    snapshot: Snapshot, question: Question, policy: Policy
) -> Callable[[], EmbeddedQuestion | None] | None:
    """Start embedding `question`; return a function that waits for the vectors.

    None if there is no model, or nothing to search for. A caller that must not block passes the
    vectors on to `answer`.
    """
    asked = _asked(question, policy)
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
    if found_said := _said(snapshot, asked, within):
        said = searcher.twins.merged(found_said, within)
        return _answer(text, said, _decide(said, policy))
    talk = _talk(snapshot, asked)
    if talk is not None:
        return Answer(text, Outcome.SMALL_TALK, talk=talk)
    waiting = searcher.begin_vectors(asked) if vectors is None else vectors
    embedded: EmbeddedQuestion | None = None
    decision = _Decision(Outcome.NOT_COVERED, 0)

    def vectors_in_time() -> EmbeddedQuestion | None:
        nonlocal embedded
        embedded = waiting()
        return embedded

    def shown(found: Sequence[Hit]) -> int:
        nonlocal decision
        decision = _decide(found, policy)
        return decision.shown

    hits = searcher.search(asked, within, MAX_HITS, shown, vectors_in_time)
    found = _answer(text, hits, decision)
    if hits and embedded is not None:  # without vectors the search takes no language into account
        found = replace(found, language=searcher.foreign_language(text))
    if found.outcome is Outcome.NOT_COVERED:
        corrected = searcher.expander.suggest_correction(text)
        found = replace(found, meant=corrected if corrected != text else None)
    return found


def _asked(question: Question, policy: Policy) -> Question:
    """Cut the question to the length that is read."""
    return replace(question, text=_beginning(question.text.strip(), policy.max_question))


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
    return _answer(message, hits, _decide(hits, policy))


def _said(snapshot: Snapshot, asked: Question, within: range | None) -> tuple[Hit, ...]:
    """Find passages by words that are not indexed: stopwords alone, or “tl;dr”."""
    searcher, text = snapshot.searcher, asked.text
    if asks_for_short_summary(text):
        return find_said(searcher, "tl;dr", within, MAX_HITS, least=2)
    if small_talk(text) or searcher.has_terms(text):
        return ()
    # After another question, “Why is that?” is about its answer.
    least_alone = 4 if asked.after else SHORT_CLAUSE
    return find_said(searcher, text, within, MAX_HITS, least_alone=least_alone)


class _Decision(NamedTuple):
    """The outcome, and how many hits are shown unasked."""

    outcome: Outcome
    shown: int


def _answer(text: str, hits: tuple[Hit, ...], decision: _Decision) -> Answer:
    return Answer(text, decision.outcome, hits, decision.shown)


def _decide(hits: Sequence[Hit], policy: Policy) -> _Decision:
    best = hits[0].probability if hits else 0.0
    answered, closest = policy.thresholds(read=bool(hits) and hits[0].read)
    if best < closest or not hits:
        return _Decision(Outcome.NOT_COVERED, 0)
    outcome = Outcome.ANSWERED if best >= answered else Outcome.CLOSEST
    floor = best * WEAKER_QUOTE if outcome is Outcome.ANSWERED else 0.0
    further = takewhile(lambda hit: hit.probability >= floor, hits[: policy.quotes])
    return _Decision(outcome, sum(1 for _ in further))

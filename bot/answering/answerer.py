"""Question → answer: which hits are good enough to quote, or that there are none."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile

from bot.answering.small_talk import small_talk
from bot.models import Answer, Hit, Outcome, Question, SmallTalk
from bot.snapshots import Snapshot

MAX_HITS = 10
"""Hits that an answer holds at most, shown and unshown."""

WEAKER_QUOTE = 0.2
"""A further quote of an answer is shown when it is at least so probable, as a share of the first.

Where none is given as the answer, all that may are shown, under the warning.
"""


@dataclass(frozen=True, slots=True)
class Policy:
    """From which probability on a hit is quoted, and how many at once."""

    quotes: int = 3
    answered: float = 0.77
    closest: float = 0.08
    max_question: int = 500


def answer(
    snapshot: Snapshot, question: Question, policy: Policy, source_id: str | None = None
) -> Answer:
    """Return what the texts of `snapshot` say to `question`, or one of them alone.

    An unknown `source_id` finds nothing.
    """
    text = question.text.strip()[: policy.max_question]
    if talk := small_talk(text):
        return Answer(text, Outcome.SMALL_TALK, talk=talk)
    if question.after is None and not snapshot.searcher.has_terms(text):
        return Answer(text, Outcome.SMALL_TALK, talk=SmallTalk.EMPTY)
    within = None if source_id is None else snapshot.ranges.get(source_id, range(0))
    hits = snapshot.searcher.search(Question(text, question.after), within, MAX_HITS, policy.quotes)
    return _decide(text, hits, policy)


def find_source(snapshot: Snapshot, message: str, policy: Policy) -> Answer:
    """Return the passages that `message` repeats, whole or in part, word for word or nearly."""
    if not message.strip():
        return Answer(message, Outcome.SMALL_TALK, talk=SmallTalk.EMPTY)
    return _decide(message, snapshot.searcher.find_repeated(message, MAX_HITS), policy)


def _decide(text: str, hits: tuple[Hit, ...], policy: Policy) -> Answer:
    best = hits[0].probability if hits else 0.0
    if best < policy.closest:
        return Answer(text, Outcome.NOT_COVERED, hits)
    outcome = Outcome.ANSWERED if best >= policy.answered else Outcome.CLOSEST
    floor = best * WEAKER_QUOTE if outcome is Outcome.ANSWERED else 0.0
    further = takewhile(lambda hit: hit.probability >= floor, hits[: policy.quotes])
    return Answer(text, outcome, hits, shown=sum(1 for _ in further))

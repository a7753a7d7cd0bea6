"""Answers questions about the texts themselves: from their cards, or with how a text begins and its central passages."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from bot.answering.conversation import text_of
from bot.answering.text_question_values import TextQuestion
from bot.answering.text_questions import text_question
from bot.library.snapshots import Snapshot
from bot.models import AboutTexts, Answer, Fact, Hit, Outcome, Question, Role, SmallTalk, Source
from bot.search.central import central_passages
from bot.search.literal import words_shared

MOST_CARDS = 5
"""Texts of which a question that may mean all of them is answered at once."""

MOST_CENTRAL = 3
"""Central passages in an overview, besides the beginning of the text."""

_SHARE_SHOWN = 3  # at most one passage in so many is shown of a short text
_OPENING = 50  # passages that are looked at for the first one that can be quoted


def question_about_texts(
    snapshot: Snapshot, asked: Question, source_id: str | None
) -> TextQuestion | None:
    """Recognise a question about the texts themselves; None if it is about what they say.

    After another question, what refers by `it` alone is about the subject of that one; after something about a
    text, surely about the text.
    """
    within = None if source_id is None else snapshot.sources.get(source_id)
    found = text_question(snapshot, asked.text, within)
    if found is None or not found.points_back:
        return found
    if asked.after is None:  # with nothing before, what “it” is about is what the text is about
        return replace(found, sure=not found.facts)
    return None if asked.after.source_id is None else replace(found, sure=True)


def answer_from_cards(
    snapshot: Snapshot, asked: Question, about: TextQuestion, source_id: str | None
) -> Answer:
    """Answer a question about the texts, or about the bot."""
    if Fact.ABILITIES in about.facts:
        return Answer(asked.text, Outcome.SMALL_TALK, talk=SmallTalk.ABOUT)
    if any(not fact.is_of_one_text for fact in about.facts):
        everything = AboutTexts(about.facts, snapshot.listing.in_order)
        return Answer(asked.text, Outcome.ABOUT_TEXTS, about=everything)
    meant = _texts_meant(snapshot, asked, about, source_id)
    if not meant:  # there are none at all, or not the one that was chosen
        return Answer(asked.text, Outcome.ABOUT_TEXTS, about=AboutTexts(about.facts, ()))
    if len(meant) > (MOST_CARDS if about.facts and not about.singular else 1):
        return Answer(asked.text, Outcome.WHICH_TEXT, which=meant)
    if about.facts:
        return Answer(asked.text, Outcome.ABOUT_TEXTS, about=AboutTexts(about.facts, meant))
    hits = _overview(snapshot, meant[0])
    outcome = Outcome.OVERVIEW if hits else Outcome.NOT_COVERED
    return Answer(asked.text, outcome, hits, len(hits))


def is_answered_by_the_texts(snapshot: Snapshot, about: TextQuestion, found: Answer) -> bool:
    """Whether, as `found` shows, a text itself says what `about` asks for: then it is quoted."""
    if found.outcome is Outcome.ANSWERED and not about.sure:
        return True
    if found.outcome is not (Outcome.ANSWERED if about.sure else Outcome.CLOSEST):
        return False
    shared = words_shared(snapshot.searcher, found.question, found.hits[0].passage)
    return shared.held == shared.words >= (2 if about.sure else 1)


def _texts_meant(
    snapshot: Snapshot, asked: Question, about: TextQuestion, source_id: str | None
) -> tuple[Source, ...]:
    """The texts that are named, or the chosen one, or the one that the conversation is about, or all."""
    if about.named:
        return about.named
    if source_id is not None:
        return tuple(filter(None, (snapshot.sources.get(source_id),)))
    last = None if about.plural else text_of(snapshot, asked.after)
    return snapshot.listing.in_order if last is None else (last,)


def _overview(snapshot: Snapshot, source: Source) -> tuple[Hit, ...]:
    """The first passage of a text and its central ones, in reading order."""
    own = snapshot.ranges[source.id]
    roles = snapshot.passages.roles
    opening = next((n for n in islice(own, _OPENING) if roles[n] == Role.ANSWER), None)
    if opening is None:
        return ()
    most = min(MOST_CENTRAL, max(1, len(own) // _SHARE_SHOWN))
    central = central_passages(snapshot.searcher, own, most, frozenset({opening}))
    return tuple(Hit(snapshot.passages[number], 0.0, 0.0) for number in (opening, *central))

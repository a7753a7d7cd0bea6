"""Whether an answer to a message that nobody addressed to the bot is worth saying.

Members talk to each other there. A probability alone does not tell chatter: it says how well the
best passage would answer if the message asked for one, and everyday words stand in every text.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.answering.answerer import Policy, answer
from bot.answering.interrogatives import Form, form_of, said_in
from bot.library.snapshots import Snapshot
from bot.models import Answer, Outcome, Question, Turn
from bot.search.literal import words_shared
from bot.search.query.follow_ups import points_back

_OF_THE_MOMENT = (
    "today tomorrow yesterday tonight weekend morning evening monday tuesday wednesday thursday friday saturday sunday"
    " nobody none"
)
"""Words that mean something else each time they are said: that a text has them too says nothing."""

_WEIGHT = {Form.QUESTION: 0.5, Form.SOCIAL: 0.7}
_LESS_WITH_MEANING = 0.15
_WEIGHT_ALONE = 0.85
_WEIGHT_IN_THREAD = 0.15
_WEIGHT_OF_PHRASE, _HELD_OF_PHRASE = 0.8, 2
"""How much of a message the best passage says, at least (`Shared`): of most, of one content word
alone, of a phrase, in a thread of the bot's own; with a model of meaning, which finds other words too, a little less. Chosen with
`python -m benchmarks.chatter`: as little chatter answered as leaves four in five of the questions
that are answered when the bot is mentioned.
"""


@dataclass(frozen=True, slots=True)
class Overheard:
    """The answer to a message that nobody addressed, and whether it is worth saying."""

    answer: Answer
    welcome: bool


def overheard(
    snapshot: Snapshot,
    message: str,
    policy: Policy,
    before: Turn | None = None,
    *,
    with_bot: bool = False,
    spoken_to: bool = False,
) -> Overheard | None:
    """Return how `message` would be answered; None: it asks nothing.

    `with_bot`: it goes on a conversation with the bot, by a reply to it or in a thread of its own.
    Then what may not answer a plain question is welcome too, and `before` is the turn that says what
    the message leaves out. `spoken_to`: it replies to the bot.
    """
    question = question_in(message, with_bot=with_bot)
    if question is None:
        return None
    return judged(
        snapshot,
        message,
        answer(snapshot, Question(question, before), policy),
        with_bot=with_bot,
        spoken_to=spoken_to,
    )


def question_in(message: str, *, with_bot: bool) -> str | None:
    """Return what `message` asks; None: nothing."""
    form = form_of(message)
    if form is Form.STATEMENT or (form is Form.PHRASE and with_bot):
        return None
    return said_in(message)


def judged(
    snapshot: Snapshot, message: str, given: Answer, *, with_bot: bool, spoken_to: bool
) -> Overheard:
    """Return whether `given`, the answer to what `message` asks, is worth saying."""
    form = form_of(message)
    if with_bot:
        nearest = given.outcome is Outcome.CLOSEST and form is Form.QUESTION
        welcome = given.outcome is Outcome.ANSWERED or nearest
        welcome = welcome and (spoken_to or _is_about(snapshot, given))
    else:
        welcome = given.outcome is Outcome.ANSWERED and _is_evident(snapshot, given, form)
    return Overheard(given, welcome)


def _is_about(snapshot: Snapshot, given: Answer) -> bool:
    """Return whether what was asked shares a word with the answer, or goes on from the turn before.

    That turn lifts the probability of what has nothing to do with it, too.
    """
    if snapshot.searcher.embeddings is not None:
        return True
    shared = words_shared(snapshot.searcher, given.question, given.hits[0].passage, _OF_THE_MOMENT)
    if points_back(given.question) and (given.outcome is Outcome.ANSWERED or shared.words == 1):
        return True
    return shared.words == 0 or shared.weight >= _WEIGHT_IN_THREAD


def _is_evident(snapshot: Snapshot, given: Answer, form: Form) -> bool:
    """Return whether the answer says enough of what was asked, for a question of this form."""
    shared = words_shared(snapshot.searcher, given.question, given.hits[0].passage, _OF_THE_MOMENT)
    if form is Form.PHRASE:
        return shared.held >= _HELD_OF_PHRASE and shared.weight >= _WEIGHT_OF_PHRASE
    if shared.words == 1:
        return form is Form.QUESTION and shared.weight >= _WEIGHT_ALONE
    less = 0.0 if snapshot.searcher.embeddings is None else _LESS_WITH_MEANING
    return shared.weight >= _WEIGHT[form] - less

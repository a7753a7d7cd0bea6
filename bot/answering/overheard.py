"""Whether to answer a message that was not addressed to the bot.

Where members talk to each other, an answer's probability is not enough: it says how well the best
passage would answer if the message asked for one, and everyday words occur in every text.
"""

from __future__ import annotations

from bot.answering.interrogatives import Form, form_of, said_in
from bot.answering.place_names import names_in_brackets
from bot.library.snapshots import Snapshot
from bot.models import Answer, Outcome
from bot.search.literal import words_shared
from bot.search.query.follow_ups import points_back

_OF_THE_MOMENT = (
    "today tomorrow yesterday tonight weekend morning evening monday tuesday wednesday thursday friday saturday sunday"
    " nobody none"
)
"""Words that mean something different each time: sharing them with a text says nothing."""

_WEIGHT = {Form.QUESTION: 0.5, Form.SOCIAL: 0.7}
_LESS_WITH_MEANING = 0.15
_WEIGHT_ALONE = 0.85
_WEIGHT_IN_THREAD = 0.15
_WEIGHT_OF_PHRASE, _HELD_OF_PHRASE = 0.8, 2
"""The least share of a message's words that the best passage must contain (`Shared.weight`): by the
message's form, with one content word only, for a phrase, in a thread of the bot's; a little less with an
embedding model, which also finds other words. Chosen with `python -m benchmarks.chatter`: the least
chatter answered while four in five of the questions are that would be if they mentioned the bot.
"""


def question_in(message: str, *, with_bot: bool) -> str | None:
    """Extract what a message asks that does not address the bot; None if it asks nothing.

    `with_bot`: it belongs to a conversation with the bot, by a reply or in a thread of the bot's.
    """
    form = form_of(message)
    if form is Form.STATEMENT or (form is Form.PHRASE and with_bot):
        return None
    return said_in(message)


def is_worth_saying(
    snapshot: Snapshot, message: str, found: Answer, *, with_bot: bool, spoken_to: bool
) -> bool:
    """Decide whether `found`, the answer to what `message` asks, is to be sent.

    In a conversation with the bot a nearest passage may be, too, in answer to a plain question.
    `spoken_to`: the message replies to the bot.
    """
    form = form_of(message)
    if found.outcome is Outcome.PLACE:
        return with_bot or names_in_brackets(message)
    if form is Form.STATEMENT:
        return False
    if with_bot:
        if not found.outcome.is_of_a_question:
            return found.talk is None
        nearest = found.outcome is Outcome.CLOSEST and form is Form.QUESTION
        welcome = found.outcome is Outcome.ANSWERED or nearest
        return welcome and (spoken_to or _is_about(snapshot, found))
    return found.outcome is Outcome.ANSWERED and _is_evident(snapshot, found, form)


def _is_about(snapshot: Snapshot, found: Answer) -> bool:
    """Whether the question shares a word with the answer, or refers to the turn before.

    The turn before also raises the probability of answers to messages unrelated to it.
    """
    if snapshot.searcher.embeddings is not None:
        return True
    shared = words_shared(snapshot.searcher, found.question, found.hits[0].passage, _OF_THE_MOMENT)
    if points_back(found.question) and (found.outcome is Outcome.ANSWERED or shared.words == 1):
        return True
    return shared.words == 0 or shared.weight >= _WEIGHT_IN_THREAD


def _is_evident(snapshot: Snapshot, found: Answer, form: Form) -> bool:
    """Whether the answer contains enough of the question's words, for a message of this form."""
    shared = words_shared(snapshot.searcher, found.question, found.hits[0].passage, _OF_THE_MOMENT)
    if form is Form.PHRASE:
        return shared.held >= _HELD_OF_PHRASE and shared.weight >= _WEIGHT_OF_PHRASE
    if shared.words == 1:
        return form is Form.QUESTION and shared.weight >= _WEIGHT_ALONE
    less = 0.0 if snapshot.searcher.embeddings is None else _LESS_WITH_MEANING
    return shared.weight >= _WEIGHT[form] - less

"""What a question may refer back to: the turns of conversations, each remembered for a while."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace

from bot.answering.place_words import ARTICLES
from bot.library.snapshots import Snapshot
from bot.models import Answer, Outcome, Source, Turn
from bot.search.language.analysis import fold

MINUTES_REMEMBERED = 10
MAX_REMEMBERED = 10_000
_MOST_NAMED = 50  # texts that a name is compared with
_WORD = re.compile(r"[^\W_]+")


def turn_of(given: Answer, before: Turn | None = None) -> Turn | None:
    """The turn that the next question may refer to; None if `given` leaves the turn `before` as it was.

    A question about a text changes the text that is spoken of, and nothing else: the question is not context for a
    search, but the one before it still is.
    """
    first = given.hits[0].passage if given.hits else None
    if first is not None and given.outcome.is_of_a_question:
        return Turn(given.question, first.key)
    if (
        first is not None
    ):  # an overview or a place: there is something to refer to, but the words ask for no answer
        return Turn("", first.key, first.source.id)
    if given.outcome is Outcome.ABOUT_TEXTS and given.about and len(given.about.sources) == 1:
        spoken_of = given.about.sources[0].id
        return replace(before or Turn(""), source_id=spoken_of, unsettled="")
    if given.outcome is Outcome.WHICH_TEXT:
        return replace(before or Turn(""), unsettled=given.question)
    return None


def settled(snapshot: Snapshot, message: str, turn: Turn) -> Source | None:
    """The text that `message` names in reply to “Which text?”; None if it does not name one of them alone."""
    if not turn.unsettled:
        return None
    wanted = _words(message)
    named = [
        source
        for source in snapshot.listing.holding(wanted.split(), _MOST_NAMED)
        if f" {wanted} " in f" {_words(source.title)} " or wanted == _words(source.author)
    ]
    return named[0] if len(named) == 1 else None


def _words(text: str) -> str:
    words = _WORD.findall(fold(text))
    return " ".join(words[1:] if words[:1] and words[0] in ARTICLES else words)


def text_of(snapshot: Snapshot, turn: Turn | None) -> Source | None:
    """The text that a conversation is about: the one spoken of last, or else quoted last; None if neither exists."""
    if turn is None:
        return None
    if turn.source_id is not None:
        return snapshot.sources.get(turn.source_id)
    quoted = None if turn.quoted is None else snapshot.passage(turn.quoted)
    return None if quoted is None else quoted.source


class Conversations:
    """The last turn of each conversation: in memory, for a few minutes, and limited in number."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._turns: OrderedDict[Hashable, tuple[float, Turn]] = OrderedDict()

    def remember(self, key: Hashable, turn: Turn) -> None:
        """Make `turn` the last one of the conversation `key`."""
        self.forget_expired()
        self._turns[key] = (self._clock(), turn)
        self._turns.move_to_end(key)
        while len(self._turns) > MAX_REMEMBERED:
            self._turns.popitem(last=False)

    def last(self, key: Hashable) -> Turn | None:
        """The last turn of the conversation `key`, unless it was too long ago."""
        self.forget_expired()
        _, turn = self._turns.get(key, (0.0, None))
        return turn

    def forget_expired(self) -> None:
        """Drop the turns that were too long ago, so that no question stays in memory for longer."""
        since = self._clock() - MINUTES_REMEMBERED * 60
        while self._turns and next(iter(self._turns.values()))[0] < since:
            self._turns.popitem(last=False)

    def __len__(self) -> int:
        """How many turns are in memory."""
        return len(self._turns)

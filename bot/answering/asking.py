"""The one way to ask: every message to the bot, on Discord or in the terminal, becomes a `Request`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

from bot.answering.answerer import Policy, answer, begin_vectors
from bot.answering.conversation import settled, turn_of
from bot.answering.overheard import is_worth_saying, question_in
from bot.answering.place_names import names_in_brackets
from bot.library.snapshots import Snapshot
from bot.models import Answer, Question, Turn
from bot.search.embedding.similarity import EmbeddedQuestion
from bot.timing import StageTimes


class Addressing(Enum):
    """Whom a message speaks to, which decides whether and how eagerly it is answered."""

    TO_BOT = "to the bot"
    """A command, a mention, a direct message: always answered."""
    REPLY_TO_BOT = "reply to the bot"
    """A reply to the bot that does not mention it."""
    IN_BOT_THREAD = "in a thread of the bot's"
    OVERHEARD = "overheard"
    """To nobody in particular, in a channel where the bot listens."""

    @property
    def is_with_bot(self) -> bool:
        """Whether the message belongs to a conversation with the bot."""
        return self is not Addressing.OVERHEARD


@dataclass(frozen=True, slots=True)
class Request:
    """A message that may ask something.

    `after` is the turn before in the same conversation, `source_id` the only source to search
    (None: all of the snapshot), `id` names the question in the log and the storage.
    """

    text: str
    after: Turn | None = None
    source_id: str | None = None
    addressing: Addressing = Addressing.TO_BOT
    id: int = 0


@dataclass(frozen=True, slots=True)
class AskResult:
    """An answer and the snapshot that it comes from.

    `worth_saying`: whether to send it. Answers to what the bot was asked always are. `turn`: what the next question may
    refer to; None: still the turn before.
    """

    answer: Answer
    snapshot: Snapshot
    worth_saying: bool = True
    turn: Turn | None = None

    @property
    def is_question(self) -> bool:
        """Whether the texts were asked something: only that is kept for curators."""
        return self.answer.outcome.is_of_a_question


class Asking:
    """A request on its way to an answer, in three steps, to be taken in this order.

    `begin` and `finish` take milliseconds. `wait` blocks, for seconds at worst, until the embedding
    model has embedded the question. An event loop runs each step in a thread; `ask` runs them all.
    """

    def __init__(self, snapshot: Snapshot, request: Request, policy: Policy) -> None:
        self._snapshot = snapshot
        self._request = request
        self._policy = policy
        self._question: Question | None = None
        self._vectors: Callable[[], EmbeddedQuestion | None] | None = None
        self._embedded: EmbeddedQuestion | None = None
        self.times = StageTimes()
        """Seconds that the stages took: prepare, embed, search and, within it, read."""

    def begin(self) -> bool:
        """Start embedding the question; return False if the message asks nothing."""
        with self.times.measure("prepare"):
            return self._begin()

    def _begin(self) -> bool:
        request = self._request
        if request.after and (chosen := settled(self._snapshot, request.text, request.after)):
            request = replace(request, text=request.after.unsettled, source_id=chosen.id)
            self._request = request
        text: str | None = request.text
        if request.addressing is not Addressing.TO_BOT and not names_in_brackets(request.text):
            text = question_in(request.text, with_bot=request.addressing.is_with_bot)
        if text is None:
            return False
        self._question = Question(text, request.after, request.id)
        self._vectors = begin_vectors(self._snapshot, self._question, self._policy)
        return True

    @property
    def is_embedding(self) -> bool:
        """Whether there is anything to wait for."""
        return self._vectors is not None

    def wait(self) -> None:
        """Block until the question is embedded, or the model's time is up."""
        if self._vectors is not None:
            with self.times.measure("embed"):
                self._embedded = self._vectors()

    @property
    def went_without_model(self) -> bool:
        """Whether the embedding model failed or took too long, after `wait`."""
        return self.is_embedding and self._embedded is None

    def finish(self) -> AskResult:
        """Search and decide. Call it only if `begin` returned True."""
        with self.times.measure("search"):
            return self._finish()

    def _finish(self) -> AskResult:
        if self._question is None:
            raise ValueError("nothing was asked")
        request, snapshot = self._request, self._snapshot
        found = answer(
            snapshot, self._question, self._policy, request.source_id, lambda: self._embedded
        )
        worth_saying = request.addressing is Addressing.TO_BOT or is_worth_saying(
            snapshot,
            request.text,
            found,
            with_bot=request.addressing.is_with_bot,
            spoken_to=request.addressing is Addressing.REPLY_TO_BOT,
        )
        return AskResult(found, snapshot, worth_saying, turn_of(found, request.after))


def ask(snapshot: Snapshot, request: Request, policy: Policy) -> AskResult | None:
    """Answer `request`, waiting as long as that takes; None if it asks nothing."""
    asking = Asking(snapshot, request, policy)
    if not asking.begin():
        return None
    asking.wait()
    return asking.finish()

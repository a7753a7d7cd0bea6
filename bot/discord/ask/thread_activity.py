"""Whether people have answered each other in a thread; then the bot stays out of it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field

import discord
import structlog

from bot.answering.interrogatives import Form, form_of, only_asks
from bot.answering.small_talk import small_talk
from bot.discord.ask.attention import is_from_member, is_post
from bot.discord.kit.sending import SEND_ERRORS
from bot.models import SmallTalk

MAX_THREADS = 1_000
READ_BACK = 100
"""Messages read once from the history of a thread whose beginning the bot has not seen."""
SECONDS = 5.0
"""Timeout of reading them."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.threads")


@dataclass(slots=True)
class _Thread:
    """Who has asked something in a thread, and whether another person has answered."""

    askers: set[int] = field(default_factory=set)
    answered: bool = False
    whole: bool = False
    """Whether all its messages have been seen, or cannot be read."""

    def note(self, message: discord.Message, bot_id: int) -> None:
        if not is_from_member(message):
            return
        author, text = message.author.id, message.content
        asks_bot = any(mentioned.id == bot_id for mentioned in message.mentions)
        if not self.askers or asks_bot or only_asks(text):
            self.askers.add(author)
        elif not self.askers <= {author} and not _is_remark(text):
            self.answered = True
        elif form_of(text) is not Form.STATEMENT:
            self.askers.add(author)


class ThreadActivity:
    """Who has asked and answered in threads, by the messages the bot sees and, if needed, their history."""

    def __init__(self) -> None:
        self._threads: OrderedDict[int, _Thread] = OrderedDict()

    def opened(self, thread: discord.Thread, bot_id: int) -> None:
        """Note a new thread: nothing was said in it before."""
        self._known(thread, bot_id).whole = True

    def note(self, message: discord.Message, bot_id: int) -> None:
        """Note a message if it is in a thread; `bot_id` is the bot's user id."""
        thread = message.channel
        if isinstance(thread, discord.Thread):
            known = self._known(thread, bot_id)
            if message.id == thread.id:
                known.whole = True
            known.note(message, bot_id)

    async def has_answered(self, message: discord.Message, bot_id: int) -> bool:
        """Whether somebody other than the asker has answered in the thread of `message`.

        The history from before the bot joined is read once. Without permission, what the bot has
        seen counts; if Discord fails, the answer is yes, so that the bot keeps out.
        """
        thread = message.channel
        if not isinstance(thread, discord.Thread):
            return False
        known = self._known(thread, bot_id)
        if not known.whole and not known.answered:
            try:
                async with asyncio.timeout(SECONDS):
                    said = [m async for m in thread.history(limit=READ_BACK, before=message)]
            except discord.Forbidden:
                said = []
            except SEND_ERRORS as error:
                _log.warning("a thread could not be read", channel=thread.id, reason=str(error))
                return True
            earlier = _Thread(_first_askers(thread, bot_id))
            for one in reversed(said):
                earlier.note(one, bot_id)
            known.askers |= earlier.askers
            known.answered |= earlier.answered
            known.whole = True
        return known.answered

    def _known(self, thread: discord.Thread, bot_id: int) -> _Thread:
        known = self._threads.get(thread.id)
        if known is None:
            known = self._threads[thread.id] = _Thread(_first_askers(thread, bot_id))
        self._threads.move_to_end(thread.id)
        while len(self._threads) > MAX_THREADS:
            self._threads.popitem(last=False)
        return known


def _first_askers(thread: discord.Thread, bot_id: int) -> set[int]:
    """Who asks by opening the thread: the author of a forum post, or of the message it starts from."""
    if thread.owner_id == bot_id:
        return set()  # whoever speaks there first has asked
    if is_post(thread):
        return {thread.owner_id}
    starter = thread.starter_message
    asker, text = (starter.author.id, starter.content) if starter else (thread.owner_id, "")
    asks = form_of(text or thread.name) is not Form.STATEMENT
    return {asker} if asks else set()


def _is_remark(text: str) -> bool:
    """Whether `text` is not an answer but a greeting, thanks or a reaction."""
    return small_talk(text) not in {None, SmallTalk.EMPTY}

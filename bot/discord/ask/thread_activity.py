"""Whether people have answered each other in a thread: then the bot leaves it to them."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field

import discord
import structlog

from bot.answering.interrogatives import Form, form_of, only_asks
from bot.answering.small_talk import small_talk
from bot.discord.ask.attention import is_from_member, is_post
from bot.discord.kit.buttons import UNHEARD
from bot.models import SmallTalk

MAX_THREADS = 1_000
READ_BACK = 100
"""Messages of a thread that are read, once, if the bot has not seen its beginning."""
SECONDS = 5.0
"""How long that may take; then the bot stays out this time."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("verbatim.company")


@dataclass(slots=True)
class _Thread:
    """Who has asked something in a thread, and whether somebody else has answered."""

    askers: set[int] = field(default_factory=set)
    answered: bool = False
    whole: bool = False
    """Whether all that was said in it has been noted, or cannot be read."""

    def note(self, message: discord.Message, me: int) -> None:
        if not is_from_member(message):
            return
        author, text = message.author.id, message.content
        asks_bot = any(mentioned.id == me for mentioned in message.mentions)
        if not self.askers or asks_bot or only_asks(text):
            self.askers.add(author)
        elif not self.askers <= {author} and not _is_remark(text):
            self.answered = True
        elif form_of(text) is not Form.STATEMENT:
            self.askers.add(author)


class Company:
    """What people say in threads, from what the bot sees and, if it must, from the history."""

    def __init__(self) -> None:
        self._threads: OrderedDict[int, _Thread] = OrderedDict()

    def opened(self, thread: discord.Thread, me: int) -> None:
        """Note that a thread has just been made: nothing was said in it before."""
        self._known(thread, me).whole = True

    def note(self, message: discord.Message, me: int) -> None:
        """Note who speaks in a thread; `me`: the bot's id."""
        thread = message.channel
        if isinstance(thread, discord.Thread):
            known = self._known(thread, me)
            if message.id == thread.id:
                known.whole = True
            known.note(message, me)

    async def has_answered(self, message: discord.Message, me: int) -> bool:
        """Return whether somebody but the one who asked has answered in the thread of `message`.

        What was said before the bot began is read once; where it may not read it, what it has
        seen counts, and where it cannot just now, it stays out.
        """
        thread = message.channel
        if not isinstance(thread, discord.Thread):
            return False
        known = self._known(thread, me)
        if not known.whole and not known.answered:
            try:
                async with asyncio.timeout(SECONDS):
                    said = [m async for m in thread.history(limit=READ_BACK, before=message)]
            except discord.Forbidden:
                said = []
            except UNHEARD as error:
                _log.warning("a thread could not be read", channel=thread.id, reason=str(error))
                return True
            earlier = _Thread(_first_askers(thread, me))
            for one in reversed(said):
                earlier.note(one, me)
            known.askers |= earlier.askers
            known.answered |= earlier.answered
            known.whole = True
        return known.answered

    def _known(self, thread: discord.Thread, me: int) -> _Thread:
        known = self._threads.get(thread.id)
        if known is None:
            known = self._threads[thread.id] = _Thread(_first_askers(thread, me))
        self._threads.move_to_end(thread.id)
        while len(self._threads) > MAX_THREADS:
            self._threads.popitem(last=False)
        return known


def _first_askers(thread: discord.Thread, me: int) -> set[int]:
    """Return who asks by the thread itself: by a forum's post, or by what a thread is made of."""
    if thread.owner_id == me:
        return set()  # whoever speaks there first has asked
    if is_post(thread):
        return {thread.owner_id}
    starter = thread.starter_message
    asker, text = (starter.author.id, starter.content) if starter else (thread.owner_id, "")
    asks = form_of(text or thread.name) is not Form.STATEMENT
    return {asker} if asks else set()


def _is_remark(text: str) -> bool:
    """Return whether `text` is no answer: a greeting, thanks, a reaction."""
    return small_talk(text) not in {None, SmallTalk.EMPTY}

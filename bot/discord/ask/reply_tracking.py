"""Which reply answers which message, while an edit of the message is still followed."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import timedelta

import discord

from bot.models import Turn

FOLLOWED_FOR = timedelta(minutes=5)
"""An edit is followed until so long after the message was sent."""

MAX_EXCHANGES = 5_000
"""Messages whose edits are followed; of older ones they are not."""


@dataclass(slots=True, eq=False)
class Exchange:
    """What a message was when it was last looked at, and what the bot has replied."""

    first: bool
    """Whether a forum post begins with it."""
    content: int
    """Hash of its content: an update without another content is no edit of the question."""
    reply: discord.PartialMessage | None = None
    question: int | None = None
    """The id under which the question is kept."""
    before: Turn | None = None
    """The turn before it, as it was when it was first asked: not the question as it was then."""
    asked: bool = False
    version: int = 0
    delivering: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while the reply is sent or changed: so no message gets two."""

    def begin(self) -> int:
        """Return the number of the version that is looked at from now on."""
        self.version += 1
        return self.version


class Exchanges:
    """The exchanges of the last messages: in memory only, so edits of older ones change nothing."""

    def __init__(self) -> None:
        self._by_message: OrderedDict[int, Exchange] = OrderedDict()

    def of(self, message: discord.Message, *, first: bool) -> Exchange:
        """Return the exchange that begins with a message that has just come."""
        exchange = Exchange(first, hash(message.content))
        self._by_message[message.id] = exchange
        while len(self._by_message) > MAX_EXCHANGES:
            self._by_message.popitem(last=False)
        return exchange

    def edited(self, message: discord.Message) -> Exchange | None:
        """Return the exchange whose message says something else now; None: nothing to follow.

        Discord also reports a message as updated when it has made a preview of a link.
        """
        exchange = self._by_message.get(message.id)
        if exchange is None or message.edited_at is None:
            return None
        if message.edited_at - message.created_at > FOLLOWED_FOR:
            return None
        if hash(message.content) == exchange.content:
            return None
        exchange.content = hash(message.content)
        return exchange

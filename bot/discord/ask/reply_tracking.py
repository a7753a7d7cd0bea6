"""The replies to recent messages, so that they can follow an edit of the question."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic

import discord

from bot.models import Turn

FOLLOWED_FOR = timedelta(minutes=5)
"""How long after a message was sent its edits are followed."""

MAX_TRACKED = 5_000
"""Messages whose edits are followed; the oldest are dropped first."""


@dataclass(slots=True, eq=False)
class TrackedMessage:
    """A message as it was last handled, and the bot's reply to it."""

    is_first_post: bool
    """Whether it is the first message of a forum post."""
    content: int
    """Hash of its content, to tell an edit from another update."""
    since: float
    """When it came, in seconds of the tracker's clock."""
    reply: discord.PartialMessage | None = None
    question: int | None = None
    """The id under which the question is kept."""
    before: Turn | None = None
    """The turn before it when it was first answered."""
    asked: bool = False
    """Whether it asked the bot."""
    version: int = 0
    """Counts edits: an answer to an earlier version is dropped."""
    delivering: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while the reply is sent or changed, so that no message gets two."""

    def next_version(self) -> int:
        """Start handling the message again; results of earlier versions no longer count."""
        self.version += 1
        return self.version


class ReplyTracker:
    """The last messages, in memory only: after a restart, edits of older ones change nothing."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._by_message: OrderedDict[int, TrackedMessage] = OrderedDict()

    def add(self, message: discord.Message, is_first_post: bool) -> TrackedMessage:
        """Track a new message."""
        tracked = TrackedMessage(is_first_post, hash(message.content), self._clock())
        self._by_message[message.id] = tracked
        while len(self._by_message) > MAX_TRACKED:
            self._by_message.popitem(last=False)
        return tracked

    def forget_expired(self) -> None:
        """Drop messages whose edits are no longer followed, and with them the questions before them."""
        until = self._clock() - FOLLOWED_FOR.total_seconds()
        while self._by_message and next(iter(self._by_message.values())).since < until:
            self._by_message.popitem(last=False)

    def knows(self, message_id: int) -> bool:
        """Whether a message has come before: Discord may deliver one twice."""
        return message_id in self._by_message

    def edited(self, message: discord.Message) -> TrackedMessage | None:
        """Find an edited message, if its edit is to be followed.

        Discord also reports an update when it has made a preview of a link; that is not an edit.
        """
        tracked = self._by_message.get(message.id)
        if tracked is None or message.edited_at is None:
            return None
        if message.edited_at - message.created_at > FOLLOWED_FOR:
            return None
        if hash(message.content) == tracked.content:
            return None
        tracked.content = hash(message.content)
        return tracked

"""Which messages are answered: those that speak to the bot, and where it listens, those it can help."""

from __future__ import annotations

from collections import OrderedDict
from enum import Enum

import discord

from bot.frontends.discord.channels import covering, is_silent
from bot.models import Answer, Outcome
from bot.operations.storage.servers import ServerSettings

MAX_LISTENED = 8
"""Messages that nobody addressed to the bot and that are looked at together: further ones are not."""

_MAX_POSTS = 1_000
_QUESTION_MARKS = ("?", "؟", "？")
_WORDS_OF_A_QUESTION = 3
_SAID = {discord.MessageType.default, discord.MessageType.reply}
"""What people write; the others are Discord's own, such as that somebody has joined."""


class Attention(Enum):
    """How much attention a message gets, and so with what it is answered."""

    NONE = "none"
    LISTENING = "listening"
    POST = "post"
    ASKED = "asked"

    def welcomes(self, given: Answer) -> bool:
        """Return whether `given` is said: nobody wants to hear unasked that there is nothing."""
        if self is Attention.LISTENING:
            return given.outcome in {Outcome.ANSWERED, Outcome.CLOSEST}
        if self is Attention.POST:
            return given.outcome is Outcome.ANSWERED
        return self is Attention.ASKED


class NewPosts:
    """Posts of forums whose first message is still to come, or has just come."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[int, None] = OrderedDict()

    def add(self, thread: discord.Thread) -> None:
        """Wait for the first message of a thread that has just been made, if it is a post."""
        if not is_post(thread):
            return
        self._waiting[thread.id] = None
        while len(self._waiting) > _MAX_POSTS:
            self._waiting.popitem(last=False)

    def is_first(self, message: discord.Message) -> bool:
        """Return whether `message` is what a post begins with; it is no more when it has been asked."""
        thread = message.channel
        if not isinstance(thread, discord.Thread) or not is_post(thread):
            return False
        if message.author.id != thread.owner_id:
            return False
        waiting = thread.id in self._waiting
        self._waiting.pop(thread.id, None)
        return waiting or message.id == thread.id


def is_post(thread: discord.Thread) -> bool:
    """Return whether a thread is a post in a forum."""
    return isinstance(thread.parent, discord.ForumChannel)


def attention_to(
    message: discord.Message,
    me: discord.abc.User,
    settings: ServerSettings,
    *,
    reads: bool,
    first: bool,
) -> Attention:
    """Return how much attention `message` gets in a server with these settings.

    `reads`: whether Discord lets the bot read what is not addressed to it; `first`: whether it is
    what a post of a forum begins with.
    """
    if message.author.bot or message.webhook_id is not None or message.type not in _SAID:
        return Attention.NONE
    if message.guild is None:
        return Attention.ASKED
    if is_silent(settings, message.channel):
        return Attention.NONE
    if me in message.mentions:
        return Attention.ASKED
    if first and not settings.forums.isdisjoint(covering(message.channel)):
        return Attention.POST
    hears = reads and message.content and _hears(message, me, settings)
    return Attention.LISTENING if hears and not _is_for_others(message, me) else Attention.NONE


def _hears(message: discord.Message, me: discord.abc.User, settings: ServerSettings) -> bool:
    """Return whether the bot listens there: where it is set to, and in threads that it opened."""
    channel = message.channel
    own = isinstance(channel, discord.Thread) and channel.owner_id == me.id
    return own or not settings.listens.isdisjoint(covering(channel))


def _is_for_others(message: discord.Message, me: discord.abc.User) -> bool:
    """Return whether `message` speaks to somebody else: by a mention, or as a reply."""
    if message.mentions or message.role_mentions or message.mention_everyone:
        return True
    if message.reference is None:
        return False
    replied = message.reference.resolved
    return not isinstance(replied, discord.Message) or replied.author != me


def questions_of(message: discord.Message, me: discord.abc.User, *, first: bool) -> list[str]:
    """Return what `message` may ask, to be tried in this order: at least one question.

    Without the mention; of a post with its title, and then the title alone, if that is no mere
    topic: what stands below it may say no more than that it is a question.
    """
    text = message.content
    for mention in (f"<@{me.id}>", f"<@!{me.id}>"):
        text = text.replace(mention, " ")
    text = text.strip()
    title = getattr(message.channel, "name", "") if first else ""
    if not title or title.casefold() in text.casefold():
        return [text]
    asks = title.rstrip().endswith(_QUESTION_MARKS) or len(title.split()) >= _WORDS_OF_A_QUESTION
    both = [f"{title}\n{text}"] if text else []
    return [*both, title] if asks else both or [""]

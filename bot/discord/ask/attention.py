"""Which messages are answered: those that speak to the bot, and where it listens, those it can help."""

from __future__ import annotations

from collections import OrderedDict
from enum import Enum

import discord

from bot.discord.kit.channels import covering, is_silent
from bot.storage.servers import ServerSettings

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
    """Nobody addressed the bot, which listens here."""
    POST = "post"
    """A forum's post begins with it."""
    CONVERSATION = "conversation"
    """It stands in a thread that the bot opened for an answer."""
    REPLY = "reply"
    """It replies to the bot with the ping switched off."""
    ASKED = "asked"
    """It mentions the bot, or is a direct message."""


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


def is_from_member(message: discord.Message) -> bool:
    """Return whether a person wrote `message`: no bot, no webhook, no line of Discord's own."""
    return not message.author.bot and message.webhook_id is None and message.type in _SAID


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
    if message.guild is None and is_from_member(message):
        return Attention.ASKED
    if not is_from_member(message) or is_silent(settings, message.channel):
        return Attention.NONE
    if me in message.mentions:
        return Attention.ASKED
    if first and not settings.forums.isdisjoint(covering(message.channel)):
        return Attention.POST
    readable = reads and bool(message.content)
    return _unaddressed(message, me, settings) if readable else Attention.NONE


def _unaddressed(
    message: discord.Message, me: discord.abc.User, settings: ServerSettings
) -> Attention:
    """Return the attention for what does not mention the bot.

    It listens where it is set to, and in threads that it opened.
    """
    channel = message.channel
    own = isinstance(channel, discord.Thread) and channel.owner_id == me.id
    listens = not settings.listens.isdisjoint(covering(channel))
    if not (own or listens) or _is_for_others(message, me):
        return Attention.NONE
    if message.reference is not None:
        return Attention.REPLY
    return Attention.CONVERSATION if own else Attention.LISTENING


def _is_for_others(message: discord.Message, me: discord.abc.User) -> bool:
    """Return whether `message` speaks to somebody else: by a mention, or as a reply."""
    if message.mentions or message.role_mentions or message.mention_everyone:
        return True
    return message.reference is not None and not replies_to(message, me)


def replies_to(message: discord.Message, me: discord.abc.User) -> bool:
    """Return whether `message` replies to one of the bot's, as far as Discord says to which."""
    if message.reference is None:
        return False
    replied = message.reference.resolved or message.reference.cached_message
    return isinstance(replied, discord.Message) and replied.author == me


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

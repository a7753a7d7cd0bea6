"""Which messages the bot answers: those that speak to it, and others where it is set to listen."""

from __future__ import annotations

from collections import OrderedDict
from enum import Enum

import discord

from bot.discord.kit.channels import covering, is_silent, server_of_message
from bot.storage.servers import ServerSettings

MAX_OVERHEARD = 8
"""Messages not addressed to the bot that are processed at once; any beyond that are ignored."""

_MAX_POSTS = 1_000
_QUESTION_MARKS = ("?", "؟", "？")
_WORDS_OF_A_QUESTION = 3
_WRITTEN = {discord.MessageType.default, discord.MessageType.reply}
"""Types of messages that people write; Discord's own say for example that somebody joined."""


class Attention(Enum):
    """What a message is to the bot, which decides how it is answered."""

    NONE = "none"
    LISTENING = "listening"
    """Not addressed to the bot, in a channel where it listens."""
    POST = "post"
    """The first message of a forum post."""
    CONVERSATION = "conversation"
    """In a thread that the bot opened for an answer."""
    REPLY = "reply"
    """A reply to the bot that does not mention it."""
    ASKED = "asked"
    """A direct message, or one that mentions the bot."""


class PendingPosts:
    """New forum posts whose first message has not been seen yet."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[int, None] = OrderedDict()

    def add(self, thread: discord.Thread) -> None:
        """Expect the first message of a new thread, if the thread is a forum post."""
        if not is_post(thread):
            return
        self._waiting[thread.id] = None
        while len(self._waiting) > _MAX_POSTS:
            self._waiting.popitem(last=False)

    def is_first(self, message: discord.Message) -> bool:
        """Whether `message` is the first of a forum post. True only once for each post."""
        thread = message.channel
        if not isinstance(thread, discord.Thread) or not is_post(thread):
            return False
        if message.author.id != thread.owner_id:
            return False
        waiting = thread.id in self._waiting
        self._waiting.pop(thread.id, None)
        return waiting or message.id == thread.id


def is_from_member(message: discord.Message) -> bool:
    """Whether a person wrote `message`: not a bot, a webhook or Discord itself."""
    return not message.author.bot and message.webhook_id is None and message.type in _WRITTEN


def is_post(thread: discord.Thread) -> bool:
    """Whether a thread is a post in a forum."""
    return isinstance(thread.parent, discord.ForumChannel)


def attention_to(
    message: discord.Message,
    bot_user: discord.abc.User,
    settings: ServerSettings,
    *,
    can_read_content: bool,
    is_first_post: bool,
) -> Attention:
    """Classify `message` by the settings of its server.

    `can_read_content`: whether the bot has the message-content intent; `is_first_post`: whether the
    message is the first of a forum post.
    """
    if server_of_message(message) is None and is_from_member(message):
        return Attention.ASKED
    if not is_from_member(message) or is_silent(settings, message.channel):
        return Attention.NONE
    if bot_user in message.mentions:
        return Attention.ASKED
    if is_first_post and not settings.forums.isdisjoint(covering(message.channel)):
        return Attention.POST
    readable = can_read_content and bool(message.content)
    return _unaddressed(message, bot_user, settings) if readable else Attention.NONE


def _unaddressed(
    message: discord.Message, bot_user: discord.abc.User, settings: ServerSettings
) -> Attention:
    """Classify a message that does not mention the bot."""
    channel = message.channel
    own = isinstance(channel, discord.Thread) and channel.owner_id == bot_user.id
    listens = not settings.listens.isdisjoint(covering(channel))
    if not (own or listens) or _is_for_others(message, bot_user):
        return Attention.NONE
    if message.reference is not None:
        return Attention.REPLY
    return Attention.CONVERSATION if own else Attention.LISTENING


def _is_for_others(message: discord.Message, bot_user: discord.abc.User) -> bool:
    """Whether `message` mentions somebody else or replies to them."""
    if message.mentions or message.role_mentions or message.mention_everyone:
        return True
    return message.reference is not None and not replies_to(message, bot_user)


def replies_to(message: discord.Message, bot_user: discord.abc.User) -> bool:
    """Whether `message` replies to the bot, if Discord says to which message it replies."""
    if message.reference is None:
        return False
    replied = message.reference.resolved or message.reference.cached_message
    return isinstance(replied, discord.Message) and replied.author == bot_user


def questions_of(
    message: discord.Message, bot_user: discord.abc.User, *, is_first_post: bool
) -> list[str]:
    """List what `message` may ask, most likely first: at least one text, without the mention.

    For a forum post, title and text together, then the title alone if it may be a question: the
    text below it may only say that there is one.
    """
    text = message.content
    for mention in (f"<@{bot_user.id}>", f"<@!{bot_user.id}>"):
        text = text.replace(mention, " ")
    text = text.strip()
    title = getattr(message.channel, "name", "") if is_first_post else ""
    if not title or title.casefold() in text.casefold():
        return [text]
    asks = title.rstrip().endswith(_QUESTION_MARKS) or len(title.split()) >= _WORDS_OF_A_QUESTION
    both = [f"{title}\n{text}"] if text else []
    return [*both, title] if asks else both or [""]

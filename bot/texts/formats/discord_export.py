"""A channel of Discord as DiscordChatExporter writes it in JSON: each message under a mark with its time and link."""

from __future__ import annotations

import re
from typing import Any, BinaryIO

from bot.errors import Problem, VerbatimError
from bot.texts.formats import json_stream
from bot.texts.formats.chat_messages import ChatMessage, ChatPosts, mention_note, utc
from bot.texts.formats.draft import Draft
from bot.texts.formats.json_stream import at, list_at, text_at
from bot.texts.formats.social_posts import seconds_of

NAME = "discord"
LABEL = "Discord channel (DiscordChatExporter)"
HAS_NAMES = True

_GUILD = re.compile(rb"\s*\{\s*\"guild\"\s*:\s*\{")
_WORDS = frozenset({"Default", "Reply", "0", "19"})
_ID = re.compile(r"\d{1,20}")


def matches(head: bytes, name: str) -> bool:
    """Tell whether a file begins as such an export does."""
    return bool(_GUILD.match(head.removeprefix(b"\xef\xbb\xbf"))) and b'"channel"' in head


def parse(file: BinaryIO, name: str, *, names: bool = False) -> Draft:
    """Keep what members wrote; with `names`, each message's marker has its author's name.

    Raises:
        VerbatimError: the JSON is damaged, or no member wrote anything.

    """
    chat, facts = ChatPosts(names=names), dict[str, Any]()
    mentions = 0
    file.seek(0)
    start = 3 if file.read(3) == b"\xef\xbb\xbf" else 0
    for message, _, _ in json_stream.elements(file, name, key="messages", start=start, facts=facts):
        for kind in ("attachments", "embeds", "stickers"):
            if len(list_at(message, kind)):
                chat.dropped.add(kind, f"{kind} of messages", len(list_at(message, kind)))
        if reason := _no_words(message):
            chat.dropped.add(text_at(message, "content") or text_at(message, "type"), reason)
        elif chat.add(_message(message, facts), is_markdown=True):
            mentions += bool(list_at(message, "mentions"))
    if not chat.posts:
        raise VerbatimError(
            Problem(name, "contains no messages from members: is it the right file?")
        )
    return Draft(
        LABEL,
        tuple(chat.posts),
        author=text_at(facts, "guild", "name").strip() or None,
        dropped=chat.dropped.lines,
        notes=(f"{chat.count:,} messages", *mention_note(mentions)),
        title=_title(facts),
        url=_link(facts),
        date=chat.first_day,
        guessed=chat.guessed,
    )


def _no_words(message: Any) -> str | None:
    """Return why a message is not one of a member's own words."""
    if at(message, "author", "isBot") is True:
        return "a bot's message"
    if text_at(message, "type") not in _WORDS:
        return "a line of Discord's own"
    if at(message, "forwardedMessage") is not None:
        return "a forwarded message: somebody else may have written it"
    return None


def _message(message: Any, facts: Any) -> ChatMessage:
    link, number = _link(facts), text_at(message, "id")
    return ChatMessage(
        text_at(message, "author", "nickname") or text_at(message, "author", "name"),
        text_at(message, "content"),
        utc(seconds_of(text_at(message, "timestamp"))),
        f"{link}/{number}" if link and _ID.fullmatch(number) else "",
    )


def _link(facts: Any) -> str | None:
    guild, channel = text_at(facts, "guild", "id"), text_at(facts, "channel", "id")
    if not _ID.fullmatch(guild) or not _ID.fullmatch(channel):
        return None
    return f"https://discord.com/channels/{'@me' if guild == '0' else guild}/{channel}"


def _title(facts: Any) -> str | None:
    name = " ".join(text_at(facts, "channel", "name").split())
    is_thread = "Thread" in text_at(facts, "channel", "type")
    return (name if is_thread else f"#{name}") if name else None

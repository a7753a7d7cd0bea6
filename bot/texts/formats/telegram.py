"""A chat or channel that Telegram Desktop has exported as JSON (`result.json`): each message under a mark with its time."""

from __future__ import annotations

import re
from typing import Any, BinaryIO

from bot.errors import Problem, VerbatimError
from bot.texts.formats import json_stream, stated_facts
from bot.texts.formats.chat_messages import ChatMessage, ChatPosts, utc
from bot.texts.formats.draft import Draft
from bot.texts.formats.json_stream import at, text_at

NAME = "telegram"
LABEL = "Telegram chat"
HAS_NAMES = True

_CHAT = re.compile(
    rb'\s*\{(?:\s*"[^"]{1,40}"\s*:\s*(?:"(?:[^"\\]|\\.)*"|[\w.+-]+)\s*,){1,8}\s*"messages"\s*:\s*\['
)
_TYPES = re.compile(
    rb'"type"\s*:\s*"(?:personal_chat|bot_chat|saved_messages|(?:private|public)_(?:group|supergroup|channel))"'
)
_ACCOUNT = re.compile(rb'\s*\{.{0,2000}?"personal_information"\s*:\s*\{', re.DOTALL)
_LINKED = ("supergroup", "channel")
_NUMBER = re.compile(r"\d{1,20}")


def matches(head: bytes, name: str) -> bool:
    """Tell by what stands before the messages."""
    head = head.removeprefix(b"\xef\xbb\xbf")
    found = _CHAT.match(head)
    return bool(found and _TYPES.search(found[0])) or bool(_ACCOUNT.match(head))


def parse(file: BinaryIO, name: str, *, names: bool = False) -> Draft:
    """Keep what members wrote; with `names`, each message's marker has its author's name.

    Raises:
        VerbatimError: the JSON is damaged, has no message, or is the export of a whole account.

    """
    file.seek(0)
    if _ACCOUNT.match(file.read(4096).removeprefix(b"\xef\xbb\xbf")):
        reason = (
            "is the export of a whole Telegram account, private chats too: open the one chat in Telegram Desktop, choose"
            " Export chat history, format JSON"
        )
        raise VerbatimError(Problem(name, reason))
    chat, facts = ChatPosts(names=names), dict[str, Any]()
    file.seek(0)
    start = 3 if file.read(3) == b"\xef\xbb\xbf" else 0
    for message, _, _ in json_stream.elements(file, name, key="messages", start=start, facts=facts):
        text = _text(at(message, "text"))
        if any(at(message, key) is not None for key in ("photo", "file", "poll", "media_type")):
            chat.dropped.add(text_at(message, "media_type") or "a file", "media of messages")
        if why := _no_words(message):
            chat.dropped.add(text or text_at(message, "action"), why)
        else:
            chat.add(
                ChatMessage(text_at(message, "from"), text, _time(message), _link(message, facts))
            )
    if not chat.posts:
        raise VerbatimError(Problem(name, "contains no messages with text: is it the right file?"))
    title = stated_facts.title(text_at(facts, "name"))
    return Draft(
        LABEL,
        tuple(chat.posts),
        author=None if text_at(facts, "type") == "personal_chat" else stated_facts.author(title),
        dropped=chat.dropped.lines,
        notes=(f"{chat.count:,} messages",),
        title=title,
        date=chat.first_day,
        guessed=chat.guessed,
    )


def _no_words(message: Any) -> str | None:
    """Return why a message is not one of a member's own words."""
    if text_at(message, "type") != "message":
        return "a line of Telegram's own"
    if at(message, "forwarded_from") is not None or at(message, "saved_from") is not None:
        return "a forwarded message: somebody else may have written it"
    if at(message, "via_bot") is not None:
        return "a message made by a bot"
    return None


def _text(value: Any) -> str:
    """Join the text of a message, which is divided where a part of it is a link, bold or a mention."""
    parts = value if isinstance(value, list) else [value]
    return "".join(text_at([part], 0) or text_at(part, "text") for part in parts)


def _time(message: Any) -> str:
    """Return the time in UTC; older exports have that of the computer alone, without a zone."""
    seconds = text_at(message, "date_unixtime")
    if _NUMBER.fullmatch(seconds):
        return utc(float(seconds))
    local = text_at(message, "date")[:16]
    return (
        local
        if re.fullmatch(r"\d{4}-(0\d|1[0-2])-[0-3]\dT\d\d:\d\d", local) and stated_facts.day(local)
        else ""
    )


def _link(message: Any, facts: Any) -> str:
    """Return the link that members of a supergroup or channel can follow; other chats have none."""
    chat, number = at(facts, "id"), at(message, "id")
    if (
        not text_at(facts, "type").endswith(_LINKED)
        or type(chat) is not int
        or type(number) is not int
    ):
        return ""
    return f"https://t.me/c/{chat}/{number}" if chat > 0 and number > 0 else ""

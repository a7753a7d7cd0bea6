"""Channels of a Slack export: the zip with a folder for each, or the file of one day. Replies stand below their message."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from bot.errors import Problem, VerbatimError
from bot.texts.formats import json_stream, stated_facts
from bot.texts.formats.chat_messages import ChatMessage, ChatPosts, mention_note, utc
from bot.texts.formats.draft import Draft, DroppedLine, Entry
from bot.texts.formats.json_stream import at, list_at, text_at
from bot.texts.formats.zip_package import ZipPackage

NAME = "slack"
LABEL = "Slack export"
HAS_NAMES = True

_DAY_FILE = re.compile(r"(?P<channel>[^/]+)/\d{4}-\d{2}-\d{2}\.json")
_DAY = re.compile(rb"\s*\[\s*\{")
_WORDS = frozenset(("", "me_message", "thread_broadcast", "file_share", "reply_broadcast"))
_MARKED = re.compile(
    r"<(?P<sign>[@#!]?)(?P<what>[^<>|\n]{1,2000})(?:\|(?P<label>[^<>\n]{0,2000}))?>"
)
_TIME = re.compile(r"\d{1,12}\.\d{1,9}")


def matches(head: bytes, name: str) -> bool:
    """Tell whether a file is the list of a day's messages."""
    head = head.removeprefix(b"\xef\xbb\xbf")
    return (
        bool(_DAY.match(head))
        and all(re.search(rb'"%s"\s*:\s*"' % key, head) for key in (b"ts", b"text", b"type"))
        and re.search(rb'"ts"\s*:\s*"\d{9,12}\.\d{6}"', head) is not None
    )


def matches_zip(members: Sequence[str]) -> bool:
    """Tell by the lists that stand beside the channels' folders."""
    return "users.json" in members and any(_DAY_FILE.fullmatch(member) for member in members)


def parse(file: BinaryIO, name: str, *, names: bool = False) -> Draft | SlackExport:
    """Read a day's file, or list the channels of the zip; with `names`, each message's marker has its author's name.

    Raises:
        VerbatimError: the zip or the JSON is damaged, or no member wrote anything.

    """
    file.seek(0)
    if file.read(2) == b"PK":
        return SlackExport(ZipPackage(file, name), name, names=names)
    return _draft(list(_loaded(file, name)), {}, name, None, names=names)


class SlackExport:
    """The channels of an export, by their names."""

    format = LABEL
    dropped: tuple[DroppedLine, ...] = ()
    notes: tuple[str, ...] = ()

    def __init__(self, package: ZipPackage, where: str, *, names: bool) -> None:
        self._package = package
        self._where = where
        self._names = names
        self._days: dict[str, list[str]] = {}
        for part in sorted(package.names):
            if found := _DAY_FILE.fullmatch(part):
                self._days.setdefault(found["channel"], []).append(part)
        if not self._days:
            raise VerbatimError(Problem(where, "has no channel in it: is it the right export?"))

    def __iter__(self) -> Iterator[Entry]:
        """Yield the channels; how many messages they have is known when they are read."""
        for channel, days in self._days.items():
            yield Entry(channel, f"#{channel}", stated_facts.day(days[0].rsplit("/", 1)[-1]))

    def parse(self, entry_id: str) -> Draft:
        """Parse one channel; raise VerbatimError if there is none of this name, or it has no messages."""
        if entry_id not in self._days:
            reason = f"has no channel {entry_id[:80]!r}: --list shows the channels"
            raise VerbatimError(Problem(self._where, reason))
        messages = [message for part in self._days[entry_id] for message in self._part(part)]
        users = {text_at(user, "id"): _member_name(user) for user in self._part("users.json")}
        where = f"{self._where}: {entry_id}"
        return _draft(messages, users, where, f"#{entry_id}", names=self._names)

    def original(self, entry_id: str) -> None:
        """None: a channel cannot be read without the list of members, which names all of them."""

    def _part(self, part: str) -> Iterator[Any]:
        yield from _loaded(io.BytesIO(self._package.read(part)), f"{self._where}: {part}")


def _loaded(file: BinaryIO, where: str) -> Iterator[Any]:
    file.seek(0)
    start = 3 if file.read(3) == b"\xef\xbb\xbf" else 0
    for message, _, _ in json_stream.elements(file, where, start=start):
        yield message


def _draft(
    messages: Sequence[Any], users: Mapping[str, str], where: str, title: str | None, *, names: bool
) -> Draft:
    users = {**{text_at(m, "user"): _member_name(m) for m in messages}, **users}
    users.pop("", None)
    chat, mentions = ChatPosts(names=names), 0
    for message in _in_threads(messages):
        text = text_at(message, "text")
        if files := list_at(message, "files"):
            chat.dropped.add(text_at(files, 0, "name") or "a file", "files of messages", len(files))
        if reason := _no_words(message):
            chat.dropped.add(text or text_at(message, "subtype") or "a message", reason)
            continue
        mentions += "<@" in text
        author = users.get(text_at(message, "user"), "")
        chat.add(ChatMessage(author, _shown(text, users), utc(_seconds(message, "ts"))))
    if not chat.posts:
        raise VerbatimError(
            Problem(where, "contains no messages from members: is it the right file?")
        )
    return Draft(
        LABEL,
        tuple(chat.posts),
        dropped=chat.dropped.lines,
        notes=(f"{chat.count:,} messages", *mention_note(mentions)),
        title=title and stated_facts.title(title),
        date=chat.first_day,
        guessed=chat.guessed,
    )


def _in_threads(messages: Iterable[Any]) -> list[Any]:
    """Sort messages by time, but replies below the message that they reply to."""
    return sorted(
        messages,
        key=lambda message: (
            _seconds(message, "thread_ts") or _seconds(message, "ts"),
            _seconds(message, "ts"),
        ),
    )


def _no_words(message: Any) -> str | None:
    """Return why a message is not one of a member's own words."""
    if at(message, "bot_id") is not None or text_at(message, "subtype") == "bot_message":
        return "a bot's message"
    if text_at(message, "type") != "message" or text_at(message, "subtype") not in _WORDS:
        return "a line of Slack's own"
    return None


def _shown(text: str, users: Mapping[str, str]) -> str:
    """Return a message as Slack shows it: with names in place of ids, and links without marks."""

    def plain(found: re.Match[str]) -> str:
        sign, what, label = found["sign"], found["what"], found["label"]
        if sign == "@":
            return f"@{label or users.get(what) or 'someone'}"
        if sign == "#":
            return f"#{label or 'channel'}"
        if sign == "!":
            return label or f"@{what.partition('^')[0]}"
        return label or what.removeprefix("mailto:")

    return html.unescape(_MARKED.sub(plain, text))


def _member_name(member: Any) -> str:
    """Return the name under which a member is shown, from the list of members or a message."""
    profile = at(member, "profile") or at(member, "user_profile")
    found = (text_at(profile, key).strip() for key in ("display_name", "real_name", "name"))
    return next(filter(None, found), "") or text_at(member, "name")


def _seconds(message: Any, key: str) -> float:
    stamp = text_at(message, key)
    return float(stamp) if _TIME.fullmatch(stamp) else 0.0

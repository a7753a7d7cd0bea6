"""A channel of Discord as DiscordChatExporter writes it in JSON: each message under a mark with its time and link."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from bot.errors import Problem, VerbatimError
from bot.texts.formats import json_stream
from bot.texts.formats.draft import Draft, DropTally, InputLine
from bot.texts.formats.json_stream import at, list_at, text_at
from bot.texts.formats.social_posts import post_text, seconds_of
from bot.texts.formats.text_lines import blocks, input_lines

NAME = "discord"
LABEL = "Discord channel (DiscordChatExporter)"

_GUILD = re.compile(rb"\s*\{\s*\"guild\"\s*:\s*\{")
_WORDS = frozenset({"Default", "Reply", "0", "19"})
_ID = re.compile(r"\d{1,20}")
_CODE = re.compile(r"\s*(```|~~~)")
_UNSAFE = re.compile(r"[\"<>\s\x00-\x1f-]+")


def matches(head: bytes, name: str) -> bool:
    """Tell whether a file begins as such an export does."""
    return bool(_GUILD.match(head.removeprefix(b"\xef\xbb\xbf"))) and b'"channel"' in head


def parse(file: BinaryIO, name: str) -> Draft:
    """Keep what members wrote, without their names.

    Raises:
        VerbatimError: the JSON is damaged, or no member wrote anything.

    """
    return _parse(file, name, names=False)


def parse_with_names(file: BinaryIO, name: str) -> Draft:
    """Keep the authors' names too, in each message's mark. Raises as `parse` does."""
    return _parse(file, name, names=True)


def _parse(file: BinaryIO, name: str, *, names: bool) -> Draft:
    dropped, facts = DropTally(), dict[str, Any]()
    posts: list[str] = []
    first = mentions = count = 0
    file.seek(0)
    start = 3 if file.read(3) == b"\xef\xbb\xbf" else 0
    for message, _, _ in json_stream.elements(file, name, key="messages", start=start, facts=facts):
        reason = _no_words(message)
        content = text_at(message, "content")
        for kind in ("attachments", "embeds", "stickers"):
            if len(list_at(message, kind)):
                dropped.add(kind, f"{kind} of messages", len(list_at(message, kind)))
        kept = [] if reason else list(_blocks(content, dropped))
        if not kept:
            dropped.add(content or text_at(message, "type"), reason or "a message without words")
            continue
        mentions += bool(list_at(message, "mentions"))
        count += 1
        first = first or int(seconds_of(text_at(message, "timestamp")))
        posts += [_mark(message, facts, names=names), *kept]
    if not posts:
        raise VerbatimError(Problem(name, "holds no message of a member: is it the right file?"))
    return Draft(
        LABEL,
        tuple(posts),
        author=text_at(facts, "guild", "name").strip() or None,
        dropped=dropped.lines,
        notes=(f"{count:,} messages", *_mention_note(mentions)),
        title=_title(facts),
        url=_link(facts),
        date=datetime.datetime.fromtimestamp(first, datetime.UTC).date() if first else None,
        guessed=()
        if names
        else ("who wrote a message is not kept: --names keeps the members' names",),
    )


def _mention_note(mentions: int) -> Iterator[str]:
    if mentions:
        yield f"{mentions:,} messages name members in their text: it is kept as it was written"


def _no_words(message: Any) -> str | None:
    """Return why a message is not one of a member's own words."""
    if at(message, "author", "isBot") is True:
        return "a bot's message"
    if text_at(message, "type") not in _WORDS:
        return "a line of Discord's own"
    if at(message, "forwardedMessage") is not None:
        return "a forwarded message: somebody else may have written it"
    return None


def _blocks(content: str, dropped: DropTally) -> Iterator[str]:
    """Divide a message at its blank lines, but not inside a block of code, where these are closed up."""
    held: list[InputLine] = []
    code = False
    for block in blocks(input_lines(content.replace("\r\n", "\n"))):
        held += block
        code ^= sum(len(_CODE.findall(line.text)) for line in block) % 2 == 1
        if not code:
            yield from _block(held, content, dropped)
            held = []
    if held:
        yield from _block(held, content, dropped)


def _block(lines: Sequence[InputLine], content: str, dropped: DropTally) -> Iterator[str]:
    """Yield the block, if it has words. Discord shows headings, but a line alone in its message is no title of anything."""
    is_markdown = "\n" in content.strip()
    text = post_text("\n".join(line.text for line in lines), dropped, is_markdown=is_markdown)
    if text:
        yield text


def _mark(message: Any, facts: Any, *, names: bool) -> str:
    """Return the comment that says where a message stands, and who wrote it."""
    who = text_at(message, "author", "nickname") or text_at(message, "author", "name")
    who = _UNSAFE.sub(" ", who).strip()[:80]
    moment = seconds_of(text_at(message, "timestamp"))
    fields = [f'author="{who}"'] if names and who else []
    if moment:
        fields.append(
            f'date="{datetime.datetime.fromtimestamp(moment, datetime.UTC):%Y-%m-%dT%H:%MZ}"'
        )
    link, number = _link(facts), text_at(message, "id")
    if link and _ID.fullmatch(number):
        fields.append(f'link="{link}/{number}"')
    return f"<!-- {' '.join(('message', *fields))} -->"


def _link(facts: Any) -> str | None:
    guild, channel = text_at(facts, "guild", "id"), text_at(facts, "channel", "id")
    if not _ID.fullmatch(guild) or not _ID.fullmatch(channel):
        return None
    return f"https://discord.com/channels/{'@me' if guild == '0' else guild}/{channel}"


def _title(facts: Any) -> str | None:
    name = " ".join(text_at(facts, "channel", "name").split())
    is_thread = "Thread" in text_at(facts, "channel", "type")
    return (name if is_thread else f"#{name}") if name else None

"""Messages of a chat, from any export → posts, each below a marker that says when it was written, and by whom."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.texts.formats.draft import DropTally, InputLine
from bot.texts.formats.social_posts import post_text
from bot.texts.formats.text_lines import blocks, input_lines

NAMES_GUESS = "who wrote a message is not kept: --names keeps the members' names"

_CODE = re.compile(r"\s*(```|~~~)")
_UNSAFE = re.compile(r"[\"<>\s\x00-\x1f\u200e\u200f\u202a-\u202e\u2066-\u2069-]+")
_PHONE = re.compile(r"[\s~]*\+?[\d\s().\u2011-]{6,}")
_LONGEST_NAME = 80


class ChatMessage(NamedTuple):
    """`time` is in ISO 8601, with `Z` where it is UTC; `time` and `link` are empty where they are not known."""

    author: str
    text: str
    time: str = ""
    link: str = ""


class ChatPosts:
    """Collects the posts of a chat, and what is in none of them."""

    def __init__(self, *, names: bool) -> None:
        self.posts: list[str] = []
        self.dropped = DropTally()
        self.count = 0
        self.first_day: datetime.date | None = None
        self._names = names

    @property
    def guessed(self) -> tuple[str, ...]:
        """What the person who imports should know of the names."""
        return () if self._names else (NAMES_GUESS,)

    def add(self, message: ChatMessage, *, is_markdown: bool = False) -> bool:
        """Add a message; false if it has no words.

        `is_markdown`: members of this chat can write headings and code.
        """
        kept = list(_blocks(message.text, self.dropped, is_markdown=is_markdown))
        if not kept:
            self.dropped.add(message.text or "empty", "a message without words")
            return False
        self.posts += [mark(message, names=self._names), *kept]
        self.count += 1
        if self.first_day is None and message.time:
            self.first_day = datetime.date.fromisoformat(message.time[:10])
        return True


def mark(message: ChatMessage, *, names: bool) -> str:
    """Make the comment that says when a message was written and by whom. A telephone number does not count as a name."""
    who = _UNSAFE.sub(" ", message.author).strip().removeprefix("~").strip()[:_LONGEST_NAME]
    fields = [f'author="{who}"'] if names and who and not _PHONE.fullmatch(who) else []
    fields += [f'date="{message.time}"'] if message.time else []
    fields += [f'link="{message.link}"'] if message.link else []
    return f"<!-- {' '.join(('message', *fields))} -->"


def utc(seconds: float) -> str:
    """Write seconds since 1970 as a message's time; empty if they are none."""
    try:
        moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC) if seconds else None
    except (ValueError, OverflowError, OSError):
        return ""
    return f"{moment:%Y-%m-%dT%H:%MZ}" if moment else ""


def mention_note(mentions: int) -> Iterator[str]:
    """Say that members are named inside messages, whether names are kept or not."""
    if mentions:
        yield f"{mentions:,} messages name members in their text: it is kept as it was written"


def _blocks(content: str, dropped: DropTally, *, is_markdown: bool) -> Iterator[str]:
    """Divide a message at its blank lines, but not inside a block of code, where these are closed up."""
    held: list[InputLine] = []
    code = False
    headings = is_markdown and "\n" in content.strip()
    for block in blocks(input_lines(content.replace("\r\n", "\n").replace("\r", "\n"))):
        held += block
        code ^= is_markdown and sum(len(_CODE.findall(line.text)) for line in block) % 2 == 1
        if not code:
            yield from _block(held, dropped, headings=headings)
            held = []
    if held:
        yield from _block(held, dropped, headings=headings)


def _block(lines: Sequence[InputLine], dropped: DropTally, *, headings: bool) -> Iterator[str]:
    """Yield the block, if it has words. A line alone in its message is not a title."""
    text = post_text("\n".join(line.text for line in lines), dropped, is_markdown=headings)
    if text:
        yield text

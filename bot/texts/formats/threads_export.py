"""The posts of Threads in an export of Instagram: `threads_and_replies.json`."""

from __future__ import annotations

import datetime
import re
from contextlib import suppress
from typing import Any, BinaryIO

from bot.errors import Problem, VerbatimError
from bot.texts.formats import json_stream
from bot.texts.formats.draft import Draft, DropTally
from bot.texts.formats.json_stream import at, list_at, text_at
from bot.texts.formats.social_posts import post_text

NAME = "threads"
LABEL = "Threads export"

_KEY = "text_post_app_text_posts"
_LATIN = re.compile(r"[\x80-\xff]")


def matches(head: bytes, name: str) -> bool:
    """Tell whether a file is JSON with the key of this export."""
    return f'"{_KEY}"'.encode() in head and head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def parse(file: BinaryIO, name: str) -> Draft:
    """Keep every post by time. The export does not say what replies to what, only that it is a reply.

    Raises:
        VerbatimError: the JSON is damaged, or has no posts.

    """
    dropped = DropTally()
    posts: list[tuple[float, str]] = []
    for item, _, _ in json_stream.elements(file, name, key=_KEY):
        parts = list_at(item, "media") or [item]
        words = mended(text_at(item, "title") or text_at(parts[0], "title"))
        text = post_text(words, dropped)
        if any(at(one, "text_app_post", "is_reply") is True for one in (item, *parts)):
            dropped.add(words, "a reply: what it replies to is not in the export")
        elif not text:
            dropped.add(text_at(parts[0], "uri") or "empty", "a post without words")
        else:
            posts.append(
                (
                    _seconds(at(item, "creation_timestamp"))
                    or _seconds(at(parts[0], "creation_timestamp")),
                    text,
                )
            )
    if not posts:
        raise VerbatimError(
            Problem(name, "contains no posts other than replies: is it the right file?")
        )
    posts.sort(key=lambda post: post[0])
    first = posts[0][0]
    return Draft(
        LABEL,
        tuple(text for _, text in posts),
        dropped=dropped.lines,
        date=datetime.datetime.fromtimestamp(first, datetime.UTC).date() if first else None,
        guessed=("the posts are one text, by time: the export does not say which are a thread",),
    )


def mended(text: str) -> str:
    """Undo the export's fault of writing each byte of UTF-8 as a character; other text stays as it is."""
    if _LATIN.search(text):
        with suppress(UnicodeError):
            return text.encode("latin-1").decode("utf-8")
    return text


def _seconds(value: Any) -> float:
    return float(value) if type(value) is int and 0 < value < 1 << 33 else 0.0

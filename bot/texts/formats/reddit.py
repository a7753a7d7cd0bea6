"""A thread of Reddit as its API gives it (the page's address with `.json` behind it): the post, and each comment under a mark."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from bot.errors import Problem, VerbatimError
from bot.texts.formats import json_stream, stated_facts
from bot.texts.formats.chat_messages import ChatMessage, ChatPosts, utc
from bot.texts.formats.draft import Draft
from bot.texts.formats.json_stream import at, list_at, text_at
from bot.texts.formats.markup import heading

NAME = "reddit"
LABEL = "thread of Reddit"
HAS_NAMES = True

_LISTING = re.compile(rb"\s*(?:\[\s*)?\{\s*\"kind\"\s*:\s*\"Listing\"")
_GONE = frozenset({"[deleted]", "[removed]", ""})
_BOT = "automoderator"
_SITE = "https://www.reddit.com"


def matches(head: bytes, name: str) -> bool:
    """Tell whether a file begins as the API's answers do."""
    return bool(_LISTING.match(head.removeprefix(b"\xef\xbb\xbf")))


def parse(file: BinaryIO, name: str, *, names: bool = False) -> Draft:
    """Keep the post and the comments in the page's order; with `names`, each mark holds its author's name.

    Raises:
        VerbatimError: the JSON is damaged, or has no post with words.

    """
    chat = ChatPosts(names=names)
    posts: list[Any] = []
    hidden = 0
    for kind, thing in _things(json_stream.load(file, name)):
        if kind == "more":
            hidden += max(0, at(thing, "count") if isinstance(at(thing, "count"), int) else 0)
            continue
        if kind == "t3":
            posts.append(thing)
            if title := heading(2, html.unescape(text_at(thing, "title"))):
                chat.posts.append(title)
        text = text_at(thing, "selftext" if kind == "t3" else "body")
        if text in _GONE:
            if text or kind == "t1":
                chat.dropped.add(text or "empty", "a comment that is gone")
        elif text_at(thing, "author").lower() == _BOT:
            chat.dropped.add(text, "a bot's comment")
        else:
            chat.add(_message(thing, html.unescape(text)), is_markdown=True)
    if not chat.count:
        raise VerbatimError(Problem(name, "contains no posts with text: is it the right file?"))
    first = posts[0] if posts else None
    more = (f"{hidden:,} comments are not in the file: Reddit leaves them out of a long thread",)
    group = text_at(first, "subreddit")
    return Draft(
        LABEL,
        tuple(chat.posts),
        author=stated_facts.author(f"r/{group}") if group else None,
        dropped=chat.dropped.lines,
        notes=(f"{chat.count:,} posts and comments", *(more if hidden else ())),
        title=stated_facts.title(html.unescape(text_at(first, "title")))
        if len(posts) == 1
        else None,
        url=_link(first) or None if len(posts) == 1 else None,
        date=chat.first_day,
        guessed=chat.guessed,
    )


def _things(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield posts and comments with their kinds, depth first, without recursion: threads can be deep."""
    waiting = [value]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, list):
            waiting += reversed(thing)
            continue
        kind, data = text_at(thing, "kind"), at(thing, "data")
        if kind in ("t1", "t3", "more"):
            yield kind, data
            waiting.append(at(data, "replies"))
        elif kind == "Listing":
            waiting += reversed(list_at(data, "children"))


def _message(thing: Any, text: str) -> ChatMessage:
    made = at(thing, "created_utc")
    seconds = float(made) if isinstance(made, int | float) and not isinstance(made, bool) else 0.0
    return ChatMessage(text_at(thing, "author"), text, utc(seconds), _link(thing))


def _link(thing: Any) -> str:
    path = urlsplit(text_at(thing, "permalink")).path
    return stated_facts.link(f"{_SITE}{path}") or "" if path.startswith("/r/") else ""

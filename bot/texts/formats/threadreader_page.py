"""A saved page of Thread Reader: each post is an element of its own."""

from __future__ import annotations

import re
from typing import BinaryIO

from selectolax.lexbor import LexborHTMLParser

from bot.errors import Problem, VerbatimError
from bot.texts.formats import numbered
from bot.texts.formats.draft import Draft, DropTally, InputLine
from bot.texts.formats.social_posts import html_text, post_text
from bot.texts.formats.text_lines import read_text

NAME = "threadreader-page"
LABEL = "Thread Reader page"
ISOLATED = True

_POST = "div.content-tweet"
_NOT_WORDS = (
    "sup.tw-permalink, .entity-image, .entity-video, .entity-card, img, video, script, style"
)
_SITE = re.compile(rb"threadreaderapp\.com", re.IGNORECASE)


def matches(head: bytes, name: str) -> bool:
    """Tell whether a file is a page of this site."""
    return b"<" in head[:200] and bool(_SITE.search(head)) and b"content-tweet" in head


def parse(file: BinaryIO, name: str) -> Draft:
    """Keep the words of each post.

    Raises:
        VerbatimError: the page has no posts of a thread.

    """
    text, _ = read_text(file, name)
    page = LexborHTMLParser(text)
    dropped = DropTally()
    posts: list[str] = []
    links: list[str] = []
    author: str | None = None
    for node in page.css(_POST):
        screen_name = node.attributes.get("data-screenname")
        author = author or (f"@{screen_name}" if screen_name else None)
        if author and screen_name and f"@{screen_name}".lower() != author.lower():
            dropped.add(node.text(), "a post of another member")
            continue
        for other in node.css(_NOT_WORDS):
            dropped.add(other.tag or "?", "pictures, films, cards and the site's own marks")
            other.decompose()
        links.append(node.attributes.get("data-tweet") or "")
        if words := post_text(html_text(node.html or ""), dropped):
            posts.append(words)
    if not posts:
        raise VerbatimError(
            Problem(name, "contains no posts: save the page again once it has loaded")
        )
    dropped.add("the page around the posts", "the site's head and foot")
    lines = [InputLine(0, post) for post in posts]
    draft = numbered.parse_one_per_line(lines) or Draft(LABEL, tuple(posts))
    handle = author and author.removeprefix("@")
    first = next((link for link in links if link.isdecimal()), None)
    return Draft(
        LABEL,
        draft.posts,
        author=author,
        dropped=(*dropped.lines, *draft.dropped),
        notes=draft.notes,
        url=f"https://x.com/{handle or 'i'}/status/{first}" if first else None,
    )

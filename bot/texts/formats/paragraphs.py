"""Plain text: a post ends at a blank line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import BinaryIO

from bot.texts.formats import knowledge_file
from bot.texts.formats.draft import Draft, DroppedLine
from bot.texts.formats.markup import heading, without_headings
from bot.texts.formats.text_lines import peek, read_text
from bot.texts.formats.title_lines import title_lines

NAME = "paragraphs"
LABEL = "paragraphs"

_CAPITALS = re.compile(r"(?=(?:[^\n]*[^\W\d_]){4})[^\Wa-z_][^a-z\n]{1,70}[^\s.!?:;,…a-z]")
_HEADING = re.compile(r"\d{1,2}[.)] +[^\W\d_](?:[^\n]{0,68}[^\s.!?:;,…])?")
_ITEM = re.compile(r"\s{0,3}(?P<number>\d{1,2})[.)]\s")
_FEWEST_HEADINGS = 2
_RULE = re.compile(r"\s{0,3}(?:-\s*){3,}|\s{0,3}(?:[*_=~]\s*){3,}")


def matches(head: bytes, name: str) -> bool:
    """Tell whether a file is text at all."""
    return bool(peek(head))


def parse(file: BinaryIO, name: str) -> Draft:
    """Keep every paragraph, and drop lines that only divide them.

    Raises:
        VerbatimError: a paragraph is too long to be a post.

    """
    text, dropped = read_text(file, name)
    posts = [post.text for post in knowledge_file.split_posts(text, name, cut_long=True)]
    kept = tuple(post for post in posts if not _RULE.fullmatch(post))
    if len(kept) < len(posts):
        rules = [n for n, line in enumerate(text.split("\n"), 1) if _RULE.fullmatch(line)]
        rule = text.split("\n")[rules[0] - 1].strip()
        dropped += (
            DroppedLine(rules[0], rule, "a rule between paragraphs", len(posts) - len(kept)),
        )
    posts = [without_headings(post) for post in kept]
    headings = _numbered_headings(posts)
    capitals = [
        at for at in _capital_headings(posts, alone_are_enough=bool(headings)) if at not in headings
    ]
    titles = title_lines(posts, {*headings, *capitals})
    return Draft(
        LABEL,
        tuple(_set_apart(posts, {*headings, *capitals, *titles})),
        dropped=dropped,
        guessed=tuple(
            f"{len(found):,} heading{'s' * (len(found) > 1)}, by {sign}: take the `#` from what is none"
            for found, sign in (
                (headings, "their numbers"),
                (capitals, "capital letters"),
                (titles, "standing alone above sentences"),
            )
            if found
        ),
    )


def _numbered_headings(posts: Sequence[str]) -> list[int]:
    """Return the indices of the posts that begin with a numbered heading, if these run on from 1 and words stand below each.

    A heading is a short line without a full stop, alone or as the first one of a post.
    """
    found: list[int] = []
    for at, post in enumerate(posts):
        lines = post.split("\n")
        item = _ITEM.match(post)
        if item is None or int(item["number"]) != len(found) + 1:
            continue
        below = lines[1:2] or posts[at + 1 : at + 2]
        if not _HEADING.fullmatch(lines[0].rstrip()) or not below or _ITEM.match(below[0]):
            return []
        found.append(at)
    return found if len(found) >= _FEWEST_HEADINGS else []


def _capital_headings(posts: Sequence[str], *, alone_are_enough: bool) -> list[int]:
    """Return the indices of the posts that begin with a line in capitals, with other words below each.

    Where nothing else shows that the text has headings, there must be two.
    """
    found = [
        at
        for at, post in enumerate(posts)
        if _is_capitals(post.split("\n")[0]) and any("\n" in p or not _is_capitals(p) for p in posts[at : at + 2])
        and ("\n" in post or at + 1 < len(posts))
    ]  # fmt: skip
    return found if alone_are_enough or len(found) >= _FEWEST_HEADINGS else []


def _is_capitals(line: str) -> bool:
    return _CAPITALS.fullmatch(line.rstrip()) is not None and line.upper() == line != line.lower()


def _set_apart(posts: Sequence[str], headings: Collection[int]) -> Iterator[str]:
    for at, post in enumerate(posts):
        if at not in headings:
            yield post
            continue
        first, _, rest = post.partition("\n")
        yield heading(2, first)
        if rest:
            yield rest

"""Plain text: a post ends at a blank line."""

from __future__ import annotations

import re
from typing import BinaryIO

from bot.texts.formats import knowledge_file
from bot.texts.formats.draft import Draft, DroppedLine
from bot.texts.formats.markup import without_headings
from bot.texts.formats.text_lines import peek, read_text

NAME = "paragraphs"
LABEL = "paragraphs"

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
    posts = [post.text for post in knowledge_file.split_posts(text, name)]
    kept = tuple(post for post in posts if not _RULE.fullmatch(post))
    if len(kept) < len(posts):
        rules = [n for n, line in enumerate(text.split("\n"), 1) if _RULE.fullmatch(line)]
        rule = text.split("\n")[rules[0] - 1].strip()
        dropped += (
            DroppedLine(rules[0], rule, "a rule between paragraphs", len(posts) - len(kept)),
        )
    return Draft(LABEL, tuple(map(without_headings, kept)), dropped=dropped)

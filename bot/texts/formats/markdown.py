"""Markdown, which stays as it is: its blocks are those of a knowledge file."""

from __future__ import annotations

import re
from typing import BinaryIO

from bot.texts.formats import knowledge_file, stated_facts
from bot.texts.formats.draft import Draft
from bot.texts.formats.file_input import MEBIBYTE, decode_guess, read_all

NAME = "markdown"
LABEL = "Markdown"

MOST_BYTES = 32 * MEBIBYTE
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+\S.*$", re.MULTILINE)
_TITLE = re.compile(r"^ {0,3}(?:#{2,6}[ \t]+\S.*|#[ \t]+\S.{0,100}(?<![.,;:…]))$", re.MULTILINE)
"""A heading in the shape of one: posts begin with `# ` too, as in `# of members: 30.`"""

_FIRST_HEADING = re.compile(r"^ {0,3}#[ \t]+(\S.*?)[ \t]*#*[ \t]*$")
_UNDERLINED = re.compile(r"^(\S[^\n]*)\n={3,}[ \t]*$", re.MULTILINE)
_SIGNS = (
    re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE),
    re.compile(r"\[[^\[\]\n]+\]\((?:https?:|/|#|\.|[\w-]+\.)[^)\n]*\)"),
    re.compile(r"^\|?(?:[ \t]*:?-{3,}:?[ \t]*\|)+", re.MULTILINE),
    re.compile(r"^!\[[^\[\]\n]*\]\(", re.MULTILINE),
    re.compile(r"\*\*[^*\n]+\*\*"),
    re.compile(r"^\[[^\[\]\n]+\]:[ \t]+\S", re.MULTILINE),
)
_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd", ".mdx")


def matches(head: bytes, name: str) -> bool:
    """Tell by a heading, or by two kinds of marks; by one where the file's name says so too."""
    if b"\0" in head:
        return False
    text = decode_guess(head)[0].replace("\r\n", "\n")
    named = name.lower().endswith(_SUFFIXES)
    titled = _HEADING.search(text) if named else _has_section(text)
    signs = 2 * bool(titled or _UNDERLINED.search(text)) + sum(
        bool(one.search(text)) for one in _SIGNS
    )
    return signs >= (1 if named else 2)


def _has_section(text: str) -> bool:
    """Tell whether words stand under a heading: a line alone is what somebody wrote, not a title of nothing."""
    title = _TITLE.search(text)
    return title is not None and bool(_HEADING.sub("", text[title.end() :]).strip())


def parse(file: BinaryIO, name: str) -> Draft:
    """Divide the text at blank lines outside of code. The first heading is the title too, and stays where it is.

    Raises:
        VerbatimError: a block is too long to be a post.

    """
    text, note = decode_guess(read_all(file, name, MOST_BYTES))
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)
    posts = [post.text for post in knowledge_file.split_posts(text, name, cut_long=True)]
    return Draft(LABEL, tuple(posts), notes=(note,) if note else (), title=_title(posts))


_CONTROLS = dict.fromkeys((*range(9), *range(11, 32), 127), " ")


def _title(posts: list[str]) -> str | None:
    for post in posts[:5]:
        first = post.split("\n")[0]
        found = _FIRST_HEADING.match(first[:400]) or _UNDERLINED.match(post)
        if found:
            return stated_facts.title(re.sub(r"[*_`]|\[([^\]]*)\]\([^)]*\)", r"\1", found[1]))
    return None

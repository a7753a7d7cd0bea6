"""A thread as twtext.com unrolls it: a post a line, then the site's own lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import BinaryIO

from bot.texts.formats import numbered
from bot.texts.formats.draft import Draft, DroppedLine, InputLine
from bot.texts.formats.markup import without_headings
from bot.texts.formats.text_lines import input_lines, is_blank, peek, read_text

NAME = "twtext"
LABEL = "twtext unroll"

_FOLLOW = re.compile(r"You can follow (@\w{1,30})\.")
_TIP = re.compile(
    r"Tip: mention @twtextapp on a Twitter thread with the keyword [“\"]unroll[”\"]"
    r" to get a link to it\."
)
_COOKIES = re.compile(
    r"By continuing to use the site, you are consenting to the use of cookies as explained in"
    r" our Cookie Policy to improve your experience\."
)
_END = "Latest Threads Unrolled:"
_THREAD = re.compile(r"\[Thread\]\s*")

_BOILERPLATE = (  # what is dropped, and the reason that curators read
    (_FOLLOW, "the site's line that names the author"),
    (_TIP, "the site's tip"),
    (_COOKIES, "the site's cookie notice"),
)


def matches(head: bytes, name: str) -> bool:
    """Tell whether any line is one that only this site prints."""
    return any(
        _FOLLOW.fullmatch(text) or _TIP.fullmatch(text) or text == _END
        for text in (line.text.strip() for line in peek(head))
    )


def parse(file: BinaryIO, name: str) -> Draft:
    """Keep every line but the site's own ones.

    Raises:
        VerbatimError: two posts have the same number.

    """
    text, dropped = read_text(file, name)
    draft = _parse_lines(input_lines(text))
    return replace(draft, dropped=(*dropped, *draft.dropped))


def _parse_lines(lines: Sequence[InputLine]) -> Draft:
    """Keep every line but the site's own ones, and take the author from one of these."""
    posts: list[InputLine] = []
    dropped: list[DroppedLine] = []
    author: str | None = None
    ended = False
    for line in lines:
        text = line.text.strip()
        reason = next((why for shape, why in _BOILERPLATE if shape.fullmatch(text)), None)
        ended = ended or text == _END
        if follow := _FOLLOW.fullmatch(text):
            author = follow[1]
        if text and (reason or ended):
            reason = reason or f"the site's own part, from “{_END}” on"
            dropped.append(DroppedLine(line.number, text, reason))
        elif not is_blank(text):
            posts.append(line)
    if posts and (mark := _THREAD.match(posts[0].text)):
        first = posts[0]
        dropped.insert(0, DroppedLine(first.number, mark[0].strip(), "the site's mark of a thread"))
        posts[0] = InputLine(first.number, first.text[mark.end() :])
    ordered = numbered.parse_one_per_line(posts)
    if ordered is None:
        texts = tuple(without_headings(post.text) for post in posts)
        return Draft(LABEL, texts, author, tuple(dropped))
    dropped = sorted((*dropped, *ordered.dropped))
    return Draft(LABEL, ordered.posts, author, tuple(dropped), ordered.notes)

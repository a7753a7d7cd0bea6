"""Headings of plain text that only their place shows: short lines alone above paragraphs of sentences."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

_TITLE = re.compile(r"[^\W\d_](?:[^\W_]|[ '’&/()–-]|, ){1,58}[^\W_)]")
_MOST_WORDS = 7
_FEWEST = 2
_ENDS = re.compile(r"[.!?;:。！？؟।…][*_”’»\"')\]]{0,3}\s*\Z")
_PROSE_SHARE = 0.8
"""Of the other paragraphs, so many end as sentences do: then a line that does not is no sentence."""


def title_lines(posts: Sequence[str], known: Collection[int]) -> list[int]:
    """Return the indices of the posts that are titles; `known` are headings already, by other signs.

    There must be two, each above a paragraph of sentences, and hardly another paragraph may end without a full stop,
    besides the first one, which may be the title of all.
    """
    found = [
        at
        for at, post in enumerate(posts[:-1])
        if at not in known and _is_title(post) and _is_prose(posts[at + 1])
    ]
    others = [post for at, post in enumerate(posts) if at and at not in known and at not in found]
    prose = sum(_ENDS.search(post) is not None for post in others)
    if len(found) < _FEWEST or prose < max(len(found), _PROSE_SHARE * len(others)):
        return []
    return found


def _is_title(post: str) -> bool:
    first = post.strip()
    return (
        _TITLE.fullmatch(first) is not None
        and len(first.split()) <= _MOST_WORDS
        and not first[0].islower()
    )


def _is_prose(post: str) -> bool:
    return _ENDS.search(post) is not None and len(post.split()) >= _MOST_WORDS

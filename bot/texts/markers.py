"""Markers in a knowledge file that say where its text is from: HTML comments between the posts.

`<!-- page 12 -->`, `<!-- time 00:12:40 author="Ann" -->` and `<!-- message author="Ann" date="2024-05-03" link="https://…" -->`
hold for the posts behind them, up to the next one. Any other comment is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from bot.models import Marker, Post

_COMMENT = re.compile(r"\s*<!--(?P<words>(?:(?!-->).)*)-->\s*", re.DOTALL)
_PLACE = re.compile(
    r"\s*(?P<kind>page|time)\s+(?P<value>[^\s\"]{1,20})(?:\s+author=\"(?P<author>[^\"\n]{1,400})\")?\s*"
)
_MESSAGE = re.compile(r"\s*message(?P<fields>(?:\s+\w+=\"[^\"\n]{0,400}\")*)\s*")
_FIELD = re.compile(r"(\w+)=\"([^\"\n]*)\"")
_LINK = re.compile(r"https?://[^\s<>\"\\]+")


def divide(blocks: Iterable[str]) -> tuple[tuple[Post, ...], tuple[Marker, ...]]:
    """Number the posts among the blocks of a text, and read the markers between them."""
    posts: list[Post] = []
    markers: list[Marker] = []
    for block in blocks:
        comment = _COMMENT.fullmatch(block)
        if comment is None:
            posts.append(Post(len(posts) + 1, block))
        elif marker := _marker(comment["words"], len(posts) + 1):
            if markers and markers[-1].post == marker.post:
                markers.pop()  # nothing stands between the two
            markers.append(marker)
    return tuple(posts), tuple(marker for marker in markers if marker.post <= len(posts))


def is_comment(block: str) -> bool:
    """Tell whether a block is a comment, which is not a post."""
    return _COMMENT.fullmatch(block) is not None


def blocks_of(posts: Sequence[Post], markers: Sequence[Marker]) -> Iterator[str]:
    """Yield the posts with their markers between them, as `divide` reads them."""
    ahead = iter(markers)
    marker = next(ahead, None)
    for post in posts:
        if marker is not None and marker.post == post.number:
            yield _written(marker)
            marker = next(ahead, None)
        yield post.text


def _marker(words: str, post: int) -> Marker | None:
    if place := _PLACE.fullmatch(words):
        kind: Literal["page", "time"] = "page" if place["kind"] == "page" else "time"
        return Marker(post, kind, place["value"], place["author"])
    if message := _MESSAGE.fullmatch(words):
        fields = dict(_FIELD.findall(message["fields"]))
        link = fields.get("link", "")
        return Marker(
            post, "message", fields.get("date", ""), fields.get("author") or None,
            link if _LINK.fullmatch(link) else None,
        )  # fmt: skip
    return None


def _written(marker: Marker) -> str:
    if marker.kind != "message":
        author = f' author="{marker.author}"' if marker.author else ""
        return f"<!-- {marker.kind} {marker.value}{author} -->"
    fields = (("author", marker.author), ("date", marker.value), ("link", marker.url))
    words = ["message", *(f'{name}="{value}"' for name, value in fields if value)]
    return f"<!-- {' '.join(words)} -->"

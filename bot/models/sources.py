"""A text and its parts: sources, posts, passages and quotes."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import IntEnum
from functools import cached_property
from types import MappingProxyType
from typing import Literal, NamedTuple


class Span(NamedTuple):
    """A half-open range of characters, `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Post:
    """A numbered part of a source: a tweet of a thread, a paragraph of a document."""

    number: int
    text: str


class Role(IntEnum):
    """Whether a passage may be quoted, is a heading, or only introduces others."""

    ANSWER = 0
    """It may be quoted."""

    HEADING = 1
    """It names what follows, up to the next heading of its level or a higher one."""

    LEAD = 2
    """It introduces the passages that have it as their lead, and is quoted with them only."""


@dataclass(frozen=True, slots=True)
class Marker:
    """Where a part of a source is from: a page, a time, or somebody's message.

    It holds from post number `post` on, up to the next marker. `value` is the page, the time, or the day of the
    message; `author` says it, and `url` is that of a message.
    """

    post: int
    kind: Literal["page", "time", "message"]
    value: str
    author: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Source:
    """A text with its metadata: one file in the knowledge folder.

    `id` is the path within the folder, without suffix, with `/` between folders. `aliases` maps a
    name in the text to other names that people use for it.
    """

    id: str
    title: str
    author: str
    posts: Sequence[Post]
    url: str | None = None
    date: date | None = None
    license: str | None = None
    language: str = "en"
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    markers: tuple[Marker, ...] = ()

    def marker_at(self, post: int) -> Marker | None:
        """The marker that holds for post number `post`."""
        at = bisect_right(self.markers, post, key=lambda marker: marker.post)
        return self.markers[at - 1] if at else None

    @cached_property
    def digest(self) -> str:
        """16 hex digits that change with anything in the source."""
        return _digest(self)

    def with_posts(self, posts: Sequence[Post], digest: str) -> Source:
        """Copy the source with its posts read from elsewhere; `digest` saves hashing them again."""
        copy = replace(self, posts=posts)
        copy.__dict__["digest"] = digest  # fills the cached property
        return copy


def _digest(source: Source) -> str:
    aliases = sorted((name, *others) for name, others in source.aliases.items())
    facts = (
        source.id,
        source.title,
        source.author,
        source.url,
        source.date and source.date.isoformat(),
        source.license,
        source.language,
        aliases,
        *source.markers,
    )
    found = hashlib.blake2b(repr(facts).encode(), digest_size=8)
    for post in source.posts:
        found.update(b"\0" + post.text.encode())
    return found.hexdigest()


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence: an exact slice of a post. It is what is indexed and quoted.

    `sentence` counts from 1 within the post; `span` gives offsets in the post's text. `lead` introduces it, and
    is shown with it; `headings` are those that it stands under, outermost first; `item` counts list items
    and table rows from 1 (0: it is neither).
    """

    source: Source
    post: Post
    sentence: int
    span: Span
    role: Role = Role.ANSWER
    lead: Passage | None = None
    headings: tuple[str, ...] = ()
    item: int = 0

    @property
    def text(self) -> str:
        """The exact words, as in the post."""
        return self.post.text[self.span.start : self.span.end]

    @property
    def context(self) -> str:
        """The words of its heading and of its lead."""
        lead = () if self.lead is None else (self.lead.text,)
        return "\n".join((*self.headings[-1:], *lead))

    @property
    def in_context(self) -> str:
        """Its context and its own words, which are the end of it."""
        return f"{self.context}\n{self.text}" if self.headings or self.lead else self.text

    @property
    def marker(self) -> Marker | None:
        """The page, time or message that it is from."""
        return self.source.marker_at(self.post.number)

    @property
    def author(self) -> str:
        """Who says it: the source's author, or whoever said it there, or wrote the message."""
        marker = self.marker
        return marker.author if marker and marker.author else self.source.author

    @property
    def url(self) -> str | None:
        """A link to it: that of its message, or the source's."""
        marker = self.marker
        return marker.url if marker and marker.url else self.source.url

    @property
    def key(self) -> int:
        """42 bits that identify the passage by its place and its words; ten fit into a custom id."""
        place = f"{self.source.id}\0{self.post.number}\0{self.span.start}\0{self.text}"
        return int.from_bytes(hashlib.blake2b(place.encode(), digest_size=6).digest(), "big") >> 6


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage to show; `bold` are offsets in its text, None: no part stands out.

    `also`: passages elsewhere with the same words. They are named under the quote, not quoted again.
    """

    passage: Passage
    bold: Span | None = None
    also: tuple[Passage, ...] = ()

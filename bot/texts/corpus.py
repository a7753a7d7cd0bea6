"""All sources and passages of a snapshot as flat arrays that can be mapped from disk."""

from __future__ import annotations

import dataclasses
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from bot.files.spool import Spool
from bot.models import Marker, Passage, Post, Role, Source, Span
from bot.texts.pieces import Piece
from bot.texts.structure import heading_words, pieces_of, sections_of

Ints = NDArray[np.int32]
Offsets = NDArray[np.int64]
Arrays = dict[str, NDArray[Any]]


_ARRAYS = (
    "text", "post_starts", "source_posts", "source_passages", "post_passages",
    "starts", "ends", "roles", "leads", "sections", "items", "keys", "keyed",
)  # fmt: skip


_GROWN = {
    "starts": "i", "ends": "i", "roles": "B", "leads": "i", "sections": "i", "items": "i", "keys": "q",
}  # fmt: skip
"""Columns over passages, with their type codes."""

_ROLES = tuple(Role)


def _counts(pieces: Sequence[Piece], posts: int) -> list[int]:
    """How many of `pieces` are in each post."""
    return np.bincount([piece.post for piece in pieces], minlength=posts).tolist() if posts else []


class Posts(Sequence[Post]):
    """The posts of one source, decoded when they are accessed."""

    def __init__(self, text: memoryview | Spool, starts: Offsets) -> None:
        """Take the posts that begin at `starts[:-1]` in the UTF-8 `text`; the last one ends at `starts[-1]`."""
        self._text = text
        self._starts = starts

    @classmethod
    def moved(cls, posts: Iterable[Post], spool: Spool) -> Posts:
        """Append `posts` to `spool`, from which they are read then."""
        starts = array("q", [len(spool)])
        for post in posts:
            spool.append(post.text.encode())
            starts.append(len(spool))
        return cls(spool, np.frombuffer(starts, np.int64))

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # unhashable like a list, since equality compares contents

    @overload
    def __getitem__(self, at: int) -> Post: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Post]: ...
    def __getitem__(self, at: int | slice) -> Post | Sequence[Post]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        number = range(len(self))[at]
        starts = self._starts.data
        return Post(number + 1, str(self._text[starts[number] : starts[number + 1]], "utf-8"))


@dataclass(frozen=True, eq=False)
class Corpus(Sequence[Passage]):
    """S sources, N posts and P passages, in reading order; passages are created on access.

    `text`: uint8, all posts end to end as UTF-8; `post_starts`: (N+1,) byte offsets in it;
    `source_posts`, `source_passages`: (S+1,) numbers of each source's first post and passage;
    `post_passages`: (N+1,) number of each post's first passage; `starts`, `ends`: (P,) offsets of
    the passages in their posts, in characters; `roles`: (P,) of `Role`; `leads`, `sections`: (P,) the number of the
    passage that introduces each, and of the heading it stands under (-1: none); `items`: (P,) its number as a
    list item or table row (0: neither); `keys`: (P,) the passages' keys, sorted, and
    `keyed`: (P,) the numbers of the passages that have them.
    """

    sources: tuple[Source, ...]
    text: NDArray[np.uint8]
    post_starts: Offsets
    source_posts: Offsets
    source_passages: Offsets
    post_passages: Offsets
    starts: Ints
    ends: Ints
    roles: NDArray[np.uint8]
    leads: Ints
    sections: Ints
    items: Ints
    keys: NDArray[np.int64]
    keyed: Ints

    @classmethod
    def of(cls, sources: Iterable[Source], spool: Spool | None = None) -> Corpus:
        """Split `sources` into passages, in the order given. The text is kept in `spool`, which must be empty."""
        listed = tuple(sources)
        # Python's arrays grow item by item, and take a tenth of the memory of a list of integers.
        text = Spool() if spool is None else spool
        columns = {name: array(kind) for name, kind in _GROWN.items()}
        post_starts, post_passages = array("q", [0]), array("q", [0])
        source_posts, source_passages = array("q", [0]), array("q", [0])
        for source in listed:
            first = source_passages[-1]
            own = pieces_of((post.text for post in source.posts), source.language)
            columns["starts"].extend(piece.span.start for piece in own)
            columns["ends"].extend(piece.span.end for piece in own)
            columns["roles"].extend(piece.role for piece in own)
            columns["leads"].extend(-1 if p.lead is None else first + p.lead for p in own)
            columns["sections"].extend(-1 if at is None else first + at for at in sections_of(own))
            columns["items"].extend(piece.item for piece in own)
            for post, count in zip(source.posts, _counts(own, len(source.posts)), strict=True):
                of_post = own[post_passages[-1] - first :][:count]
                columns["keys"].extend(
                    Passage(source, post, i, p.span).key for i, p in enumerate(of_post, 1)
                )
                text.append(post.text.encode())
                post_starts.append(len(text))
                post_passages.append(post_passages[-1] + count)
            source_posts.append(len(post_starts) - 1)
            source_passages.append(first + len(own))
        arrays: Arrays = {
            name: np.frombuffer(grown, grown.typecode) for name, grown in columns.items()
        }
        order = np.argsort(arrays["keys"], kind="stable")
        return cls(
            sources=listed,
            text=text.array(),
            post_starts=np.frombuffer(post_starts, np.int64),
            source_posts=np.frombuffer(source_posts, np.int64),
            source_passages=np.frombuffer(source_passages, np.int64),
            post_passages=np.frombuffer(post_passages, np.int64),
            keyed=order.astype(np.int32),
            **(arrays | {"keys": arrays["keys"][order]}),
        ).with_own_posts(source.digest for source in listed)

    def __len__(self) -> int:
        return len(self.starts)

    @overload
    def __getitem__(self, at: int) -> Passage: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Passage]: ...
    def __getitem__(self, at: int | slice) -> Passage | Sequence[Passage]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        number = range(len(self))[at]
        # Reading one item is several times faster from a memoryview than from an array.
        post_passages, source_posts = self.post_passages.data, self.source_posts.data
        post = bisect_right(post_passages, number) - 1
        source = bisect_right(source_posts, post) - 1
        of = self.sources[source]
        lead = self.leads.data[number]
        return Passage(
            of,
            of.posts[post - source_posts[source]],
            number - post_passages[post] + 1,
            Span(self.starts.data[number], self.ends.data[number]),
            _ROLES[self.roles.data[number]],
            None if lead < 0 else self[lead],
            self._headings(self.sections.data[number]),
            self.items.data[number],
        )

    def _headings(self, section: int) -> tuple[str, ...]:
        """The headings from the outermost one down to passage number `section`; none for -1."""
        if section < 0:
            return ()
        heading = self[section]
        return (*heading.headings, heading_words(heading.text))

    def __iter__(self) -> Iterator[Passage]:
        """Yield the passages in order, decoding each post once."""
        number = 0
        section = -1
        headings: tuple[str, ...] = ()
        for source, first in zip(self.sources, self.source_posts.tolist(), strict=False):
            for post in source.posts:
                end = int(self.post_passages[first + post.number])
                for sentence, at in enumerate(range(number, end), start=1):
                    if self.sections[at] != section:
                        section = int(self.sections[at])
                        headings = self._headings(section)
                    lead = int(self.leads[at])
                    yield Passage(
                        source, post, sentence, Span(int(self.starts[at]), int(self.ends[at])),
                        _ROLES[self.roles[at]], None if lead < 0 else self[lead], headings, int(self.items[at]),
                    )  # fmt: skip
                number = end

    def range_of(self, source_number: int) -> range:
        """The passage numbers of one source."""
        first, end = self.source_passages[source_number : source_number + 2].tolist()
        return range(first, end)

    def range_of_posts(self, source_id: str, first: int, last: int) -> range:
        """The passage numbers of the posts `first` to `last` of a source, counted from 1."""
        at = next(i for i, source in enumerate(self.sources) if source.id == source_id)
        before = int(self.source_posts[at]) - 1
        start, end = self.post_passages[[before + first, before + last + 1]].tolist()
        return range(start, end)

    def number_of(self, key: int) -> int | None:
        """Find a passage by its key, which changes with its place and its words."""
        at = int(self.keys.searchsorted(key))
        found = at < len(self.keys) and int(self.keys[at]) == key
        return int(self.keyed[at]) if found else None

    def find(self, key: int) -> Passage | None:
        """Find a passage by its key; see `number_of`."""
        number = self.number_of(key)
        return None if number is None else self[number]

    def arrays(self) -> Arrays:
        """The arrays by name; `from_arrays` needs them and `source_metadata`."""
        return {name: getattr(self, name) for name in _ARRAYS}

    def source_metadata(self) -> list[dict[str, Any]]:
        """Everything about each source but its posts, as JSON values."""
        return [
            {
                "id": source.id,
                "title": source.title,
                "author": source.author,
                "url": source.url,
                "date": source.date.isoformat() if source.date else None,
                "license": source.license,
                "language": source.language,
                "aliases": {name: list(others) for name, others in source.aliases.items()},
                "markers": [dataclasses.astuple(marker) for marker in source.markers],
                "digest": source.digest,
            }
            for source in self.sources
        ]

    @classmethod
    def from_arrays(cls, metadata: Sequence[Mapping[str, Any]], arrays: Arrays) -> Corpus:
        """Restore a corpus from its `source_metadata` and `arrays`; other arrays are ignored."""
        sources = tuple(
            Source(
                id=one["id"],
                title=one["title"],
                author=one["author"],
                posts=(),
                url=one["url"],
                date=date.fromisoformat(one["date"]) if one["date"] else None,
                license=one["license"],
                language=one["language"],
                aliases=MappingProxyType({k: tuple(v) for k, v in one["aliases"].items()}),
                markers=tuple(Marker(*marker) for marker in one["markers"]),
            )
            for one in metadata
        )
        digests = [one["digest"] for one in metadata]
        own = {name: arrays[name] for name in _ARRAYS}
        return cls(sources=sources, **own).with_own_posts(digests)

    def with_own_posts(self, digests: Iterable[str]) -> Corpus:
        """Make the sources' posts read from this corpus' text.

        `digests` are the sources' own: computing them would read every post.
        """
        edges = self.source_posts.tolist()
        sources = []
        for source, first, end, digest in zip(
            self.sources, edges, edges[1:], digests, strict=False
        ):
            posts = Posts(self.text.data, self.post_starts[first : end + 1])
            sources.append(source.with_posts(posts, digest))
        return replace(self, sources=tuple(sources))
